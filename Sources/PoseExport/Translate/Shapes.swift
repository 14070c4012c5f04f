import Torch

extension Translations {
    /// The same elements in another shape or order, joined or repeated.
    static let shapes: [String: Translation] = [
        "aten::reshape": reshape, "aten::view": reshape, "aten::flatten.using_ints": reshape,
        "aten::unflatten.int": reshape, "aten::squeeze": reshape, "aten::squeeze.dim": reshape,
        "aten::unsqueeze": reshape,
        "aten::permute": { builder, call in
            let order = try call.dimensions(1, rank: call.value(0).shape.count)
            builder.add("Transpose", [try builder.name(call.tensor(0))], ["perm": .ints(order)], is: call.result)
        },
        "aten::transpose.int": { builder, call in
            let rank = try call.value(0).shape.count
            var order = Array(0..<rank)
            order.swapAt(try call.dimension(1, rank: rank), try call.dimension(2, rank: rank))
            builder.add("Transpose", [try builder.name(call.tensor(0))], ["perm": .ints(order)], is: call.result)
        },
        "aten::movedim.intlist": { builder, call in
            let rank = try call.value(0).shape.count
            let (from, to) = (try call.dimensions(1, rank: rank), try call.dimensions(2, rank: rank))
            let moved = Dictionary(zip(to, from)) { first, _ in first }
            var rest = Array(0..<rank).filter { !from.contains($0) }.makeIterator()
            let order = (0..<rank).compactMap { moved[$0] ?? rest.next() }
            builder.add("Transpose", [try builder.name(call.tensor(0))], ["perm": .ints(order)], is: call.result)
        },
        "aten::expand": expand, "aten::broadcast_to": expand,
        "aten::repeat": { builder, call in
            let rank = call.resultValue.shape.count
            let missing = rank - (try call.value(0).shape.count)
            let sizes = [SymbolicInt](repeating: 1, count: missing) + (try call.value(0).shape)
            let x = missing == 0 ? try builder.name(call.tensor(0)) : try builder.reshaped(call.tensor(0), sizes)
            builder.add("Tile", [x, try builder.shape(call.symbolics(1))], is: call.result)
        },
        "aten::repeat_interleave.self_int": repeatEach,
        "aten::cat": { builder, call in
            let axis = try call.dimension(1, rank: call.resultValue.shape.count, default: 0)
            // libtorch ignores empty lists among what it joins.
            let parts = try call.tensors(0).filter { builder.value($0).shape != [0] }
                .map { try builder.cast($0, to: call.resultValue.dtype) }
            builder.add("Concat", parts, ["axis": .int(axis)], is: call.result)
        },
        "aten::stack": { builder, call in
            let axis = try call.dimension(1, rank: call.resultValue.shape.count, default: 0)
            let axes = try builder.ints([axis])
            let parts = try call.tensors(0).map { id in
                builder.add("Unsqueeze", [try builder.cast(id, to: call.resultValue.dtype), axes])
            }
            builder.add("Concat", parts, ["axis": .int(axis)], is: call.result)
        },
        "aten::flip": { builder, call in
            let axes = try call.dimensions(1, rank: call.value(0).shape.count)
            let starts = try builder.ints(axes.map { _ in -1 })
            let ends = try builder.ints(axes.map { _ in Int(Int32.min) })
            let steps = try builder.ints(axes.map { _ in -1 })
            let x = try builder.name(call.tensor(0))
            builder.add("Slice", [x, starts, ends, try builder.ints(axes), steps], is: call.result)
        },
        "aten::roll": roll,
        "aten::pad": pad,
        "aten::zeros": { try fill(&$0, $1, 0) }, "aten::zeros_like": { try fill(&$0, $1, 0) },
        "aten::ones": { try fill(&$0, $1, 1) }, "aten::ones_like": { try fill(&$0, $1, 1) },
        "aten::full": { try fill(&$0, $1, $1.double(1)) }, "aten::full_like": { try fill(&$0, $1, $1.double(1)) },
        "aten::pixel_shuffle": { builder, call in
            let attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
                "blocksize": .int(try call.int(1)), "mode": .string("CRD"),
            ]
            builder.add("DepthToSpace", [try builder.name(call.tensor(0))], attributes, is: call.result)
        },
        "aten::channel_shuffle": { builder, call in
            let shape = try call.value(0).shape
            let (groups, channels) = (try call.int(1), try call.size(call.value(0), 1))
            let split: [SymbolicInt] = [shape[0], SymbolicInt(groups), SymbolicInt(channels / groups)]
            let parts = try builder.reshaped(call.tensor(0), split + shape[2...])
            let order = [0, 2, 1] + (3..<shape.count + 1)
            let shuffled = builder.add("Transpose", [parts], ["perm": .ints(Array(order))])
            builder.add("Reshape", [shuffled, try builder.target(shape)], is: call.result)
        },
    ]

    private static let reshape: Translation = { builder, call in
        let target = try builder.target(call.resultValue.shape)
        builder.add("Reshape", [try builder.name(call.tensor(0)), target], is: call.result)
    }

    private static let expand: Translation = { builder, call in
        let shape = try builder.shape(call.resultValue.shape)
        builder.add("Expand", [try builder.name(call.tensor(0)), shape], is: call.result)
    }

    /// Each element several times in a row along a dimension.
    private static let repeatEach: Translation = { builder, call in
        let shape = try call.value(0).shape
        guard call.isGiven(2) else { throw call.unsupported("repeats a flattened tensor") }
        let axis = try call.dimension(2, rank: shape.count)
        let apart = try builder.reshaped(call.tensor(0), shape[...axis] + [1] + shape[(axis + 1)...])
        let wide = Array(shape[...axis] + [try call.symbolic(1)] + shape[(axis + 1)...])
        let repeated = builder.add("Expand", [apart, try builder.shape(wide)])
        builder.add("Reshape", [repeated, try builder.target(call.resultValue.shape)], is: call.result)
    }

    private static let roll: Translation = { builder, call in
        let value = try call.value(0)
        let axes = try call.ints(2).map { $0 < 0 ? $0 + value.shape.count : $0 }
        let shifts = try call.ints(1)
        guard axes.count == shifts.count else { throw call.unsupported("rolls a flattened tensor") }
        var x = try builder.name(call.tensor(0))
        for (axis, shift) in zip(axes, shifts) {
            let size = try call.size(value, axis)
            let start = ((-shift % size) + size) % size
            guard start > 0 else { continue }
            let tail = try builder.slice(x, axis: axis, from: start, to: size)
            let head = try builder.slice(x, axis: axis, from: 0, to: start)
            x = builder.add("Concat", [tail, head], ["axis": .int(axis)])
        }
        builder.alias(call.result, x)
    }

    /// libtorch lists pairs from the last dimension on, ONNX all beginnings and then all ends.
    private static let pad: Translation = { builder, call in
        let rank = try call.value(0).shape.count
        let pairs = try call.ints(1)
        var amounts = [Int](repeating: 0, count: 2 * rank)
        for index in 0..<pairs.count / 2 {
            amounts[rank - 1 - index] = pairs[2 * index]
            amounts[2 * rank - 1 - index] = pairs[2 * index + 1]
        }
        let modes = ["constant": "constant", "reflect": "reflect", "replicate": "edge"]
        guard let mode = modes[try call.string(2, default: "constant")] else {
            throw call.unsupported("pads in a circle")
        }
        var inputs = [try builder.name(call.tensor(0)), try builder.ints(amounts)]
        if mode == "constant" { inputs.append(try builder.number(call.double(3, default: 0), call.resultValue.dtype)) }
        builder.add("Pad", inputs, ["mode": .string(mode)], is: call.result)
    }

    private static func fill(_ builder: inout GraphBuilder, _ call: BoundCall, _ value: Double) throws {
        let number = try builder.number(value, call.resultValue.dtype)
        builder.add("Expand", [number, try builder.shape(call.resultValue.shape)], is: call.result)
    }
}

extension GraphBuilder {
    /// The shape that `Reshape` is told: one size may be left for it to find out.
    mutating func target(_ sizes: some Sequence<SymbolicInt>) throws -> String {
        let sizes = Array(sizes)
        let unknown = sizes.indices.filter { sizes[$0].fixed == nil }
        guard unknown.count == 1, !sizes.contains(0) else { return try shape(sizes) }
        return try ints(sizes.map { $0.fixed ?? -1 })
    }

    /// A value in another shape.
    mutating func reshaped(_ id: Trace.ValueID, _ sizes: some Sequence<SymbolicInt>) throws -> String {
        add("Reshape", [try name(id), try target(sizes)])
    }

    /// A value repeated along dimensions in which it has one element.
    mutating func expanded(_ id: Trace.ValueID, _ sizes: [SymbolicInt]) throws -> String {
        value(id).shape == sizes ? try name(id) : add("Expand", [try name(id), try shape(sizes)])
    }

    /// A stretch of a value along one dimension.
    mutating func slice(
        _ name: String, axis: Int, from start: Int, to end: Int, step: Int = 1, is id: Trace.ValueID? = nil
    ) throws -> String {
        add("Slice", [name, try ints([start]), try ints([end]), try ints([axis]), try ints([step])], is: id)
    }
}
