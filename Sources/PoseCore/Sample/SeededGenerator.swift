import Foundation

/// Random numbers that follow from a seed alone (SplitMix64), so that a sample is the same whichever worker makes it.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// The generator of one sample in one epoch of a run.
    public init(seed: UInt64, epoch: Int, index: Int) {
        // Mixing after each part keeps neighbours (same sum, other parts) apart.
        var mixed = SeededGenerator(seed: seed)
        mixed.state = mixed.next() &+ UInt64(bitPattern: Int64(epoch))
        mixed.state = mixed.next() &+ UInt64(bitPattern: Int64(index))
        state = mixed.next()
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension RandomNumberGenerator {
    /// From 0, included, to 1, excluded.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// From `low`, included, to `high`, excluded.
    public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

    /// True with a probability.
    public mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

    /// A whole number from `low`, included, to `high`, excluded; `low` if there is none.
    public mutating func integer(_ low: Int, _ high: Int) -> Int {
        high > low ? Int.random(in: low..<high, using: &self) : low
    }

    /// The unit normal distribution (Box and Muller).
    public mutating func normal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }

    /// The unit normal distribution, cut off at one on both sides.
    public mutating func truncatedNormal() -> Double {
        while true {
            let value = normal()
            if abs(value) <= 1 { return value }
        }
    }
}
