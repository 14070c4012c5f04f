import PoseCore

/// What becomes of predictions before they are compared: scored, each once, thinned out image by image.
struct InstanceSelection: Sendable {
    /// Of the metric, for messages.
    let type: String
    let scoring: InstanceScore
    let suppression: PoseSuppression
    let conversion: KeypointConversion?
    /// Of the keypoints after conversion.
    let sigmas: [Double]
    /// Whether results have no boxes and one category, as those of whole bodies.
    let isWholeBody: Bool

    /// One predicted instance.
    private struct Prediction {
        /// Where it is in the samples, for messages.
        let image: Int
        let id: Int
        let category: Int
        let box: SIMD4<Double>?
        let pose: ScoredPose
    }

    /// What is left of the predictions after scoring and suppression, image by image in the order of the samples.
    func callAsFunction(_ samples: [EvaluatedSample]) throws -> InstanceColumns {
        var order: [Int] = []
        var byImage: [Int: [Prediction]] = [:]
        for sample in samples {
            guard let image = sample.imageID else {
                throw MetricError.missing(metric: type, what: "the image's id (meta_keys must have img_id)")
            }
            if byImage[image] == nil { order.append(image) }
            byImage[image, default: []] += try predictions(sample, image: image)
        }
        let isTopDown = !samples.contains(where: \.isWholeImage)
        let images = order
        let groups = images.map { byImage[$0] ?? [] }
        let kept = try Parallel.map(groups.count, atLeast: 8) { range in
            range.map { index in
                let group = isTopDown ? Self.unique(groups[index]) : groups[index]
                return suppression(group.map(\.pose), sigmas: sigmas).map { group[$0] }
            }
        }.flatMap { $0 }
        var columns = InstanceColumns(keypointCount: sigmas.count)
        for prediction in kept.joined() {
            var keypoints: [Double] = []
            for (point, score) in zip(prediction.pose.keypoints.points, prediction.pose.keypoints.scores) {
                keypoints += [point.x, point.y, score]
            }
            try columns.append(
                CocoInstance(
                    id: columns.count + 1, image: prediction.image, category: prediction.category,
                    box: prediction.box, score: prediction.pose.score, keypoints: keypoints))
        }
        return columns
    }

    /// By id, and each id once: loaders of several processes may give a sample twice.
    private static func unique(_ predictions: [Prediction]) -> [Prediction] {
        let order = predictions.indices.sorted { (predictions[$0].id, $0) < (predictions[$1].id, $1) }
        var seen: Set<Int> = []
        return order.compactMap { seen.insert(predictions[$0].id).inserted ? predictions[$0] : nil }
    }

    private func predictions(_ sample: EvaluatedSample, image: Int) throws -> [Prediction] {
        let shape = sample.predicted.shape
        guard shape.count == 3, let scores = sample.scores, scores.shape == Array(shape.prefix(2)) else {
            throw MetricError.missing(metric: type, what: "a score for every predicted keypoint")
        }
        guard sample.isWholeImage || !sample.ids.isEmpty else {
            throw MetricError.missing(metric: type, what: "the annotation's id (meta_keys must have id)")
        }
        let boxScores = boxScores(sample, count: shape[0])
        return try (0..<shape[0]).map { instance in
            let keypoints = try keypoints(sample, instance)
            let score = scoring(box: boxScores[instance], keypoints: keypoints.scores[...])
            return Prediction(
                image: image, id: sample.ids.first ?? 0,
                category: isWholeBody || sample.isWholeImage ? 1 : sample.category ?? 1,
                box: isWholeBody ? nil : sample.predictedBoxes?.box(instance),
                pose: ScoredPose(keypoints: keypoints, score: score, area: area(sample, instance, keypoints)))
        }
    }

    /// The model's own, or the detector's where there is one for each instance, or 1.
    private func boxScores(_ sample: EvaluatedSample, count: Int) -> [Double] {
        for scores in [sample.predictedBoxScores, sample.boxScores] {
            if let scores, scores.count == count { return scores.elements }
        }
        return Array(repeating: 1, count: count)
    }

    /// - Throws: `MetricError.keypointCount` when a model predicts another number of keypoints.
    func check(predicted: Int) throws {
        let found = conversion?.count ?? predicted
        guard found == sigmas.count else {
            throw MetricError.keypointCount(of: "the model, for \(type),", found: found, expected: sigmas.count)
        }
    }

    private func keypoints(_ sample: EvaluatedSample, _ instance: Int) throws -> Keypoints {
        let (count, width) = (sample.predicted.shape[1], sample.predicted.shape[2])
        var places = Array(sample.predicted.elements[instance * count * width..<(instance + 1) * count * width])
        var scores = Array((sample.scores?.elements ?? [])[instance * count..<(instance + 1) * count])
        if let conversion {
            if let missing = conversion.missing(of: count) {
                throw MetricError.invalid("pred_converter takes keypoint \(missing) of \(count)")
            }
            places = conversion(places, width: width)
            scores = conversion(scores, width: 1)
        }
        guard scores.count == sigmas.count else {
            throw MetricError.keypointCount(
                of: "a prediction\(sample.imagePath.map { " for \($0)" } ?? "")", found: scores.count,
                expected: sigmas.count)
        }
        return Keypoints(
            points: scores.indices.map { SIMD2(places[$0 * width], places[$0 * width + 1]) }, scores: scores)
    }

    /// Of the region that became the network's input, or of the rectangle around the keypoints.
    private func area(_ sample: EvaluatedSample, _ instance: Int, _ keypoints: Keypoints) -> Double {
        if let scales = sample.boxScales, scales.count >= 2 * (instance + 1) {
            let area = scales.elements[2 * instance] * scales.elements[2 * instance + 1]
            return scales.precision.round(area)
        }
        return Box(around: keypoints.points)?.area ?? 0
    }
}

extension RealArray {
    /// Left, top, width, height of a row of corners; nil when there is none.
    fileprivate func box(_ row: Int) -> SIMD4<Double>? {
        guard count >= 4 * (row + 1) else { return nil }
        let corners = elements[4 * row..<4 * (row + 1)].map { $0 }
        return SIMD4(
            corners[0], corners[1], precision.round(corners[2] - corners[0]), precision.round(corners[3] - corners[1]))
    }
}
