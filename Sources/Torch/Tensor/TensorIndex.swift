/// What can stand between the brackets of `tensor[...]`: integers, ranges, tensors of integers or bools, and
/// `.all`, `.ellipsis`, `.newAxis`, `.slice(…)`.
public protocol TensorIndexing {
    /// The index in the one form that indexing works with.
    var tensorIndex: TensorIndex { get }
}

/// One index along a dimension of a tensor.
public struct TensorIndex: TensorIndexing {
    enum Operation {
        case select(Int)
        case slice(start: Int?, end: Int?, step: Int)
        case ellipsis
        case newAxis
        case tensor(Tensor)
    }

    let operation: Operation

    /// The index itself.
    public var tensorIndex: TensorIndex { self }

    static func range(_ start: Int?, _ end: Int?) -> TensorIndex {
        TensorIndex(operation: .slice(start: start, end: end, step: 1))
    }
}

extension TensorIndexing where Self == TensorIndex {
    /// The whole dimension, Python's `:`.
    public static var all: TensorIndex { .range(nil, nil) }

    /// All dimensions that the other indices do not name, Python's `...`.
    public static var ellipsis: TensorIndex { TensorIndex(operation: .ellipsis) }

    /// A new dimension of size 1, Python's `None`.
    public static var newAxis: TensorIndex { TensorIndex(operation: .newAxis) }

    /// Python's `start:end:step`; negative numbers count from the end.
    public static func slice(from start: Int? = nil, to end: Int? = nil, step: Int = 1) -> TensorIndex {
        TensorIndex(operation: .slice(start: start, end: end, step: step))
    }
}

extension Int: TensorIndexing {
    /// One element; the dimension vanishes. Negative numbers count from the end.
    public var tensorIndex: TensorIndex { TensorIndex(operation: .select(self)) }
}

extension Range: TensorIndexing where Bound == Int {
    /// The elements from the lower up to but without the upper bound.
    public var tensorIndex: TensorIndex { .range(lowerBound, upperBound) }
}

extension ClosedRange: TensorIndexing where Bound == Int {
    /// The elements from the lower up to the upper bound.
    public var tensorIndex: TensorIndex { .range(lowerBound, afterLast(upperBound)) }
}

extension PartialRangeFrom: TensorIndexing where Bound == Int {
    /// The elements from the bound on; a negative one counts from the end.
    public var tensorIndex: TensorIndex { .range(lowerBound, nil) }
}

extension PartialRangeUpTo: TensorIndexing where Bound == Int {
    /// The elements before the bound; a negative one counts from the end.
    public var tensorIndex: TensorIndex { .range(nil, upperBound) }
}

extension PartialRangeThrough: TensorIndexing where Bound == Int {
    /// The elements up to the bound; a negative one counts from the end.
    public var tensorIndex: TensorIndex { .range(nil, afterLast(upperBound)) }
}

extension Tensor: TensorIndexing {
    /// The elements at these positions, or those where a bool is true.
    public var tensorIndex: TensorIndex { TensorIndex(operation: .tensor(self)) }
}

/// The end of a range that includes `last`; nil, the end of the dimension, after the last element.
private func afterLast(_ last: Int) -> Int? { last == -1 || last == .max ? nil : last + 1 }
