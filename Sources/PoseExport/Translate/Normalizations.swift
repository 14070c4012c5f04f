import Torch

extension Translations {
    /// Normalisation by statistics, learned ones or those of the input.
    static let normalizations: [String: Translation] = [
        "aten::batch_norm": { builder, call in
            guard try !call.bool(5, default: false), call.isGiven(3), call.isGiven(4) else {
                throw call.unsupported("takes its statistics from the batch, as in training")
            }
            let channels = try call.size(call.value(3), 0)
            let scale = try builder.parameter(call, 1, count: channels, otherwise: 1)
            let shift = try builder.parameter(call, 2, count: channels, otherwise: 0)
            let inputs = [
                try builder.name(call.tensor(0)), scale, shift, try builder.name(call.tensor(3)),
                try builder.name(call.tensor(4)),
            ]
            let epsilon = ONNXGraph.Attribute.float(try call.double(7, default: 1e-5))
            builder.add("BatchNormalization", inputs, ["epsilon": epsilon], is: call.result)
        },
        "aten::layer_norm": { builder, call in
            let sizes = try call.ints(1)
            let count = sizes.reduce(1, *)
            let axis = try call.value(0).shape.count - sizes.count
            let scale = try builder.parameter(call, 2, count: count, otherwise: 1)
            let shift = try builder.parameter(call, 3, count: count, otherwise: 0)
            let attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
                "axis": .int(axis), "epsilon": .float(try call.double(4, default: 1e-5)),
            ]
            let inputs = [try builder.name(call.tensor(0)), scale, shift]
            builder.add("LayerNormalization", inputs, attributes, is: call.result)
        },
        "aten::group_norm": { builder, call in
            let value = try call.value(0)
            let (groups, channels) = (try call.int(1), try call.size(value, 1))
            let epsilon = ONNXGraph.Attribute.float(try call.double(4, default: 1e-5))
            let grouped = builder.add(
                "Reshape",
                [try builder.name(call.tensor(0)), try builder.shape([value.shape[0], SymbolicInt(groups), -1])])
            let scale = try builder.constants(1, count: groups)
            let shift = try builder.constants(0, count: groups)
            let normal = builder.add("InstanceNormalization", [grouped, scale, shift], ["epsilon": epsilon])
            var x = builder.add("Reshape", [normal, try builder.target(value.shape)])
            // One number for each channel, which comes second.
            let shape = try builder.ints([channels] + [Int](repeating: 1, count: value.shape.count - 2))
            for (index, operation) in [(2, "Mul"), (3, "Add")] {
                guard let id = try call.optionalTensor(index) else { continue }
                x = builder.add(operation, [x, builder.add("Reshape", [try builder.name(id), shape])])
            }
            builder.alias(call.result, x)
        },
        "aten::instance_norm": { builder, call in
            guard try call.bool(5, default: true) else { throw call.unsupported("uses running statistics") }
            let channels = try call.size(call.value(0), 1)
            let scale = try builder.parameter(call, 1, count: channels, otherwise: 1)
            let shift = try builder.parameter(call, 2, count: channels, otherwise: 0)
            let epsilon = ONNXGraph.Attribute.float(try call.double(7, default: 1e-5))
            let inputs = [try builder.name(call.tensor(0)), scale, shift]
            builder.add("InstanceNormalization", inputs, ["epsilon": epsilon], is: call.result)
        },
    ]
}

extension GraphBuilder {
    /// A learned scale or shift; constants in place of one that a layer does without.
    fileprivate mutating func parameter(
        _ call: BoundCall, _ index: Int, count: Int, otherwise value: Float
    ) throws -> String {
        if let id = try call.optionalTensor(index) { return try name(id) }
        return try constants(value, count: count)
    }

    /// The same number several times.
    fileprivate mutating func constants(_ value: Float, count: Int) throws -> String {
        try addInitializer(
            "all_\(Int(value))_\(count)", Tensor([Float](repeating: value, count: count), shape: [count]))
    }
}
