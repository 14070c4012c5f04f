/// Durations of repeated runs, in milliseconds.
public struct Timing: Sendable, Encodable {
    public let name: String
    public let median, least, most: Double

    /// - Parameter milliseconds: one for each run; at least one.
    init(_ name: String, milliseconds: [Double]) {
        let sorted = milliseconds.sorted()
        self.name = name
        median = sorted.isEmpty ? .nan : sorted[sorted.count / 2]
        least = sorted.first ?? .nan
        most = sorted.last ?? .nan
    }

    /// Times `runs` calls after one that does not count.
    static func measure(_ name: String, runs: Int, _ body: () throws -> Void) rethrows -> Timing {
        try body()
        let clock = ContinuousClock()
        return Timing(
            name, milliseconds: try (0..<max(runs, 1)).map { _ in try clock.measure(body) / .milliseconds(1) })
    }
}
