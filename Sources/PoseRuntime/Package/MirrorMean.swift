import PoseCore

/// Averages a network's outputs with those for the mirror image, as MMPose's flip test does.
struct MirrorMean: Sendable {
    private let flip: PackageDescription.FlipTest
    private let indices: [Int]
    private let inputWidth: Int

    init(_ flip: PackageDescription.FlipTest, indices: [Int], inputWidth: Int) {
        self.flip = flip
        self.indices = indices
        self.inputWidth = inputWidth
    }

    /// Replaces `output` by the mean of it and of `mirrored` mapped back.
    ///
    /// - Parameters:
    ///   - position: number of the output: of SimCC's two the first is along x.
    ///   - shape: of both, the image first and the channel second.
    /// - Throws: `PackageError` when the shape does not suit the keypoints.
    func merge(
        _ output: inout [Float], with mirrored: UnsafeBufferPointer<Float>, shape: [Int],
        kind: PackageDescription.Output, position: Int
    ) throws {
        let group = kind == .heatmaps ? (["udp_combined": 3, "offset": 2][flip.mode] ?? 1) : 1
        guard shape.count > 1, shape[1] == indices.count * group, output.count == mirrored.count,
            output.count == shape.reduce(1, *)
        else {
            throw PackageError("flip_test: outputs of shape \(shape) for \(indices.count) keypoints")
        }
        let size = shape.dropFirst(2).reduce(1, *)
        for image in 0..<shape[0] {
            for channel in 0..<shape[1] {
                let start = (image * shape[1] + channel) * size
                let source = (image * shape[1] + indices[channel / group] * group + channel % group) * size
                let other = UnsafeBufferPointer(rebasing: mirrored[source..<source + size])
                switch kind {
                case .heatmaps:
                    mergeMap(
                        &output, at: start, other, width: shape[shape.count - 1], negative: isNegative(channel % group))
                case .simcc:
                    for index in 0..<size {
                        output[start + index] =
                            (output[start + index] + other[position == 0 ? size - 1 - index : index]) * 0.5
                    }
                case .regression:
                    let right = flip.shiftsCoordinates ? Float(1 - 1 / Double(inputWidth)) : 1
                    for index in 0..<size {
                        output[start + index] =
                            (output[start + index] + (index == 0 ? right - other[index] : other[index])) * 0.5
                    }
                }
            }
        }
    }

    /// Whether mirroring changes the sign of a channel: it does that of offsets along x.
    private func isNegative(_ part: Int) -> Bool {
        flip.mode == "udp_combined" ? part == 1 : flip.mode == "offset" && part == 0
    }

    private func mergeMap(
        _ output: inout [Float], at start: Int, _ other: UnsafeBufferPointer<Float>, width: Int, negative: Bool
    ) {
        let sign: Float = negative ? -1 : 1
        for index in other.indices {
            let (row, column) = (index / width * width, index % width)
            // Shifted, every column is the one to its left; the first stays.
            let shifted = flip.shiftsHeatmap ? max(column - 1, 0) : column
            output[start + index] = (output[start + index] + sign * other[row + width - 1 - shifted]) * 0.5
        }
    }
}
