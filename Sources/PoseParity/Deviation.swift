/// The largest relative difference of some numbers.
public struct Deviation: Sendable {
    public var worst = 0.0
    public var name = ""

    mutating func add(_ value: Double?, _ expected: Double, floor: Double, _ name: String) {
        let deviation = value.map { abs($0 - expected) / max(abs(expected), floor) } ?? .infinity
        if !(deviation <= worst) { (worst, self.name) = (deviation.isNaN ? .infinity : deviation, name) }
    }
}
