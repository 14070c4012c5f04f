/// The pipeline steps of MMPose 0.29.
enum OldTransforms {
    /// Steps that only 0.29 has, under these names.
    static let names: Set<String> = [
        "LoadImageFromFile", "TopDownGetBboxCenterScale", "TopDownRandomShiftBboxCenter", "TopDownRandomFlip",
        "TopDownHalfBodyTransform", "TopDownGetRandomScaleRotation", "TopDownAffine", "TopDownGenerateTarget",
        "TopDownGenerateTargetRegression", "ToTensor", "NormalizeTensor", "Collect", "BottomUpRandomFlip",
        "BottomUpRandomAffine", "BottomUpGenerateTarget", "BottomUpGenerateHeatmapTarget",
        "BottomUpGenerateOffsetTarget", "BottomUpGeneratePAFTarget", "BottomUpGetImgSize", "BottomUpResizeAlign",
        "GetKeypointCenterArea", "CIDGenerateTarget", "HandGenerateRelDepthTarget", "Generate3DHeatmapTarget",
        "GetRootCenteredPose", "NormalizeJointCoordinate", "ImageCoordinateNormalization", "PoseSequenceToTensor",
        "CollectCameraIntrinsics", "CameraProjection", "RelativeJointRandomFlip", "MultiItemProcess",
        "DiscardDuplicatedItems", "RenameKeys", "MultitaskGatherTarget", "GenerateVoxel3DHeatmapTarget",
        "GenerateInputHeatmaps", "AffineJoints", "LoadVideoFromFile",
    ]

    /// Steps that only 1.x has.
    static let newOnly: Set<String> = [
        "LoadImage", "GetBBoxCenterScale", "RandomFlip", "RandomHalfBody", "RandomBBoxTransform", "TopdownAffine",
        "GenerateTarget", "PackPoseInputs", "BottomupResize", "BottomupRandomAffine", "BottomupGetHeatmapMask",
        "RandomFlipAroundRoot",
    ]

    /// Steps both have.
    static let shared: Set<String> = ["Albumentation", "PhotometricDistortion", "HandRandomFlip", "Compose"]
}

extension OldTransforms {
    /// Steps of 0.29 that 1.x lacks, with the reason.
    static let gone: [String: String] = [
        "MultiItemProcess": "it served multi-view models, which 1.x lacks",
        "DiscardDuplicatedItems": "it served multi-view models, which 1.x lacks",
        "GenerateVoxel3DHeatmapTarget": "it served multi-view models, which 1.x lacks",
        "GenerateInputHeatmaps": "it served multi-view models, which 1.x lacks",
        "AffineJoints": "it served multi-view models, which 1.x lacks",
        "BottomUpGeneratePAFTarget": "1.x has no part affinity fields",
        "LoadVideoFromFile": "it served gesture recognition, which 1.x lacks",
        "MeshRandomChannelNoise": "1.x has no mesh recovery", "MeshRandomFlip": "1.x has no mesh recovery",
        "MeshGetRandomScaleRotation": "1.x has no mesh recovery", "MeshAffine": "1.x has no mesh recovery",
        "LoadIUVFromFile": "1.x has no mesh recovery", "IUVToTensor": "1.x has no mesh recovery",
        "CropValidClip": "1.x has no gesture recognition", "TemporalPooling": "1.x has no gesture recognition",
        "ResizeGivenShortEdge": "1.x has no gesture recognition",
        "MultiFrameBBoxMerge": "1.x has no gesture recognition", "ResizedCropByBBox": "1.x has no gesture recognition",
        "GestureRandomFlip": "1.x has no gesture recognition", "VideoColorJitter": "1.x has no gesture recognition",
        "RandomAlignedSpatialCrop": "1.x has no gesture recognition",
        "CenterSpatialCrop": "1.x has no gesture recognition",
        "ModalWiseChannelProcess": "1.x has no gesture recognition",
        "MultiModalVideoToTensor": "1.x has no gesture recognition",
        "VideoNormalizeTensor": "1.x has no gesture recognition",
    ]
}
