import Torch

/// A convolution that reads each of its taps at a place of its own (Dai et al. 2017), without a bias.
///
/// Between pixels values are interpolated; outside of the map they are zero. Channels are split into as many parts as
/// there are groups of offsets.
///
/// Shapes: input `(B, inChannels, H, W)`; offsets `(B, G·2·k², H', W')`, for each part and tap down, then across; output
/// `(B, outChannels, H', W')`.
final class DeformableConvolution: Sendable {
    private let weight: Parameter
    private let groups, offsetGroups, padding, dilation: Int

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: Int, padding: Int = 0, dilation: Int = 1,
        groups: Int = 1, offsetGroups: Int = 1
    ) throws {
        guard kernel > 0, groups > 0, offsetGroups > 0, inChannels % groups == 0, outChannels % groups == 0,
            inChannels % offsetGroups == 0, inChannels > 0, outChannels > 0
        else {
            throw ModelError.invalidInput(
                "\(path.name): \(inChannels) to \(outChannels) channels in \(groups) groups and \(offsetGroups) of offsets"
            )
        }
        path.declare(layerType: "DeformConv2d")
        weight = try path.parameter(
            "weight", shape: [outChannels, inChannels / groups, kernel, kernel], initializer: .layerWeight)
        self.groups = groups
        self.offsetGroups = offsetGroups
        self.padding = padding
        self.dilation = dilation
    }

    func callAsFunction(_ x: Tensor, offsets: Tensor) throws -> Tensor {
        let (shape, kernel) = (x.shape, weight.shape[2])
        let taps = kernel * kernel
        guard shape.count == 4, offsets.rank == 4, offsets.shape[1] == offsetGroups * 2 * taps else {
            throw ModelError.invalidInput(
                "offsets of shape \(offsets.shape) for \(offsetGroups) parts of a map of shape \(shape)")
        }
        let (height, width) = (offsets.shape[2], offsets.shape[3])
        let parts = shape[0] * offsetGroups
        let places =
            try offsets.reshape([parts, taps, 2, height, width])
            + regularTaps(kernel, height, width).to(device: x.device)
        // The sampler's −1 and 1 are the outer edges of the map.
        func normalized(_ axis: Int, _ extent: Int) throws -> Tensor {
            try (places.select(dim: 2, index: axis) * 2 + 1) / Double(extent) - 1
        }
        let grid = try Tensor.stack([normalized(1, shape[3]), normalized(0, shape[2])], dim: -1)
            .reshape([parts, taps * height, width, 2])
        let sampled = try x.reshape([parts, shape[1] / offsetGroups, shape[2], shape[3]]).gridSample(grid)
        let columns = try sampled.reshape([shape[0], shape[1] * taps, height, width])
        let rows = weight.shape
        return try columns.conv2d(weight.tensor.reshape([rows[0], rows[1] * taps, 1, 1]), groups: groups)
    }

    /// Where the taps are without offsets: `(taps, 2, height, width)`, down, then across.
    private func regularTaps(_ kernel: Int, _ height: Int, _ width: Int) throws -> Tensor {
        let rows = try Tensor.arange(height, dtype: .float32).reshape([1, height, 1]).expand([1, height, width])
        let columns = try Tensor.arange(width, dtype: .float32).reshape([1, 1, width]).expand([1, height, width])
        let center = try Tensor.cat([rows, columns], dim: 0)
        let steps = (0..<kernel * kernel).flatMap { tap in
            [tap / kernel, tap % kernel].map { Float($0 * dilation - padding) }
        }
        return try Tensor(steps, shape: [kernel * kernel, 2, 1, 1]) + center
    }
}
