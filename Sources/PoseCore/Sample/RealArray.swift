/// Whether numbers are kept as NumPy's float32, float64 or int64.
///
/// MMPose computes on whichever type an array happens to have: annotations are float32, converted key points float64,
/// the visibilities of whole bodies int64.
/// Target maps hang on that in the last bits (and at ties in whole pixels), so it is part of the data here.
public enum RealPrecision: String, Hashable, Sendable {
    case single, double, integer

    /// The value as this precision can hold it. One operation on doubles, rounded, equals the same operation on floats.
    @inlinable public func round(_ value: Double) -> Double {
        switch self {
        case .single: Double(Float(value))
        case .double: value
        case .integer: value.rounded(.towardZero)
        }
    }

    /// What NumPy gives for two arrays: double if either is, or if integers meet floats.
    public func promoted(with other: RealPrecision) -> RealPrecision { self == other ? self : .double }
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
        self.values = precision == .double ? values : values.map(precision.round)
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

    /// As an array of floats, doubles or integers, of which those out of range become NumPy's least one.
    public var array: AnyNDArray {
        switch precision {
        case .single: .float32(values.map { Float($0) })
        case .double: .float64(values)
        case .integer: .int64(values.map { Int64(exactly: $0.rounded(.towardZero)) ?? .min })
        }
    }

    /// Every value changed, and rounded to the precision.
    public func map(_ transform: (Double) throws -> Double) rethrows -> RealArray {
        RealArray(try values.map(transform), precision: precision)
    }
}
