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
public final class DWPoseDistiller: CropEstimator, TrainableEstimator {
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

    public func prepare(_ inputs: Tensor) throws -> Tensor { try preprocessor(inputs) }

    /// The student's losses, and those of distillation under their config's names. In the first stage these lose weight
    /// from epoch to epoch and would be zero after the last.
    public func loss(_ x: Tensor, _ batch: TrainingBatch) throws -> TrainingLosses {
        guard let teacherHead = teacher.head as? any DistributionHead,
            let studentHead = student.head as? any DistributionHead
        else { throw ModelError.invalidInput("distillation needs SimCC heads of teacher and student") }
        let (seen, wanted) = try noGrad {
            let seen = try teacher.features(x)
            return (seen, try teacherHead.axes(seen))
        }
        let features = try isSecondStage ? seen : student.features(x)
        let axes = try studentHead.axes(features)
        var losses = try studentHead.criterion(axes, batch)
        let decay = isSecondStage ? 1 : batch.progress.remaining
        for (name, loss) in self.losses {
            switch loss {
            case is FeaLoss where isSecondStage:
                throw ModelError.invalidInput("\(name): with two_dis the student has no features of its own")
            case let loss as FeaLoss:
                let value = try loss(student: features.element(at: -1), teacher: seen.element(at: -1))
                losses.set(name, try value * decay)
            case let loss as KDLoss:
                guard let beta = studentHead.criterion.beta else {
                    throw ModelError.invalidInput("\(name): the student's own loss has no temperature (beta)")
                }
                losses.set(name, try loss(student: axes, teacher: wanted, beta: beta) * decay)
            default:
                throw ModelError.invalidInput("\(name): \(type(of: loss)) does not compare teacher and student")
            }
        }
        return losses
    }

    public var conversions: [any StateDictRule] { [DropPreprocessorStatistics()] }
}
