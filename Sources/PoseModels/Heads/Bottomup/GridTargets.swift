import Torch

/// What one-stage heads learn: for every prediction of a batch whether it is to be somebody, and for those that are, whom.
///
/// Shapes: `P` predictions of all `B·N` are somebody.
struct GridTargets {
    /// Positions among all predictions, `(P)`.
    let positives: Tensor
    /// `(P, classes)`: how well each fits, at its class.
    let overlaps: Tensor
    /// `(B·N, 1)`: 1 for somebody; and how much each counts.
    let objects, objectWeights: Tensor
    /// Of the person: `(P, 4)`, `(P, K, 2)`, `(P, K)` twice, `(P)`.
    let boxes, keypoints, visible, visibleWeights, areas: Tensor
    /// Where the predictions were made, `(P, 4)` with strides.
    let points: Tensor
    var count: Int { positives.count }

    /// A batch's predictions, decoded. Shapes: points `(N, 4)`; scores `(B, N, classes)` and objectness `(B, N, 1)` as
    /// logits, boxes `(B, N, 4)`, keypoints `(B, N, K, 2)`, visibility `(B, N, K)` as logits.
    struct Predictions {
        let points, scores, objectness, boxes, keypoints, visibility: Tensor
    }

    /// - Throws: `ModelError.invalidInput` when the batch lacks a target, `TorchError`.
    init(_ predictions: Predictions, _ batch: TrainingBatch, _ assigner: SimOTAAssigner) throws {
        let images = try Self.people(batch)
        let masks = try batch.has(.fields, "heatmap_mask") ? batch.each(.fields, "heatmap_mask") : nil
        let visibleWeights =
            try batch.has(.labels, "keypoints_visible_weights")
            ? batch.each(.labels, "keypoints_visible_weights") : images.map { try $0.visible.onesLike() }
        let total = try predictions.points.size(0)
        func probability(_ logits: Tensor) throws -> Tensor { try logits.clamp(min: -1e4, max: 1e4).sigmoid() }
        let scores = try probability(predictions.scores)
        let objectness = try probability(predictions.objectness)
        let certainty = try (scores.maskedFill(scores.isnan(), 0) * objectness.maskedFill(objectness.isnan(), 0)).sqrt()
        let visibility = try probability(predictions.visibility)
        var parts: [Part] = []
        var weights: [Tensor] = []
        for (image, people) in images.enumerated() {
            let own = SimOTAAssigner.Predictions(
                points: predictions.points, boxes: try predictions.boxes.select(dim: 0, index: image),
                scores: try certainty.select(dim: 0, index: image),
                keypoints: try predictions.keypoints.select(dim: 0, index: image),
                visibility: try visibility.select(dim: 0, index: image))
            parts.append(
                try Part(
                    assigner(own, people), people, weights: visibleWeights[image], offset: image * total,
                    classes: scores.size(2)))
            weights.append(try Self.weights(own, invalid: people.count > 0 ? masks?[image] : nil))
        }
        func joined(_ part: (Part) -> Tensor) throws -> Tensor { try Tensor.cat(parts.map(part)) }
        positives = try joined(\.positives)
        overlaps = try joined(\.overlaps)
        boxes = try joined(\.boxes)
        keypoints = try joined(\.keypoints)
        visible = try joined(\.visible)
        self.visibleWeights = try joined(\.visibleWeights)
        areas = try joined(\.areas)
        points = try predictions.points.indexSelect(dim: 0, index: joined(\.places))
        objectWeights = try Tensor.cat(weights)
        objects = try Tensor.zeros([total * images.count, 1]).scatter(dim: 0, index: positives.unsqueeze(1), value: 1)
    }

    /// The targets of one image's positive predictions.
    private struct Part {
        /// Among the batch's predictions, and among the image's own.
        let positives, places: Tensor
        let overlaps, boxes, keypoints, visible, visibleWeights, areas: Tensor

        init(
            _ matches: SimOTAAssigner.Matches, _ people: SimOTAAssigner.People, weights: Tensor, offset: Int,
            classes: Int
        ) throws {
            let count = matches.people.count
            let rows = try Tensor(matches.people, shape: [count])
            func chosen(_ tensor: Tensor) throws -> Tensor { try tensor.indexSelect(dim: 0, index: rows) }
            positives = try Tensor(matches.predictions.map { $0 + offset }, shape: [count])
            places = try Tensor(matches.predictions, shape: [count])
            let labels = try chosen(people.labels).to(.int64)
            let fits = try Tensor(matches.overlaps, shape: [count, 1])
            overlaps = try count > 0 ? labels.oneHot(classes: classes).to(.float32) * fits : Tensor.zeros([0, classes])
            boxes = try chosen(people.boxes)
            keypoints = try chosen(people.keypoints)
            visible = try chosen(people.visible)
            visibleWeights = try chosen(weights.to(.float32))
            areas = try chosen(people.areas)
        }
    }

    /// The annotated people of each image.
    private static func people(_ batch: TrainingBatch) throws -> [SimOTAAssigner.People] {
        func labels(_ name: String) throws -> [Tensor] {
            try batch.each(.labels, name).map { try $0.to(.float32) }
        }
        let boxes = try labels("bboxes")
        let (classes, keypoints) = (try batch.each(.labels, "labels"), try labels("keypoints"))
        let (visible, areas) = (try labels("keypoints_visible"), try labels("areas"))
        return boxes.indices.map { image in
            SimOTAAssigner.People(
                boxes: boxes[image], labels: classes[image], keypoints: keypoints[image], visible: visible[image],
                areas: areas[image])
        }
    }

    /// How much each prediction counts as somebody or nobody, `(N, 1)`: the less, the more of its keypoints' middle lies
    /// where people are not annotated.
    private static func weights(_ predictions: SimOTAAssigner.Predictions, invalid: Tensor?) throws -> Tensor {
        let count = try predictions.points.size(0)
        guard let invalid, try invalid.ne(0).any().item() != 0 else { return try Tensor.ones([count, 1]) }
        let visible = try predictions.visibility.unsqueeze(-1).gt(0.3).to(.float32)
        let middle = try (predictions.keypoints * visible).sum(dims: [1]) / visible.sum(dims: [1]).clamp(min: 1e-8)
        let extent = Double(try invalid.size(-1) - 1)
        let grid = try (middle / extent * 2 - 1).reshape([1, count, 1, 2])
        let shape = invalid.shape.suffix(2)
        let mask = try invalid.to(.float32).reshape([1, 1] + shape)
        return try (1 - mask.gridSample(grid)).reshape([count, 1])
    }
}
