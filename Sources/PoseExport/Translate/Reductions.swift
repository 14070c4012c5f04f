import Torch

extension Translations {
    /// Many elements to one.
    static let reductions: [String: Translation] = [
        "aten::sum": sum, "aten::sum.dim_IntList": sum,
        "aten::mean": { try reduce("ReduceMean", &$0, $1, dimensions: nil, keeps: nil) },
        "aten::mean.dim": { try reduce("ReduceMean", &$0, $1, dimensions: 1, keeps: 2) },
        "aten::amax": { try reduce("ReduceMax", &$0, $1, dimensions: 1, keeps: 2) },
        "aten::amin": { try reduce("ReduceMin", &$0, $1, dimensions: 1, keeps: 2) },
        "aten::max": { try reduce("ReduceMax", &$0, $1, dimensions: nil, keeps: nil) },
        "aten::min": { try reduce("ReduceMin", &$0, $1, dimensions: nil, keeps: nil) },
        "aten::prod.dim_int": { try reduce("ReduceProd", &$0, $1, dimensions: 1, keeps: 2) },
        "aten::logsumexp": { try reduce("ReduceLogSumExp", &$0, $1, dimensions: 1, keeps: 2) },
        "aten::max.dim": { try extreme("ReduceMax", "ArgMax", &$0, $1) },
        "aten::min.dim": { try extreme("ReduceMin", "ArgMin", &$0, $1) },
        "aten::argmax": { try position("ArgMax", &$0, $1) },
        "aten::argmin": { try position("ArgMin", &$0, $1) },
        "aten::linalg_vector_norm": { builder, call in
            let order = try call.double(1, default: 2)
            guard let operation = [1: "ReduceL1", 2: "ReduceL2"][order] else {
                throw call.unsupported("has order \(order)")
            }
            try reduce(operation, &builder, call, dimensions: 2, keeps: 3)
        },
        "aten::var.correction": variance,
        "aten::cumsum": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count)
            let position = try builder.index(axis)
            builder.add("CumSum", [try builder.operand(call, 0), position], is: call.result)
        },
        "aten::softmax.int": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count)
            builder.add("Softmax", [try builder.operand(call, 0)], ["axis": .int(axis)], is: call.result)
        },
        "aten::log_softmax.int": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count)
            builder.add("LogSoftmax", [try builder.operand(call, 0)], ["axis": .int(axis)], is: call.result)
        },
    ]

    private static func reduce(
        _ operation: String, _ builder: inout GraphBuilder, _ call: BoundCall, dimensions: Int?, keeps: Int?
    ) throws {
        let rank = try call.value(0).shape.count
        let axes = try dimensions.map { try call.dimensions($0, rank: rank) } ?? Array(0..<rank)
        let keeps = try keeps.map { try call.bool($0, default: false) } ?? false
        let attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
            "axes": .ints(axes), "keepdims": .int(keeps ? 1 : 0),
        ]
        builder.add(operation, [try builder.operand(call, 0)], attributes, is: call.result)
    }

    /// The only reduction that takes its dimensions as an input in this operator set.
    private static let sum: Translation = { builder, call in
        let rank = try call.value(0).shape.count
        let isWhole = call.call.name == "aten::sum"
        let axes = try isWhole ? Array(0..<rank) : call.dimensions(1, rank: rank)
        let keeps = try isWhole ? false : call.bool(2, default: false)
        let inputs = [try builder.operand(call, 0), try builder.ints(axes)]
        builder.add("ReduceSum", inputs, ["keepdims": .int(keeps ? 1 : 0)], is: call.result)
    }

    /// The largest or smallest elements and where they are.
    private static func extreme(
        _ reduction: String, _ argument: String, _ builder: inout GraphBuilder, _ call: BoundCall
    ) throws {
        let axis = try call.dimension(1, rank: call.value(0).shape.count)
        let keeps = ONNXGraph.Attribute.int(try call.bool(2, default: false) ? 1 : 0)
        let x = try builder.name(call.tensor(0))
        builder.add(reduction, [x], ["axes": .ints([axis]), "keepdims": keeps], is: call.call.results[0])
        builder.add(argument, [x], ["axis": .int(axis), "keepdims": keeps], is: call.call.results[1])
    }

    private static func position(_ operation: String, _ builder: inout GraphBuilder, _ call: BoundCall) throws {
        var x = try builder.name(call.tensor(0))
        var axis = 0
        if call.isGiven(1) {
            axis = try call.dimension(1, rank: call.value(0).shape.count)
        } else {
            x = builder.add("Reshape", [x, try builder.ints([-1])])
        }
        let keeps = try call.isGiven(1) && call.bool(2, default: false)
        builder.add(operation, [x], ["axis": .int(axis), "keepdims": .int(keeps ? 1 : 0)], is: call.result)
    }

    private static let variance: Translation = { builder, call in
        let value = try call.value(0)
        let axes = try call.dimensions(1, rank: value.shape.count)
        let count = try axes.reduce(1) { $0 * (try call.size(value, $1)) }
        let divisor = Double(count) - (try call.double(2, default: 1))
        let keeps = try call.bool(3, default: false)
        let x = try builder.name(call.tensor(0))
        let mean = builder.add("ReduceMean", [x], ["axes": .ints(axes), "keepdims": .int(1)])
        let difference = builder.add("Sub", [x, mean])
        let squares = builder.add("Mul", [difference, difference])
        let total = builder.add("ReduceSum", [squares, try builder.ints(axes)], ["keepdims": .int(keeps ? 1 : 0)])
        builder.add("Div", [total, try builder.number(divisor, call.resultValue.dtype)], is: call.result)
    }
}
