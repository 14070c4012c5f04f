import Torch

extension Translations {
    /// Values between pixels.
    static let samplings: [String: Translation] = [
        "aten::upsample_nearest1d": { try resize(&$0, $1, dimensions: 1, mode: "nearest", alignIndex: nil) },
        "aten::upsample_nearest2d": { try resize(&$0, $1, dimensions: 2, mode: "nearest", alignIndex: nil) },
        "aten::upsample_nearest3d": { try resize(&$0, $1, dimensions: 3, mode: "nearest", alignIndex: nil) },
        "aten::upsample_linear1d": { try resize(&$0, $1, dimensions: 1, mode: "linear", alignIndex: 2) },
        "aten::upsample_bilinear2d": { try resize(&$0, $1, dimensions: 2, mode: "linear", alignIndex: 2) },
        "aten::upsample_trilinear3d": { try resize(&$0, $1, dimensions: 3, mode: "linear", alignIndex: 2) },
        "aten::upsample_bicubic2d": { try resize(&$0, $1, dimensions: 2, mode: "cubic", alignIndex: 2) },
        "aten::grid_sampler": { builder, call in
            let modes = ["bilinear", "nearest", "bicubic"]
            let paddings = ["zeros", "border", "reflection"]
            let (mode, padding) = (try call.int(2), try call.int(3))
            guard modes.indices.contains(mode), paddings.indices.contains(padding) else {
                throw call.unsupported("samples in an unknown way")
            }
            let attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
                "mode": .string(modes[mode]), "padding_mode": .string(paddings[padding]),
                "align_corners": .int(try call.bool(4, default: false) ? 1 : 0),
            ]
            let inputs = [try builder.name(call.tensor(0)), try builder.name(call.tensor(1))]
            builder.add("GridSample", inputs, attributes, is: call.result)
        },
    ]

    /// - Parameter alignIndex: the argument that says whether corners are aligned; nearest neighbours have none.
    private static func resize(
        _ builder: inout GraphBuilder, _ call: BoundCall, dimensions count: Int, mode: String, alignIndex: Int?
    ) throws {
        let value = try call.value(0)
        let first = value.shape.count - count
        let inputs = try (0..<count).map { try call.size(value, first + $0) }
        let outputs = try (0..<count).map { try call.size(call.resultValue, first + $0) }
        var attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [
            "mode": .string(mode), "coordinate_transformation_mode": .string("asymmetric"),
            "nearest_mode": .string("floor"),
        ]
        if let alignIndex {
            let isAligned = try call.bool(alignIndex, default: false)
            attributes = [
                "mode": .string(mode),
                "coordinate_transformation_mode": .string(isAligned ? "align_corners" : "pytorch_half_pixel"),
                "cubic_coeff_a": .float(-0.75),
            ]
        }
        let scales = [Float](repeating: 1, count: first) + zip(inputs, outputs).map { Self.scale($0, $1) }
        let name = "scales_" + zip(inputs, outputs).map { "\($0)_\($1)" }.joined(separator: "_") + "_\(first)"
        let list = try builder.addInitializer(name, Tensor(scales, shape: [scales.count]))
        builder.add("Resize", [try builder.name(call.tensor(0)), "", list], attributes, is: call.result)
    }

    /// ONNX rounds `input · scale` down, so the nearest number may fall short of `output`.
    private static func scale(_ input: Int, _ output: Int) -> Float {
        let scale = Float(output) / Float(input)
        return Int(Float(input) * scale) < output ? scale.nextUp : scale
    }
}
