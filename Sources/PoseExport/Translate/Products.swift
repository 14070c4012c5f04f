import Torch

extension Translations {
    /// Products of matrices, and attention.
    static let products: [String: Translation] = [
        "aten::matmul": product, "aten::bmm": product,
        "aten::linear": linear,
        "aten::addmm": sumWithProduct, "aten::baddbmm": sumWithProduct,
        "aten::einsum": { builder, call in
            let inputs = try call.tensors(1).map { try builder.name($0) }
            let equation = ONNXGraph.Attribute.string(try call.string(0, default: ""))
            builder.add("Einsum", inputs, ["equation": equation], is: call.result)
        },
        "aten::scaled_dot_product_attention": attention,
    ]

    private static let product: Translation = { builder, call in
        builder.add("MatMul", [try builder.name(call.tensor(0)), try builder.name(call.tensor(1))], is: call.result)
    }

    /// A matrix, or a batch of them, plus a product.
    private static let sumWithProduct: Translation = { builder, call in
        guard try call.double(3, default: 1) == 1, try call.double(4, default: 1) == 1 else {
            throw call.unsupported("is scaled")
        }
        let product = builder.add("MatMul", [try builder.name(call.tensor(1)), try builder.name(call.tensor(2))])
        builder.add("Add", [try builder.name(call.tensor(0)), product], is: call.result)
    }

    /// Weights are turned round here, once, so that no runtime has to.
    private static let linear: Translation = { builder, call in
        let weight = try call.tensor(1)
        let x = try builder.name(call.tensor(0))
        let matrix: String
        if let tensor = builder.value(weight).tensor {
            var name = "constant_\(weight).transposed"
            if case .parameter(let key) = builder.value(weight).source { name = key + ".transposed" }
            matrix = try builder.addInitializer(name, tensor.transpose(0, 1))
        } else {
            matrix = builder.add("Transpose", [try builder.name(weight)], ["perm": .ints([1, 0])])
        }
        if let bias = try call.optionalTensor(2) {
            let sum = builder.add("MatMul", [x, matrix])
            builder.add("Add", [sum, try builder.name(bias)], is: call.result)
        } else {
            builder.add("MatMul", [x, matrix], is: call.result)
        }
    }

    private static let attention: Translation = { builder, call in
        guard try call.double(4, default: 0) == 0, try !call.bool(5, default: false) else {
            throw call.unsupported("drops at random or hides what comes later")
        }
        let query = try call.value(0)
        let rank = query.shape.count
        let dtype = call.resultValue.dtype
        let width = try call.size(query, rank - 1)
        let scale = try call.double(6, default: 1 / Double(width).squareRoot())
        var order = Array(0..<rank)
        order.swapAt(rank - 1, rank - 2)
        let keys = builder.add("Transpose", [try builder.name(call.tensor(1))], ["perm": .ints(order)])
        let scaled = builder.add("Mul", [try builder.name(call.tensor(0)), try builder.number(scale, dtype)])
        var scores = builder.add("MatMul", [scaled, keys])
        if let mask = try call.optionalTensor(3) {
            if builder.value(mask).dtype == .bool {
                let hidden = try builder.number(-.infinity, dtype)
                scores = builder.add("Where", [try builder.name(mask), scores, hidden])
            } else {
                scores = builder.add("Add", [scores, try builder.cast(mask, to: dtype)])
            }
        }
        let weights = builder.add("Softmax", [scores], ["axis": .int(rank - 1)])
        builder.add("MatMul", [weights, try builder.name(call.tensor(2))], is: call.result)
    }
}
