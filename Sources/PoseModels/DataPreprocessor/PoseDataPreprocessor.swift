import PyConfig
public import Torch

/// The first step of a model's forward: reorders channels, normalises with the mean and deviation of ImageNet or
/// whatever the config gives, and pads.
public struct PoseDataPreprocessor: Sendable {
    private let mean, deviation: Tensor?
    private let reversesChannels: Bool
    private let padDivisor: Int
    private let padValue: Double
    /// What `batch_augments` does to batches in training.
    let batchResize: BatchSyncRandomResize?

    init(_ arguments: Arguments?) throws {
        guard let arguments else {
            (mean, deviation, reversesChannels, padDivisor, padValue, batchResize) = (nil, nil, false, 1, 0, nil)
            return
        }
        let type = Registry.unscoped(try arguments.type())
        guard ["PoseDataPreprocessor", "ImgDataPreprocessor", "BaseDataPreprocessor"].contains(type) else {
            throw ModelError.unknownType(type, at: arguments.path, known: ["PoseDataPreprocessor"])
        }
        let toRGB = try arguments.bool("bgr_to_rgb", default: false)
        let toBGR = try arguments.bool("rgb_to_bgr", default: false)
        guard !(toRGB && toBGR) else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).rgb_to_bgr", reason: "bgr_to_rgb and rgb_to_bgr exclude each other")
        }
        reversesChannels = toRGB || toBGR
        mean = try Self.statistic(arguments, "mean")
        deviation = try Self.statistic(arguments, "std")
        guard (mean == nil) == (deviation == nil) else {
            throw ConfigError.invalidArgument(path: "\(arguments.path).mean", reason: "mean and std belong together")
        }
        padDivisor = try arguments.int("pad_size_divisor", default: 1)
        padValue = try arguments.double("pad_value", default: 0)
        guard padDivisor > 0 else {
            throw ConfigError.invalidArgument(path: "\(arguments.path).pad_size_divisor", reason: "must be positive")
        }
        batchResize = try Self.batchResize(arguments)
        // Copying to a device here is always blocking.
        arguments.ignore("non_blocking")
        try arguments.finish()
    }

    /// Shapes: input `(B, C, H, W)` uint8 or float32 with the channels of the decoded image (BGR); output float32
    /// `(B, C, H', W')`, padded at the bottom and on the right to a multiple of the divisor.
    public func callAsFunction(_ images: Tensor) throws -> Tensor {
        var x = reversesChannels ? try images.flip([1]) : images
        x = try x.to(.float32)
        if let mean, let deviation { x = try (x - mean) / deviation }
        let (height, width) = (x.shape[2], x.shape[3])
        let bottom = (padDivisor - height % padDivisor) % padDivisor
        let right = (padDivisor - width % padDivisor) % padDivisor
        return bottom + right > 0 ? try x.pad([0, right, 0, bottom], mode: .constant(padValue)) : x
    }

    private static func batchResize(_ arguments: Arguments) throws -> BatchSyncRandomResize? {
        let augments = try arguments.has("batch_augments") ? arguments.children("batch_augments") : []
        guard let first = augments.first else { return nil }
        for augment in augments where Registry.unscoped(try augment.type()) != "BatchSyncRandomResize" {
            throw ModelError.unknownType(try augment.type(), at: augment.path, known: ["BatchSyncRandomResize"])
        }
        guard augments.count == 1 else { throw arguments.invalid("batch_augments", "resizes more than once") }
        return try BatchSyncRandomResize(first)
    }

    private static func statistic(_ arguments: Arguments, _ name: String) throws -> Tensor? {
        guard let values = try arguments.optionalDoubles(name) else { return nil }
        guard values.count == 3 || values.count == 1 else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).\(name)", reason: "needs 3 numbers (or 1 for grey), not \(values.count)")
        }
        return try Tensor(values.map(Float.init), shape: [values.count, 1, 1])
    }
}
