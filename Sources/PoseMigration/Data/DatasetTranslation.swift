import PyConfig

/// One data set of 0.29 as a `dataset` dictionary of 1.x.
struct DatasetTranslation {
    let project: OldProject
    let dataMode: String?
    /// Name of the companion file for keypoint definitions that 1.x's class does not have: `dataset_info` → file.
    let companion: (ConfigDict) -> String

    struct Result {
        var dataset: ConfigDict
        var rule: OldDatasets.Rule
        /// Folder that `ann_file` and pictures are relative to; empty when they have none in common.
        var root: String
        var annotations: String
    }

    /// - Throws: `MigrationError.unknownClass` or `.notPortable`.
    func translate(_ old: OldDict, pipeline: ConfigValue, isTest: Bool, at place: String) throws -> Result {
        let type = old.type ?? ""
        guard let rule = OldDatasets.all[type], let newType = rule.type else {
            if OldDatasets.gone.contains(type) {
                throw MigrationError.notPortable(
                    path: old.path(of: "type"), name: type, reason: "1.x has no such data set",
                    alternative: "a class of your own derived from BaseCocoStyleDataset")
            }
            throw MigrationError.unknownClass(
                path: old.path(of: "type"), name: type, nearest: nearestName(to: type, among: OldDatasets.all.keys))
        }
        if let note = rule.note {
            old.change("type", at: "\(place).type", .string(newType), note)
        } else {
            old.compute("type", at: "\(place).type", .string(newType), "the class's name in 1.x")
        }
        if rule.metric == .mpii { project.ledger.change(.mpii) }
        var new: ConfigDict = ["type": .string(newType)]
        let paths = DatasetPaths(old, project.root.string("data_root"))
        if !paths.root.isEmpty { new["data_root"] = .string(paths.root) }
        if let dataMode { new["data_mode"] = .string(dataMode) }
        new["ann_file"] = .string(paths.annotations)
        old.compute("ann_file", at: "\(place).ann_file", new["ann_file"], "relative to data_root")
        if let data = old.dict("data_cfg") ?? project.root.dict("data_cfg") {
            dataOptions(data, rule, isTest, paths, &new, place)
        }
        for (name, newName) in [("camera_file", "camera_param_file"), ("joint_file", "joint_file")] {
            guard let file = old.string(name), rule.type == "InterHand3DDataset" else { continue }
            new[newName] = .string(paths.relative(file))
            old.compute(name, at: "\(place).\(newName)", new[newName], "relative to data_root")
        }
        for name in ["camera_file", "joint_file"] {
            old.drop(name, "for projecting joints, which the annotations have to hold already in 1.x")
        }
        old.apply(["subset": .keep, "use_gt_root_depth": .keep, "rootnet_result_file": .keep], at: place, to: &new)
        new["data_prefix"] = ["img": .string(paths.images)]
        old.compute("img_prefix", at: "\(place).data_prefix.img", .string(paths.images), "relative to data_root")
        if isTest { new["test_mode"] = true }
        metainfo(old, rule, &new, place)
        new["pipeline"] = pipeline
        old.ledger.cover(old.path(of: "pipeline"))
        old.drop("test_mode", "1.x's loader says it")
        return Result(
            dataset: new, rule: rule, root: paths.root, annotations: paths.root + paths.annotations)
    }

    // MARK: options of data_cfg

    private func dataOptions(
        _ data: OldDict, _ rule: OldDatasets.Rule, _ isTest: Bool, _ paths: DatasetPaths, _ new: inout ConfigDict,
        _ place: String
    ) {
        let usesTruth = data.bool("use_gt_bbox", default: true)
        let reads = rule.metric.readsDetections && rule.type != nil
        if !reads {
            for name in ["use_gt_bbox", "bbox_file", "det_bbox_thr"] {
                data.drop(name, "0.29's data set used annotated boxes all the same")
            }
        } else if isTest, !usesTruth, let file = data.string("bbox_file"), !file.isEmpty {
            new["bbox_file"] = .string(file)
            if let threshold = data.number("det_bbox_thr"), threshold > 0 {
                new["filter_cfg"] = ["bbox_score_thr": .float(threshold)]
            }
            data.keep("bbox_file", at: "val_dataloader.dataset.bbox_file")
            data.compute(
                "det_bbox_thr", at: "val_dataloader.dataset.filter_cfg.bbox_score_thr", new["filter_cfg"],
                "0 filters nothing")
        } else if usesTruth {
            data.drop("bbox_file", "use_gt_bbox=True: annotated boxes are used")
            data.drop("det_bbox_thr", "use_gt_bbox=True: annotated boxes are used")
        }
        data.compute(
            "use_gt_bbox", at: "val_dataloader.dataset.bbox_file", usesTruth ? ConfigValue.none : data["bbox_file"],
            "boxes of a detector are used where bbox_file is given, in testing only")
        if isTest, rule.metric == .mpii {
            new["headbox_file"] = .string(paths.beside("mpii_gt_val.mat"))
        }
        if rule.type == "Human36mDataset" { lifterOptions(data, paths, &new, place) }
        DataOptions.enter(data, isLifter: rule.type == "Human36mDataset")
    }

    private func lifterOptions(
        _ data: OldDict, _ paths: DatasetPaths, _ new: inout ConfigDict, _ place: String
    ) {
        data.apply(
            [
                "seq_len": .keep, "seq_frame_interval": .rename("seq_step"), "causal": .keep,
                "temporal_padding": .rename("pad_video_seq"), "joint_2d_src": .rename("keypoint_2d_src"),
                "joint_2d_det_file": .rename("keypoint_2d_det_file"), "subset": .rename("subset_frac"),
            ], at: place, to: &new)
        for (name, usual) in [("seq_step", 1), ("keypoint_2d_src", "gt")] as [(String, ConfigValue)]
        where new[name]?.isSame(as: usual) ?? false { new.removeValue(name) }
        if let file = new["keypoint_2d_det_file"]?.stringValue {
            new["keypoint_2d_det_file"] = .string(paths.relative(file))
        }
        let needs = data.bool("need_camera_param", default: false)
        if needs, let file = data.string("camera_param_file") {
            new["camera_param_file"] = .string(paths.relative(file))
            data.compute(
                "camera_param_file", at: "\(place).camera_param_file", new["camera_param_file"], "relative to data_root"
            )
        } else {
            data.drop("camera_param_file", "need_camera_param=False")
        }
        data.compute(
            "need_camera_param", at: "\(place).camera_param_file", new["camera_param_file"],
            "cameras are read where a file is given")
        for name in ["subjects", "actions"] {
            data.drop(name, "1.x's class has no such filter: select them in the annotation file")
        }
        data.drop("need_2d_label", "for semi-supervised training, which 1.x has no data set for")
    }

    // MARK: keypoint definition

    private func metainfo(_ old: OldDict, _ rule: OldDatasets.Rule, _ new: inout ConfigDict, _ place: String) {
        guard let info = old.dict("dataset_info") else { return }
        let names = StockDefinitions.names(of: info.values)
        let own = rule.definition == "deepfashion" ? "deepfashion_\(old.string("subset") ?? "full")" : rule.definition
        let covers = { (what: ConfigValue?, why: String) in
            if info.path == old.path(of: "dataset_info") {
                old.compute("dataset_info", at: "\(place).metainfo", what, why)
            } else {
                old.ledger.enter(.computed, info.path, .dict(info.values), to: "\(place).metainfo", what, why)
            }
        }
        if names.contains(own) { return covers(nil, "\(rule.type ?? "") has this definition by itself") }
        let file = names.first.map { "configs/_base_/datasets/\($0).py" } ?? companion(info.values)
        let value: ConfigValue = ["from_file": .string(file)]
        new["metainfo"] = value
        covers(value, names.isEmpty ? "a file of its own beside the config" : "a definition that comes with MMPose")
    }
}

/// Options of `data_cfg` that have one place in 1.x whatever the data set.
enum DataOptions {
    static func enter(_ data: OldDict, isLifter: Bool) {
        data.compute("num_joints", at: "model.head", nil, "the head's number of keypoints")
        data.compute("num_output_channels", at: "model.head", nil, "the head's number of keypoints")
        data.drop("dataset_channel", "1.x reads all keypoints; KeypointConverter reorders or selects them")
        let channels = data["inference_channel"]?.arrayValue?.count
        let joints = data.int("num_output_channels") ?? data.int("num_joints")
        data.drop(
            "inference_channel",
            channels == nil || channels == joints
                ? "all channels, as in 1.x" : "a selection: set model.test_cfg.output_keypoint_indices to it")
        data.keep("soft_nms", at: "val_evaluator.nms_mode")
        data.keep("oks_thr", at: "val_evaluator.nms_thr")
        data.keep("vis_thr", at: "val_evaluator.keypoint_score_thr")
        data.keep("use_nms", at: "val_evaluator.nms_mode")
        for name in ["nms_thr", "bbox_thr", "image_thr"] { data.drop(name, "0.29 read it nowhere") }
        for name in ["base_size", "base_sigma", "num_scales", "scale_aware_sigma", "with_bbox"] {
            data.drop(name, name == "base_sigma" ? "the codec's sigma says it" : "the codec and BottomupResize know it")
        }
        for name in ["crowd_matching"] {
            data.drop(name, "CrowdPose's metric has its own matching, iou_type='keypoints_crowd'")
        }
        for name in ["max_num_joints"] { data.drop(name, "1.x counts them") }
        if !isLifter { data.drop("subset", "0.29 read it nowhere") }
        data.ledger.cover(data.path(of: "use_different_joint_weights"))
    }
}

/// The files of a data set, relative to one folder.
struct DatasetPaths {
    /// With a slash at the end, or empty.
    let root: String
    let annotations: String
    let images: String
    private let annotationFile: String

    init(_ old: OldDict, _ given: String?) {
        let file = old.string("ann_file") ?? ""
        let prefix = old.string("img_prefix") ?? ""
        annotationFile = file
        var root = given.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
        let fits = { (root: String) in
            !root.isEmpty && file.hasPrefix(root) && (prefix.isEmpty || (prefix + "/").hasPrefix(root))
        }
        if !fits(root) { root = Self.common(file, prefix) }
        self.root = root
        annotations = Self.relative(file, root)
        images = Self.relative(prefix, root)
    }

    /// A file relative to the root, if it is below it.
    func relative(_ file: String) -> String { Self.relative(file, root) }

    /// A file in the annotation's folder, as the loader opens it.
    func beside(_ name: String) -> String {
        (annotationFile.lastIndex(of: "/").map { String(annotationFile[...$0]) } ?? "") + name
    }

    private static func relative(_ file: String, _ root: String) -> String {
        guard !root.isEmpty, (file + "/").hasPrefix(root) else { return file }
        return String(file.dropFirst(root.count).drop { $0 == "/" })
    }

    private static func common(_ a: String, _ b: String) -> String {
        let folders = { (path: String) in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() }
        let shared = zip(folders(a), folders(b.hasSuffix("/") ? b : b + "/")).prefix { $0 == $1 }.map(\.0)
        return shared.isEmpty ? "" : shared.joined(separator: "/") + "/"
    }
}
