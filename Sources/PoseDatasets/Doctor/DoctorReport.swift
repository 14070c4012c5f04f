public import Foundation

/// What the doctor found in a dataset.
public struct DoctorReport: Sendable, Codable {
    /// Findings in the order in which they were met; of each kind no more than `limit`.
    public private(set) var findings: [Finding] = []
    /// How many of each kind there are, also of those beyond the limit.
    public private(set) var counts: [String: Int] = [:]
    /// What was looked at.
    public var images = 0
    public var annotations = 0
    /// Samples of the dataset; nil when it could not be built.
    public var samples: Int?
    /// Instances that are no samples, by reason: not faults in themselves.
    public var dropped: [String: Int] = [:]
    /// Findings of one kind that are kept.
    public let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    mutating func add(_ finding: Finding) {
        counts[finding.kind.rawValue, default: 0] += 1
        if counts[finding.kind.rawValue, default: 0] <= limit { findings.append(finding) }
    }

    /// Whether nothing was found.
    public var isClean: Bool { counts.isEmpty }

    /// How many of a kind there are.
    public func count(_ kind: Finding.Kind) -> Int { counts[kind.rawValue] ?? 0 }

    /// The report as JSON, members in alphabetical order.
    ///
    /// - Throws: nothing in practice; every value can be encoded.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// One line a kind, the most frequent first.
    public var summary: String {
        let samplesText = samples.map { "\($0) samples" } ?? "no usable samples"
        var lines = ["\(images) images, \(annotations) annotations, \(samplesText)"]
        for (reason, count) in dropped.sorted(by: { $0.key < $1.key }) {
            lines.append("  left out: \(count) \(reason)")
        }
        if isClean { lines.append("nothing wrong") }
        for (kind, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("  \(count) × \(kind)")
        }
        return lines.joined(separator: "\n")
    }
}
