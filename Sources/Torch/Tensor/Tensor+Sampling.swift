extension Operator {
    fileprivate static let nearest1d = Operator("aten::upsample_nearest1d")
    fileprivate static let nearest2d = Operator("aten::upsample_nearest2d")
    fileprivate static let nearest3d = Operator("aten::upsample_nearest3d")
    fileprivate static let linear1d = Operator("aten::upsample_linear1d")
    fileprivate static let bilinear2d = Operator("aten::upsample_bilinear2d")
    fileprivate static let bicubic2d = Operator("aten::upsample_bicubic2d")
    fileprivate static let trilinear3d = Operator("aten::upsample_trilinear3d")
    fileprivate static let area = Operator("aten::adaptive_avg_pool2d")
    fileprivate static let gridSampler = Operator("aten::grid_sampler")
    fileprivate static let pad = Operator("aten::pad")
}

/// How values between pixels are found.
public enum Interpolation: Hashable, Sendable {
    case nearest
    /// Linear, bilinear or trilinear, by the number of dimensions.
    case bilinear(alignCorners: Bool)
    case bicubic(alignCorners: Bool)
    /// The mean of the pixels that fall together.
    case area
}

/// What lies outside a tensor that is padded.
public enum PaddingMode: Hashable, Sendable {
    case constant(Double)
    case reflect
    case replicate
    case circular
}

/// What lies outside a tensor that is sampled.
public enum GridPadding: Int, Sendable {
    case zeros, border, reflection
}

extension Tensor {
    /// Resizes the spatial dimensions of `(N, C, …)` to `size`.
    public func interpolate(size: [Int], mode: Interpolation = .nearest) throws -> Tensor {
        try interpolate(size: size, scales: nil, mode: mode)
    }

    /// Resizes the spatial dimensions of `(N, C, …)` by factors, one for all or one for each.
    ///
    /// As in PyTorch the new sizes are rounded down, and the positions are computed with the factors given.
    public func interpolate(scaleFactor: [Double], mode: Interpolation = .nearest) throws -> Tensor {
        let spatial = Array(shape.dropFirst(2))
        let factors =
            scaleFactor.count == 1 ? [Double](repeating: scaleFactor[0], count: spatial.count) : scaleFactor
        let sizes = zip(spatial, factors).map { Double($0) * $1 }
        guard factors.count == spatial.count, sizes.allSatisfy({ $0 >= 1 && $0 < 0x1p31 }) else {
            throw TorchError(operator: "interpolate", message: "scaling \(shape) by \(scaleFactor)")
        }
        let size = sizes.map { Int($0.rounded(.down)) }
        return try interpolate(size: size, scales: factors, mode: mode)
    }

    /// Resizes the spatial dimensions of `(N, C, …)` by one factor.
    public func interpolate(scaleFactor: Double, mode: Interpolation = .nearest) throws -> Tensor {
        try interpolate(scaleFactor: [scaleFactor], mode: mode)
    }

    private func interpolate(size: [Int], scales: [Double]?, mode: Interpolation) throws -> Tensor {
        func misfit() -> TorchError {
            TorchError(operator: "interpolate", message: "\(mode) to \(size) of a tensor of shape \(shape)")
        }
        guard size.count == rank - 2 else { throw misfit() }
        let scales = (0..<size.count).map { IValue(scales?[$0]) }
        let input = IValue.tensor(self)
        let target = IValue.ints(size)
        switch (mode, size.count) {
        case (.nearest, 1): return try Operator.nearest1d(input, target, scales[0])
        case (.nearest, 2): return try Operator.nearest2d(input, target, scales[0], scales[1])
        case (.nearest, 3): return try Operator.nearest3d(input, target, scales[0], scales[1], scales[2])
        case (.bilinear(let corners), 1): return try Operator.linear1d(input, target, .bool(corners), scales[0])
        case (.bilinear(let corners), 2):
            return try Operator.bilinear2d(input, target, .bool(corners), scales[0], scales[1])
        case (.bilinear(let corners), 3):
            return try Operator.trilinear3d(input, target, .bool(corners), scales[0], scales[1], scales[2])
        case (.bicubic(let corners), 2):
            return try Operator.bicubic2d(input, target, .bool(corners), scales[0], scales[1])
        case (.area, 2): return try Operator.area(input, target)
        default: throw misfit()
        }
    }

    /// Samples `(N, C, H, W)` at the positions of `grid` `(N, H', W', 2)`, or `(N, C, D, H, W)` at those of
    /// `(N, D', H', W', 3)`; x comes first, -1 and 1 are the borders of the image (of its outer pixels' centres when
    /// `alignCorners`).
    ///
    /// - Parameter mode: `.nearest`, `.bilinear` or `.bicubic`; what they say about corners is not used.
    public func gridSample(
        _ grid: Tensor, mode: Interpolation = .bilinear(alignCorners: false), padding: GridPadding = .zeros,
        alignCorners: Bool = false
    ) throws -> Tensor {
        let code =
            switch mode {
            case .bilinear: 0
            case .nearest: 1
            case .bicubic: 2
            case .area: throw TorchError(operator: "grid_sample", message: "area is no way of sampling at a point")
            }
        return try Operator.gridSampler(
            .tensor(self), .tensor(grid), .int(code), .int(padding.rawValue), .bool(alignCorners))
    }

    /// Adds elements around the tensor. `padding` has two numbers for each dimension, before and after, beginning with
    /// the last dimension; negative ones cut off.
    public func pad(_ padding: [Int], mode: PaddingMode = .constant(0)) throws -> Tensor {
        switch mode {
        case .constant(let value):
            try Operator.pad(.tensor(self), .ints(padding), .string("constant"), .double(value))
        case .reflect: try Operator.pad(.tensor(self), .ints(padding), .string("reflect"))
        case .replicate: try Operator.pad(.tensor(self), .ints(padding), .string("replicate"))
        case .circular: try Operator.pad(.tensor(self), .ints(padding), .string("circular"))
        }
    }
}
