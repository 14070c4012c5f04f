public import Foundation
public import PoseMetrics

extension [MetricReport] {
    /// Every number by its name, as JSON. What is not finite is `null`.
    public func json() throws -> Data {
        var values: [String: Double?] = [:]
        for value in flatMap({ $0.values + $0.details }) {
            values[value.name] = .some(value.value.isFinite ? value.value : nil)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(values) + Data("\n".utf8)
    }

    /// For people: what the numbers rest on, then the numbers, with the reason of any that cannot be measured.
    public var table: String {
        map { report in
            let facts = TextTable(report.facts.map { [$0.name, $0.text] }).text
            let values = TextTable(
                (report.values + report.details).map { value in
                    [value.name, String(format: "%.4f", value.value)] + (value.remark.map { [$0] } ?? [])
                }
            ).text
            return [facts, values].filter { !$0.isEmpty }.joined(separator: "\n\n")
        }.joined(separator: "\n\n")
    }
}
