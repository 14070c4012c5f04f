import PyConfig

/// Keypoints of one definition as those of another (`gt_converter` and `pred_converter` of `CocoMetric`).
struct KeypointConversion: Hashable, Sendable {
    /// Keypoints after it.
    let count: Int
    /// Which keypoint becomes which.
    let pairs: [(source: Int, target: Int)]

    /// Arguments: `num_keypoints`, `mapping` (a list of pairs).
    init(_ arguments: Arguments) throws {
        count = try arguments.int("num_keypoints")
        guard count > 0 else { throw arguments.invalid("num_keypoints", "must be positive") }
        var pairs: [(source: Int, target: Int)] = []
        for entry in arguments.value("mapping")?.arrayValue ?? [] {
            guard let pair = entry.arrayValue?.compactMap(\.intValue), pair.count == 2, pair[0] >= 0,
                (0..<count).contains(pair[1])
            else {
                throw arguments.invalid("mapping", "\(entry.python) is no pair of keypoints below \(count)")
            }
            pairs.append((pair[0], pair[1]))
        }
        self.pairs = pairs
        arguments.ignore("type")
        try arguments.finish()
    }

    /// Some keypoints, in that order.
    init(selecting keypoints: [Int]) {
        count = keypoints.count
        pairs = keypoints.enumerated().map { ($1, $0) }
    }

    /// Values of each keypoint, several a keypoint; `value` where there is none.
    func callAsFunction(_ values: some RandomAccessCollection<Double>, width: Int, empty: Double = 0) -> [Double] {
        var result = [Double](repeating: empty, count: count * width)
        for (source, target) in pairs where (source + 1) * width <= values.count {
            let start = values.index(values.startIndex, offsetBy: source * width)
            for (offset, value) in values[start...].prefix(width).enumerated() {
                result[target * width + offset] = value
            }
        }
        return result
    }

    /// The first keypoint that does not exist among so many.
    func missing(of count: Int) -> Int? { pairs.first { $0.source >= count }?.source }

    static func == (a: KeypointConversion, b: KeypointConversion) -> Bool {
        a.count == b.count && a.pairs.elementsEqual(b.pairs) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for pair in pairs { hasher.combine([pair.source, pair.target]) }
    }
}

extension InstanceColumns {
    /// The same instances with other keypoints.
    ///
    /// - Parameter counted: the new number of annotated keypoints; nil counts those that are visible.
    /// - Throws: `MetricError.invalid` when a keypoint does not exist.
    func converted(_ conversion: KeypointConversion, counted: Int?) throws -> InstanceColumns {
        if count > 0, let missing = conversion.missing(of: keypointCount) {
            throw MetricError.invalid("keypoint \(missing) is asked for, but annotations have \(keypointCount)")
        }
        var result = InstanceColumns(keypointCount: conversion.count)
        result.ids = ids
        result.images = images
        result.categories = categories
        result.boxes = boxes
        result.areas = areas
        result.scores = scores
        result.crowdFlags = crowdFlags
        result.annotatedCounts = annotatedCounts
        let width = 3 * keypointCount
        for row in 0..<count {
            let keypoints = conversion(keypoints[row * width..<(row + 1) * width], width: 3)
            result.keypoints += keypoints
            let visible = stride(from: 2, to: keypoints.count, by: 3).count { keypoints[$0] > 0 }
            if annotatedCounts[row] >= 0 || counted == nil { result.annotatedCounts[row] = counted ?? visible }
        }
        return result
    }
}
