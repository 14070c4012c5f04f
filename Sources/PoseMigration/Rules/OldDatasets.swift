import PyConfig

/// The data sets of MMPose 0.29 and what they are in 1.x.
enum OldDatasets {
    struct Rule {
        /// The class in 1.x; nil when there is none.
        let type: String?
        /// How it is evaluated.
        let metric: Metrics.Kind
        /// The keypoint definition the class of 1.x has by itself.
        let definition: String
        /// What to say when the class is not an exact successor.
        var note: String?

        init(_ type: String?, _ metric: Metrics.Kind, _ definition: String, _ note: String? = nil) {
            self.type = type
            self.metric = metric
            self.definition = definition
            self.note = note
        }
    }

    static let all: [String: Rule] = [
        "TopDownCocoDataset": Rule("CocoDataset", .coco, "coco"),
        "TopDownAicDataset": Rule("AicDataset", .cocoWithoutArea, "aic"),
        "TopDownCrowdPoseDataset": Rule("CrowdPoseDataset", .crowdPose, "crowdpose"),
        "TopDownMhpDataset": Rule("MhpDataset", .coco, "mhp"),
        "TopDownOCHumanDataset": Rule("OCHumanDataset", .coco, "ochuman"),
        "TopDownPoseTrack18Dataset": Rule("PoseTrack18Dataset", .poseTrack, "posetrack18"),
        "TopDownPoseTrack18VideoDataset": Rule("PoseTrack18VideoDataset", .poseTrack, "posetrack18"),
        "TopDownHalpeDataset": Rule("HalpeDataset", .coco, "halpe"),
        "TopDownCocoWholeBodyDataset": Rule("CocoWholeBodyDataset", .wholeBody, "coco_wholebody"),
        "TopDownJhmdbDataset": Rule("JhmdbDataset", .jhmdb, "jhmdb"),
        "TopDownMpiiDataset": Rule("MpiiDataset", .mpii, "mpii"),
        "TopDownMpiiTrbDataset": Rule("MpiiTrbDataset", .mpiiTrb, "mpii_trb"),
        "TopDownH36MDataset": Rule(
            "CocoDataset", .accuracy, "coco", "1.x has no class for Human3.6M in 2D; its annotations are in COCO's form"
        ),
        "TopDownFreiHandDataset": Rule("FreiHandDataset", .accuracy, "freihand2d"),
        "TopDownOneHand10KDataset": Rule("OneHand10KDataset", .accuracy, "onehand10k"),
        "TopDownPanopticDataset": Rule("PanopticHand2DDataset", .headAccuracy, "panoptic_hand2d"),
        "BottomUpCocoDataset": Rule("CocoDataset", .coco, "coco"),
        "BottomUpAicDataset": Rule("AicDataset", .cocoWithoutArea, "aic"),
        "BottomUpCrowdPoseDataset": Rule("CrowdPoseDataset", .crowdPose, "crowdpose"),
        "BottomUpMhpDataset": Rule("MhpDataset", .coco, "mhp"),
        "BottomUpCocoWholeBodyDataset": Rule("CocoWholeBodyDataset", .wholeBody, "coco_wholebody"),
        "Face300WDataset": Rule("Face300WDataset", .faceDistance, "300w"),
        "FaceAFLWDataset": Rule("AFLWDataset", .faceBox, "aflw"),
        "FaceCOFWDataset": Rule("COFWDataset", .faceDistance, "cofw"),
        "FaceWFLWDataset": Rule("WFLWDataset", .faceDistance, "wflw"),
        "FaceCocoWholeBodyDataset": Rule("CocoWholeBodyFaceDataset", .faceDistance, "coco_wholebody_face"),
        "HandCocoWholeBodyDataset": Rule("CocoWholeBodyHandDataset", .accuracy, "coco_wholebody_hand"),
        "FreiHandDataset": Rule("FreiHandDataset", .accuracy, "freihand2d"),
        "OneHand10KDataset": Rule("OneHand10KDataset", .accuracy, "onehand10k"),
        "PanopticDataset": Rule("PanopticHand2DDataset", .headAccuracy, "panoptic_hand2d"),
        "Rhd2DDataset": Rule("Rhd2DDataset", .accuracy, "rhd2d"),
        "InterHand2DDataset": Rule(
            "CocoDataset", .accuracy, "coco",
            "1.x has no class for one hand of InterHand2.6M: write its hands as COCO keypoints first (project them with "
                + "the camera file), or use InterHand2DDoubleDataset for both hands"),
        "InterHand3DDataset": Rule("InterHand3DDataset", .interHand, "interhand3d"),
        "AnimalHorse10Dataset": Rule("Horse10Dataset", .accuracy, "horse10"),
        "AnimalAP10KDataset": Rule("AP10KDataset", .coco, "ap10k"),
        "AnimalATRWDataset": Rule("ATRWDataset", .coco, "atrw"),
        "AnimalFlyDataset": Rule("FlyDataset", .accuracy, "fly"),
        "AnimalLocustDataset": Rule("LocustDataset", .accuracy, "locust"),
        "AnimalMacaqueDataset": Rule("MacaqueDataset", .coco, "macaque"),
        "AnimalZebraDataset": Rule("ZebraDataset", .accuracy, "zebra"),
        "AnimalPoseDataset": Rule("AnimalPoseDataset", .coco, "animalpose"),
        "DeepFashionDataset": Rule("DeepFashionDataset", .accuracy, "deepfashion"),
        "Body3DH36MDataset": Rule("Human36mDataset", .jointError, "h36m"),
        "Body3DMpiInf3dhpDataset": Rule(
            "Human36mDataset", .jointError, "h36m",
            "1.x has no class for MPI-INF-3DHP: Human36mDataset reads the same .npz layout, but finds sequences by "
                + "Human3.6M's picture names; rename them or write a subclass"),
    ]

    /// Data sets of models that 1.x lacks.
    static let gone: Set<String> = [
        "Body3DMviewDirectCampusDataset", "Body3DMviewDirectShelfDataset", "Body3DMviewDirectPanopticDataset",
        "MeshH36MDataset", "MeshMixDataset", "MoshDataset", "MeshAdversarialDataset", "NVGestureDataset",
    ]

    /// Wrappers that the translation sees through.
    static let wrappers: Set<String> = ["RepeatDataset", "ConcatDataset", "Body3DSemiSupervisionDataset"]
}
