import Torch

extension Translations {
    /// What is done to each element on its own.
    static let elementwise: [String: Translation] = [
        "aten::abs": unary("Abs"), "aten::acos": unary("Acos"), "aten::asin": unary("Asin"),
        "aten::atan": unary("Atan"), "aten::ceil": unary("Ceil"), "aten::cos": unary("Cos"),
        "aten::erf": unary("Erf"), "aten::exp": unary("Exp"), "aten::floor": unary("Floor"),
        "aten::hardswish": unary("HardSwish"), "aten::log": unary("Log"), "aten::neg": unary("Neg"),
        "aten::reciprocal": unary("Reciprocal"), "aten::relu": unary("Relu"), "aten::round": unary("Round"),
        "aten::sigmoid": unary("Sigmoid"), "aten::sign": unary("Sign"), "aten::sin": unary("Sin"),
        "aten::sqrt": unary("Sqrt"), "aten::tan": unary("Tan"), "aten::tanh": unary("Tanh"),
        "aten::isnan": { $0.add("IsNaN", [try $0.name($1.tensor(0))], is: $1.result) },
        "aten::isinf": { $0.add("IsInf", [try $0.name($1.tensor(0))], is: $1.result) },

        "aten::contiguous": same, "aten::clone": same, "aten::detach": same, "aten::to.device": same,
        "aten::dropout": { builder, call in
            guard try !call.bool(2, default: false) else { throw call.unsupported("drops at random") }
            try same(&builder, call)
        },
        "aten::to.dtype": convert, "aten::to.dtype_layout": convert,

        "aten::square": { builder, call in
            let x = try builder.name(call.tensor(0))
            builder.add("Mul", [x, x], is: call.result)
        },
        "aten::rsqrt": { builder, call in
            let root = builder.add("Sqrt", [try builder.name(call.tensor(0))])
            builder.add("Reciprocal", [root], is: call.result)
        },
        "aten::log2": { builder, call in
            let logarithm = builder.add("Log", [try builder.name(call.tensor(0))])
            builder.add(
                "Mul", [logarithm, try builder.number(1.4426950408889634, call.value(0).dtype)], is: call.result)
        },
        "aten::log1p": { builder, call in
            let sum = builder.add(
                "Add", [try builder.name(call.tensor(0)), try builder.number(1, call.value(0).dtype)])
            builder.add("Log", [sum], is: call.result)
        },
        "aten::log_sigmoid": { builder, call in
            let probability = builder.add("Sigmoid", [try builder.name(call.tensor(0))])
            builder.add("Log", [probability], is: call.result)
        },
        "aten::silu": { builder, call in
            let x = try builder.name(call.tensor(0))
            builder.add("Mul", [x, builder.add("Sigmoid", [x])], is: call.result)
        },
        "aten::mish": { builder, call in
            let x = try builder.name(call.tensor(0))
            builder.add("Mul", [x, builder.add("Tanh", [builder.add("Softplus", [x])])], is: call.result)
        },
        "aten::gelu": gelu,
        "aten::softplus": { builder, call in
            guard try call.double(1, default: 1) == 1 else { throw call.unsupported("has another beta than 1") }
            builder.add("Softplus", [try builder.name(call.tensor(0))], is: call.result)
        },
        "aten::hardsigmoid": { builder, call in
            let attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
                "alpha": .float(1.0 / 6), "beta": .float(0.5),
            ]
            builder.add("HardSigmoid", [try builder.name(call.tensor(0))], attributes, is: call.result)
        },
        "aten::leaky_relu": { builder, call in
            let slope = ONNXGraph.Attribute.float(try call.double(1, default: 0.01))
            builder.add("LeakyRelu", [try builder.name(call.tensor(0))], ["alpha": slope], is: call.result)
        },
        "aten::elu": { builder, call in
            guard try call.double(2, default: 1) == 1, try call.double(3, default: 1) == 1 else {
                throw call.unsupported("is scaled")
            }
            let alpha = ONNXGraph.Attribute.float(try call.double(1, default: 1))
            builder.add("Elu", [try builder.name(call.tensor(0))], ["alpha": alpha], is: call.result)
        },
        "aten::prelu": prelu,
        "aten::clamp": { try clip(&$0, $1, low: 1, high: 2) },
        "aten::hardtanh": { builder, call in
            let x = try builder.name(call.tensor(0))
            let dtype = call.resultValue.dtype
            let low = try builder.number(call.double(1, default: -1), dtype)
            let high = try builder.number(call.double(2, default: 1), dtype)
            builder.add("Clip", [x, low, high], is: call.result)
        },

        "aten::add.Tensor": { try arithmetic("Add", &$0, $1, factor: 2) },
        "aten::add.Scalar": { try arithmetic("Add", &$0, $1, factor: 2) },
        "aten::sub.Tensor": { try arithmetic("Sub", &$0, $1, factor: 2) },
        "aten::sub.Scalar": { try arithmetic("Sub", &$0, $1, factor: 2) },
        "aten::rsub.Scalar": { builder, call in
            guard try call.double(2, default: 1) == 1 else { throw call.unsupported("has a factor") }
            let x = try builder.operand(call, 0)
            builder.add("Sub", [try builder.number(call.double(1), call.resultValue.dtype), x], is: call.result)
        },
        "aten::mul.Tensor": { try arithmetic("Mul", &$0, $1) },
        "aten::mul.Scalar": { try arithmetic("Mul", &$0, $1) },
        "aten::div.Tensor": { try arithmetic("Div", &$0, $1) },
        "aten::div.Scalar": { try arithmetic("Div", &$0, $1) },
        "aten::div.Tensor_mode": divide, "aten::div.Scalar_mode": divide,
        "aten::remainder.Tensor": remainder, "aten::remainder.Scalar": remainder,
        "aten::minimum": { try arithmetic("Min", &$0, $1) },
        "aten::maximum": { try arithmetic("Max", &$0, $1) },
        "aten::pow.Tensor_Tensor": { try arithmetic("Pow", &$0, $1) },
        "aten::pow.Tensor_Scalar": { try arithmetic("Pow", &$0, $1) },
        "aten::addcmul": { try fused("Mul", &$0, $1) },
        "aten::addcdiv": { try fused("Div", &$0, $1) },
        "aten::lerp.Scalar": { builder, call in
            let (start, end) = (try builder.operand(call, 0), try builder.operand(call, 1))
            let weight = try builder.number(call.double(2), call.resultValue.dtype)
            let way = builder.add("Mul", [builder.add("Sub", [end, start]), weight])
            builder.add("Add", [start, way], is: call.result)
        },
    ]

    private static func unary(_ operation: String) -> Translation {
        { builder, call in builder.add(operation, [try builder.operand(call, 0)], is: call.result) }
    }

    /// The elements stay as they are.
    static let same: Translation = { builder, call in builder.alias(call.result, try builder.name(call.tensor(0))) }

    private static let convert: Translation = { builder, call in
        builder.alias(call.result, try builder.operand(call, 0))
    }

    private static func arithmetic(
        _ operation: String, _ builder: inout GraphBuilder, _ call: BoundCall, factor: Int? = nil
    ) throws {
        let first = try builder.operand(call, 0)
        var second = try builder.operand(call, 1)
        if let factor, try call.double(factor, default: 1) != 1 {
            second = builder.add("Mul", [second, try builder.number(call.double(factor), call.resultValue.dtype)])
        }
        builder.add(operation, [first, second], is: call.result)
    }

    private static let divide: Translation = { builder, call in
        let quotient = builder.add("Div", [try builder.operand(call, 0), try builder.operand(call, 1)])
        let isReal = call.resultValue.dtype.isFloatingPoint
        switch try call.string(2, default: "") {
        case "": builder.alias(call.result, quotient)
        case "floor" where isReal: builder.add("Floor", [quotient], is: call.result)
        // ONNX divides whole numbers towards zero.
        case "trunc" where !isReal: builder.alias(call.result, quotient)
        default: throw call.unsupported("rounds in a way that has no translation")
        }
    }

    private static let remainder: Translation = { builder, call in
        let (x, divisor) = (try builder.operand(call, 0), try builder.operand(call, 1))
        guard call.resultValue.dtype.isFloatingPoint else {
            builder.add("Mod", [x, divisor], is: call.result)
            return
        }
        let whole = builder.add("Floor", [builder.add("Div", [x, divisor])])
        builder.add("Sub", [x, builder.add("Mul", [whole, divisor])], is: call.result)
    }

    /// `self + value · (a ∘ b)`
    private static func fused(_ operation: String, _ builder: inout GraphBuilder, _ call: BoundCall) throws {
        var product = builder.add(operation, [try builder.operand(call, 1), try builder.operand(call, 2)])
        let factor = try call.double(3, default: 1)
        if factor != 1 { product = builder.add("Mul", [product, try builder.number(factor, call.resultValue.dtype)]) }
        builder.add("Add", [try builder.operand(call, 0), product], is: call.result)
    }

    private static let gelu: Translation = { builder, call in
        let dtype = call.resultValue.dtype
        let x = try builder.name(call.tensor(0))
        let inner: String
        if try call.string(1, default: "none") == "tanh" {
            let cube = builder.add("Mul", [x, builder.add("Mul", [x, x])])
            let sum = builder.add("Add", [x, builder.add("Mul", [cube, try builder.number(0.044715, dtype)])])
            let scaled = builder.add("Mul", [sum, try builder.number(0.7978845608028654, dtype)])
            inner = builder.add("Tanh", [scaled])
        } else {
            inner = builder.add("Erf", [builder.add("Div", [x, try builder.number(2.0.squareRoot(), dtype)])])
        }
        let sum = builder.add("Add", [inner, try builder.number(1, dtype)])
        let product = builder.add("Mul", [x, sum])
        builder.add("Mul", [product, try builder.number(0.5, dtype)], is: call.result)
    }

    private static let prelu: Translation = { builder, call in
        let x = try builder.name(call.tensor(0))
        let slope = try call.value(1)
        let rank = try call.value(0).shape.count
        var name = try builder.name(call.tensor(1))
        if slope.shape.count == 1, let count = slope.shape[0].fixed, count > 1, rank > 2 {
            // ONNX aligns shapes at their ends, libtorch puts the slopes along the channels.
            let shape = try builder.ints([count] + [Int](repeating: 1, count: rank - 2))
            name = builder.add("Reshape", [name, shape])
        }
        builder.add("PRelu", [x, name], is: call.result)
    }

    private static func clip(_ builder: inout GraphBuilder, _ call: BoundCall, low: Int, high: Int) throws {
        let dtype = call.resultValue.dtype
        let x = try builder.operand(call, 0)
        let minimum = call.isGiven(low) ? try builder.number(call.double(low), dtype) : ""
        let maximum = call.isGiven(high) ? try builder.number(call.double(high), dtype) : ""
        builder.add("Clip", maximum.isEmpty ? [x, minimum] : [x, minimum, maximum], is: call.result)
    }
}

extension GraphBuilder {
    /// A tensor or number among the arguments, as the element type of the result or as `dtype`: ONNX mixes no types.
    mutating func operand(_ call: BoundCall, _ index: Int, as dtype: ScalarType? = nil) throws -> String {
        let dtype = dtype ?? call.resultValue.dtype
        guard case .value(let id)? = call.call.arguments.dropFirst(index).first else {
            return try number(call.double(index), dtype)
        }
        return try cast(id, to: dtype)
    }

    /// A value with elements of a type.
    mutating func cast(_ id: Trace.ValueID, to dtype: ScalarType) throws -> String {
        let name = try name(id)
        guard value(id).dtype != dtype else { return name }
        return add("Cast", [name], ["to": .int(dtype.onnxCode)])
    }
}
