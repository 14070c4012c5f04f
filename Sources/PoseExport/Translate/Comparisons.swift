import Torch

extension Translations {
    /// Truth values: where they come from, and what they choose.
    static let comparisons: [String: Translation] = [
        "aten::eq.Tensor": compare("Equal"), "aten::eq.Scalar": compare("Equal"),
        "aten::ne.Tensor": compare("Equal", negated: true), "aten::ne.Scalar": compare("Equal", negated: true),
        "aten::lt.Tensor": compare("Less"), "aten::lt.Scalar": compare("Less"),
        "aten::le.Tensor": compare("LessOrEqual"), "aten::le.Scalar": compare("LessOrEqual"),
        "aten::gt.Tensor": compare("Greater"), "aten::gt.Scalar": compare("Greater"),
        "aten::ge.Tensor": compare("GreaterOrEqual"), "aten::ge.Scalar": compare("GreaterOrEqual"),
        "aten::logical_and": logical("And"), "aten::logical_or": logical("Or"), "aten::logical_xor": logical("Xor"),
        "aten::logical_not": { builder, call in
            builder.add("Not", [try builder.operand(call, 0, as: .bool)], is: call.result)
        },
        "aten::where.self": { builder, call in
            let condition = try builder.operand(call, 0, as: .bool)
            let (yes, no) = (try builder.operand(call, 1), try builder.operand(call, 2))
            builder.add("Where", [condition, yes, no], is: call.result)
        },
        "aten::masked_fill.Scalar": { builder, call in
            let mask = try builder.operand(call, 1, as: .bool)
            let filling = try builder.number(call.double(2), call.resultValue.dtype)
            builder.add("Where", [mask, filling, try builder.operand(call, 0)], is: call.result)
        },
    ]

    private static func compare(_ operation: String, negated: Bool = false) -> Translation {
        { builder, call in
            let dtype = try commonType(call)
            let inputs = [try builder.operand(call, 0, as: dtype), try builder.operand(call, 1, as: dtype)]
            if negated {
                builder.add("Not", [builder.add(operation, inputs)], is: call.result)
            } else {
                builder.add(operation, inputs, is: call.result)
            }
        }
    }

    private static func logical(_ operation: String) -> Translation {
        { builder, call in
            let inputs = [try builder.operand(call, 0, as: .bool), try builder.operand(call, 1, as: .bool)]
            builder.add(operation, inputs, is: call.result)
        }
    }

    /// The type in which two operands are compared.
    private static func commonType(_ call: BoundCall) throws -> ScalarType {
        let first = try call.value(0).dtype
        guard case .value(let id)? = call.call.arguments.dropFirst().first else {
            let number = try call.double(1)
            return first.isFloatingPoint || number == number.rounded() ? (first == .bool ? .int64 : first) : .float32
        }
        let second = call.trace.values[id].dtype
        if first == second { return first }
        if first.isFloatingPoint != second.isFloatingPoint { return first.isFloatingPoint ? first : second }
        return first.byteCount >= second.byteCount ? first : second
    }
}
