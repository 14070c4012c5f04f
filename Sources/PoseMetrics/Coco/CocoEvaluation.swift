/// COCO's evaluation of key points (https://cocodataset.org/#keypoints-eval), as xtcocotools computes it.
///
/// Detections are matched to annotations image by image; precision and recall over all images follow in
/// `CocoPrecision`.
public struct CocoEvaluation: Sendable {
    /// Which annotations count neither way, besides groups of people.
    public enum IgnoreRule: Sendable {
        /// Those without a key point whose visibility is above zero.
        case visibility
        /// Those whose `num_keypoints` is zero, as CrowdPose has it.
        case annotatedCount
    }

    /// Precision and recall of every category, area and similarity.
    public let precision: CocoPrecision
    private let outcomes: [(category: Int, parts: [ImageMatcher.Outcome])]
    private let crowdIndices: [Int: Double]

    /// - Parameters:
    ///   - sigmas: of all key points; those of `keypoints` are used.
    ///   - keypoints: the part that is evaluated; nil for all.
    ///   - useArea: whether annotations' areas are used; otherwise 0.53 of their boxes.
    /// - Throws: `MetricError` when numbers of key points disagree, an area is missing, or a result is of an image the
    ///   annotations do not have.
    public init(
        _ truth: CocoGroundTruth, _ results: CocoResults, sigmas: [Double], keypoints: Range<Int>? = nil,
        useArea: Bool = true, ignoring rule: IgnoreRule = .visibility
    ) throws {
        let range = keypoints ?? 0..<sigmas.count
        try Self.check(truth, results, sigmas)
        let part =
            truth.layout.parts.count > 1
            ? truth.layout.parts.firstIndex { $0.keypoints == range } ?? truth.layout.parts.count : nil
        let scores = results.scores(ofPart: part)
        let matcher = ImageMatcher(
            similarity: AnnotationSimilarity(sigmas: sigmas, keypoints: range, useArea: useArea), ignoreRule: rule)
        outcomes = try truth.categories.map { category in
            let annotated = Groups(truth: truth, category: category)
            let detected = Groups(results: results, category: category, images: truth.images, scores, range)
            let parts = try Parallel.map(truth.images.count, atLeast: 32) { images in
                var outcome = ImageMatcher.Outcome()
                for image in images {
                    let detections = detected.rows(image)
                    let annotations = annotated.rows(image)
                    if detections.isEmpty, annotations.isEmpty { continue }
                    try matcher.match(
                        image: truth.images[image], detections: detections.prefix(CocoProtocol.maxDetections),
                        scores: scores, of: results.instances, annotations: annotations, of: truth.instances,
                        into: &outcome)
                }
                return outcome
            }
            return (category, parts)
        }
        crowdIndices = truth.crowdIndices
        precision = try CocoPrecision(outcomes.map(\.parts)) { _ in true }
    }

    /// Average precision over images of which `crowdIndex` says they are this crowded, as CrowdPose reports it: rounded to
    /// four places, and -1 taken for a number where a category has nothing to find.
    func crowdedPrecision(_ isWanted: @Sendable (Double) -> Bool) throws -> Double {
        let indices = crowdIndices
        let wanted = try CocoPrecision(outcomes.map(\.parts)) { image in indices[image].map(isWanted) ?? false }
        return (wanted.meanCountingMissing * 10000).rounded(.toNearestOrEven) / 10000
    }

    private static func check(_ truth: CocoGroundTruth, _ results: CocoResults, _ sigmas: [Double]) throws {
        for (name, columns) in [("the annotations", truth.instances), ("the results", results.instances)] {
            guard columns.keypointCount == sigmas.count || columns.count == 0 else {
                throw MetricError.invalid(
                    "\(name) have \(columns.keypointCount) keypoints, but there are \(sigmas.count) sigmas")
            }
        }
        guard sigmas.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw MetricError.invalid("sigmas must be above zero")
        }
        let known = Set(truth.images)
        if let index = results.instances.images.firstIndex(where: { !known.contains($0) }) {
            throw MetricError.invalid(
                "results[\(index)] is of image \(results.instances.images[index]), which the annotations do not have")
        }
    }
}

extension CocoResults {
    /// The scores detections are ranked by when this part is evaluated.
    func scores(ofPart part: Int?) -> [Double] {
        guard let part, partScores.indices.contains(part) else { return instances.scores }
        return zip(partScores[part], instances.scores).map { $0.isNaN ? $1 : $0 }
    }
}

/// The instances of one category by image.
private struct Groups: Sendable {
    private var order: [Int] = []
    private var starts: [Int] = [0]

    func rows(_ image: Int) -> ArraySlice<Int> { order[starts[image]..<starts[image + 1]] }

    /// Annotations. Of two with one id the later one stands for both, as in COCO's tools.
    init(truth: CocoGroundTruth, category: Int) {
        let columns = truth.instances
        let byID = Dictionary(columns.ids.enumerated().map { ($1, $0) }) { _, last in last }
        let rows = byID.count == columns.count ? Array(0..<columns.count) : columns.ids.compactMap { byID[$0] }
        group(rows.filter { columns.categories[$0] == category }, columns, truth.images)
    }

    /// Detections with a key point whose score is above zero, best first; equals stay in the file's order.
    init(results: CocoResults, category: Int, images: [Int], _ scores: [Double], _ keypoints: Range<Int>) {
        let columns = results.instances
        let rows = (0..<columns.count).filter { row in
            guard columns.categories[row] == category else { return false }
            let start = row * 3 * columns.keypointCount
            return keypoints.contains { columns.keypoints[start + 3 * $0 + 2] > 0 }
        }
        group(rows, columns, images)
        for image in images.indices {
            order[starts[image]..<starts[image + 1]].sort { Ranking.precedes($0, $1, scores) }
        }
    }

    private mutating func group(_ rows: [Int], _ columns: InstanceColumns, _ images: [Int]) {
        let positions = Dictionary(images.enumerated().map { ($1, $0) }) { first, _ in first }
        let places = rows.map { positions[columns.images[$0]] ?? -1 }
        var counts = [Int](repeating: 0, count: images.count + 1)
        for place in places where place >= 0 { counts[place + 1] += 1 }
        for image in images.indices { counts[image + 1] += counts[image] }
        starts = counts
        order = Array(repeating: 0, count: counts.last ?? 0)
        for (row, place) in zip(rows, places) where place >= 0 {
            order[counts[place]] = row
            counts[place] += 1
        }
    }
}

/// The order of detections: higher scores first, equals as they come, not a number last.
enum Ranking {
    @inline(__always) static func precedes(_ a: Int, _ b: Int, _ scores: [Double]) -> Bool {
        let (first, second) = (scores[a], scores[b])
        if first > second { return true }
        if first < second { return false }
        if first.isNaN != second.isNaN { return second.isNaN }
        return a < b
    }
}
