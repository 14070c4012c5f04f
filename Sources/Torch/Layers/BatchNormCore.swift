/// What batch normalisation of all dimensions shares.
struct BatchNormCore: Sendable {
    let weight, bias, runningMean, runningVar, batchCount: Parameter?
    let channels: Int
    let eps: Double
    let momentum: Double?
    private let path: ParameterPath

    init(
        at path: ParameterPath, type: String, channels: Int, eps: Double, momentum: Double?, affine: Bool,
        trackRunningStatistics: Bool
    ) throws {
        self.path = path
        self.channels = channels
        self.eps = eps
        self.momentum = momentum
        path.declare(layerType: type)
        weight = affine ? try path.parameter("weight", shape: [channels], initializer: .ones) : nil
        bias = affine ? try path.parameter("bias", shape: [channels]) : nil
        let tracks = trackRunningStatistics
        runningMean = tracks ? try path.buffer("running_mean", shape: [channels]) : nil
        runningVar = tracks ? try path.buffer("running_var", shape: [channels], initializer: .ones) : nil
        batchCount =
            tracks ? try path.buffer("num_batches_tracked", shape: [], dtype: .int64, mayBeAbsent: true) : nil
    }

    func apply(_ x: Tensor, ranks: ClosedRange<Int>) throws -> Tensor {
        guard ranks.contains(x.rank) else {
            throw TorchError(
                operator: "\(path.layerType ?? "BatchNorm") at \(path.name)", message: "input of shape \(x.shape)")
        }
        let updates = path.updatesStatistics
        if updates || runningMean == nil, path.isTraining, let group = path.sharedGroup {
            return try normalized(x, over: group, updates: updates)
        }
        return try x.batchNorm(
            weight: weight?.tensor, bias: bias?.tensor, runningMean: runningMean?.tensor,
            runningVar: runningVar?.tensor, training: updates || runningMean == nil,
            momentum: updates ? try countBatch() : 0, eps: eps)
    }

    /// Normalised by mean and variance of all processes' batches, through which gradients flow too.
    ///
    /// The variance is summed from differences to the common mean, in single precision at least, so that it does not suffer
    /// where the mean is large.
    private func normalized(_ x: Tensor, over group: ProcessGroup, updates: Bool) throws -> Tensor {
        let input = x.dtype == .float64 ? x : try x.to(.float32)
        let dims = [0] + Array(2..<x.rank)
        let shape = [1, channels] + Array(repeating: 1, count: x.rank - 2)
        let own = Double(x.count / max(channels, 1))
        let counted = try Tensor.full([1], own, dtype: input.dtype)
        let sums = try group.sum(Tensor.cat([input.sum(dims: dims), counted], dim: 0)).split([channels, 1], dim: 0)
        let count = try sums[1].detach().item()
        guard count > 1 else {
            throw TorchError(operator: path.name, message: "statistics of a single value cannot be normalised by")
        }
        let mean = try sums[0] / count
        let centered = try input - mean.reshape(shape)
        let variance = try group.sum(centered.square().sum(dims: dims)) / count
        var y = try centered * (variance + eps).rsqrt().reshape(shape)
        if let weight = try weight?.tensor { y = try y * weight.reshape(shape) }
        if let bias = try bias?.tensor { y = try y + bias.reshape(shape) }
        if updates {
            let share = try countBatch()
            try noGrad {
                try runningMean?.tensor.mul_(1 - share).add_(mean.detach() * share)
                try runningVar?.tensor.mul_(1 - share).add_(variance.detach() * (share * count / (count - 1)))
            }
        }
        return try y.to(x.dtype)
    }

    /// Counts one more batch and returns the weight of its statistics: without a momentum all batches weigh the same.
    private func countBatch() throws -> Double {
        guard let count = try batchCount?.tensor.add_(1) else { return 0 }
        return try momentum ?? 1 / max(count.item(), 1)
    }
}
