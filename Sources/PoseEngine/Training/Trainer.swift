public import Foundation
import PoseCore
import PoseDatasets
public import PoseMetrics
import PoseModels
import PyConfig
public import Torch

/// Trains the model of a config on its data, as MMEngine's runner does: epochs or iterations, schedules, evaluation,
/// checkpoints.
///
/// Everything of the config is read, and files are looked for, when the trainer is made. What an iteration does depends
/// on the config, the seed and the state before it only, so that a run that was interrupted and resumed gives the bits of
/// one that was not.
public final class Trainer {
    /// What a run tells while it goes.
    public enum Event: Sendable {
        /// A line for the log: the mean numbers of the last iterations.
        case iteration(TrainingReport)
        case evaluated([MetricReport], TrainingReport)
        /// A checkpoint, or a better one than before of a metric.
        case saved(URL, best: String?)
    }

    let model: any TrainableEstimator
    let settings: TrainingSettings
    let optimizer: Optimizer
    let schedules: [ParameterSchedule]
    let average: ParameterAverage?
    let seed: UInt64
    /// Iterations and epochs finished.
    var progress: TrainingProgress
    var keeper: CheckpointKeeper
    let description: TrainingDescription
    /// What parts of the model ask to begin with.
    let pretrained: [InitialWeights.Pretrained]
    private let data: TrainingData
    private let evaluation: EvaluationLoop?
    private var step: TrainingStep
    /// What is still to change at the beginning of epochs, in order.
    private var switches: ArraySlice<TrainingSwitch>
    private let team: TrainingTeam?

    /// Iterations of the whole run.
    public let totalIterations: Int
    /// Iterations of an epoch.
    public var epochLength: Int { data.epochLength }

    /// - Parameters:
    ///   - loaded: the config and its model; `load_from` fills it.
    ///   - workDirectory: where checkpoints go.
    ///   - seed: of everything random.
    ///   - isMixedPrecision: runs matrix products in bfloat16 even when the config does not ask for it.
    ///   - group: the processes that train together; the first one writes and reports.
    /// - Throws: what is wrong with config, data or weights, naming the place.
    public init(
        _ loaded: LoadedModel, workDirectory: URL, seed: UInt64, isMixedPrecision: Bool = false,
        locations: ConfigLocations = ConfigLocations(), group: ProcessGroup? = nil
    ) throws {
        guard let model = loaded.estimator as? any TrainableEstimator else {
            throw TrainingError.cannotTrain("model: \(loaded.type) can be run, but not trained")
        }
        self.model = model
        self.seed = seed
        let config = loaded.config
        // Before any parameter is in use.
        model.store.seed = seed
        pretrained = try InitialWeights(config.root["model"]?.dictValue ?? ConfigDict(), of: model.store).pretrained
        let shard = try Shard(group)
        team = try group.map { try TrainingTeam($0, of: model, config) }
        settings = try TrainingSettings(config)
        let epochs: Int? = if case .epochs(let count) = settings.length { count } else { nil }
        let switches = try TrainingSwitch.read(config, epochs: epochs)
        self.switches = switches[...]
        data = try TrainingData(
            config, url: loaded.url, switches: switches, locations: locations, seed: seed, shard: shard)
        let evaluates = config["val_dataloader"].map { !$0.isNone } ?? false
        evaluation =
            try evaluates
            ? EvaluationLoop(config, url: loaded.url, split: .val, locations: locations, shard: shard) : nil
        totalIterations =
            switch settings.length {
            case .epochs(let count): count * data.epochLength
            case .iterations(let count): count
            }
        progress = TrainingProgress(epochCount: epochs)
        let wrapper = try OptimizerSettings(config.arguments(at: "optim_wrapper"))
        optimizer = try wrapper.optimizer(for: model.store)
        if let reference = settings.referenceBatch {
            optimizer.scaleLearningRates(
                by: Double(data.loader.options.batchSize * shard.worldSize) / Double(reference))
        }
        let optimizer = optimizer
        schedules = try ScheduleSettings.read(Arguments(config.root, at: ""), epochLength: data.epochLength)
            .map { try $0.schedule(on: optimizer) }
        average = try settings.average?.average(of: model.store)
        step = TrainingStep(
            model: model, optimizer: optimizer, settings: wrapper,
            isMixedPrecision: isMixedPrecision || wrapper.isMixedPrecision, totalIterations: totalIterations,
            seed: seed)
        keeper = CheckpointKeeper(workDirectory, settings.checkpoints)
        description = try TrainingDescription(loaded, seed: seed)
        try checkData()
    }

    /// Finds out before the first iteration whether model and data fit.
    private func checkData() throws {
        try evaluation?.check(model)
        let sample = try data.loader.dataset.sample(at: 0, seed: seed)
        guard let shape = sample.keypoints?.shape, shape.count > 1, sample.lifting == nil,
            shape[1] != model.keypointCount, sample.rejection == nil
        else { return }
        throw TrainingError.cannotTrain(
            "train_dataloader.dataset: samples have \(shape[1]) keypoints, but the model predicts \(model.keypointCount);"
                + " change the head's out_channels, or convert with KeypointConverter")
    }

    /// Trains to the end.
    ///
    /// - Parameter report: is told what happens; what it throws ends the run.
    /// - Throws: `TrainingError.notFinite`, `CheckpointError` when a checkpoint cannot be written, what making a sample or
    ///   the model throws.
    public func run(_ report: (Event) throws -> Void) throws {
        try setDeterministic(settings.isDeterministic)
        keepFreedMemory()
        model.store.isTraining = true
        step.reducer = try team?.begin(optimizer)
        defer { step.reducer = nil }
        var log = TrainingLog(window: settings.logWindow)
        while progress.iteration < totalIterations {
            try applySwitches()
            let batches = data.loader(in: progress.epoch).batches(
                epoch: progress.epoch, from: progress.iteration - progress.epoch * data.epochLength)
            defer { batches.cancel() }
            while progress.iteration < totalIterations {
                log.beginsWaiting()
                guard let batch = try batches.next() else { break }
                log.hasBatch()
                // Dropout and the like draw from the iteration's own sequence, so that a resumed run draws the same.
                try manualSeed(seed &+ UInt64(progress.iteration) &* 0x9E37_79B9_7F4A_7C15)
                log.add(try step(batch, progress), learningRate: optimizer.groups.first?[.learningRate] ?? 0)
                try endIteration(&log, report)
            }
            try endEpoch(&log, report)
        }
        try finish(report)
    }

    /// Changes the head as hooks say by now. Those of earlier epochs come first, so that a resumed run has them all.
    private func applySwitches() throws {
        while let next = switches.first, next.epoch <= progress.epoch {
            switches.removeFirst()
            guard !next.head.isEmpty else { continue }
            guard let model = model as? any AdjustableEstimator else {
                throw TrainingError.cannotTrain("\(next.path): this model's head cannot change in training")
            }
            try model.adjustHead(next.head)
        }
    }

    private func endIteration(_ log: inout TrainingLog, _ report: (Event) throws -> Void) throws {
        for schedule in schedules where !schedule.isByEpoch { schedule.step(optimizer) }
        try updateAverage()
        progress.iteration += 1
        let place = progress.iteration - progress.epoch * data.epochLength
        let isLast = progress.iteration == totalIterations
        let isReportTime =
            if case .epochs = settings.length { place.isMultiple(of: settings.logInterval) } else {
                progress.iteration.isMultiple(of: settings.logInterval)
            }
        if isMain, isReportTime || isLast || place == data.epochLength {
            try report(.iteration(log.report(progress, self)))
        }
        guard case .iterations = settings.length else {
            if !settings.checkpoints.isByEpoch, isSavingTime(progress.iteration) { try save(report) }
            return
        }
        if settings.isEvaluationTime(progress.iteration) || isLast { try evaluate(log.report(progress, self), report) }
        if isSavingTime(progress.iteration) { try save(report) }
    }

    private func endEpoch(_ log: inout TrainingLog, _ report: (Event) throws -> Void) throws {
        guard progress.iteration == (progress.epoch + 1) * data.epochLength else { return }
        progress.epoch += 1
        try team?.endEpoch()
        for schedule in schedules where schedule.isByEpoch { schedule.step(optimizer) }
        guard case .epochs(let count) = settings.length else { return }
        // Evaluated first: the checkpoint then knows the best result so far.
        if settings.isEvaluationTime(progress.epoch) || progress.epoch == count {
            try evaluate(log.report(progress, self), report)
        }
        if settings.checkpoints.isByEpoch, isSavingTime(progress.epoch) { try save(report) }
    }

    private func isSavingTime(_ count: Int) -> Bool {
        settings.checkpoints.interval.map { count.isMultiple(of: $0) } ?? false
    }

    private func updateAverage() throws {
        guard let average, let settings = settings.average else { return }
        // Counted from 1, as MMEngine's hook has it.
        let hasBegun =
            progress.iteration + 1 >= settings.beginIteration && progress.epoch + 1 >= settings.beginEpoch
        try hasBegun ? average.update() : average.follow()
    }

    /// Measures the model, or its average, on the config's validation data and keeps it if it is the best so far.
    private func evaluate(_ state: TrainingReport, _ report: (Event) throws -> Void) throws {
        guard let evaluation else { return }
        try average?.swap()
        var predictions = try evaluation.predictions(of: model)
        try average?.swap()
        model.store.isTraining = true
        if let team { predictions = try team.group.gather(predictions) }
        guard isMain else { return }
        let reports = try evaluation.evaluator(predictions)
        try report(.evaluated(reports, state))
        let values = reports.flatMap(\.values)
        for (metric, _) in try keeper.improved(values) {
            let url = try keeper.save(checkpoint(), best: metric, at: place)
            try report(.saved(url, best: metric))
        }
    }

    private func save(_ report: (Event) throws -> Void) throws {
        guard isMain else { return }
        try report(.saved(keeper.save(checkpoint(), at: place), best: nil))
    }

    private func finish(_ report: (Event) throws -> Void) throws {
        if settings.checkpoints.savesLast, keeper.newest != keeper.url(at: place) { try save(report) }
        model.store.isTraining = false
    }

    /// Whether this process writes and reports.
    private var isMain: Bool { team?.group.isMain ?? true }

    /// What checkpoints are called after.
    var place: CheckpointKeeper.Place {
        if case .epochs = settings.length, settings.checkpoints.isByEpoch { return .epoch(progress.epoch) }
        return .iteration(progress.iteration)
    }
}

extension Optimizer {
    /// Multiplies the learning rates of all groups, before any schedule is made.
    fileprivate func scaleLearningRates(by factor: Double) {
        for index in groups.indices { groups[index].scale(.learningRate, by: factor) }
    }
}
