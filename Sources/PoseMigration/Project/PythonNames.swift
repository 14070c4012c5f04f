/// Names of MMPose 0.x that Python code uses, and what they are called in 1.x.
enum PythonNames {
    /// Modules, longest first where one is inside another.
    static let modules: [(old: String, new: String?)] = [
        ("mmcv.runner", "mmengine.runner, mmengine.hooks, mmengine.model (BaseModule, ModuleList) or mmengine.dist"),
        ("mmcv.parallel", "mmengine.model (MMDistributedDataParallel); DataContainer, collate and scatter are gone"),
        ("mmcv.utils", "mmengine.utils, mmengine.config, mmengine.logging or mmengine.registry"),
        ("mmcv.fileio", "mmengine.fileio"),
        ("mmcv.engine", "mmengine.runner"),
        ("mmpose.core.evaluation", "mmpose.evaluation"),
        ("mmpose.core.post_processing", "mmpose.codecs.utils, mmpose.structures or mmpose.evaluation.functional"),
        ("mmpose.core.visualization", "mmpose.visualization"),
        ("mmpose.core.camera", "mmpose.structures.keypoint or mmpose.utils.camera"),
        ("mmpose.core.bbox", "mmpose.structures.bbox"),
        ("mmpose.core.fp16", nil),
        ("mmpose.core.optimizers", "mmpose.engine.optim_wrappers"),
        ("mmpose.core", "mmpose.evaluation, mmpose.engine, mmpose.structures or mmpose.visualization"),
        ("mmpose.datasets.pipelines", "mmpose.datasets.transforms"),
        ("mmpose.datasets.datasets.base", "mmpose.datasets.datasets.base (BaseCocoStyleDataset, BaseMocapDataset)"),
        ("mmpose.datasets.registry", "mmpose.registry"),
        ("mmpose.models.builder", "mmpose.registry (MODELS) and mmpose.models.builder"),
        ("mmpose.models.detectors", "mmpose.models.pose_estimators"),
        ("mmpose.apis.train", "mmengine.runner.Runner"),
        ("mmpose.apis.test", "mmengine.runner.Runner"),
        ("mmpose.apis.webcam", nil),
    ]

    /// Functions, classes and registries.
    static let names: [String: String?] = {
        var table: [String: String?] = [
            "HEADS": "MODELS (mmpose.registry)", "BACKBONES": "MODELS (mmpose.registry)",
            "NECKS": "MODELS (mmpose.registry)",
            "LOSSES": "MODELS (mmpose.registry)", "POSENETS": "MODELS (mmpose.registry)",
            "MESH_MODELS": nil, "DATASETS": "DATASETS (mmpose.registry)", "PIPELINES": "TRANSFORMS (mmpose.registry)",
            "SAMPLERS": "DATA_SAMPLERS (mmpose.registry)",
            "OPTIMIZER_BUILDERS": "OPTIM_WRAPPER_CONSTRUCTORS (mmpose.registry)",
            "build_posenet": "MODELS.build (mmpose.registry)", "build_backbone": "MODELS.build (mmpose.registry)",
            "build_head": "MODELS.build (mmpose.registry)", "build_neck": "MODELS.build (mmpose.registry)",
            "build_loss": "MODELS.build (mmpose.registry)", "build_model": "MODELS.build (mmpose.registry)",
            "build_dataset": "DATASETS.build (mmpose.registry)",
            "build_dataloader": "Runner.build_dataloader (mmengine.runner)",
            "train_model": "Runner.train (mmengine.runner)", "single_gpu_test": "Runner.test (mmengine.runner)",
            "multi_gpu_test": "Runner.test (mmengine.runner)", "init_random_seed": "Runner (randomness=dict(seed=…))",
            "init_pose_model": "init_model (mmpose.apis)",
            "inference_top_down_pose_model": "inference_topdown (mmpose.apis)",
            "inference_bottom_up_pose_model": "inference_bottomup (mmpose.apis)",
            "inference_pose_lifter_model": "inference_pose_lifter_model (mmpose.apis)",
            "extract_pose_sequence": "extract_pose_sequence (mmpose.apis)",
            "vis_pose_result": "PoseLocalVisualizer.add_datasample (mmpose.visualization)",
            "vis_pose_tracking_result": "PoseLocalVisualizer.add_datasample (mmpose.visualization)",
            "vis_3d_pose_result": "Pose3dLocalVisualizer.add_datasample (mmpose.visualization)",
            "get_track_id": "_track_by_iou, _track_by_oks (mmpose.apis)", "process_mmdet_results": nil,
            "collect_multi_frames": "collect_multi_frames (mmpose.apis)",
            "DatasetInfo": "parse_pose_metainfo (mmpose.datasets.datasets.utils)",
            "keypoints_from_heatmaps": "a codec's decode (mmpose.codecs)",
            "keypoints_from_regression": "RegressionLabel.decode (mmpose.codecs)",
            "keypoint_pck_accuracy": "keypoint_pck_accuracy (mmpose.evaluation.functional)",
            "pose_pck_accuracy": "pose_pck_accuracy (mmpose.evaluation.functional)",
            "keypoint_auc": "keypoint_auc (mmpose.evaluation.functional)",
            "keypoint_epe": "keypoint_epe (mmpose.evaluation.functional)",
            "keypoint_mpjpe": "keypoint_mpjpe (mmpose.evaluation.functional)",
            "flip_back": "flip_heatmaps (mmpose.models.utils.tta)",
            "fliplr_joints": "flip_keypoints (mmpose.structures.keypoint)",
            "fliplr_regression": "flip_coordinates (mmpose.models.utils.tta)",
            "get_affine_transform": "get_warp_matrix (mmpose.structures.bbox)",
            "get_warp_matrix": "get_udp_warp_matrix (mmpose.structures.bbox)",
            "oks_nms": "oks_nms (mmpose.evaluation.functional)",
            "soft_oks_nms": "soft_oks_nms (mmpose.evaluation.functional)",
            "Smoother": nil, "WebcamRunner": nil, "TopdownHeatmapBaseHead": "BaseHead (mmpose.models.heads)",
            "BasePose": "BasePoseEstimator (mmpose.models.pose_estimators)",
            "BaseBackbone": "BaseBackbone (mmpose.models.backbones.base_backbone)",
            "DeconvHead": "HeatmapHead (mmpose.models.heads)",
            "Kpt2dSviewRgbImgTopDownDataset": "BaseCocoStyleDataset (mmpose.datasets.datasets.base)",
            "Kpt2dSviewRgbImgBottomUpDataset": "BaseCocoStyleDataset(data_mode='bottomup')",
            "Kpt2dSviewRgbVidTopDownDataset": "BaseCocoStyleDataset (mmpose.datasets.datasets.base)",
            "Kpt3dSviewKpt2dDataset": "BaseMocapDataset (mmpose.datasets.datasets.base)",
            "Kpt3dSviewRgbImgTopDownDataset": "BaseCocoStyleDataset (mmpose.datasets.datasets.base)",
            "Kpt3dMviewRgbImgDirectDataset": nil,
            "auto_fp16": "torch.autocast, AmpOptimWrapper (mmengine.optim)", "force_fp32": "torch.autocast",
            "wrap_fp16_model": "AmpOptimWrapper (mmengine.optim)",
            "EvalHook": "train_cfg and evaluators (mmengine.runner)",
            "DistEvalHook": "train_cfg and evaluators (mmengine.runner)", "MMDataParallel": nil,
            "DataContainer": nil, "load_checkpoint": "load_checkpoint (mmengine.runner)",
            "LayerDecayOptimizerConstructor": "LayerDecayOptimWrapperConstructor (mmpose.engine.optim_wrappers)",
        ]
        for (old, fate) in OldModels.all.merging(OldModels.heads, uniquingKeysWith: { a, _ in a }) {
            if case .becomes(let new) = fate, new != old { table[old] = new }
            if case .gone = fate { table[old] = .some(nil) }
        }
        for (old, rule) in OldDatasets.all where rule.type != old { table[old] = rule.note == nil ? rule.type : nil }
        for old in OldDatasets.gone { table[old] = .some(nil) }
        for (old, rule) in Losses.rules where rule.type != old { table[old] = rule.type }
        table["MultiLossFactory"] = "KeypointMSELoss and AssociativeEmbeddingLoss"
        for old in OldTransforms.gone.keys { table[old] = .some(nil) }
        for (old, new) in steps { table[old] = new }
        return table
    }()

    /// Pipeline steps.
    private static let steps: [String: String] = [
        "LoadImageFromFile": "LoadImage", "TopDownGetBboxCenterScale": "GetBBoxCenterScale",
        "TopDownRandomShiftBboxCenter": "RandomBBoxTransform", "TopDownGetRandomScaleRotation": "RandomBBoxTransform",
        "TopDownRandomFlip": "RandomFlip", "TopDownHalfBodyTransform": "RandomHalfBody",
        "TopDownAffine": "TopdownAffine",
        "TopDownGenerateTarget": "GenerateTarget with a codec",
        "TopDownGenerateTargetRegression": "GenerateTarget with RegressionLabel",
        "BottomUpRandomFlip": "RandomFlip", "BottomUpRandomAffine": "BottomupRandomAffine",
        "BottomUpGenerateTarget": "GenerateTarget with AssociativeEmbedding",
        "BottomUpGenerateHeatmapTarget": "GenerateTarget with SPR",
        "BottomUpGenerateOffsetTarget": "GenerateTarget with SPR",
        "CIDGenerateTarget": "GenerateTarget with DecoupledHeatmap",
        "GetKeypointCenterArea": "GenerateTarget with SPR", "BottomUpGetImgSize": "BottomupResize",
        "BottomUpResizeAlign": "BottomupResize",
        "HandGenerateRelDepthTarget": "GenerateTarget with Hand3DHeatmap",
        "Generate3DHeatmapTarget": "GenerateTarget with Hand3DHeatmap",
        "ToTensor": "PackPoseInputs", "NormalizeTensor": "PoseDataPreprocessor", "Collect": "PackPoseInputs",
        "GetRootCenteredPose": "ImagePoseLifting or VideoPoseLifting (codecs)",
        "NormalizeJointCoordinate": "ImagePoseLifting (codec)",
        "ImageCoordinateNormalization": "VideoPoseLifting (codec)",
        "PoseSequenceToTensor": "PackPoseInputs and the lifting codecs",
        "CollectCameraIntrinsics": "VideoPoseLifting (codec)", "CameraProjection": "VideoPoseLifting (codec)",
        "RelativeJointRandomFlip": "RandomFlipAroundRoot", "MultitaskGatherTarget": "GenerateTarget with a codec",
        "RenameKeys": "PackPoseInputs",
    ]
}

/// One use of a 0.x name in Python code.
public struct PythonFinding: Codable, Sendable, Hashable {
    /// The file, relative to the project.
    public let file: String
    /// Line, from 1.
    public let line: Int
    /// The name as the code has it.
    public let name: String
    /// What it is called in 1.x; nil when 1.x has nothing for it.
    public let successor: String?
}

/// Looks for 0.x names in Python code, by words; nothing is run or changed.
struct PythonScanner {
    /// Finds the names of one file.
    static func scan(_ text: String, file: String) -> [PythonFinding] {
        var result: [PythonFinding] = []
        // Only code that has to do with MMPose or MMCV: `Collect` means nothing elsewhere.
        guard text.contains("mmpose") || text.contains("mmcv") else { return [] }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let code = withoutComment(line)
            var found: Set<String> = []
            if let module = PythonNames.modules.first(where: { contains($0.old, in: code) }) {
                result.append(PythonFinding(file: file, line: index + 1, name: module.old, successor: module.new))
                found.insert(module.old)
            }
            for word in words(code) {
                guard let successor = PythonNames.names[word], found.insert(word).inserted else { continue }
                result.append(PythonFinding(file: file, line: index + 1, name: word, successor: successor))
            }
        }
        return result
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        var quote: Character?
        for index in line.indices {
            let character = line[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "#" {
                return line[..<index]
            }
        }
        return line
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    private static func words(_ code: Substring) -> [String] {
        code.split { !isWord($0) }.map(String.init)
    }

    /// Whether a dotted name stands in the code, not as the beginning of a longer one.
    private static func contains(_ name: String, in code: Substring) -> Bool {
        guard let range = code.firstRange(of: name) else { return false }
        let before = range.lowerBound == code.startIndex ? nil : code[code.index(before: range.lowerBound)]
        let after = range.upperBound == code.endIndex ? nil : code[range.upperBound]
        return !(before.map { isWord($0) || $0 == "." } ?? false) && !(after.map(isWord) ?? false)
    }
}
