import Foundation
import PoseModels
import Torch

/// A line of a training log.
public struct TrainingReport: Sendable {
    /// Counted from 1: the epoch, and the iteration within the whole run.
    public let epoch, iteration: Int
    /// The iteration within the epoch, and how many an epoch has.
    public let inner, epochLength: Int
    /// Epochs of the run, nil when it is counted in iterations; its iterations.
    public let epochCount: Int?
    public let totalIterations: Int
    /// Means over the last iterations under MMEngine's names: `loss`, its parts, measures, `grad_norm`.
    public let numbers: [(name: String, value: Double)]
    public let learningRate: Double
    /// Seconds of an iteration, and of these the wait for data.
    public let time, dataTime: Double
    /// The most memory the process had so far, in megabytes.
    public let memory: Int
    /// Seconds to the end of the run.
    public let remaining: Double

    /// The line as MMEngine prints it.
    public var text: String {
        let place =
            epochCount.map { _ in
                "Epoch(train) [\(epoch)][\(inner)/\(epochLength)]"
            } ?? "Iter(train) [\(iteration)/\(totalIterations)]"
        let parts = numbers.map { "\($0.name): \(String(format: "%.6f", $0.value))" }
        return "\(place)  lr: \(String(format: "%.4e", learningRate))  eta: \(Self.clock(remaining))"
            + "  time: \(String(format: "%.4f", time))  data_time: \(String(format: "%.4f", dataTime))"
            + "  memory: \(memory)  \(parts.joined(separator: "  "))"
    }

    /// `1 day, 2:03:04`
    static func clock(_ seconds: Double) -> String {
        let seconds = Int(min(max(seconds, 0), 1e9))
        let days = seconds / 86_400
        let time = String(format: "%d:%02d:%02d", seconds % 86_400 / 3600, seconds % 3600 / 60, seconds % 60)
        return days == 0 ? time : "\(days) day\(days == 1 ? "" : "s"), \(time)"
    }
}

/// The numbers of the last iterations.
struct TrainingLog {
    private let window: Int
    private var entries: [Entry] = []
    private var learningRate = 0.0
    private let start = ContinuousClock.now
    private var waiting = ContinuousClock.now
    private var working = ContinuousClock.now
    private var count = 0

    private struct Entry {
        let numbers: TrainingStep.Numbers
        let time, dataTime: Double
    }

    init(window: Int) { self.window = window }

    mutating func beginsWaiting() { waiting = .now }

    mutating func hasBatch() { working = .now }

    /// Takes an iteration's numbers.
    mutating func add(_ numbers: TrainingStep.Numbers, learningRate: Double) {
        if entries.count == window { entries.removeFirst() }
        entries.append(
            Entry(numbers: numbers, time: (.now - waiting).seconds, dataTime: (working - waiting).seconds))
        self.learningRate = learningRate
        count += 1
    }

    func report(_ progress: TrainingProgress, _ trainer: Trainer) -> TrainingReport {
        let total = trainer.totalIterations
        // At the end of an epoch the epoch that ends counts.
        let epoch = max(progress.iteration - 1, 0) / trainer.epochLength
        let perIteration = count > 0 ? (.now - start).seconds / Double(count) : 0
        return TrainingReport(
            epoch: epoch + 1, iteration: progress.iteration, inner: progress.iteration - epoch * trainer.epochLength,
            epochLength: trainer.epochLength, epochCount: progress.epochCount, totalIterations: total,
            numbers: means, learningRate: learningRate, time: mean(\.time), dataTime: mean(\.dataTime),
            memory: PeakMemory.ofThisProcess >> 20, remaining: perIteration * Double(total - progress.iteration))
    }

    private var means: [(name: String, value: Double)] {
        var order: [String] = []
        var values: [String: (sum: Double, count: Int)] = [:]
        for (name, value) in entries.flatMap(\.numbers) {
            if values[name] == nil { order.append(name) }
            let (sum, count) = values[name] ?? (0, 0)
            values[name] = (sum + value, count + 1)
        }
        return order.map { name in (name, values[name].map { $0.sum / Double($0.count) } ?? 0) }
    }

    private func mean(_ value: (Entry) -> Double) -> Double {
        entries.isEmpty ? 0 : entries.reduce(0) { $0 + value($1) } / Double(entries.count)
    }
}

extension Duration {
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
