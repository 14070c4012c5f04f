import PyConfig
import Torch

extension Arguments {
    /// An integer within bounds that keep later arithmetic from overflowing.
    func int(_ name: String, default value: Int, in range: ClosedRange<Int>) throws -> Int {
        let found = try int(name, default: value)
        guard range.contains(found) else {
            throw invalid(name, "must be \(range.lowerBound) to \(range.upperBound), not \(found)")
        }
        return found
    }

    /// A required integer within such bounds.
    func int(_ name: String, in range: ClosedRange<Int>) throws -> Int {
        _ = try int(name)
        return try int(name, default: 0, in: range)
    }

    /// A factor on the channels of a published network.
    func widenFactor() throws -> Double {
        let factor = try double("widen_factor", default: 1)
        guard factor > 0, factor <= 64 else { throw invalid("widen_factor", "must be positive, not \(factor)") }
        return factor
    }

    /// The stages whose features a backbone returns.
    func outIndices(_ fallback: [Int], in range: ClosedRange<Int>) throws -> Set<Int> {
        let indices = try ints("out_indices", default: fallback)
        guard indices.allSatisfy(range.contains) else {
            throw invalid("out_indices", "must be \(range.lowerBound) to \(range.upperBound), not \(indices)")
        }
        return Set(indices)
    }
}

/// The multiple of `divisor` nearest to `value`, but not less than nine tenths of it: channel counts of mobile networks
/// (Sandler et al. 2018).
func divisible(_ value: Double, by divisor: Int = 8) -> Int {
    let nearest = max(divisor, Int(value + Double(divisor) / 2) / divisor * divisor)
    return Double(nearest) < 0.9 * value ? nearest + divisor : nearest
}

/// Runs layers in turn and keeps the results that a backbone returns.
///
/// - Parameter outputs: positions of the layers whose results are features.
func features(of layers: [any Layer], _ x: Tensor, at outputs: Set<Int>) throws -> [Tensor] {
    var features: [Tensor] = []
    var y = x
    for (index, layer) in layers.enumerated() {
        y = try layer(y)
        if outputs.contains(index) { features.append(y) }
    }
    return features
}
