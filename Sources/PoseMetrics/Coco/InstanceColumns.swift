/// Annotated or detected instances as columns: one entry an instance in each array.
///
/// Key points stand as in COCO's files, `x, y, v` after each other, `3K` numbers an instance. The third is the visibility
/// of an annotated and the score of a detected key point.
public struct InstanceColumns: Sendable {
    /// K.
    public let keypointCount: Int
    public internal(set) var ids: [Int]
    public internal(set) var images: [Int]
    public internal(set) var categories: [Int]
    /// Left, top, width, height; NaN where a file has no box.
    public internal(set) var boxes: [SIMD4<Double>]
    /// Square pixels; NaN where a file has none.
    public internal(set) var areas: [Double]
    /// Of detections; 0 for annotations.
    public internal(set) var scores: [Double]
    /// Of annotations that stand for a group of people.
    public internal(set) var crowdFlags: [Bool]
    /// `num_keypoints` of annotations; -1 where a file has none.
    public internal(set) var annotatedCounts: [Int]
    /// `(count, 3K)`
    public internal(set) var keypoints: [Double]

    public var count: Int { ids.count }

    /// - Parameter count: how many instances to make room for.
    public init(keypointCount: Int, count: Int = 0) {
        self.keypointCount = keypointCount
        ids = Array(repeating: 0, count: count)
        images = ids
        categories = ids
        boxes = Array(repeating: SIMD4(repeating: .nan), count: count)
        areas = Array(repeating: .nan, count: count)
        scores = Array(repeating: 0, count: count)
        crowdFlags = Array(repeating: false, count: count)
        annotatedCounts = Array(repeating: -1, count: count)
        keypoints = Array(repeating: 0, count: count * 3 * keypointCount)
    }

    /// Adds an instance.
    ///
    /// - Throws: `MetricError.keypointCount` when there are not `3K` numbers.
    public mutating func append(_ instance: CocoInstance) throws {
        guard instance.keypoints.count == 3 * keypointCount else {
            throw MetricError.keypointCount(
                of: "instance \(instance.id) of image \(instance.image)", found: instance.keypoints.count / 3,
                expected: keypointCount)
        }
        ids.append(instance.id)
        images.append(instance.image)
        categories.append(instance.category)
        boxes.append(instance.box ?? SIMD4(repeating: .nan))
        areas.append(instance.area ?? .nan)
        scores.append(instance.score)
        crowdFlags.append(instance.isCrowd)
        annotatedCounts.append(instance.annotatedCount ?? -1)
        keypoints += instance.keypoints
    }

    mutating func reserveCapacity(_ count: Int) {
        ids.reserveCapacity(count)
        keypoints.reserveCapacity(count * 3 * keypointCount)
    }

    /// Adds all of another's instances, which have as many key points.
    mutating func append(_ other: InstanceColumns) {
        ids += other.ids
        images += other.images
        categories += other.categories
        boxes += other.boxes
        areas += other.areas
        scores += other.scores
        crowdFlags += other.crowdFlags
        annotatedCounts += other.annotatedCounts
        keypoints += other.keypoints
    }

    /// Areas of detections as COCO's tools take them: of the box, if the first detection has one, else of the rectangle
    /// around all key points of the first `keypoints` of an instance.
    ///
    /// - Throws: `MetricError.invalid` when only some detections have a box.
    mutating func measureDetections(keypoints bounded: Int) throws {
        let useBoxes = boxes.first.map { !$0.x.isNaN } ?? false
        for index in 0..<count {
            if useBoxes {
                guard !boxes[index].x.isNaN else {
                    throw MetricError.invalid("result \(index) has no bbox, but the first one has")
                }
                areas[index] = boxes[index].z * boxes[index].w
                continue
            }
            let start = index * 3 * keypointCount
            var low = SIMD2(Double.infinity, .infinity)
            var high = -low
            for point in stride(from: start, to: start + 3 * bounded, by: 3) {
                let place = SIMD2(keypoints[point], keypoints[point + 1])
                low = pointwiseMin(low, place)
                high = pointwiseMax(high, place)
            }
            areas[index] = (high.x - low.x) * (high.y - low.y)
        }
    }
}

/// One annotated or detected instance, as a row.
public struct CocoInstance: Codable, Hashable, Sendable {
    public var id: Int
    public var image: Int
    public var category: Int
    /// Left, top, width, height.
    public var box: SIMD4<Double>?
    /// Square pixels.
    public var area: Double?
    public var score: Double
    public var isCrowd: Bool
    /// `num_keypoints`.
    public var annotatedCount: Int?
    /// `3K` numbers.
    public var keypoints: [Double]

    public init(
        id: Int, image: Int, category: Int = 1, box: SIMD4<Double>? = nil, area: Double? = nil, score: Double = 0,
        isCrowd: Bool = false, annotatedCount: Int? = nil, keypoints: [Double]
    ) {
        self.id = id
        self.image = image
        self.category = category
        self.box = box
        self.area = area
        self.score = score
        self.isCrowd = isCrowd
        self.annotatedCount = annotatedCount
        self.keypoints = keypoints
    }
}
