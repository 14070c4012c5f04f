import PyConfig

/// How 0.29's data sets were evaluated, and the metrics of 1.x for it.
enum Metrics {
    enum Kind {
        case coco, cocoWithoutArea, crowdPose, wholeBody, poseTrack
        case accuracy, headAccuracy, mpii, mpiiTrb, jhmdb
        case faceDistance, faceBox, jointError, interHand

        /// Whether 0.29's data sets of this kind could take the boxes of a detector.
        var readsDetections: Bool {
            switch self {
            case .coco, .cocoWithoutArea, .crowdPose, .wholeBody, .poseTrack: true
            default: false
            }
        }
    }

    /// The name under which `save_best` knows the main number, by the name 0.29 had; and whether more is better.
    static func best(_ name: String, _ kind: Kind) -> (name: String, rule: String) {
        switch (kind, name) {
        case (.wholeBody, "AP"): ("coco-wholebody/AP", "greater")
        case (.crowdPose, "AP"): ("crowdpose/AP", "greater")
        case (.poseTrack, "Total AP"), (.poseTrack, "AP"): ("posetrack18/Total AP", "greater")
        case (_, "AP"): ("coco/AP", "greater")
        case (.mpii, "PCKh"), (.mpiiTrb, "PCKh"), (.headAccuracy, "PCKh"): ("PCK", "greater")
        case (.jhmdb, _): ("PCK", "greater")
        case (_, "NME"), (_, "EPE"), (_, "MPJPE"), (_, "P-MPJPE"), (_, "N-MPJPE"), (_, "MPJPE_all"), (_, "MRRPE"):
            (name, "less")
        default: (name, "greater")
        }
    }

    /// The evaluators of a data set.
    ///
    /// - Parameter annotations: path of the annotation file, for COCO's metrics.
    static func evaluators(
        _ kind: Kind, names: [String], annotations: String, data: OldDict, isBottomup: Bool, headType: String,
        isRLE: Bool
    ) -> ConfigValue {
        switch kind {
        case .coco, .cocoWithoutArea, .crowdPose, .wholeBody, .poseTrack:
            return .dict(coco(kind, annotations, data, isBottomup, headType, isRLE))
        case .mpii: return ["type": "MpiiPCKAccuracy"]
        case .mpiiTrb: return ["type": "PCKAccuracy", "thr": 0.5, "norm_item": "head"]
        case .jhmdb: return [["type": "JhmdbPCKAccuracy", "thr": 0.2, "norm_item": ["bbox", "torso"]]]
        case .faceDistance: return ["type": "NME", "norm_mode": "keypoint_distance"]
        case .faceBox: return ["type": "NME", "norm_mode": "use_norm_item", "norm_item": "bbox_size"]
        case .interHand: return [["type": "InterHandMetric", "modes": ["MPJPE", "MRRPE", "HandednessAcc"]]]
        case .jointError:
            let modes = names.map { $0.lowercased() }.filter { ["mpjpe", "p-mpjpe", "n-mpjpe"].contains($0) }
            return .list((modes.isEmpty ? ["mpjpe"] : modes).map { ["type": "MPJPE", "mode": .string($0)] })
        case .accuracy, .headAccuracy:
            return .list(names.isEmpty ? accuracies(["PCK", "AUC", "EPE"], kind) : accuracies(names, kind))
        }
    }

    private static func accuracies(_ names: [String], _ kind: Kind) -> [ConfigValue] {
        names.compactMap { name in
            switch name {
            case "PCK": ["type": "PCKAccuracy", "thr": 0.2]
            case "PCKh": ["type": "PCKAccuracy", "thr": 0.7, "norm_item": "head"]
            case "AUC": ["type": "AUC"]
            case "EPE": ["type": "EPE"]
            default: nil
            }
        }
    }

    private static func coco(
        _ kind: Kind, _ annotations: String, _ data: OldDict, _ isBottomup: Bool, _ headType: String, _ isRLE: Bool
    ) -> ConfigDict {
        let type: ConfigValue =
            kind == .wholeBody ? "CocoWholeBodyMetric" : kind == .poseTrack ? "PoseTrack18Metric" : "CocoMetric"
        var result: ConfigDict = ["type": type, "ann_file": .string(annotations)]
        if kind == .crowdPose || kind == .cocoWithoutArea { result["use_area"] = false }
        if kind == .crowdPose {
            result["iou_type"] = "keypoints_crowd"
            result["prefix"] = "crowdpose"
        }
        if isRLE { result["score_mode"] = "bbox_rle" }
        if isBottomup { result["score_mode"] = headType == "AESimpleHead" ? "bbox" : "keypoint" }
        let usesNMS = data.bool("use_nms", default: !isBottomup)
        if !usesNMS {
            result["nms_mode"] = "none"
        } else {
            if data.bool("soft_nms", default: false) { result["nms_mode"] = "soft_oks_nms" }
            if let threshold = data["oks_thr"], !threshold.isSame(as: 0.9) { result["nms_thr"] = threshold }
        }
        if let threshold = data["vis_thr"], !threshold.isSame(as: 0.2) { result["keypoint_score_thr"] = threshold }
        return result
    }
}
