/// Assigns the detections of one image to its annotations, at every similarity and for every range of areas.
///
/// A detection takes the annotation that is most similar to it of those not yet taken; better scored detections choose
/// first. Groups of people may be taken again and again. Annotations to be ignored come last, and what is assigned to them
/// counts neither way.
struct ImageMatcher {
    let similarity: AnnotationSimilarity
    let ignoreRule: CocoEvaluation.IgnoreRule

    /// The outcome for the images of a part of the dataset, detections after each other. Bit t is about similarity t.
    struct Outcome: Sendable {
        var scores: [Double] = []
        /// For every range of areas a bit set for each detection.
        var matched: [[UInt16]] = Array(repeating: [], count: CocoProtocol.areas.count)
        var ignored: [[UInt16]] = Array(repeating: [], count: CocoProtocol.areas.count)
        var images: [Image] = []

        struct Image: Sendable {
            var id: Int
            var detections: Int
            /// Annotations to be found, for every range of areas.
            var positives: [Int]
        }
    }

    /// - Parameters:
    ///   - detections: rows of the image's detections, best first, no more than count.
    ///   - annotations: rows of its annotations.
    /// - Throws: `MetricError.missing` for an annotation without area.
    func match(
        image: Int, detections: ArraySlice<Int>, scores: [Double], of found: InstanceColumns,
        annotations: ArraySlice<Int>, of truth: InstanceColumns, into outcome: inout Outcome
    ) throws {
        let areas = try annotations.map { row in
            guard let area = similarity.area(row, of: truth) else { throw noArea(truth.ids[row]) }
            return area
        }
        let ignored = annotations.map { ignores($0, truth) }
        let crowd = annotations.map { truth.crowdFlags[$0] }
        let similarities = table(detections, found, annotations, truth, areas)
        outcome.scores += detections.map { scores[$0] }
        var positives: [Int] = []
        for (index, range) in CocoProtocol.areas.enumerated() {
            let skipped = zip(ignored, areas).map { $0 || !range.contains($1) }
            positives.append(skipped.count { !$0 })
            // Annotations that count come first, otherwise in their order.
            let order = skipped.indices.filter { !skipped[$0] } + skipped.indices.filter { skipped[$0] }
            let state = Assignment(
                similarities: similarities, annotations: annotations.count, order: order, skipped: skipped, crowd: crowd
            )
            for (position, row) in detections.enumerated() {
                let outside: UInt16 = range.contains(found.areas[row]) ? 0 : 0x3FF
                var bits: (matched: UInt16, ignored: UInt16) = (0, 0)
                state.assign(position, &bits)
                outcome.matched[index].append(bits.matched)
                outcome.ignored[index].append(bits.ignored | (~bits.matched & outside))
            }
        }
        outcome.images.append(.init(id: image, detections: detections.count, positives: positives))
    }

    private func noArea(_ id: Int) -> MetricError {
        .missing(
            metric: "keypoint similarity",
            what: similarity.useArea
                ? "the area of annotation \(id), which has none; use_area=False (--no-area) takes 0.53 of the box"
                : "the bbox of annotation \(id), which has none")
    }

    /// Whether an annotation counts neither way: a group of people, or one without key points.
    private func ignores(_ row: Int, _ truth: InstanceColumns) -> Bool {
        if truth.crowdFlags[row] { return true }
        if ignoreRule == .annotatedCount { return truth.annotatedCounts[row] == 0 }
        let start = row * 3 * truth.keypointCount
        return !similarity.keypoints.contains { truth.keypoints[start + 3 * $0 + 2] > 0 }
    }

    /// Similarities, `[detection · annotations + annotation]`.
    private func table(
        _ detections: ArraySlice<Int>, _ found: InstanceColumns, _ annotations: ArraySlice<Int>,
        _ truth: InstanceColumns,
        _ areas: [Double]
    ) -> [Double] {
        guard !detections.isEmpty, !annotations.isEmpty else { return [] }
        let places = AnnotationSimilarity.Places(found, detections, similarity.keypoints)
        var columns = [Double](repeating: 0, count: detections.count * annotations.count)
        columns.withUnsafeMutableBufferPointer { columns in
            for (index, row) in annotations.enumerated() {
                let part = columns[index * detections.count..<(index + 1) * detections.count]
                similarity.fill(
                    UnsafeMutableBufferPointer(rebasing: part), places, annotation: row, of: truth, area: areas[index])
            }
        }
        return (0..<columns.count).map { index in
            columns[index % annotations.count * detections.count + index / annotations.count]
        }
    }
}

/// Which annotations of an image are taken, at every similarity.
private final class Assignment {
    private let similarities: [Double]
    private let annotations: Int
    private let order: [Int]
    private let skipped: [Bool]
    private let crowd: [Bool]
    /// Bit t of an annotation: taken at similarity t.
    private var taken: [UInt16]

    init(similarities: [Double], annotations: Int, order: [Int], skipped: [Bool], crowd: [Bool]) {
        self.similarities = similarities
        self.annotations = annotations
        self.order = order
        self.skipped = skipped
        self.crowd = crowd
        taken = Array(repeating: 0, count: annotations)
    }

    func assign(_ detection: Int, _ bits: inout (matched: UInt16, ignored: UInt16)) {
        guard annotations > 0 else { return }
        let row = detection * annotations
        // What is not even similar at the lowest threshold need not be looked at ten times.
        let candidates = order.filter { similarities[row + $0] >= CocoProtocol.similarities[0] }
        guard !candidates.isEmpty else { return }
        for (index, threshold) in CocoProtocol.similarities.enumerated() {
            let bit: UInt16 = 1 << index
            var best = min(threshold, 1 - 1e-10)
            var match = -1
            for annotation in candidates {
                if taken[annotation] & bit != 0, !crowd[annotation] { continue }
                if match >= 0, !skipped[match], skipped[annotation] { break }
                guard similarities[row + annotation] >= best else { continue }
                best = similarities[row + annotation]
                match = annotation
            }
            guard match >= 0 else { continue }
            taken[match] |= bit
            bits.matched |= bit
            if skipped[match] { bits.ignored |= bit }
        }
    }
}
