import PyConfig
import Torch

/// A convolution whose taps follow the shape of what is around each pixel (Geng et al. 2021): an affine map, predicted at
/// every pixel, says where the 3×3 taps are.
///
/// Shapes: input and output `(B, channels, H, W)`.
final class AdaptiveActivationBlock: Layer {
    private let taps: Parameter
    private let maps: Conv2d
    private let convolution: DeformableConvolution
    private let normalization: any Layer
    private let groups: Int

    init(at path: ParameterPath, channels: Int, groups: Int) throws {
        self.groups = groups
        // Each column is a tap of the kernel: down, across, and 1 for the affine map's shift.
        let regular: [Float] = [
            -1, -1, -1, 0, 0, 0, 1, 1, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        ]
        taps = try path.buffer("regular_matrix", constant: Tensor(regular, shape: [3, 9]))
        maps = try Conv2d(
            at: path / "transform_matrix_conv", inChannels: channels, outChannels: 6 * groups, kernel: 3, padding: 1,
            groups: groups)
        convolution = try DeformableConvolution(
            at: path / "adapt_conv", inChannels: channels, outChannels: channels, kernel: 3, padding: 1,
            groups: groups, offsetGroups: groups)
        normalization = try Normalization().layer(at: path / "norm", channels: channels)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let shape = x.shape
        let (batch, height, width) = (shape[0], shape[2], shape[3])
        let affine = try maps(x).permute([0, 2, 3, 1]).reshape([batch, height, width, groups, 2, 3])
        let offsets = try affine.matmul(taps.tensor).transpose(4, 5).reshape([batch, height, width, groups * 18])
            .permute([0, 3, 1, 2])
        return try (normalization(convolution(x, offsets: offsets)) + x).relu()
    }
}
