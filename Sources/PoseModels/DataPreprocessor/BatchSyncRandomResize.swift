public import PoseCore
import PyConfig
public import Torch

/// Training at changing sizes (MMPose's `BatchSyncRandomResize`): every so many iterations all processes go over to another
/// size of pictures, drawn from a range.
///
/// The size of an iteration follows from the seed and the iteration alone.
public struct BatchSyncRandomResize: Sendable {
    /// The smallest and the largest height, in divisors.
    private let range: ClosedRange<Int>
    private let interval, divisor: Int

    /// Arguments: `random_size_range`, `interval=10`, `size_divisor=32`.
    init(_ arguments: Arguments) throws {
        divisor = try arguments.int("size_divisor", default: 32)
        interval = try arguments.int("interval", default: 10)
        guard divisor > 0, interval > 0 else {
            throw arguments.invalid("interval", "and size_divisor must be positive")
        }
        let sizes = try arguments.ints("random_size_range")
        guard sizes.count == 2, sizes[0] > 0, sizes[0] <= sizes[1], sizes[1] < 1 << 20 else {
            throw arguments.invalid("random_size_range", "needs two heights, the smaller one first")
        }
        let divisor = Double(divisor)
        // Half to even, as Python rounds.
        let low = Int((Double(sizes[0]) / divisor).rounded(.toNearestOrEven))
        let high = Int((Double(sizes[1]) / divisor).rounded(.toNearestOrEven))
        guard low > 0 else { throw arguments.invalid("random_size_range", "is below half of size_divisor") }
        range = low...high
        try arguments.finish()
    }

    /// The size that pictures of `size` get; their own before the first change.
    public func size(at iteration: Int, of size: ImageSize, seed: UInt64) -> ImageSize {
        guard iteration >= interval, size.height > 0 else { return size }
        var generator = SeededGenerator(seed: seed, epoch: iteration / interval, index: -2)
        let steps = generator.integer(range.lowerBound, range.upperBound + 1)
        let across = Int(Double(size.width) / Double(size.height) * Double(steps))
        return ImageSize(width: max(across, 1) * divisor, height: steps * divisor)
    }

    /// Pictures and targets of a batch at the size of its iteration.
    ///
    /// Shapes: `(B, C, H, W)` as `prepare` gives them, and the same at another height and width.
    public func callAsFunction(_ x: Tensor, _ batch: TrainingBatch, seed: UInt64) throws -> (Tensor, TrainingBatch) {
        guard x.rank == 4 else { throw ModelError.invalidInput("batch_augments needs pictures, not \(x.shape)") }
        let old = ImageSize(width: x.shape[3], height: x.shape[2])
        let new = size(at: batch.progress.iteration, of: old, seed: seed)
        guard new != old else { return (x, batch) }
        let size = [new.height, new.width]
        let scale = SIMD2(Float(new.width) / Float(old.width), Float(new.height) / Float(old.height))
        var resized = TrainingBatch(
            try batch.samples.map { try Self.scaled($0, by: scale, to: size) }, on: batch.device,
            progress: batch.progress)
        resized.measuresAccuracy = batch.measuresAccuracy
        resized.maximalInstances = batch.maximalInstances
        return (try x.interpolate(size: size, mode: .bilinear(alignCorners: false)), resized)
    }

    private static func scaled(_ sample: PackedSample, by scale: SIMD2<Float>, to size: [Int]) throws -> PackedSample {
        var sample = sample
        for name in ["bboxes", "keypoints"] {
            guard case .float32(var points)? = sample.labels[name],
                points.shape.last.map({ $0.isMultiple(of: 2) }) == true
            else { continue }
            // Horizontal and vertical values take turns in both.
            for index in points.elements.indices { points.elements[index] *= scale[index & 1] }
            sample.labels[name] = .float32(points)
        }
        if case .float32(var areas)? = sample.labels["areas"] {
            for index in areas.elements.indices { areas.elements[index] *= scale.x * scale.y }
            sample.labels["areas"] = .float32(areas)
        }
        if let mask = sample.fields["heatmap_mask"] {
            let map = try Tensor(mask, name: "heatmap_mask").to(.float32)
            let (rows, columns) = (try map.size(-2), try map.size(-1))
            let grown = try map.reshape([1, -1, rows, columns])
                .interpolate(size: size, mode: .bilinear(alignCorners: false))
            sample.fields["heatmap_mask"] = .float32(
                try NDArray(grown.toArray(Float.self), shape: Array(map.shape.dropLast(2)) + size))
        }
        return sample
    }
}
