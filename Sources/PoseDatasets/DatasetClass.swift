import PoseCore

/// One of MMPose's dataset classes: which metainfo file it has, and how its annotations are read.
///
/// Most classes differ by these two entries only, so they are rows of `all` rather than types.
struct DatasetClass: Sendable {
    /// The metainfo file in MMPose's `configs/_base_/datasets`, without suffix.
    let metainfo: String
    let reading: Reading

    /// How annotations are read.
    enum Reading: Sendable {
        /// A COCO-style file with one instance an annotation.
        case coco(AnnotationFormat)
        /// Two hands an annotation.
        case wholeBodyHands
        case mpii
        case mpiiTrb
        case poseTrackVideo
        /// Two hands with camera and joint files; key points in 2D or with depth.
        case interHand(depth: Bool)
        /// Motion capture.
        case human36m
        case human36mWholeBody
        case uBody3d
    }

    /// The class of a config's `type`, with or without module or scope before it.
    static func named(_ type: String) -> DatasetClass? {
        all[String(type.split(separator: ".").last ?? "")]
    }

    /// Every dataset class of MMPose 1.3.2, and `HalpeHandDataset`, which a config of its zoo names but MMPose lacks.
    static let all: [String: DatasetClass] = [
        // Bodies
        "AicDataset": coco("aic"),
        "CocoDataset": coco("coco"),
        "CrowdPoseDataset": coco("crowdpose"),
        "ExlposeDataset": coco("exlpose"),
        "HumanArt21Dataset": coco("humanart21", .humanArt21),
        "HumanArtDataset": coco("humanart"),
        "JhmdbDataset": coco("jhmdb", .jhmdb),
        "MhpDataset": coco("mhp"),
        "MpiiDataset": DatasetClass(metainfo: "mpii", reading: .mpii),
        "MpiiTrbDataset": DatasetClass(metainfo: "mpii_trb", reading: .mpiiTrb),
        "OCHumanDataset": coco("ochuman"),
        "PoseTrack18Dataset": coco("posetrack18"),
        "PoseTrack18VideoDataset": DatasetClass(metainfo: "posetrack18", reading: .poseTrackVideo),
        // Faces
        "AFLWDataset": coco("aflw", .face(boxSize: "box_size")),
        "COFWDataset": coco("cofw"),
        "CocoWholeBodyFaceDataset": coco("coco_wholebody_face", .wholeBodyFace),
        "Face300VWDataset": coco("300vw", .face()),
        "Face300WDataset": coco("300w", .face()),
        "Face300WLPDataset": coco("300wlp"),
        "LapaDataset": coco("lapa"),
        "WFLWDataset": coco("wflw", .face()),
        // Hands
        "CocoWholeBodyHandDataset": DatasetClass(metainfo: "coco_wholebody_hand", reading: .wholeBodyHands),
        "FreiHandDataset": coco("freihand2d", .freiHand),
        "HalpeHandDataset": coco("coco_wholebody_hand"),
        "InterHand2DDoubleDataset": DatasetClass(metainfo: "interhand3d", reading: .interHand(depth: false)),
        "InterHand3DDataset": DatasetClass(metainfo: "interhand3d", reading: .interHand(depth: true)),
        "OneHand10KDataset": coco("onehand10k"),
        "PanopticHand2DDataset": coco("panoptic_hand2d", .panopticHand),
        "Rhd2DDataset": coco("rhd2d"),
        // Whole bodies
        "CocoWholeBodyDataset": coco("coco_wholebody", .wholeBody),
        "HalpeDataset": coco("halpe"),
        "UBody2dDataset": coco("ubody2d", .wholeBody),
        // Animals
        "AP10KDataset": coco("ap10k"),
        "ATRWDataset": coco("atrw"),
        "AnimalKingdomDataset": coco("ak"),
        "AnimalPoseDataset": coco("animalpose"),
        "FlyDataset": coco("fly"),
        "Horse10Dataset": coco("horse10"),
        "LocustDataset": coco("locust", .crop(160)),
        "MacaqueDataset": coco("macaque"),
        "ZebraDataset": coco("zebra", .crop(160)),
        // Clothes
        "DeepFashion2Dataset": coco("deepfashion2"),
        "DeepFashionDataset": coco("deepfashion_full"),
        // Motion capture
        "H36MWholeBodyDataset": DatasetClass(metainfo: "h3wb", reading: .human36mWholeBody),
        "Human36mDataset": DatasetClass(metainfo: "h36m", reading: .human36m),
        "UBody3dDataset": DatasetClass(metainfo: "ubody3d", reading: .uBody3d),
        // Any COCO-style file, with key points from `metainfo` or its own categories
        "BaseCocoStyleDataset": coco(""),
    ]

    private static func coco(_ metainfo: String, _ format: AnnotationFormat = AnnotationFormat()) -> DatasetClass {
        DatasetClass(metainfo: metainfo, reading: .coco(format))
    }
}

extension AnnotationFormat {
    /// Boxes as centre and scale, which MMPose takes from the annotations of its face datasets.
    static func face(boxSize: StaticString? = nil) -> AnnotationFormat {
        AnnotationFormat(
            box: .centerScale, count: .required("num_keypoints"), area: .none, skipsUnannotated: false,
            boxSize: boxSize, hasCategory: false, needsCrowdFlag: true)
    }

    /// The face of a whole body.
    static let wholeBodyFace = AnnotationFormat(
        box: .clipped("face_box"), keypoints: ["face_kpts"], count: .counted, area: .none, skipsUnannotated: false,
        hasCategory: false, needsCrowdFlag: true, validity: "face_valid")

    /// Body, feet, face and hands in one list of 133.
    static let wholeBody = AnnotationFormat(
        keypoints: ["keypoints", "foot_kpts", "face_kpts", "lefthand_kpts", "righthand_kpts"], precision: .double,
        visibleWhenPositive: true, count: .required("num_keypoints"), skipsUnannotated: false, needsCrowdFlag: true)

    /// Human-Art's own 21 key points.
    static let humanArt21 = AnnotationFormat(keypoints: ["keypoints_21"], area: .none)

    /// Coordinates from 1, as Matlab counts.
    static let jhmdb = AnnotationFormat(
        box: .clipped("bbox", offset: -1), keypointOffset: -1, count: .counted, area: .box, skipsUnannotated: false,
        needsCategory: false)

    /// Images of 224×224 pixels that are the hand.
    static let freiHand = AnnotationFormat(
        box: .fixed(width: 224, height: 224), count: .counted, area: .none, skipsUnannotated: false,
        hasCategory: false, needsCrowdFlag: true)

    /// Hands with the size of the head they belong to, which errors are divided by.
    static let panopticHand = AnnotationFormat(
        count: .counted, area: .none, skipsUnannotated: false, headSize: "head_size", hasCategory: false,
        needsCrowdFlag: true)

    /// Images of one size that are the animal.
    static func crop(_ side: Float) -> AnnotationFormat {
        AnnotationFormat(
            box: .fixed(width: side, height: side), count: .required("num_keypoints"), area: .none,
            skipsUnannotated: false, hasCategory: false, needsCrowdFlag: true)
    }
}
