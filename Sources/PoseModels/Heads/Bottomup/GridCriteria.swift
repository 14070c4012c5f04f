import PyConfig
import Torch

/// The losses of a one-stage head, as its config names them; those it does not name are nil.
///
/// A head can be run without any; to be trained it needs an assigner and the losses of classes, boxes, keypoints and
/// visibilities.
struct GridCriteria: Sendable {
    private let assigner: SimOTAAssigner?
    private let classes, boxes, visibility: (any TargetLoss)?
    private let keypoints: OKSLoss?
    let objects, auxiliaryBoxes, auxiliaryKeypoints: (any TargetLoss)?
    let coordinates: (any DistributionLoss)?
    /// The power of a prediction's fit that its class is to reach.
    let overlapsPower: Double

    /// - Parameter path: of the head; its losses' parameters are next to those of its layers.
    init(at path: ParameterPath, _ arguments: Arguments) throws {
        func loss<Kind>(_ name: String) throws -> Kind? {
            guard let value = arguments.value(name), !value.isNone else { return nil }
            return try arguments.loss(name, at: path / name, default: [:]) as Kind
        }
        assigner = try arguments.child("assigner").map(SimOTAAssigner.init)
        classes = try loss("loss_cls")
        objects = try loss("loss_obj")
        boxes = try loss("loss_bbox")
        keypoints = try loss("loss_oks")
        visibility = try loss("loss_vis")
        let auxiliary = try arguments.bool("use_aux_loss", default: false)
        let (boxLoss, keypointLoss): ((any TargetLoss)?, (any TargetLoss)?) = (
            try loss("loss_bbox_aux"), try loss("loss_kpt_aux")
        )
        auxiliaryBoxes = auxiliary ? boxLoss : nil
        auxiliaryKeypoints = auxiliary ? keypointLoss : nil
        coordinates = try loss("loss_mle")
        overlapsPower = try arguments.double("overlaps_power", default: 1)
    }

    /// Others for the same head. What losses keep in the state dict follows from the config, so that these need not be
    /// the tensors that are in it.
    init(adjusted arguments: Arguments, on device: Device) throws {
        try self.init(at: ParameterStore(device: device).root, arguments)
    }

    /// The parts that training needs.
    struct Required {
        let assigner: SimOTAAssigner
        let classes, boxes, visibility: any TargetLoss
        let keypoints: OKSLoss
    }

    /// - Throws: `ModelError.invalidInput` naming what the config lacks.
    func required() throws -> Required {
        let missing = [
            ("assigner", assigner == nil), ("loss_cls", classes == nil), ("loss_bbox", boxes == nil),
            ("loss_oks", keypoints == nil), ("loss_vis", visibility == nil),
        ].filter(\.1).map(\.0)
        guard let assigner, let classes, let boxes, let keypoints, let visibility else {
            throw ModelError.invalidInput("model.head cannot be trained: it has no \(missing.joined(separator: ", "))")
        }
        return Required(
            assigner: assigner, classes: classes, boxes: boxes, visibility: visibility, keypoints: keypoints)
    }

    /// What a box's raw prediction should be, in strides from its point and as logarithm of its size: `(P, 4)`.
    static func rawBoxes(_ targets: GridTargets) throws -> Tensor {
        let (low, high) = (try targets.boxes[.all, ..<2], try targets.boxes[.all, 2...])
        let (place, stride) = (try targets.points[.all, ..<2], try targets.points[.all, 2...])
        let centers = try ((low + high) / 2 - place) / stride
        return try Tensor.cat([centers, ((high - low) / stride + 1e-8).log()], dim: -1)
    }

    /// What the keypoints' raw predictions should be, in strides from their point: `(P, K, 2)`.
    static func rawKeypoints(_ targets: GridTargets) throws -> Tensor {
        try (targets.keypoints - targets.points[.all, ..<2].unsqueeze(1)) / targets.points[.all, 2...].unsqueeze(1)
    }
}
