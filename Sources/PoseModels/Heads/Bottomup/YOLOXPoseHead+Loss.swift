public import Torch

extension YOLOXPoseHead: AdjustableHead {
    /// Targets: labels `bboxes`, `labels`, `keypoints`, `keypoints_visible`, `areas` and maybe `keypoints_visible_weights`;
    /// field `heatmap_mask`, where people are not annotated. Gives `loss_obj` and, if a prediction answers for somebody,
    /// `loss_bbox`, `loss_kpt`, `loss_vis`, `overlaps`, `loss_cls`, `loss_bbox_aux` and `loss_kpt_aux`.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let criteria = criteria
        let parts = try criteria.required()
        guard let objectCriterion = criteria.objects else {
            throw ModelError.invalidInput("model.head cannot be trained: it has no loss_obj")
        }
        let levels = try predictions(features)
        let points = try priors.points(levels.map { ($0.scores.shape[2], $0.scores.shape[3]) })
        let scores = try GridPredictions.flattened(levels.map(\.scores))
        let objectness = try GridPredictions.flattened(levels.map(\.objectness))
        let rawBoxes = try GridPredictions.flattened(levels.map(\.boxes))
        let rawKeypoints = try GridPredictions.flattened(levels.map(\.keypoints))
        let visibility = try GridPredictions.flattened(levels.map(\.visibility))
        let boxes = try GridPredictions.boxes(rawBoxes, at: points)
        let keypoints = try GridPredictions.keypoints(rawKeypoints, at: points)
        let targets = try noGrad {
            try GridTargets(
                .init(
                    points: points, scores: scores, objectness: objectness, boxes: boxes, keypoints: keypoints,
                    visibility: visibility), batch, parts.assigner)
        }
        func chosen(_ predictions: Tensor) throws -> Tensor {
            try predictions.flatten(from: 0, to: 1).indexSelect(dim: 0, index: targets.positives)
        }
        let total = Double(max(targets.count, 1))
        var losses = TrainingLosses([
            "loss_obj": try objectCriterion(
                objectness.reshape([-1, 1]), targets.objects, weights: targets.objectWeights) / total
        ])
        guard targets.count > 0 else { return losses }
        losses.set("loss_bbox", try parts.boxes(chosen(boxes), targets.boxes, weights: nil) / total)
        losses.set(
            "loss_kpt",
            try parts.keypoints(chosen(keypoints), targets.keypoints, weights: targets.visible, areas: targets.areas))
        losses.set(
            "loss_vis", try parts.visibility(chosen(visibility), targets.visible, weights: targets.visibleWeights))
        losses.set("overlaps", targets.overlaps)
        losses.set(
            "loss_cls",
            try parts.classes(chosen(scores), targets.overlaps.pow(criteria.overlapsPower), weights: nil) / total)
        if let criterion = criteria.auxiliaryBoxes {
            let raw = try GridCriteria.rawBoxes(targets)
            losses.set("loss_bbox_aux", try criterion(chosen(rawBoxes), raw, weights: nil) / total)
        }
        if let criterion = criteria.auxiliaryKeypoints {
            losses.set(
                "loss_kpt_aux",
                try criterion(
                    chosen(rawKeypoints).unflatten(-1, [-1, 2]), GridCriteria.rawKeypoints(targets),
                    weights: targets.visible / Double(keypointCount)))
        }
        return losses
    }
}
