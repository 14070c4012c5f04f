public import Torch

extension RTMOHead: AdjustableHead {
    /// Targets: as `YOLOXPoseHead.loss`. Gives, if a prediction answers for somebody, `loss_bbox`, `loss_bbox_aux`,
    /// `loss_vis`, `loss_mle`, `loss_oks`; always `loss_cls` and `num_samples`; and `overlaps`.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let criteria = criteria
        let parts = try criteria.required()
        let levels = try predictions(features)
        let offsets = levels.compactMap(\.keypoints)
        guard offsets.count == levels.count else {
            throw ModelError.invalidInput("RTMO's head has a loss only while its parameters train")
        }
        let points = try priors.points(levels.map { ($0.scores.shape[2], $0.scores.shape[3]) })
        let scores = try GridPredictions.flattened(levels.map(\.scores))
        let rawBoxes = try GridPredictions.flattened(levels.map(\.boxes))
        let visibility = try GridPredictions.flattened(levels.map(\.visibility))
        let boxes = try GridPredictions.boxes(rawBoxes, at: points)
        let keypoints = try GridPredictions.keypoints(GridPredictions.flattened(offsets), at: points)
        let targets = try noGrad {
            try GridTargets(
                .init(
                    points: points, scores: scores,
                    // There is no objectness: everything is an object.
                    objectness: scores[.all, .all, ..<1].fullLike(1e4), boxes: boxes, keypoints: keypoints,
                    visibility: visibility), batch, parts.assigner)
        }
        func chosen(_ predictions: Tensor) throws -> Tensor {
            try predictions.flatten(from: 0, to: 1).indexSelect(dim: 0, index: targets.positives)
        }
        let total = Double(max(targets.count, 1))
        var losses = TrainingLosses()
        var objects = targets.objects
        if targets.count > 0 {
            losses.set("loss_bbox", try parts.boxes(chosen(boxes), targets.boxes, weights: nil) / total)
            if let criterion = criteria.auxiliaryBoxes {
                let raw = try GridCriteria.rawBoxes(targets)
                losses.set("loss_bbox_aux", try criterion(chosen(rawBoxes), raw, weights: nil) / total)
            }
            losses.set(
                "loss_vis", try parts.visibility(chosen(visibility), targets.visible, weights: targets.visibleWeights))
            let fits = try keypointLosses(
                regressed: chosen(keypoints), vectors: chosen(GridPredictions.flattened(levels.map(\.vectors))),
                boxes: chosen(boxes), targets, parts, into: &losses)
            losses.set("overlaps", fits)
            let goals = try fits.pow(criteria.overlapsPower).detach()
            let classes = try scores.size(2)
            let rows = try targets.positives.unsqueeze(1).expand([targets.count, classes])
            objects = try objects.expand([objects.size(0), classes])
                .scatter(dim: 0, index: rows, source: goals.expand([targets.count, classes]))
        }
        losses.set(
            "loss_cls",
            try parts.classes(scores.flatten(from: 0, to: 1), objects, weights: targets.objectWeights) / total)
        try losses.set("num_samples", total)
        return losses
    }

    /// Losses of the classified and of the regressed keypoints; gives how well each prediction fits, `(P, classes)`.
    private func keypointLosses(
        regressed: Tensor, vectors: Tensor, boxes: Tensor, _ targets: GridTargets, _ parts: GridCriteria.Required,
        into losses: inout TrainingLosses
    ) throws -> Tensor {
        var classified: Tensor?
        if let criterion = criteria.coordinates {
            let around = try CenteredBoxes(boxes, padding: padding)
            let output = try classifier(vectors, in: around, grid: targets.points[.all, ..<2])
            let goal = try classifier.targets(
                targets.keypoints, in: around, deviations: classifier.deviations(vectors), areas: targets.areas)
            losses.set(
                "loss_mle",
                try criterion([output.columns, output.rows], [goal.columns, goal.rows], weights: targets.visible))
            classified = output.keypoints
        }
        guard learnsFromClassifier else {
            losses.set(
                "loss_oks",
                try parts.keypoints(regressed, targets.keypoints, weights: targets.visible, areas: targets.areas))
            return targets.overlaps
        }
        guard let classified = try classified?.detach() else {
            throw ModelError.invalidInput("model.head.proxy_target_cc needs loss_mle")
        }
        // The regressed keypoints learn from the classified ones where those are better.
        let better = try (regressed.detach() - targets.keypoints).norm(dim: -1)
            .gt((classified - targets.keypoints).norm(dim: -1)).to(.float32)
        losses.set(
            "loss_oks",
            try parts.keypoints(regressed, classified, weights: targets.visible * better, areas: targets.areas))
        return try parts.assigner.similarity(
            classified, targets.keypoints, weights: targets.visible, areas: targets.areas
        ).unsqueeze(1)
    }
}
