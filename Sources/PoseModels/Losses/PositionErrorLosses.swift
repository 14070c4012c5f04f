import PyConfig
public import Torch

/// `MPJPELoss`: the mean distance of joints (mean per-joint position error).
///
/// Shapes: output and target `(…, K, D)`, weights broadcastable to them.
public struct MPJPELoss: TargetLoss {
    private let use: WeightUse
    private let weight: Double

    init(_ arguments: Arguments) throws {
        use = try arguments.weightUse()
        weight = try arguments.lossWeight()
    }

    /// Without weights of joints.
    init(weight: Double) {
        use = WeightUse(isOn: false)
        self.weight = weight
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        try meanDistance(output - target, try use(weights)) * weight
    }
}

/// `MPJPEVelocityJointLoss` of MotionBERT (Zhu et al. 2023): position error, the same after the best scaling, and the error
/// of what joints move from frame to frame.
///
/// Shapes: output and target `(…, T, K, D)`, weights broadcastable to them.
public struct MPJPEVelocityJointLoss: TargetLoss {
    private let use: WeightUse
    private let weight, scaleWeight, velocityWeight: Double

    init(_ arguments: Arguments) throws {
        use = try arguments.weightUse()
        weight = try arguments.lossWeight()
        scaleWeight = try arguments.double("lambda_scale", default: 0.5)
        velocityWeight = try arguments.double("lambda_3d_velocity", default: 20)
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        let weights = try use(weights)
        let length = try output.square().sum(dim: -1, keepDim: true).mean(dim: -2, keepDim: true)
        let projection = try (target * output).sum(dim: -1, keepDim: true).mean(dim: -2, keepDim: true)
        func velocity(_ poses: Tensor) throws -> Tensor {
            try poses[.ellipsis, 1..., .all, .all] - poses[.ellipsis, ..<(-1), .all, .all]
        }
        let position = try meanDistance(output - target, weights)
        let scaled = try meanDistance(projection / length * output - target, weights)
        let moved = try meanDistance(velocity(output) - velocity(target), weights)
        return try (position + scaled * scaleWeight + moved * velocityWeight) * weight
    }
}

/// `BoneLoss` (Pavllo et al. 2019): how much the mean lengths of bones differ.
///
/// Shapes: output and target `(N, K, D)`, weights `(N, K)` for the bone from each joint to its parent.
public struct BoneLoss: TargetLoss {
    /// The config's name for this loss in the log.
    public let name: String
    private let parents, joints: [Int]
    private let use: WeightUse
    private let weight: Double

    init(_ arguments: Arguments) throws {
        let parents = try arguments.ints("joint_parents")
        try self.init(
            parents: parents, use: arguments.weightUse(), weight: arguments.lossWeight(),
            name: arguments.string("loss_name", default: "loss_bone"), arguments)
    }

    /// - Parameter parents: of each joint, the joint it hangs on; the root is its own.
    init(
        parents: [Int], use: WeightUse = WeightUse(isOn: false), weight: Double, name: String = "loss_bone",
        _ arguments: Arguments
    ) throws {
        guard parents.allSatisfy(parents.indices.contains) else {
            throw arguments.invalid("joint_parents", "each must be one of the \(parents.count) joints")
        }
        self.parents = parents
        joints = parents.indices.filter { parents[$0] != $0 }
        self.use = use
        self.weight = weight
        self.name = name
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        let parents = try Tensor(parents).to(output.device)
        let joints = try Tensor(joints).to(output.device)
        func lengths(_ poses: Tensor) throws -> Tensor {
            try (poses - poses.indexSelect(dim: 1, index: parents)).norm(dim: -1).indexSelect(dim: 1, index: joints)
        }
        var (predicted, truth) = (try lengths(output), try lengths(target))
        if let weights = try use(weights)?.indexSelect(dim: 1, index: joints) {
            predicted = try predicted * weights
            truth = try truth * weights
        }
        return try (predicted.mean(dim: 0) - truth.mean(dim: 0)).abs().mean() * weight
    }
}

/// The mean length of vectors along the last dimension, each number multiplied by its weight first.
private func meanDistance(_ difference: Tensor, _ weights: Tensor?) throws -> Tensor {
    try (weights.map { try difference * $0 } ?? difference).norm(dim: -1).mean()
}
