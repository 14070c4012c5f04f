import Torch

extension Translations {
    /// Convolutions and pooling.
    static let convolutions: [String: Translation] = [
        "aten::conv1d": { try convolve(&$0, $1, dimensions: 1) },
        "aten::conv2d": { try convolve(&$0, $1, dimensions: 2) },
        "aten::conv3d": { try convolve(&$0, $1, dimensions: 3) },
        "aten::conv_transpose1d": { try convolveTransposed(&$0, $1, dimensions: 1) },
        "aten::conv_transpose2d.input": { try convolveTransposed(&$0, $1, dimensions: 2) },
        "aten::conv_transpose3d.input": { try convolveTransposed(&$0, $1, dimensions: 3) },
        "aten::max_pool1d": { try maxPool(&$0, $1, dimensions: 1) },
        "aten::max_pool2d": { try maxPool(&$0, $1, dimensions: 2) },
        "aten::max_pool3d": { try maxPool(&$0, $1, dimensions: 3) },
        "aten::avg_pool1d": { try averagePool(&$0, $1, dimensions: 1) },
        "aten::avg_pool2d": { try averagePool(&$0, $1, dimensions: 2) },
        "aten::avg_pool3d": { try averagePool(&$0, $1, dimensions: 3) },
        "aten::adaptive_avg_pool1d": { try adaptivePool(&$0, $1, dimensions: 1) },
        "aten::adaptive_avg_pool2d": { try adaptivePool(&$0, $1, dimensions: 2) },
        "aten::adaptive_avg_pool3d": { try adaptivePool(&$0, $1, dimensions: 3) },
        "aten::im2col": unfold,
    ]

    private static func convolve(_ builder: inout GraphBuilder, _ call: BoundCall, dimensions count: Int) throws {
        let weight = try call.value(1)
        let padding = try call.ints(4, count: count, default: [Int](repeating: 0, count: count))
        let ones = [Int](repeating: 1, count: count)
        let attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
            "kernel_shape": .ints(try (2..<2 + count).map { try call.size(weight, $0) }),
            "strides": .ints(try call.ints(3, count: count, default: ones)), "pads": .ints(padding + padding),
            "dilations": .ints(try call.ints(5, count: count, default: ones)),
            "group": .int(try call.int(6, default: 1)),
        ]
        builder.add("Conv", try builder.weightedInputs(call), attributes, is: call.result)
    }

    private static func convolveTransposed(
        _ builder: inout GraphBuilder, _ call: BoundCall, dimensions count: Int
    ) throws {
        let weight = try call.value(1)
        let zeros = [Int](repeating: 0, count: count)
        let ones = [Int](repeating: 1, count: count)
        let padding = try call.ints(4, count: count, default: zeros)
        let attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
            "kernel_shape": .ints(try (2..<2 + count).map { try call.size(weight, $0) }),
            "strides": .ints(try call.ints(3, count: count, default: ones)), "pads": .ints(padding + padding),
            "output_padding": .ints(try call.ints(5, count: count, default: zeros)),
            "group": .int(try call.int(6, default: 1)),
            "dilations": .ints(try call.ints(7, count: count, default: ones)),
        ]
        builder.add("ConvTranspose", try builder.weightedInputs(call), attributes, is: call.result)
    }

    /// Kernel, strides, padding at the beginnings, and what the last windows need beyond the padding at the ends, where
    /// sizes are rounded up: libtorch and ONNX disagree about which windows count there, so they are spelled out.
    private static func windows(
        _ call: BoundCall, dimensions count: Int, dilation: [Int]
    ) throws -> (kernel: [Int], strides: [Int], pads: [Int], extra: [Int]) {
        let kernel = try call.ints(1, count: count, default: [])
        let strides = try call.ints(2, count: count, default: kernel)
        let pads = try call.ints(3, count: count, default: [Int](repeating: 0, count: count))
        let input = try call.value(0)
        let first = input.shape.count - count
        let extra = try (0..<count).map { index in
            let output = try call.size(call.resultValue, first + index)
            let reach = (output - 1) * strides[index] + (kernel[index] - 1) * dilation[index] + 1
            return max(0, reach - (try call.size(input, first + index)) - 2 * pads[index])
        }
        return (kernel, strides, pads, extra)
    }

    private static func maxPool(_ builder: inout GraphBuilder, _ call: BoundCall, dimensions count: Int) throws {
        let dilation = try call.ints(4, count: count, default: [Int](repeating: 1, count: count))
        let windows = try windows(call, dimensions: count, dilation: dilation)
        let attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
            "kernel_shape": .ints(windows.kernel), "strides": .ints(windows.strides),
            "pads": .ints(windows.pads + zip(windows.pads, windows.extra).map { $0 + $1 }),
            "dilations": .ints(dilation),
        ]
        builder.add("MaxPool", [try builder.name(call.tensor(0))], attributes, is: call.result)
    }

    private static func averagePool(_ builder: inout GraphBuilder, _ call: BoundCall, dimensions count: Int) throws {
        guard !call.isGiven(6) else { throw call.unsupported("has a divisor of its own") }
        let windows = try windows(call, dimensions: count, dilation: [Int](repeating: 1, count: count))
        var countsPadding = try call.bool(5, default: true)
        let isRoundedUp = windows.extra.contains { $0 > 0 }
        if !windows.pads.contains(where: { $0 > 0 }) { countsPadding = false }
        // Padding counts, but not what lies beyond it: ONNX cannot tell them apart.
        guard !(countsPadding && isRoundedUp) else { throw call.unsupported("counts its padding and rounds up") }
        let attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
            "kernel_shape": .ints(windows.kernel), "strides": .ints(windows.strides),
            "pads": .ints(windows.pads + zip(windows.pads, windows.extra).map { $0 + $1 }),
            "count_include_pad": .int(countsPadding ? 1 : 0),
        ]
        builder.add("AveragePool", [try builder.name(call.tensor(0))], attributes, is: call.result)
    }

    private static func adaptivePool(_ builder: inout GraphBuilder, _ call: BoundCall, dimensions count: Int) throws {
        let value = try call.value(0)
        let first = value.shape.count - count
        let inputs = try (0..<count).map { try call.size(value, first + $0) }
        let outputs = try (0..<count).map { try call.size(call.resultValue, first + $0) }
        let x = try builder.name(call.tensor(0))
        if outputs.allSatisfy({ $0 == 1 }) {
            builder.add("GlobalAveragePool", [x], is: call.result)
        } else if zip(inputs, outputs).allSatisfy({ $0 % $1 == 0 }) {
            let kernel = ONNXGraph.Attribute.ints(zip(inputs, outputs).map { $0 / $1 })
            builder.add("AveragePool", [x], ["kernel_shape": kernel, "strides": kernel], is: call.result)
        } else {
            try averageWindows(&builder, call, x, first: first, inputs: inputs, outputs: outputs)
        }
    }

    /// Windows of unequal sizes: a product with a matrix of averages along each dimension.
    private static func averageWindows(
        _ builder: inout GraphBuilder, _ call: BoundCall, _ x: String, first: Int, inputs: [Int], outputs: [Int]
    ) throws {
        var x = x
        let last = first + inputs.count - 1
        for (index, (input, output)) in zip(inputs, outputs).enumerated() {
            var weights = [Float](repeating: 0, count: input * output)
            for column in 0..<output {
                let range = column * input / output..<((column + 1) * input + output - 1) / output
                for row in range { weights[row * output + column] = 1 / Float(range.count) }
            }
            let matrix = try builder.addInitializer(
                "averages_\(input)_\(output)", Tensor(weights, shape: [input, output]))
            var order = Array(0...last)
            order.swapAt(first + index, last)
            let isLast = first + index == last
            if !isLast { x = builder.add("Transpose", [x], ["perm": .ints(order)]) }
            x = builder.add("MatMul", [x, matrix])
            if !isLast { x = builder.add("Transpose", [x], ["perm": .ints(order)]) }
        }
        builder.alias(call.result, x)
    }

    /// Every window as a column: one strided slice for each place in the window.
    private static let unfold: Translation = { builder, call in
        let value = try call.value(0)
        let kernel = try call.ints(1, count: 2, default: [])
        let dilation = try call.ints(2, count: 2, default: [1, 1])
        let padding = try call.ints(3, count: 2, default: [0, 0])
        let stride = try call.ints(4, count: 2, default: [1, 1])
        let sizes = try [2, 3].map { try call.size(value, $0) }
        var x = try builder.name(call.tensor(0))
        if padding != [0, 0] {
            let pads = [0, 0, padding[0], padding[1], 0, 0, padding[0], padding[1]]
            x = builder.add("Pad", [x, try builder.ints(pads), try builder.number(0, value.dtype)])
        }
        let counts = (0..<2).map { index -> Int in
            let reach = dilation[index] * (kernel[index] - 1) + 1
            return (sizes[index] + 2 * padding[index] - reach) / stride[index] + 1
        }
        let axes = try builder.ints([2, 3])
        var places: [String] = []
        for row in 0..<kernel[0] {
            for column in 0..<kernel[1] {
                let starts = [row * dilation[0], column * dilation[1]]
                let ends = (0..<2).map { starts[$0] + (counts[$0] - 1) * stride[$0] + 1 }
                let inputs = [x, try builder.ints(starts), try builder.ints(ends), axes, try builder.ints(stride)]
                let part = builder.add("Slice", inputs)
                places.append(builder.add("Unsqueeze", [part, try builder.ints([2])]))
            }
        }
        let joined = builder.add("Concat", places, ["axis": .int(2)])
        builder.add("Reshape", [joined, try builder.target(call.resultValue.shape)], is: call.result)
    }
}

extension GraphBuilder {
    /// Input, weight and, where there is one, bias.
    fileprivate mutating func weightedInputs(_ call: BoundCall) throws -> [String] {
        try [call.tensor(0), call.tensor(1), call.optionalTensor(2)].compactMap { $0 }.map { try name($0) }
    }
}
