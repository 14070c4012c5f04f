import PyConfig
import Torch

/// Averages the predictions for an image and for its mirror image.
public struct FlipTest: Sendable {
    /// What the channels of a heatmap mean, hence how mirroring changes them.
    public enum Mode: String, Sendable, CaseIterable {
        /// One map for each keypoint.
        case heatmap
        /// Three maps for each keypoint: presence, x offset, y offset.
        case udpCombined = "udp_combined"
        /// Two maps for each keypoint: x offset, y offset.
        case offset
    }

    public var mode: Mode
    /// Moves mirrored heatmaps right by one pixel: with an even width and unaligned coordinates, the mirror image of
    /// pixel `x` lies between two pixels.
    public var shiftsHeatmap: Bool
    /// Moves mirrored coordinates left by one pixel of the input, for the same reason.
    public var shiftsCoordinates: Bool

    /// For maps alone.
    init(_ mode: Mode, shiftsHeatmap: Bool) {
        self.mode = mode
        self.shiftsHeatmap = shiftsHeatmap
        shiftsCoordinates = false
    }

    /// Reads `test_cfg`; `nil` when it asks for no flip test.
    init?(_ arguments: Arguments) throws {
        let isOn = try arguments.bool("flip_test", default: false)
        let name = try arguments.string("flip_mode", default: Mode.heatmap.rawValue)
        guard let mode = Mode(rawValue: name) else {
            throw ModelError.unknownType(
                name, at: "\(arguments.path).flip_mode", known: Mode.allCases.map(\.rawValue))
        }
        self.mode = mode
        shiftsHeatmap = try arguments.bool("shift_heatmap", default: false)
        shiftsCoordinates = try arguments.bool("shift_coords", default: true)
        guard isOn else { return nil }
    }

    /// The mean of `output` and of `mirrored` mapped back.
    ///
    /// - Parameters:
    ///   - flipIndices: for each keypoint, the one that takes its place in a mirror image.
    ///   - inputWidth: of the images the network saw, in pixels.
    func merge(
        _ output: HeadTensors, mirrored: HeadTensors, flipIndices: Tensor, inputWidth: Int
    ) throws -> HeadTensors {
        switch (try output.decodable(), try mirrored.decodable()) {
        case (.heatmaps(let maps), .heatmaps(let other)):
            return .heatmaps(try (maps + unmirror(other, flipIndices)) * 0.5)
        case (.simcc(let x, let y), .simcc(let otherX, let otherY)):
            let mirroredX = try otherX.indexSelect(dim: 1, index: flipIndices).flip([-1])
            let mirroredY = try otherY.indexSelect(dim: 1, index: flipIndices)
            return .simcc(x: try (x + mirroredX) * 0.5, y: try (y + mirroredY) * 0.5)
        case (.regression(let coordinates), .regression(let other)):
            return .regression(try (coordinates + unmirrorCoordinates(other, flipIndices, inputWidth)) * 0.5)
        case (.hands(let maps, let depth, let type, let steps), .hands(let other, let otherDepth, let otherType, _)):
            // In the mirror the right hand is a left one, so what tells them apart changes sides too.
            return .hands(
                heatmaps: try (maps + unmirrorVolumes(other, flipIndices)) * 0.5,
                rootDepth: try (depth + (Double(steps) - otherDepth)) * 0.5,
                presence: try HandPresence(
                    values: (type.values + otherType.values.flip([-1])) * 0.5,
                    areProbabilities: type.areProbabilities),
                rootSteps: steps)
        default:
            throw ModelError.invalidInput("the two outputs of a flip test are of different kinds")
        }
    }

    /// Shapes: `(B, K, 2 or more)`, x first, as part of the input's width.
    private func unmirrorCoordinates(_ values: Tensor, _ flipIndices: Tensor, _ inputWidth: Int) throws -> Tensor {
        let parts = try values.indexSelect(dim: 1, index: flipIndices).split([1, values.size(-1) - 1], dim: -1)
        let right = shiftsCoordinates ? 1 - 1 / Double(inputWidth) : 1
        return try Tensor.cat([right - parts[0], parts[1]], dim: -1)
    }

    /// Key points of the mirror image, in units in which the image is from 0 to 1, or with the shift from -1 to 1.
    ///
    /// Shapes: `(B, T, K, C)`, x first.
    func mirror(_ keypoints: Tensor, _ flipIndices: [Int]) throws -> Tensor {
        let indices = try Tensor(flipIndices, shape: [flipIndices.count])
        let parts = try keypoints.indexSelect(dim: 2, index: indices).split([1, keypoints.size(-1) - 1], dim: -1)
        let right = try 1 - parts[0]
        return try Tensor.cat([shiftsCoordinates ? right - 1 : right, parts[1]], dim: -1)
    }

    /// Shapes: `(B, K, D, H, W)`.
    private func unmirrorVolumes(_ volumes: Tensor, _ flipIndices: Tensor) throws -> Tensor {
        guard mode == .heatmap else {
            throw ModelError.invalidInput("a flip test of volumes takes flip_mode 'heatmap', not '\(mode.rawValue)'")
        }
        let y = try volumes.flip([-1]).indexSelect(dim: 1, index: flipIndices)
        return try shiftsHeatmap ? shifted(y) : y
    }

    /// Shapes: `(B, K·n, H, W)` with `n` maps for each keypoint.
    func unmirror(_ maps: Tensor, _ flipIndices: Tensor) throws -> Tensor {
        let shape = maps.shape
        var y = try maps.flip([-1])
        switch mode {
        case .heatmap:
            y = try y.indexSelect(dim: 1, index: flipIndices)
        case .udpCombined, .offset:
            let group = mode == .offset ? 2 : 3
            y = try y.reshape([shape[0], shape[1] / group, group, shape[2], shape[3]])
                .indexSelect(dim: 1, index: flipIndices)
            let signs: [Float] = mode == .offset ? [-1, 1] : [1, -1, 1]
            y = try (y * Tensor(signs, shape: [group, 1, 1])).reshape(shape)
        }
        return try shiftsHeatmap ? shifted(y) : y
    }

    /// Every column is the one to its left; the first stays.
    private func shifted(_ maps: Tensor) throws -> Tensor {
        try Tensor.cat(
            [
                maps.narrow(dim: -1, start: 0, length: 1),
                maps.narrow(dim: -1, start: 0, length: maps.size(-1) - 1),
            ], dim: -1)
    }
}
