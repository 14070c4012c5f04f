import Foundation

/// Changes a setting of an optimizer's groups over epochs or iterations, as MMEngine's parameter schedulers do: each value
/// follows from the one before, so several schedules can follow one another or overlap.
public final class ParameterSchedule: @unchecked Sendable {
    // Sendable: the trainer that owns it works on one thread at a time.

    /// The end of a schedule that does not end.
    public static let never = 1_000_000_000

    /// The lowest value of an annealing.
    public enum Floor: Sendable, Hashable {
        case value(Double)
        /// A part of the initial value.
        case ratio(Double)
    }

    /// How the value changes from step to step.
    public enum Curve: Sendable, Hashable {
        /// `factor` times the value until the end.
        case constant(factor: Double)
        /// `gamma` times the last value each step.
        case exponential(gamma: Double)
        /// From `start` times the value to `end` times it.
        case linear(start: Double, end: Double)
        /// `gamma` times the last value every `size` steps.
        case step(size: Int, gamma: Double)
        /// `gamma` times the last value at each milestone; one that is there twice counts twice.
        case multiStep(milestones: [Int], gamma: Double)
        /// Half a cosine over `period` steps; the whole schedule if `nil`.
        case cosine(period: Int?, floor: Floor)
        /// `(1 − t/T)^power`.
        case polynomial(power: Double, floor: Double)
        /// The square of the part of the schedule that is over.
        case quadraticWarmup
    }

    public let curve: Curve
    public let setting: ParameterGroup.Setting
    /// The first step and the one after the last at which it changes anything.
    public let begin, end: Int
    /// Whether steps are epochs, rather than iterations.
    public let isByEpoch: Bool
    private let baseValues: [Double]
    /// Steps taken within the schedule, and in all. The first are taken when it is made.
    public private(set) var lastStep = -1
    public private(set) var globalStep = -1

    /// Takes the first step at once.
    ///
    /// - Throws: `TorchError` for an end before the begin or a curve that is none.
    public init(
        _ curve: Curve, of setting: ParameterGroup.Setting = .learningRate, begin: Int = 0,
        end: Int = ParameterSchedule.never, isByEpoch: Bool = true, on optimizer: Optimizer
    ) throws {
        guard (0...Self.never).contains(begin), (0...Self.never).contains(end), end > begin else {
            throw TorchError(operator: "ParameterSchedule", message: "ends at \(end), but begins at \(begin)")
        }
        self.curve = curve
        self.setting = setting
        self.begin = begin
        self.end = end
        self.isByEpoch = isByEpoch
        baseValues = optimizer.groups.map { $0.initialValues[setting] ?? 0 }
        try Self.check(curve, end: end)
        step(optimizer)
    }

    /// Goes on by an epoch or an iteration.
    public func step(_ optimizer: Optimizer) {
        globalStep += 1
        guard begin <= globalStep, globalStep < end else { return }
        lastStep += 1
        for index in optimizer.groups.indices {
            optimizer.groups[index][setting] = value(
                after: optimizer.groups[index][setting], base: baseValues[index])
        }
    }

    /// Goes to where a schedule was before; the groups' settings are restored apart.
    public func resume(lastStep: Int, globalStep: Int) {
        self.lastStep = lastStep
        self.globalStep = globalStep
    }

    private static func check(_ curve: Curve, end: Int) throws {
        let isPossible =
            switch curve {
            case .constant(let factor): factor > 0 && factor.isFinite
            case .linear(let start, let end): start > 0 && start <= 1 && end >= 0 && end <= 1
            case .step(let size, _): (1...never).contains(size)
            case .cosine(let period, _): period.map { (1...never).contains($0) } ?? true
            case .quadraticWarmup: end < never
            case .exponential, .multiStep, .polynomial: true
            }
        guard isPossible else { throw TorchError(operator: "ParameterSchedule", message: "impossible: \(curve)") }
    }

    private func value(after value: Double, base: Double) -> Double {
        let step = Double(lastStep)
        let total = end - begin - 1
        switch curve {
        case .constant(let factor):
            return lastStep == 0 ? value * factor : lastStep == total ? value * (1 / factor) : value
        case .exponential(let gamma): return lastStep == 0 ? value : value * gamma
        case .linear(let start, let end):
            if lastStep == 0 { return value * start }
            return value * (1 + (end - start) / (Double(total) * start + (step - 1) * (end - start)))
        case .step(let size, let gamma):
            return lastStep == 0 || lastStep % size != 0 ? value : value * gamma
        case .multiStep(let milestones, let gamma):
            let count = milestones.count { $0 == lastStep }
            return count == 0 ? value : value * pow(gamma, Double(count))
        case .cosine(let period, let floor): return cosine(value, base: base, period: period ?? end - begin, floor)
        case .polynomial(let power, let floor):
            if lastStep == 0 { return value }
            let rest = Double(total) - step
            return (value - floor) * pow(1 - 1 / (rest + 1), power) + floor
        case .quadraticWarmup:
            let length = Double(end - begin)
            let growth = base * (2 * step + 1) / (length * length)
            return lastStep == 0 ? growth : value + growth
        }
    }

    private func cosine(_ value: Double, base: Double, period: Int, _ floor: Floor) -> Double {
        let least =
            switch floor {
            case .value(let value): value
            case .ratio(let ratio): base * ratio
            }
        if lastStep == 0 { return value }
        let (step, length) = (Double(lastStep), Double(period))
        if (lastStep - 1 - period) % (2 * period) == 0 {
            return value + (base - least) * (1 - cos(.pi / length)) / 2
        }
        return (1 + cos(.pi * step / length)) / (1 + cos(.pi * (step - 1) / length)) * (value - least) + least
    }
}
