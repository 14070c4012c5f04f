public import Foundation

/// Models as `pose models list` shows them: a table for people, JSON for programs.
public struct ModelListing: Sendable {
    private let rows: [Row]

    /// One model; the field names are those of the JSON and stay.
    private struct Row: Encodable, Sendable {
        var name: String
        var aliases: [String]
        var family: String
        var tasks: [String]
        var training_data: [String]
        var config: String?
        var weights: String?
        var sha256_prefix: String?
        var size: Int?
        var license: String
        var source: String
        var installed: [String]?
        var results: [Result]

        struct Result: Encodable, Sendable {
            var dataset: String
            var task: String
            var metrics: [String: Double]
        }
    }

    /// - Parameters:
    ///   - entries: In the order to show them in.
    ///   - folders: Where files of models may be; see `ModelLocations.folders`.
    public init(_ entries: [ModelZooEntry], folders: [URL]) {
        rows = entries.map { entry in
            let files = entry.installed(in: folders)
            return Row(
                name: entry.name, aliases: entry.aliases, family: entry.family, tasks: entry.tasks,
                training_data: entry.trainingData, config: entry.config,
                weights: entry.downloads.first?.url.absoluteString,
                sha256_prefix: entry.downloads.first?.checksum?.digits,
                size: files.flatMap(Self.size) ?? entry.downloads.first?.size, license: entry.license,
                source: entry.source, installed: files?.map(\.path),
                results: entry.results.map { result in
                    let metrics = result.metrics.map { ($0.name, $0.value) }
                    return .init(
                        dataset: result.dataset, task: result.task, metrics: .init(metrics) { first, _ in first })
                })
        }
    }

    /// One line a model: its name, whether it is on this machine, its size when known, what it was measured to do, its
    /// license and source.
    public var text: String {
        guard !rows.isEmpty else { return "no model matches" }
        let lines =
            [["MODEL", "HERE", "SIZE", "MEASURED", "LICENSE", "SOURCE"]]
            + rows.map { row in
                let names = row.aliases.isEmpty ? row.name : "\(row.name) (\(row.aliases.joined(separator: ", ")))"
                return [
                    names, row.installed == nil ? "-" : "yes", row.size.map(Self.megabytes) ?? "unknown",
                    row.results.first.map(Self.headline) ?? "-", row.license, row.source,
                ]
            }
        return TextTable(lines).text
    }

    /// An array of objects; fields that are not known are left out.
    ///
    /// - Throws: `EncodingError`, for a metric that is not a finite number.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(rows), as: UTF8.self)
    }

    private static func headline(_ result: Row.Result) -> String {
        let leading = ["AP", "PCK@0.2", "PCK", "Mean", "NME", "AUC", "MPJPE"].first { result.metrics[$0] != nil }
        let name = leading ?? result.metrics.keys.min()
        let number = name.flatMap { name in result.metrics[name].map { " \(name) \($0)" } } ?? ""
        return "\(result.task), \(result.dataset)\(number)"
    }

    private static func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1_000_000) }

    private static func size(_ files: [URL]) -> Int? {
        let sizes = files.compactMap {
            try? FileManager.default.attributesOfItem(atPath: $0.resolvingSymlinksInPath().path)[.size] as? Int
        }
        return sizes.count == files.count ? sizes.reduce(0, +) : nil
    }
}
