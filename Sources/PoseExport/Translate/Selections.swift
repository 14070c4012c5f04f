import Torch

extension Translations {
    /// Some of the elements.
    static let selections: [String: Translation] = [
        "aten::narrow": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count)
            let start = try call.int(2)
            let size = try call.size(call.resultValue, axis)
            let x = try builder.name(call.tensor(0))
            let length = try call.value(0).shape[axis].fixed ?? 0
            let first = start < 0 ? start + length : start
            _ = try builder.slice(x, axis: axis, from: first, to: first + size, is: call.result)
        },
        "aten::slice.Tensor": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count, default: 0)
            let end = try call.int(3, default: .max)
            let x = try builder.name(call.tensor(0))
            _ = try builder.slice(
                x, axis: axis, from: call.int(2, default: 0), to: end, step: call.int(4, default: 1), is: call.result)
        },
        "aten::select.int": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count)
            let index = try builder.index(call.int(2))
            builder.add("Gather", [try builder.name(call.tensor(0)), index], ["axis": .int(axis)], is: call.result)
        },
        "aten::chunk": split, "aten::split.Tensor": split, "aten::split_with_sizes": split,
        "aten::unbind.int": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count, default: 0)
            let x = try builder.name(call.tensor(0))
            for (position, id) in call.call.results.enumerated() {
                let index = try builder.index(position)
                builder.add("Gather", [x, index], ["axis": .int(axis)], is: id)
            }
        },
        "aten::index_select": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count)
            let inputs = [try builder.name(call.tensor(0)), try builder.name(call.tensor(2))]
            builder.add("Gather", inputs, ["axis": .int(axis)], is: call.result)
        },
        "aten::embedding": { builder, call in
            let inputs = [try builder.name(call.tensor(0)), try builder.name(call.tensor(1))]
            builder.add("Gather", inputs, ["axis": .int(0)], is: call.result)
        },
        "aten::gather": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count)
            let inputs = [try builder.name(call.tensor(0)), try builder.name(call.tensor(2))]
            builder.add("GatherElements", inputs, ["axis": .int(axis)], is: call.result)
        },
        "aten::take_along_dim": { builder, call in
            guard call.isGiven(2) else { throw call.unsupported("takes from a flattened tensor") }
            let shape = try call.value(0).shape
            let axis = try call.dimension(2, rank: shape.count)
            // ONNX gathers without broadcasting.
            var wide = call.resultValue.shape
            wide[axis] = shape[axis]
            let inputs = [
                try builder.expanded(call.tensor(0), wide),
                try builder.expanded(call.tensor(1), call.resultValue.shape),
            ]
            builder.add("GatherElements", inputs, ["axis": .int(axis)], is: call.result)
        },
        "aten::index.Tensor": index,
        "aten::scatter.src": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count)
            let inputs = [
                try builder.name(call.tensor(0)), try builder.name(call.tensor(2)), try builder.operand(call, 3),
            ]
            builder.add("ScatterElements", inputs, ["axis": .int(axis)], is: call.result)
        },
        "aten::topk": { builder, call in
            let axis = try call.dimension(2, rank: call.value(0).shape.count, default: -1)
            let largest = try call.bool(3, default: true)
            try top(&builder, call, axis: axis, count: call.int(1), largest: largest, results: call.call.results)
        },
        "aten::sort": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count, default: -1)
            let count = try call.size(call.value(0), axis)
            let descends = try call.bool(2, default: false)
            try top(&builder, call, axis: axis, count: count, largest: descends, results: call.call.results)
        },
        "aten::argsort": { builder, call in
            let axis = try call.dimension(1, rank: call.value(0).shape.count, default: -1)
            let count = try call.size(call.value(0), axis)
            let descends = try call.bool(2, default: false)
            try top(&builder, call, axis: axis, count: count, largest: descends, results: [nil, call.result])
        },
    ]

    private static let split: Translation = { builder, call in
        let axis = try call.dimension(2, rank: call.value(0).shape.count, default: 0)
        let sizes = try call.call.results.map { try call.size(builder.value($0), axis) }
        let inputs = [try builder.name(call.tensor(0)), try builder.ints(sizes)]
        builder.add("Split", inputs, ["axis": .int(axis)], are: call.call.results)
    }

    /// `x[:, :, i]`: one list of indices. Several at once do not occur in networks' forward passes.
    private static let index: Translation = { builder, call in
        let lists = try call.optionalTensors(1)
        let given = lists.indices.filter { lists[$0] != nil }
        guard given.count == 1, let axis = given.first, let list = lists[axis], builder.value(list).dtype == .int64
        else {
            throw call.unsupported("selects by several lists of indices or by a mask")
        }
        let inputs = [try builder.name(call.tensor(0)), try builder.name(list)]
        builder.add("Gather", inputs, ["axis": .int(axis)], is: call.result)
    }

    private static func top(
        _ builder: inout GraphBuilder, _ call: BoundCall, axis: Int, count: Int, largest: Bool,
        results: [Trace.ValueID?]
    ) throws {
        let attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
            "axis": .int(axis), "largest": .int(largest ? 1 : 0), "sorted": .int(1),
        ]
        let inputs = [try builder.name(call.tensor(0)), try builder.ints([count])]
        if let values = results[0], let indices = results[1] {
            builder.add("TopK", inputs, attributes, are: [values, indices])
        } else if let indices = results[1] {
            builder.add("TopK", inputs, attributes, outputs: ["", "v\(indices)"])
            builder.alias(indices, "v\(indices)")
        }
    }
}
