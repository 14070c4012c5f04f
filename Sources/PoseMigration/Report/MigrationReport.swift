import Foundation

/// Everything a migration did to one config, for people (`text`) and programs (JSON).
public struct MigrationReport: Codable, Sendable, Hashable {
    /// How a file ended.
    public enum Status: String, Codable, Sendable {
        case migrated
        /// The file is a 1.x config; nothing was changed.
        case alreadyNew = "already 1.x"
    }

    /// Version of this report's fields; fields are added, never renamed.
    public var version = 1
    /// The file that was read.
    public var source: String
    /// What happened to it.
    public var status: Status
    /// Every option of the 0.x config, in its order.
    public var options: [MigratedOption] = []
    /// What 1.x computes differently for this config.
    public var changes: [BehaviourChange] = []
    /// Comments of the source whose line has no successor, as `line: text`.
    public var lostComments: [String] = []
    /// Files written beside the config.
    public var companions: [String] = []

    /// The options that ended in one way.
    public func options(_ outcome: MigratedOption.Outcome) -> [MigratedOption] {
        options.filter { $0.outcome == outcome }
    }

    /// The report as JSON, keys sorted.
    ///
    /// - Throws: what the encoder throws.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The report as text. Kept options are only counted.
    public var text: String {
        guard status == .migrated else { return "\(source): already a 1.x config; nothing changed\n" }
        let counts = MigratedOption.Outcome.allCases.map { "\(options($0).count) \($0.rawValue)" }
        var lines = ["\(source): " + counts.joined(separator: ", ")]
        for outcome in MigratedOption.Outcome.allCases where outcome != .kept {
            let ended = options(outcome)
            if ended.isEmpty { continue }
            lines += ["", Self.titles[outcome] ?? outcome.rawValue]
            lines += ended.map(Self.line)
        }
        if !changes.isEmpty { lines += ["", "What 1.x computes differently"] }
        for change in changes {
            lines.append("  \(change.name): \(change.what)")
            lines.append("    expect: \(change.expect)")
            lines.append("    to keep the 0.x numbers: \(change.keep)")
        }
        if !lostComments.isEmpty {
            lines += ["", "Comments whose line has no successor"] + lostComments.map { "  " + $0 }
        }
        if !companions.isEmpty { lines += ["", "Written beside it"] + companions.map { "  " + $0 } }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let titles: [MigratedOption.Outcome: String] = [
        .renamed: "Renamed or moved", .computed: "Computed", .changed: "Carried over, but different in 1.x",
        .dropped: "Dropped", .unknown: "Unknown to this program, left out",
    ]

    private static func line(_ option: MigratedOption) -> String {
        var text = "  \(option.option) = \(option.value)"
        if let place = option.becomes { text += " → \(place)" }
        if let value = option.newValue { text += (option.becomes == nil ? " → " : " = ") + value }
        if let note = option.note { text += "  [\(note)]" }
        return text
    }
}
