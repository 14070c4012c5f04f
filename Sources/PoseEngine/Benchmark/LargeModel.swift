import Checkpoint
import Foundation
import PoseModels
import Torch

/// A ResNet-152 somewhat wider than usual, whose checkpoint has 300 MB, for measuring what loading takes.
struct LargeModel {
    let config, checkpoint: URL

    init(in folder: URL) throws {
        config = folder.appendingPathComponent("large.py")
        checkpoint = folder.appendingPathComponent("large.pth")
        try """
        model = dict(
            type='TopdownPoseEstimator',
            backbone=dict(type='ResNet', depth=152, base_channels=67),
            head=dict(type='HeatmapHead', in_channels=2144, out_channels=17))
        """.write(to: config, atomically: true, encoding: .utf8)
        let model = try LoadedModel(contentsOf: config)
        // Every tensor looks at the same zeros: memory this process held would count as the measured child's.
        let zeros = ZeroBlock(byteCount: model.estimator.store.entries.map(Self.byteCount).max() ?? 0)
        let entries = try model.estimator.store.entries.map { entry in
            let isFloat = entry.parameter.dtype.isFloatingPoint
            let bytes = UnsafeRawBufferPointer(rebasing: zeros.bytes[..<Self.byteCount(entry)])
            return try TensorEntry(
                name: entry.name, dtype: isFloat ? .float32 : .int64, shape: entry.parameter.shape,
                storage: TensorStorage(borrowing: bytes, owner: zeros))
        }
        try CheckpointWriter.pth(StateDict(entries), to: checkpoint)
    }

    private static func byteCount(_ entry: ParameterStore.Entry) -> Int {
        entry.parameter.shape.reduce(entry.parameter.dtype.byteCount, *)
    }
}

/// Zeros that take no memory until somebody writes to them, and nobody does.
private final class ZeroBlock: Sendable {
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    init(byteCount: Int) {
        bytes = UnsafeRawBufferPointer(start: calloc(byteCount, 1), count: byteCount)
    }

    deinit { free(UnsafeMutableRawPointer(mutating: bytes.baseAddress)) }
}
