public import Torch

/// What one run of a model did: every operator call, in order, from its inputs to its outputs.
public struct Trace: Sendable {
    /// Number of a tensor of the trace; an in-place operator gives its operand a new one.
    public typealias ValueID = Int

    /// Where a tensor comes from.
    public enum Source: Sendable, Hashable {
        /// The input of the model.
        case input
        /// The parameter or buffer of this name.
        case parameter(String)
        /// Made outside the model's operators, from numbers of the program.
        case literal
        /// Computed by the call of this position.
        case call(Int)
    }

    /// A tensor of the trace.
    public struct Value: Sendable {
        public let source: Source
        public let dtype: ScalarType
        public let shape: [SymbolicInt]
        /// The numbers it had, kept where they do not depend on the model's input.
        public internal(set) var tensor: Tensor?
        /// Whether it follows from the model's input, or its shape from the input's batch size.
        public internal(set) var isVariable: Bool
    }

    /// An argument of a call, with tensors replaced by their numbers.
    public enum Argument: Sendable {
        case none
        case value(ValueID)
        case values([ValueID?])
        case int(SymbolicInt)
        case ints([SymbolicInt])
        case double(Double)
        case doubles([Double])
        case bool(Bool)
        case bools([Bool])
        case string(String)
    }

    /// A call of an operator.
    public struct Call: Sendable {
        /// As libtorch names it, with its overload: "aten::add.Tensor".
        public let name: String
        public let arguments: [Argument]
        public let results: [ValueID]
    }

    public internal(set) var values: [Value]
    public internal(set) var calls: [Call]
    /// The tensor that was given to the model.
    public internal(set) var input: ValueID
    /// What the model gave, with names.
    public internal(set) var outputs: [(name: String, value: ValueID)]
}

/// A whole number that may depend on the batch size: `constant + perItem · batch`.
public struct SymbolicInt: Sendable, Hashable, ExpressibleByIntegerLiteral {
    public var constant: Int
    public var perItem: Int

    public init(_ constant: Int, perItem: Int = 0) {
        self.constant = constant
        self.perItem = perItem
    }

    public init(integerLiteral value: Int) { self.init(value) }

    /// Its value, if the batch size has no influence.
    public var fixed: Int? { perItem == 0 ? constant : nil }

    /// The number that was `first` for a batch of `batches.0` and `second` for one of `batches.1`; nil if no line of
    /// whole numbers passes through both.
    init?(_ first: Int, _ second: Int, batches: (Int, Int)) {
        guard first != second else {
            self.init(first)
            return
        }
        let (slope, rest) = (second - first).quotientAndRemainder(dividingBy: batches.1 - batches.0)
        guard rest == 0 else { return nil }
        self.init(first - slope * batches.0, perItem: slope)
    }
}

/// A model whose run cannot be written down as a graph.
public struct TraceError: Error, Sendable, CustomStringConvertible {
    public let description: String
}
