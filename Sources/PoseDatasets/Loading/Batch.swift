public import PoseCore

/// Samples that go through a network together.
public struct Batch: Sendable {
    /// Place of the batch in its epoch, from 0.
    public var number: Int
    /// Number of every sample in the dataset; of a replaced one, that of its replacement.
    public var indices: [Int]
    /// The samples. Where `inputs` has been stacked, their own inputs are empty.
    public var samples: [PoseSample]
    /// `(B, …)` in one piece of memory; nil when the samples are not packed or differ in shape.
    public var inputs: AnyNDArray?

    /// Stacks the inputs of samples of one shape and lets go of their own copies and of their images.
    init(number: Int, indices: [Int], samples: [PoseSample]) throws {
        self.number = number
        self.indices = indices
        self.samples = samples
        guard let first = samples.first?.packed?.inputs else { return }
        for position in self.samples.indices { self.samples[position].image = nil }
        let parts = samples.compactMap(\.packed?.inputs)
        guard parts.count == samples.count, parts.allSatisfy({ $0.shape == first.shape }) else { return }
        inputs = try Self.stack(parts, like: first)
        guard inputs != nil else { return }
        for position in self.samples.indices { self.samples[position].packed?.inputs = .uint8(NDArray([])) }
    }

    private static func stack(_ parts: [AnyNDArray], like first: AnyNDArray) throws -> AnyNDArray? {
        switch first {
        case .uint8:
            let same = parts.compactMap { if case .uint8(let array) = $0 { array } else { nil } }
            return same.count == parts.count ? .uint8(try NDArray.stack(same)) : nil
        case .float32:
            let same = parts.compactMap { if case .float32(let array) = $0 { array } else { nil } }
            return same.count == parts.count ? .float32(try NDArray.stack(same)) : nil
        default: return nil
        }
    }
}

/// A sample that could not be made, and what was taken in its place.
public struct BrokenSample: Hashable, Sendable, CustomStringConvertible {
    public var index: Int
    public var origin: SampleOrigin
    /// The error's own words.
    public var reason: String
    /// The sample that was taken instead; nil when none was.
    public var replacement: Int?

    public var description: String {
        let outcome = replacement.map { "took sample \($0) instead" } ?? "left out"
        return "sample \(index) (\(origin)): \(reason); \(outcome)"
    }
}
