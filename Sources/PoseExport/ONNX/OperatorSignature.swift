/// What an operator of ONNX takes and gives (https://onnx.ai/onnx/operators, set 17), for those that exports use.
struct OperatorSignature: Sendable {
    /// Element type of an input or output.
    enum Slot: Sendable {
        /// The type that all slots of this kind share in one node.
        case same
        case bool
        case int64
        /// Any type, on its own.
        case any
        /// What the attribute `to` says.
        case named
    }

    enum Kind: Int, Sendable {
        case float = 1
        case int = 2
        case string = 3
        case floats = 6
        case ints = 7
    }

    var inputs: [Slot]
    /// How many inputs there must be; those after may be left out.
    var required: Int
    /// Whether the last input may come any number of times.
    var isVariadic = false
    var outputs: [Slot] = [.same]
    /// Whether the last output may come any number of times.
    var hasManyOutputs = false
    var attributes: [String: Kind] = [:]
    /// Attributes without a default.
    var needed: Set<String> = []

    init(
        _ inputs: [Slot], required: Int? = nil, isVariadic: Bool = false, gives outputs: [Slot] = [.same],
        hasManyOutputs: Bool = false, _ attributes: [String: Kind] = [:], needs needed: Set<String> = []
    ) {
        self.inputs = inputs
        self.required = required ?? inputs.count
        self.isVariadic = isVariadic
        self.outputs = outputs
        self.hasManyOutputs = hasManyOutputs
        self.attributes = attributes
        self.needed = needed
    }

    static let table: [String: OperatorSignature] = {
        var table = special
        for name in unary { table[name] = OperatorSignature([.same]) }
        for name in binary { table[name] = OperatorSignature([.same, .same]) }
        for name in comparisons { table[name] = OperatorSignature([.same, .same], gives: [.bool]) }
        for name in logical { table[name] = OperatorSignature([.bool, .bool], gives: [.bool]) }
        for name in reductions {
            table[name] = OperatorSignature([.same], ["axes": .ints, "keepdims": .int])
        }
        for name in ["ArgMax", "ArgMin"] {
            table[name] = OperatorSignature(
                [.same], gives: [.int64], ["axis": .int, "keepdims": .int, "select_last_index": .int])
        }
        return table
    }()

    private static let unary = [
        "Abs", "Acos", "Asin", "Atan", "Ceil", "Cos", "Erf", "Exp", "Floor", "GlobalAveragePool", "HardSwish",
        "Identity",
        "Log", "Neg", "Reciprocal", "Relu", "Round", "Sigmoid", "Sign", "Sin", "Softplus", "Sqrt", "Tan", "Tanh",
    ]
    private static let binary = ["Add", "Div", "MatMul", "Mul", "PRelu", "Sub"]
    private static let comparisons = ["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"]
    private static let logical = ["And", "Or", "Xor"]
    private static let reductions = [
        "ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd",
    ]

    private static let windows: [String: Kind] = [
        "auto_pad": .string, "dilations": .ints, "kernel_shape": .ints, "pads": .ints, "strides": .ints,
    ]

    private static let special: [String: OperatorSignature] = [
        "AveragePool": .init(
            [.same],
            [
                "auto_pad": .string, "ceil_mode": .int, "count_include_pad": .int, "kernel_shape": .ints, "pads": .ints,
                "strides": .ints,
            ], needs: ["kernel_shape"]),
        "BatchNormalization": .init(
            [.same, .same, .same, .same, .same], ["epsilon": .float, "momentum": .float, "training_mode": .int]),
        "Cast": .init([.any], gives: [.named], ["to": .int], needs: ["to"]),
        "Clip": .init([.same, .same, .same], required: 1),
        "Concat": .init([.same], isVariadic: true, ["axis": .int], needs: ["axis"]),
        "Conv": .init(
            [.same, .same, .same], required: 2, windows.merging(["group": .int]) { first, _ in first }),
        "ConvTranspose": .init(
            [.same, .same, .same], required: 2,
            windows.merging(["group": .int, "output_padding": .ints, "output_shape": .ints]) { first, _ in first }),
        "CumSum": .init([.same, .any], ["exclusive": .int, "reverse": .int]),
        "DepthToSpace": .init([.same], ["blocksize": .int, "mode": .string], needs: ["blocksize"]),
        "Einsum": .init([.same], isVariadic: true, ["equation": .string], needs: ["equation"]),
        "Elu": .init([.same], ["alpha": .float]),
        "Expand": .init([.same, .int64]),
        "Gather": .init([.same, .any], ["axis": .int]),
        "GatherElements": .init([.same, .any], ["axis": .int]),
        "GridSample": .init(
            [.same, .any], ["align_corners": .int, "mode": .string, "padding_mode": .string]),
        "HardSigmoid": .init([.same], ["alpha": .float, "beta": .float]),
        "InstanceNormalization": .init([.same, .same, .same], ["epsilon": .float]),
        "IsInf": .init([.any], gives: [.bool], ["detect_negative": .int, "detect_positive": .int]),
        "IsNaN": .init([.any], gives: [.bool]),
        "LayerNormalization": .init(
            [.same, .same, .same], required: 2, ["axis": .int, "epsilon": .float, "stash_type": .int]),
        "LeakyRelu": .init([.same], ["alpha": .float]),
        "LogSoftmax": .init([.same], ["axis": .int]),
        "Max": .init([.same], isVariadic: true),
        "MaxPool": .init(
            [.same], windows.merging(["ceil_mode": .int, "storage_order": .int]) { first, _ in first },
            needs: ["kernel_shape"]),
        "Min": .init([.same], isVariadic: true),
        "Mod": .init([.same, .same], ["fmod": .int]),
        "Not": .init([.bool], gives: [.bool]),
        "Pad": .init([.same, .int64, .same], required: 2, ["mode": .string]),
        "Pow": .init([.same, .any]),
        "ReduceSum": .init([.same, .int64], required: 1, ["keepdims": .int, "noop_with_empty_axes": .int]),
        "Reshape": .init([.same, .int64], ["allowzero": .int]),
        "Resize": .init(
            [.same, .any, .any, .int64], required: 1,
            [
                "coordinate_transformation_mode": .string, "cubic_coeff_a": .float, "exclude_outside": .int,
                "extrapolation_value": .float, "mode": .string, "nearest_mode": .string,
            ]),
        "ScatterElements": .init([.same, .any, .same], ["axis": .int, "reduction": .string]),
        "Shape": .init([.any], gives: [.int64], ["end": .int, "start": .int]),
        "Slice": .init([.same, .any, .any, .any, .any], required: 3),
        "Softmax": .init([.same], ["axis": .int]),
        "Split": .init([.same, .int64], required: 1, hasManyOutputs: true, ["axis": .int]),
        "Tile": .init([.same, .int64]),
        "TopK": .init(
            [.same, .int64], gives: [.same, .int64], ["axis": .int, "largest": .int, "sorted": .int]),
        "Transpose": .init([.same], ["perm": .ints]),
        "Unsqueeze": .init([.same, .int64]),
        "Where": .init([.bool, .same, .same]),
    ]
}
