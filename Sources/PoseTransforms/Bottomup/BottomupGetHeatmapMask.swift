public import PoseCore
public import PyConfig

/// A mask of where the network may be taught: everywhere but in regions of people without key points.
///
/// Adds the field `heatmap_mask`, `(1, H, W)` of the heatmaps' size (for each level), or of the input's without heatmaps.
public struct BottomupGetHeatmapMask: Transform {
    /// Whether the mask marks the invalid regions instead.
    public let marksInvalid: Bool

    /// Arguments: `get_invalid=False`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        marksInvalid = try arguments.bool("get_invalid", default: false)
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        guard let inputSize = sample.inputSize else { throw PoseSampleError.missing("size of the network's input") }
        let mask = try inputMask(sample, size: inputSize)
        var targets = sample.targets ?? SampleTargets(packing: TargetPacking(visibleWeights: true, heatmapMask: true))
        let sizes = targets.fields["heatmaps"]?.compactMap { maps in
            maps.shape.count == 3 ? ImageSize(width: maps.shape[2], height: maps.shape[1]) : nil
        }
        targets.fields["heatmap_mask"] = try (sizes ?? [inputSize]).map { size in
            let resized = size == mask.size ? mask : try mask.resized(to: size)
            return .bool(try NDArray(resized.floats().map { $0 > 0.5 }, shape: [1, size.height, size.width]))
        }
        sample.targets = targets
    }

    /// 1 where the mask is set, over the network's input.
    private func inputMask(_ sample: PoseSample, size: ImageSize) throws -> Image {
        let source = try sample.invalidPixels()
        let image = source?.size ?? sample.originalSize ?? size
        let invalid = try source ?? Image(width: image.width, height: image.height, channels: 1)
        var values = invalid.floats()
        if !marksInvalid { values = values.map { 1 - $0 } }
        var mask = try Image(values, width: image.width, height: image.height, channels: 1)
        if let warp = sample.warp {
            let outside = warp.countsOutside && !marksInvalid ? 1.0 : 0
            mask = try ImageWarp(warp.values).apply(to: mask, size: size, border: .constant(Color(gray: outside)))
        }
        if let direction = sample.flipDirection {
            mask = try mask.flipped(horizontal: direction != .vertical, vertical: direction != .horizontal)
        }
        return mask
    }
}

extension PoseSample {
    /// The invalid regions as pixels of the image as read, 1 where invalid; nil if there are none.
    func invalidPixels() throws -> Image? {
        if let invalidMask { return invalidMask }
        guard !invalidRegions.isEmpty else { return nil }
        guard let size = originalSize else { throw PoseSampleError.missing("size of the image as read") }
        var union = [UInt8](repeating: 0, count: size.area)
        for region in invalidRegions {
            for (index, value) in try region.mask(size: size).enumerated() where value != 0 { union[index] = 1 }
        }
        return try Image(union, width: size.width, height: size.height, channels: 1)
    }
}
