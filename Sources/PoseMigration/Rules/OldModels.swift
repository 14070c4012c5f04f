/// The estimators and heads of MMPose 0.29 and what they are in 1.x.
enum OldModels {
    /// What became of a class.
    enum Fate {
        case becomes(String)
        case gone(reason: String, alternative: String)
    }

    /// `model.type`.
    static let all: [String: Fate] = [
        "TopDown": .becomes("TopdownPoseEstimator"),
        "AssociativeEmbedding": .becomes("BottomupPoseEstimator"),
        "DisentangledKeypointRegressor": .becomes("BottomupPoseEstimator"),
        "CID": .becomes("BottomupPoseEstimator"),
        "PoseLifter": .becomes("PoseLifter"),
        "Interhand3D": .becomes("TopdownPoseEstimator"),
        "MultiTask": .gone(
            reason: "1.x has no estimator with several heads",
            alternative: "one config for each head, sharing the backbone's checkpoint"),
        "PoseWarper": .gone(
            reason: "1.x kept the neck and the video data set but not the estimator that joins frames",
            alternative: "migrate its stage 1 (a TopDown model on single frames)"),
        "DetectAndRegress": .gone(
            reason: "multi-view VoxelPose was not carried over (only the V2VNet class was)",
            alternative: "a 2D model for each view and triangulation, or MMPose 0.29"),
        "VoxelSinglePose": .gone(
            reason: "multi-view VoxelPose was not carried over",
            alternative: "a 2D model for each view and triangulation, or MMPose 0.29"),
        "VoxelCenterDetector": .gone(
            reason: "multi-view VoxelPose was not carried over",
            alternative: "a 2D model for each view and triangulation, or MMPose 0.29"),
        "ParametricMesh": .gone(
            reason: "1.x has no mesh recovery (HMR, SMPL)",
            alternative: "a 3D keypoint lifter such as MotionBERT, or MMPose 0.29"),
        "GestureRecognizer": .gone(
            reason: "1.x has no gesture recognition",
            alternative: "hand keypoints (RTMPose hand) with a classifier on them, or MMPose 0.29"),
    ]

    /// `keypoint_head.type`.
    static let heads: [String: Fate] = [
        "TopdownHeatmapSimpleHead": .becomes("HeatmapHead"),
        "ViPNASHeatmapSimpleHead": .becomes("ViPNASHead"),
        "TopdownHeatmapMultiStageHead": .becomes("CPMHead"),
        "TopdownHeatmapMSMUHead": .becomes("MSPNHead"),
        "DeepposeRegressionHead": .becomes("RegressionHead"),
        "AESimpleHead": .becomes("AssociativeEmbeddingHead"),
        "DEKRHead": .becomes("DEKRHead"),
        "CIDHead": .becomes("CIDHead"),
        "TemporalRegressionHead": .becomes("TemporalRegressionHead"),
        "Interhand3DHead": .becomes("InternetHead"),
        "AEHigherResolutionHead": .gone(
            reason: "1.x has no HigherHRNet head; its associative embedding has one resolution",
            alternative: "associative embedding with HRNet (AESimpleHead), or DEKR with the same backbone"),
        "AEMultiStageHead": .gone(
            reason: "1.x has no multi-stage associative embedding (Hourglass-AE)",
            alternative: "associative embedding with HRNet (AESimpleHead), or DEKR"),
        "HMRMeshHead": .gone(reason: "1.x has no mesh recovery", alternative: "a 3D keypoint lifter"),
        "CuboidCenterHead": .gone(reason: "1.x has no VoxelPose", alternative: "MMPose 0.29"),
        "CuboidPoseHead": .gone(reason: "1.x has no VoxelPose", alternative: "MMPose 0.29"),
        "MultiModalSSAHead": .gone(reason: "1.x has no gesture recognition", alternative: "MMPose 0.29"),
    ]

    /// Backbones that 1.x has under the same name with the same arguments.
    static let backbones: Set<String> = [
        "AlexNet", "CPM", "HourglassNet", "HourglassAENet", "HRFormer", "HRNet", "LiteHRNet", "MobileNetV2",
        "MobileNetV3", "MSPN", "PyramidVisionTransformer", "PyramidVisionTransformerV2", "RegNet", "ResNeSt", "ResNet",
        "ResNetV1d", "ResNeXt", "RSN", "SCNet", "SEResNet", "SEResNeXt", "ShuffleNetV1", "ShuffleNetV2",
        "SwinTransformer", "TCN", "V2VNet", "VGG", "ViPNAS_ResNet", "ViPNAS_MobileNetV3",
    ]

    /// Backbones that 1.x does not have.
    static let goneBackbones: [String: Fate] = [
        "TCFormer": .gone(
            reason: "1.x has neither TCFormer nor its MTA neck",
            alternative: "PyramidVisionTransformerV2, HRFormer or ViTPose for whole-body keypoints"),
        "I3D": .gone(reason: "1.x has no gesture recognition", alternative: "MMPose 0.29"),
    ]

    /// Necks that 1.x has under the same name with the same arguments.
    static let necks: Set<String> = ["GlobalAveragePooling", "FPN", "PoseWarperNeck"]

    /// Necks that 1.x does not have.
    static let goneNecks: [String: Fate] = [
        "MTA": .gone(
            reason: "1.x has neither TCFormer nor its MTA neck", alternative: "FPN or FeatureMapProcessor")
    ]
}
