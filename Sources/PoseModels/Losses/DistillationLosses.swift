import PyConfig
public import Torch

/// Feature distillation of DWPose (Yang et al. 2023): the student's feature map must look like the teacher's.
///
/// Keys: `align.weight`, `align.bias` of a 1×1 convolution, when the numbers of channels differ.
public struct FeaLoss: Loss {
    /// The config's name for this loss.
    public let name: String
    /// Whether the config switches it on.
    public let isUsed: Bool
    private let align: Conv2d?
    private let weight: Double

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        name = try arguments.string("name")
        isUsed = try arguments.bool("use_this")
        weight = try arguments.double("alpha_fea", default: 0.00007)
        let student = try arguments.int("student_channels", in: 1...65536)
        let teacher = try arguments.int("teacher_channels", in: 1...65536)
        align =
            student == teacher
            ? nil : try Conv2d(at: path / "align", inChannels: student, outChannels: teacher, kernel: 1)
    }

    /// The squared error summed over everything, divided by the number of samples.
    ///
    /// Shapes: `(B, studentChannels, H, W)` and `(B, teacherChannels, H, W)`.
    public func callAsFunction(student: Tensor, teacher: Tensor) throws -> Tensor {
        let features = try align?(student) ?? student
        return try features.mseLoss(teacher, reduction: .sum) / teacher.size(0) * weight
    }
}

/// Logit distillation of DWPose: the student's SimCC distributions must be the teacher's.
public struct KDLoss: Loss {
    /// The config's name for this loss.
    public let name: String
    /// Whether the config switches it on.
    public let isUsed: Bool
    private let weight: Double

    init(_ arguments: Arguments) throws {
        name = try arguments.string("name")
        isUsed = try arguments.bool("use_this")
        weight = try arguments.double("weight", default: 1)
    }

    /// The divergence summed over bins and keypoints, its mean over samples, divided by the number of keypoints. As in
    /// MMPose no weight of a keypoint changes it.
    ///
    /// - Parameters:
    ///   - student: for each axis `(B, K, bins)`.
    ///   - teacher: for each axis `(B, K, bins)`; no gradient flows there.
    ///   - beta: multiplies all logits.
    public func callAsFunction(student: [Tensor], teacher: [Tensor], beta: Double) throws -> Tensor {
        let keypoints = try student.element(at: 0).size(1)
        let parts = try zip(student, teacher).map { student, teacher in
            let (samples, keypoints) = (try student.size(0), try student.size(1))
            let learned = try (student.flatten(to: 1) * beta).logSoftmax(dim: 1)
            let wanted = try (teacher.detach().flatten(to: 1) * beta).softmax(dim: 1)
            let divergence = try learned.klDivergence(wanted, reduction: .none).sum(dim: 1)
            return try divergence.reshape([samples, keypoints]).sum(dim: 1).mean() * weight
        }
        return try parts.dropFirst().reduce(parts[0]) { try $0 + $1 } / keypoints
    }
}
