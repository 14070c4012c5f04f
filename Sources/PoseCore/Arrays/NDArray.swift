/// A dense array of any number of dimensions: row-major, contiguous, with value semantics.
public struct NDArray<Element: Sendable>: Sendable {
    /// Extent of every dimension; empty for a single value.
    public let shape: [Int]
    /// All values, the last index running fastest.
    public var elements: [Element]

    /// An array from its values.
    ///
    /// - Throws: `NDArrayError.count` when the values are not as many as the shape says, `.shape` for a negative extent.
    public init(_ elements: [Element], shape: [Int]) throws {
        let count = try Self.count(of: shape)
        guard elements.count == count else { throw NDArrayError.count(elements.count, shape: shape) }
        self.shape = shape
        self.elements = elements
    }

    /// An array of one value everywhere.
    ///
    /// - Throws: `NDArrayError.shape` for an extent that is negative or a size that does not fit.
    public init(repeating value: Element, shape: [Int]) throws {
        self.elements = Array(repeating: value, count: try Self.count(of: shape))
        self.shape = shape
    }

    /// A single row of values.
    public init(_ elements: [Element]) {
        self.shape = [elements.count]
        self.elements = elements
    }

    /// For callers that have just made sure that count and shape agree.
    init(unchecked elements: [Element], shape: [Int]) {
        self.shape = shape
        self.elements = elements
    }

    static func count(of shape: [Int]) throws -> Int {
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else { throw NDArrayError.shape(shape) }
            count = product
        }
        return count
    }

    /// Number of values.
    public var count: Int { elements.count }
    /// Number of dimensions.
    public var rank: Int { shape.count }

    /// How far apart neighbours along every dimension are, in values.
    public var strides: [Int] {
        var strides = Array(repeating: 1, count: shape.count)
        for index in shape.indices.dropLast().reversed() { strides[index] = strides[index + 1] * shape[index + 1] }
        return strides
    }

    /// Position of an index in `elements`. As with `Array`, an index out of range is a programming error.
    public func offset(_ index: [Int]) -> Int {
        precondition(index.count == shape.count, "an index of \(index.count) into \(shape.count) dimensions")
        var offset = 0
        for (position, extent) in zip(index, shape) {
            precondition(position >= 0 && position < extent, "index \(index) out of range of shape \(shape)")
            offset = offset * extent + position
        }
        return offset
    }

    /// The value at an index of as many numbers as there are dimensions.
    public subscript(_ index: Int...) -> Element {
        get { elements[offset(index)] }
        set { elements[offset(index)] = newValue }
    }

    /// The same values under another shape; one extent may be −1 and follows from the others.
    ///
    /// - Throws: `NDArrayError.count` when the values do not fill the shape.
    public func reshaped(_ shape: [Int]) throws -> NDArray {
        var shape = shape
        if let free = shape.firstIndex(of: -1) {
            shape[free] = 1
            let known = try Self.count(of: shape)
            guard known > 0, count % known == 0 else { throw NDArrayError.count(count, shape: shape) }
            shape[free] = count / known
        }
        return try NDArray(elements, shape: shape)
    }

    /// The part of the array at `index` of its first dimension. An index out of range is a programming error.
    public func slice(_ index: Int) -> NDArray {
        precondition(!shape.isEmpty && index >= 0 && index < shape[0], "slice \(index) of shape \(shape)")
        let size = count / shape[0]
        return NDArray(unchecked: Array(elements[index * size..<(index + 1) * size]), shape: Array(shape.dropFirst()))
    }

    /// With dimensions in another order: `order[i]` is the old dimension that becomes dimension `i`.
    ///
    /// - Throws: `NDArrayError.order` when `order` does not name every dimension once.
    public func transposed(_ order: [Int]) throws -> NDArray {
        guard order.sorted() == Array(shape.indices) else { throw NDArrayError.order(order, rank: rank) }
        let strides = strides
        let target = order.map { shape[$0] }
        let steps = order.map { strides[$0] }
        var index = Array(repeating: 0, count: rank)
        var source = 0
        var result: [Element] = []
        result.reserveCapacity(count)
        for _ in 0..<count {
            result.append(elements[source])
            // Count up as an odometer does, keeping the source position in step.
            for dimension in index.indices.reversed() {
                index[dimension] += 1
                source += steps[dimension]
                if index[dimension] < target[dimension] { break }
                source -= steps[dimension] * target[dimension]
                index[dimension] = 0
            }
        }
        return NDArray(unchecked: result, shape: target)
    }

    /// Every value changed.
    public func map<T: Sendable>(_ transform: (Element) throws -> T) rethrows -> NDArray<T> {
        NDArray<T>(unchecked: try elements.map(transform), shape: shape)
    }

    /// Equal arrays as parts of a new first dimension.
    ///
    /// - Throws: `NDArrayError.stack` when shapes differ or there is no array.
    public static func stack(_ arrays: [NDArray]) throws -> NDArray {
        guard let first = arrays.first, arrays.allSatisfy({ $0.shape == first.shape }) else {
            throw NDArrayError.stack(arrays.map(\.shape))
        }
        return NDArray(unchecked: arrays.flatMap(\.elements), shape: [arrays.count] + first.shape)
    }

    public func withUnsafeBufferPointer<R>(_ body: (UnsafeBufferPointer<Element>) throws -> R) rethrows -> R {
        try elements.withUnsafeBufferPointer(body)
    }

    public mutating func withUnsafeMutableBufferPointer<R>(
        _ body: (inout UnsafeMutableBufferPointer<Element>) throws -> R
    ) rethrows -> R {
        try elements.withUnsafeMutableBufferPointer(body)
    }
}

extension NDArray: Equatable where Element: Equatable {}
extension NDArray: Hashable where Element: Hashable {}

/// A shape that does not fit.
public enum NDArrayError: Error, Hashable, Sendable, CustomStringConvertible {
    case shape([Int])
    case count(Int, shape: [Int])
    case order([Int], rank: Int)
    case stack([[Int]])
    case rank(Int, needed: Int)

    public var description: String {
        switch self {
        case .shape(let shape): "\(shape) is not the shape of an array that fits in memory"
        case .count(let count, let shape): "\(count) values do not fill an array of shape \(shape)"
        case .order(let order, let rank): "\(order) does not name each of \(rank) dimensions once"
        case .stack(let shapes): "arrays of shapes \(shapes) cannot be stacked"
        case .rank(let rank, let needed): "an array of \(rank) dimensions where at least \(needed) are needed"
        }
    }
}
