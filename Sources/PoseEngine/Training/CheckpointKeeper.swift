import Checkpoint
import Foundation
import PoseMetrics

/// The checkpoints of a run: names, which are kept, and which is the best.
struct CheckpointKeeper {
    /// How far training was.
    enum Place: Hashable {
        case epoch(Int)
        case iteration(Int)

        var name: String {
            switch self {
            case .epoch(let count): "epoch_\(count)"
            case .iteration(let count): "iter_\(count)"
            }
        }
    }

    /// The best result of a metric so far, and its checkpoint.
    struct Best: Hashable {
        var value: Double
        var file: String?
    }

    private let folder: URL
    private let settings: CheckpointSettings
    /// By metric.
    var best: [String: Best] = [:]
    /// The checkpoint written last, best ones aside.
    private(set) var newest: URL?
    private var kept: [URL]

    init(_ folder: URL, _ settings: CheckpointSettings) {
        self.folder = folder
        self.settings = settings
        kept = []
    }

    /// Where a checkpoint is written.
    func url(at place: Place) -> URL { folder.appendingPathComponent("\(place.name).pth") }

    /// Which metrics are better than ever, now remembered as the best.
    ///
    /// - Throws: `TrainingError.cannotTrain` when a metric that the config names was not measured.
    mutating func improved(_ values: [MetricReport.Value]) throws -> [(metric: String, value: Double)] {
        var result: [(metric: String, value: Double)] = []
        for (name, rule) in zip(settings.best, settings.moreIsBetter) {
            guard let found = name == "auto" ? values.first : values.first(where: { $0.name == name }) else {
                throw TrainingError.cannotTrain(
                    "default_hooks.checkpoint.save_best: '\(name)' was not measured; there are "
                        + values.map(\.name).joined(separator: ", "))
            }
            let before = best[found.name]
            let isBetter = CheckpointSettings.moreIsBetter(found.name, rule: rule)
            if let before, isBetter ? found.value <= before.value : found.value >= before.value { continue }
            guard !found.value.isNaN else { continue }
            best[found.name] = Best(value: found.value, file: before?.file)
            result.append((found.name, found.value))
        }
        return result
    }

    /// Writes a checkpoint and removes those that are too many.
    mutating func save(_ content: PickleValue, at place: Place) throws -> URL {
        let url = url(at: place)
        try write(content, to: url)
        kept.removeAll { $0 == url }
        kept.append(url)
        newest = url
        try Data(url.path.utf8).write(to: folder.appendingPathComponent("last_checkpoint"), options: .atomic)
        while let limit = settings.maximalCount, kept.count > limit {
            try? FileManager.default.removeItem(at: kept.removeFirst())
        }
        return url
    }

    /// Writes the best model of a metric and removes the one that was.
    mutating func save(_ content: PickleValue, best metric: String, at place: Place) throws -> URL {
        let name = "best_\(metric.replacingOccurrences(of: "/", with: "_"))_\(place.name).pth"
        let url = folder.appendingPathComponent(name)
        try write(content, to: url)
        let old = best[metric]?.file
        best[metric]?.file = name
        if let old, old != name { try? FileManager.default.removeItem(at: folder.appendingPathComponent(old)) }
        return url
    }

    private func write(_ content: PickleValue, to url: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try CheckpointWriter.pth(content, to: url)
    }

    /// Takes over the checkpoints of a run that goes on.
    mutating func adopt(upTo place: Place) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let prefix =
            switch place {
            case .epoch: "epoch_"
            case .iteration: "iter_"
            }
        let numbers = names.compactMap { name -> Int? in
            guard name.hasPrefix(prefix), name.hasSuffix(".pth") else { return nil }
            return Int(name.dropFirst(prefix.count).dropLast(4))
        }
        kept = numbers.sorted().map { folder.appendingPathComponent("\(prefix)\($0).pth") }
        newest = url(at: place)
    }
}
