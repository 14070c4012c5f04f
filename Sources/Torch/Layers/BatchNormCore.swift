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
        return try x.batchNorm(
            weight: weight?.tensor, bias: bias?.tensor, runningMean: runningMean?.tensor,
            runningVar: runningVar?.tensor, training: updates || runningMean == nil,
            momentum: updates ? try countBatch() : 0, eps: eps)
    }

    /// Counts one more batch and returns the weight of its statistics: without a momentum all batches weigh the same.
    private func countBatch() throws -> Double {
        guard let count = try batchCount?.tensor.add_(1) else { return 0 }
        return try momentum ?? 1 / max(count.item(), 1)
    }
}
