/// Whether numbers are kept as NumPy's float32 or float64.
///
/// MMPose computes on whichever type an array happens to have: annotations are float32, converted key points float64.
/// Target maps hang on that in the last bits (and at ties in whole pixels), so it is part of the data here.
public enum RealPrecision: String, Hashable, Sendable {
    case single, double

    /// The value as this precision can hold it. One operation on doubles, rounded, equals the same operation on floats.
    @inlinable public func round(_ value: Double) -> Double {
        self == .single ? Double(Float(value)) : value
    }

    /// What NumPy gives for two arrays: double if either is.
    public func promoted(with other: RealPrecision) -> RealPrecision {
        self == .double || other == .double ? .double : .single
    }
}

/// Real numbers of any shape together with the precision they are meant to have.
public struct RealArray: Hashable, Sendable {
    public var values: NDArray<Double>
    public let precision: RealPrecision

    /// Values are rounded to the precision.
    ///
    /// - Throws: `NDArrayError` when values and shape disagree.
    public init(_ values: [Double], shape: [Int], precision: RealPrecision = .single) throws {
        self.init(try NDArray(values, shape: shape), precision: precision)
    }

    /// Values are rounded to the precision.
    public init(_ values: NDArray<Double>, precision: RealPrecision = .single) {
        self.values = precision == .single ? values.map(precision.round) : values
        self.precision = precision
    }

    /// One value everywhere.
    ///
    /// - Throws: `NDArrayError` for an impossible shape.
    public init(repeating value: Double, shape: [Int], precision: RealPrecision = .single) throws {
        self.init(try NDArray(repeating: value, shape: shape), precision: precision)
    }

    public var shape: [Int] { values.shape }
    public var rank: Int { values.rank }
    public var count: Int { values.count }
    /// All values, the last index running fastest.
    public var elements: [Double] { values.elements }

    /// The same values as the nearest ones of another precision.
    public func converted(to precision: RealPrecision) -> RealArray { RealArray(values, precision: precision) }

    /// As an array of floats or doubles.
    public var array: AnyNDArray { precision == .single ? .float32(values.map { Float($0) }) : .float64(values) }

    /// Every value changed, and rounded to the precision.
    public func map(_ transform: (Double) throws -> Double) rethrows -> RealArray {
        RealArray(try values.map(transform), precision: precision)
    }
}
