public import Torch

/// What a model tells about one training step: its losses, and measures beside them, by name and in order.
///
/// As in MMEngine the names decide: every part whose name contains "loss" counts towards the total, the others are for
/// the log.
public struct TrainingLosses: Sendable {
    /// Losses and measures in the order they were added.
    public private(set) var parts: [(name: String, value: Tensor)] = []

    /// Nothing yet.
    public init() {}

    /// Parts in their order.
    public init(_ parts: KeyValuePairs<String, Tensor>) {
        for (name, value) in parts { set(name, value) }
    }

    /// The part of a name.
    public subscript(name: String) -> Tensor? { parts.first { $0.name == name }?.value }

    /// Adds a part, or replaces the one of that name in its place.
    public mutating func set(_ name: String, _ value: Tensor) {
        if let index = parts.firstIndex(where: { $0.name == name }) {
            parts[index].value = value
        } else {
            parts.append((name, value))
        }
    }

    /// Adds a measure that was not computed by tensors, such as an accuracy.
    ///
    /// - Throws: `TorchError`.
    public mutating func set(_ name: String, _ value: Double) throws { set(name, try Tensor(value)) }

    /// Adds the parts of another collection; equal names replace.
    public mutating func merge(_ other: TrainingLosses) {
        for part in other.parts { set(part.name, part.value) }
    }

    /// What training minimises: the sum of the means of all parts whose name contains "loss".
    ///
    /// - Throws: `ModelError.invalidInput` when there is no such part, `TorchError`.
    public func total() throws -> Tensor {
        let means = try parts.filter { $0.name.contains("loss") }.map { try $0.value.mean() }
        guard let first = means.first else { throw ModelError.invalidInput("the model gives no loss") }
        return try means.dropFirst().reduce(first) { try $0 + $1 }
    }
}
