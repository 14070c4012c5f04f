import PoseCore

/// How a dataset writes an annotation: the differences between MMPose's COCO-style classes as data.
///
/// The default is COCO's own format.
struct AnnotationFormat: Sendable {
    /// Where the box comes from.
    enum BoxSource: Sendable {
        /// `[x, y, w, h]` under this name, cut to the image, after moving it by an offset.
        case clipped(StaticString, offset: Double = 0)
        /// The same, not cut.
        case plain(StaticString)
        /// The whole image, which always has this size.
        case fixed(width: Float, height: Float)
        /// `center` and `scale`, the latter in units of 200 pixels.
        case centerScale
    }

    /// What counts as the number of annotated key points.
    enum CountSource: Sendable {
        /// `num_keypoints`, or else the number of points that are not at (0, 0).
        case annotatedOrCounted
        /// The member of this name, which must be there.
        case required(StaticString)
        case counted
    }

    /// What counts as the area.
    enum AreaSource: Sendable {
        /// `area`, or else 0.53 of the box.
        case annotatedOrBox
        case box
        case none
    }

    var box = BoxSource.clipped("bbox")
    /// Members whose lists of x, y, visibility, one after another, are the key points.
    var keypoints: [StaticString] = ["keypoints"]
    var keypointOffset = 0.0
    /// Whole bodies keep their key points as float64 and count any positive visibility as 1.
    var precision = RealPrecision.single
    var visibleWhenPositive = false
    var count = CountSource.annotatedOrCounted
    var area = AreaSource.annotatedOrBox
    /// Whether an annotation without box or key points is passed over rather than an error.
    var skipsUnannotated = true
    /// Members that a test-mode dataset needs for its metric.
    var headSize: StaticString?
    var boxSize: StaticString?
    /// Whether `category_id`, `iscrowd` must be there.
    var needsCategory = true
    var hasCategory = true
    var needsCrowdFlag = false
    /// A member that says whether the part is annotated.
    var validity: StaticString?

    /// The one instance of an annotation; nil when it has none.
    ///
    /// - Throws: `DatasetError.field`.
    func instance(_ annotation: JSONObject, _ image: ImageEntry, _ context: FormatContext) throws -> Instance? {
        if skipsUnannotated, !annotation.has("bbox") || !annotation.has("keypoints") { return nil }
        if let validity {
            guard annotation.flag(validity), try annotation.numbers(keypoints[0]).contains(where: { $0 > 0 }) else {
                return nil
            }
        }
        let points = try keypointValues(annotation, context)
        let box = try boxValues(annotation, image)
        var instance = Instance(
            id: try annotation.int("id"), imageID: try annotation.int("image_id"), imagePath: image.path,
            box: box.rounded, boxCenter: box.center, boxScale: box.scale, keypoints: points.coordinates,
            precision: precision, visible: points.visible)
        if visibleWhenPositive { instance.visiblePrecision = .integer }
        instance.keypointCount = try keypointCount(annotation, points.coordinates)
        instance.area = try areaValue(annotation, box.exact)
        if needsCrowdFlag, !annotation.has("iscrowd") { throw annotation.problem("iscrowd", .missing) }
        instance.isCrowd = annotation.flag("iscrowd")
        if hasCategory {
            instance.listsCategory = !needsCategory && !annotation.has("category_id")
            instance.categoryID = needsCategory ? try annotation.int("category_id") : try category(annotation)
        }
        if let headSize { instance.headSize = try annotation.double(headSize) }
        if let boxSize, context.isTest { instance.boxSize = try annotation.double(boxSize) }
        instance.crowdIndex = try image.object.optionalReal("crowdIndex")
        instance.segmentation = annotation.hasValue("segmentation") ? annotation.position("segmentation") : nil
        instance.source = annotation.offset
        instance.imageSize = try? image.size()
        return instance
    }

    private func category(_ annotation: JSONObject) throws -> Int {
        annotation.has("category_id") ? try annotation.int("category_id") : 1
    }

    // MARK: key points

    private func keypointValues(
        _ annotation: JSONObject, _ context: FormatContext
    ) throws -> (coordinates: [Double], visible: [Double]) {
        var triplets: [Double] = []
        for name in keypoints { triplets += try annotation.numbers(name) }
        guard triplets.count % 3 == 0, !triplets.isEmpty else {
            throw annotation.problem(
                keypoints[0], .count(expected: "triplets of x, y, visibility", found: triplets.count))
        }
        let count = triplets.count / 3
        if let expected = context.keypointCount, count != expected {
            throw annotation.problem(
                keypoints[0], .count(expected: "\(expected) key points (as the metainfo has)", found: count))
        }
        var coordinates: [Double] = []
        var visible: [Double] = []
        coordinates.reserveCapacity(2 * count)
        visible.reserveCapacity(count)
        for index in 0..<count {
            coordinates.append(precision.round(precision.round(triplets[3 * index]) + keypointOffset))
            coordinates.append(precision.round(precision.round(triplets[3 * index + 1]) + keypointOffset))
            let flag = triplets[3 * index + 2]
            visible.append(visibleWhenPositive ? (flag > 0 ? 1 : 0) : min(1, precision.round(flag)))
        }
        return (coordinates, visible)
    }

    private func keypointCount(_ annotation: JSONObject, _ coordinates: [Double]) throws -> Int {
        switch count {
        case .required(let name): return try annotation.int(name)
        case .annotatedOrCounted:
            if annotation.has("num_keypoints") { return try annotation.int("num_keypoints") }
        case .counted: break
        }
        return Self.countPlaced(coordinates, dimensions: 2)
    }

    /// Points whose larger coordinate is not 0.
    static func countPlaced(_ coordinates: [Double], dimensions: Int) -> Int {
        stride(from: 0, to: coordinates.count, by: dimensions).reduce(0) {
            $0 + (max(coordinates[$1], coordinates[$1 + 1]) != 0 ? 1 : 0)
        }
    }
}

/// What reading an annotation depends on besides itself.
struct FormatContext: Sendable {
    /// Number of key points of the metainfo, when there is one.
    var keypointCount: Int?
    var isTest = false
}
