extension Operator {
    fileprivate static let norms = Operator("aten::_foreach_norm.Scalar")
    fileprivate static let scaleAll = Operator("aten::_foreach_mul_.Tensor")
}

/// Keeps gradients from growing too large (`clip_grad` of a config).
public enum GradientClipping: Sendable, Hashable {
    /// Scales all gradients so that the norm of all of them together is at most `max`.
    case norm(max: Double, order: Double = 2)
    /// Cuts every element at ±`max`.
    case value(max: Double)

    /// Clips the gradients of `parameters`; those without one do not count.
    ///
    /// - Returns: The norm before clipping by norm, `nil` when clipping by value or without gradients.
    @discardableResult
    public func apply(to parameters: [Parameter]) throws -> Double? {
        let gradients = try Self.gradients(of: parameters)
        guard !gradients.isEmpty else { return nil }
        return try noGrad {
            switch self {
            case .norm(let limit, let order):
                let total = try Self.norm(of: gradients, order: order)
                let factor = try (limit / (total + 1e-6)).clamp(max: 1)
                _ = try Operator.scaleAll.call([.tensors(gradients), .tensor(factor)])
                return try total.item()
            case .value(let limit):
                for gradient in gradients { _ = try gradient.clamp_(min: -limit, max: limit) }
                return nil
            }
        }
    }

    /// The norm of the gradients of `parameters` together; 0 without any.
    public static func gradientNorm(of parameters: [Parameter], order: Double = 2) throws -> Double {
        let gradients = try gradients(of: parameters)
        return gradients.isEmpty ? 0 : try noGrad { try norm(of: gradients, order: order).item() }
    }

    private static func gradients(of parameters: [Parameter]) throws -> [Tensor] {
        try parameters.filter(\.isAllocated).compactMap { try $0.tensor.grad }
    }

    private static func norm(of gradients: [Tensor], order: Double) throws -> Tensor {
        let norms = try Operator.norms.tensors(.tensors(gradients), .double(order))
        return try Operator.vectorNorm(.tensor(Tensor.stack(norms)), .double(order))
    }
}

extension Operator {
    fileprivate static let vectorNorm = Operator("aten::linalg_vector_norm")
}
