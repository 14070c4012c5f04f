import Torch

/// Cross-stage partial layer of RT-DETR (Zhao et al. 2023): one projection passes through blocks of parallel
/// convolutions, another around them, and the sum is the result.
///
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H, W)`.
final class CSPRepLayer: Layer {
    private let main, around: ConvModule
    private let blocks: [ParallelConvolutions]
    private let final: ConvModule?

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, blocks count: Int, widenFactor: Double,
        activation: Activation?
    ) throws {
        let hidden = Int(Double(outChannels) * widenFactor)
        func pointwise(_ name: String, _ inChannels: Int, _ outChannels: Int) throws -> ConvModule {
            try ConvModule(
                at: path / name, inChannels: inChannels, outChannels: outChannels, kernel: 1,
                normalization: Normalization(), activation: activation)
        }
        main = try pointwise("conv1", inChannels, hidden)
        around = try pointwise("conv2", inChannels, hidden)
        blocks = try (0..<count).map { index in
            try ParallelConvolutions(at: path / "bottlenecks" / index, channels: hidden, activation: activation)
        }
        final = try hidden == outChannels ? nil : pointwise("conv3", hidden, outChannels)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let sum = try blocks.reduce(main(x)) { try $1($0) } + around(x)
        return try final?(sum) ?? sum
    }
}

/// Block of RepVGG (Ding et al. 2021) without its identity branch: a 3×3 and a 1×1 convolution side by side.
///
/// Shapes: input and output `(B, channels, H, W)`.
private final class ParallelConvolutions: Layer {
    private let wide, narrow: ConvModule
    private let activation: Activation?

    init(at path: ParameterPath, channels: Int, activation: Activation?) throws {
        wide = try ConvModule(
            at: path / "branch_3x3", inChannels: channels, outChannels: channels, kernel: 3, padding: 1,
            normalization: Normalization(), activation: nil)
        narrow = try ConvModule(
            at: path / "branch_1x1", inChannels: channels, outChannels: channels, kernel: 1,
            normalization: Normalization(), activation: nil)
        self.activation = activation
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let sum = try wide(x) + narrow(x)
        return try activation?(sum) ?? sum
    }
}
