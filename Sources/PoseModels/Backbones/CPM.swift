import PyConfig
public import Torch

/// Convolutional Pose Machine (Wei et al. 2016): stages of large kernels, each of which sees the image's features and
/// the maps of the stage before.
///
/// Shapes: input `(B, 3, H, W)`; one output `(B, out_channels, H/8, W/8)` for every stage.
public final class CPM: Backbone {
    private let first: Sequential
    private let image: Sequential
    private let stages: [Stage]

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let inChannels = try arguments.int("in_channels")
        let outChannels = try arguments.int("out_channels", in: 1...65536)
        let width = try arguments.int("feat_channels", default: 128, in: 1...65536)
        let middle = try arguments.int("middle_channels", default: 32, in: 1...65536)
        let count = try arguments.int("num_stages", default: 6, in: 1...64)
        let normalization = try arguments.normalization(default: Normalization())
        guard inChannels == 3 else { throw arguments.invalid("in_channels", "must be 3, not \(inChannels)") }
        arguments.ignore("init_cfg")

        func convolution(_ path: ParameterPath, _ inChannels: Int, _ outChannels: Int, kernel: Int) throws -> ConvModule
        {
            try ConvModule(
                at: path, inChannels: inChannels, outChannels: outChannels, kernel: kernel, padding: (kernel - 1) / 2,
                normalization: normalization)
        }
        /// A last convolution, bare.
        func maps(_ path: ParameterPath, _ inChannels: Int) throws -> ConvModule {
            try ConvModule(at: path, inChannels: inChannels, outChannels: outChannels, kernel: 1, activation: nil)
        }
        func eighth(_ path: ParameterPath) throws -> [any Layer] {
            let pooling = MaxPool2d(kernel: 3, stride: 2, padding: 1)
            return [
                try convolution(path / 0, 3, 128, kernel: 9), pooling,
                try convolution(path / 2, 128, 128, kernel: 9), pooling,
                try convolution(path / 4, 128, 128, kernel: 9), pooling,
            ]
        }
        let stem = path / "stem"
        first = Sequential(
            try eighth(stem) + [
                convolution(stem / 6, 128, 32, kernel: 5), convolution(stem / 7, 32, 512, kernel: 9),
                convolution(stem / 8, 512, 512, kernel: 1), maps(stem / 9, 512),
            ])
        image = Sequential(try eighth(path / "middle"))
        // The state dict has the parts of all stages kind by kind.
        let refined = try (0..<count - 1).map { stage in
            let model = path / "cpm_stages" / stage / "model"
            return Sequential(
                try (0..<3).map {
                    try convolution(model / $0, $0 == 0 ? middle + outChannels : width, width, kernel: 11)
                })
        }
        let views = try (0..<count - 1).map {
            try convolution(path / "middle_conv" / $0 / 0, 128, middle, kernel: 5)
        }
        let outputs = try (0..<count - 1).map { stage in
            let output = path / "out_convs" / stage
            return Sequential([try convolution(output / 0, width, width, kernel: 1), try maps(output / 1, width)])
        }
        stages = (0..<count - 1).map { Stage(view: views[$0], refine: refined[$0], output: outputs[$0]) }
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        let image = try image(x)
        var maps = [try first(x)]
        for stage in stages {
            let seen = try Tensor.cat([maps.element(at: -1), stage.view(image)], dim: 1)
            maps.append(try stage.output(stage.refine(seen)))
        }
        return maps
    }

    private struct Stage: Sendable {
        let view: ConvModule
        let refine, output: Sequential
    }
}
