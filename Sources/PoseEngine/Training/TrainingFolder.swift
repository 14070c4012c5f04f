public import Foundation
import PoseMetrics
import PyConfig

/// The files a run writes beside its checkpoints: the config as it was run, the log, and the numbers over time.
///
///     WORK_DIR/NAME.py
///     WORK_DIR/20260131_120000/20260131_120000.log
///     WORK_DIR/20260131_120000/vis_data/scalars.json   one JSON object a line, as MMEngine writes it
///     WORK_DIR/20260131_120000/vis_data/events.out.tfevents.*   the same for TensorBoard
public struct TrainingFolder {
    private let log, scalars: FileHandle
    private let events: EventFile

    /// - Throws: what making or writing the files throws.
    public init(_ folder: URL, config: LoadedModel, seed: UInt64) throws {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "yyyyMMdd_HHmmss"
        let stamp = format.string(from: Date())
        let run = folder.appendingPathComponent(stamp)
        let numbers = run.appendingPathComponent("vis_data")
        try FileManager.default.createDirectory(at: numbers, withIntermediateDirectories: true)
        try Data(config.config.python().utf8).write(
            to: folder.appendingPathComponent(config.url.lastPathComponent), options: .atomic)
        log = try Self.open(run.appendingPathComponent("\(stamp).log"))
        scalars = try Self.open(numbers.appendingPathComponent("scalars.json"))
        events = try EventFile(in: numbers)
        _ = try line(["seed \(seed)"])
    }

    /// Notes what happened.
    ///
    /// - Returns: the lines of the log.
    public func write(_ event: Trainer.Event) throws -> [String] {
        switch event {
        case .iteration(let report):
            try write(report.scalars)
            return try line([report.text])
        case .evaluated(let reports, let state):
            let values = reports.flatMap(\.values).map { ($0.name, $0.value) }
            let step = state.epochCount == nil ? state.iteration : state.epoch
            try write(values + [("data_time", state.dataTime), ("time", state.time), ("step", Double(step))])
            return try line(reports.table.split(separator: "\n").map(String.init))
        case .saved(let url, let metric):
            return try line([metric.map { "best \($0) so far: \(url.path)" } ?? "saved \(url.path)"])
        }
    }

    private func line(_ lines: [String]) throws -> [String] {
        try log.write(contentsOf: Data(lines.map { $0 + "\n" }.joined().utf8))
        return lines
    }

    private func write(_ numbers: [(name: String, value: Double)]) throws {
        let members = numbers.map { name, value in "\"\(name)\": \(Self.number(value))" }
        let step = numbers.first { $0.name == "step" }.map { Int($0.value) } ?? 0
        try events.write(numbers.filter { $0.name != "step" }, step: step)
        try scalars.write(contentsOf: Data("{\(members.joined(separator: ", "))}\n".utf8))
    }

    /// As Python writes it.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    private static func open(_ url: URL) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
            throw TrainingError.cannotTrain("\(url.path): cannot be written")
        }
        return try FileHandle(forWritingTo: url)
    }
}

extension TrainingReport {
    /// The line as MMEngine's local backend keeps it.
    fileprivate var scalars: [(name: String, value: Double)] {
        var result = [("lr", learningRate), ("data_time", dataTime)]
        result += numbers.map { ($0.name, $0.value) }
        result.append(("time", time))
        if epochCount != nil { result.append(("epoch", Double(epoch))) }
        result += [("iter", Double(iteration)), ("memory", Double(memory)), ("step", Double(iteration))]
        return result
    }
}
