import Checkpoint
public import PyConfig
public import Torch

/// Distillation of a top-down SimCC model (DWPose, Yang et al. 2023): a student learns from labels and from a teacher,
/// whose weights stay.
///
/// In the first stage the student learns the teacher's features and distributions, less and less from epoch to epoch. In
/// the second (`two_dis`) the student is the teacher's own network, of which only a new head learns, from the teacher's
/// features.
///
/// Keys: `teacher.*`, `student.*`, `distill_losses.NAME.*`.
public final class DWPoseDistiller: CropEstimator {
    public let store: ParameterStore
    public let preprocessor: PoseDataPreprocessor
    public var decoder: ConfigDict? { student.decoder }
    public var flipTest: FlipTest? { student.flipTest }
    public var outputKeypointIndices: [Int]? { student.outputKeypointIndices }
    public var keypointCount: Int { student.keypointCount }

    private let teacher, student: TopdownPoseEstimator
    private let isSecondStage: Bool
    private let losses: [(name: String, loss: any Loss)]

    /// Arguments: `teacher_cfg` and `student_cfg`, the models' own dictionaries (configs name the files they are in;
    /// whoever reads the config puts the models in their place), `two_dis=False`, `distill_cfg=None`,
    /// `data_preprocessor=None`.
    init(_ arguments: Arguments) throws {
        store = ParameterStore()
        let root = store.root
        preprocessor = try PoseDataPreprocessor(arguments.child("data_preprocessor"))
        teacher = try TopdownPoseEstimator(Self.model("teacher_cfg", of: arguments), at: root / "teacher")
        (root / "teacher").keepInEvaluation()
        try (root / "teacher").setTrainable(false)
        student = try TopdownPoseEstimator(Self.model("student_cfg", of: arguments), at: root / "student")
        isSecondStage = try arguments.bool("two_dis", default: false)
        var losses: [(name: String, loss: any Loss)] = []
        for group in try arguments.children("distill_cfg") {
            for method in try group.children("methods") {
                let name = try method.string("name")
                guard try method.bool("use_this") else { continue }
                losses.append((name, try Losses.build(at: root / "distill_losses" / name, method)))
            }
            try group.finish()
        }
        self.losses = losses
        // The teacher's weights are given to whoever trains; the length of the run is the trainer's.
        arguments.ignore("teacher_pretrained", "train_cfg", "init_cfg", "_scope_")
    }

    /// The model of the teacher or the student.
    private static func model(_ name: String, of arguments: Arguments) throws -> Arguments {
        guard arguments.value(name)?.dictValue != nil else {
            throw ConfigError.invalidArgument(
                path: arguments.path(of: name), reason: "needs the model itself in place of the config that has it")
        }
        let model = try arguments.requiredChild(name)
        let type = try model.type()
        guard Registry.unscoped(type) == "TopdownPoseEstimator" else {
            throw ModelError.unknownType(type, at: model.path, known: ["TopdownPoseEstimator"])
        }
        return model
    }

    /// The student's outputs.
    public func forward(_ x: Tensor) throws -> HeadTensors { try student.forward(x) }

    public func predict(_ crops: Tensor, flipIndices: [Int]) throws -> HeadTensors {
        let features = isSecondStage ? teacher.features : student.features
        return try student.predict(preprocessor(crops), flipIndices: flipIndices, features: features)
    }

    public var conversions: [any StateDictRule] { [DropPreprocessorStatistics()] }
}
