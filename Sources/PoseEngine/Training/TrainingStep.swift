import PoseCore
import PoseDatasets
import PoseModels
import Torch

/// One iteration: forward, backward and, when enough gradients are added up, an update of the parameters.
struct TrainingStep {
    let model: any TrainableEstimator
    let optimizer: Optimizer
    let settings: OptimizerSettings
    /// Whether matrix products run in bfloat16.
    let isMixedPrecision: Bool
    /// Iterations of the whole run; the gradients of its last ones are used even where they are fewer than usual.
    let totalIterations: Int
    /// Of everything random.
    let seed: UInt64
    /// Averages gradients over the processes that train together.
    var reducer: GradientReducer?

    /// What an iteration says of itself, by MMEngine's names and in its order: `loss`, its parts, measures, `grad_norm`.
    typealias Numbers = [(name: String, value: Double)]

    /// - Parameter progress: counted before this iteration.
    /// - Throws: `TrainingError.notFinite` when the loss is no number, before anything is updated; what the model throws.
    func callAsFunction(_ batch: Batch, _ progress: TrainingProgress) throws -> Numbers {
        let isUpdating = updates(after: progress.iteration)
        var inputs = try model.prepare(batch.stackedInputs())
        if isUpdating { try reducer?.beginForward() }
        var targets = TrainingBatch(batch.samples.compactMap(\.packed), on: model.store.device, progress: progress)
        if let resize = model.batchResize { (inputs, targets) = try resize(inputs, targets, seed: seed) }
        // Convolutions on processors are faster so, and everything after them keeps the order.
        if inputs.shape.count == 4 { inputs = try inputs.contiguous(.channelsLast) }
        let losses =
            try isMixedPrecision
            ? autocast(.bfloat16, on: model.store.device) { try model.loss(inputs, targets) }
            : model.loss(inputs, targets)
        let total = try losses.total()
        var numbers: Numbers = [("loss", try total.item())]
        for part in losses.parts { numbers.append((part.name, try part.value.detach().mean().item())) }
        guard numbers[0].value.isFinite else {
            throw TrainingError.notFinite(
                iteration: progress.iteration + 1, losses: numbers.filter { !$0.value.isFinite }.map(\.name),
                samples: batch.indices)
        }
        // Gradients that are only added up stay in this process until then.
        if isUpdating { try reducer?.beginBackward([total]) }
        try (total / Double(gradientCount(at: progress.iteration))).backward()
        guard isUpdating else { return numbers }
        if let norm = try settings.clipping?.apply(to: optimizer.parameters) { numbers.append(("grad_norm", norm)) }
        try optimizer.step()
        try optimizer.zeroGradients()
        return numbers
    }

    private func updates(after iteration: Int) -> Bool {
        (iteration + 1).isMultiple(of: settings.accumulation) || iteration + 1 == totalIterations
    }

    /// How many iterations' gradients are added up around this one.
    private func gradientCount(at iteration: Int) -> Int {
        let whole = totalIterations - totalIterations % settings.accumulation
        return iteration < whole ? settings.accumulation : totalIterations - whole
    }
}

/// Why a training run cannot begin or go on.
public enum TrainingError: Error, Sendable, CustomStringConvertible {
    /// The loss is infinite or not a number.
    case notFinite(iteration: Int, losses: [String], samples: [Int])
    /// The config asks for something that cannot be trained.
    case cannotTrain(String)
    /// A checkpoint that is not one of this run.
    case cannotResume(file: String, reason: String)

    public var description: String {
        switch self {
        case .notFinite(let iteration, let losses, let samples):
            "iteration \(iteration): \(losses.joined(separator: ", ")) is not a finite number; the batch's samples of"
                + " train_dataloader.dataset are \(samples.map(String.init).joined(separator: ", "))"
        case .cannotTrain(let reason): reason
        case .cannotResume(let file, let reason): "\(file): cannot resume: \(reason)"
        }
    }
}
