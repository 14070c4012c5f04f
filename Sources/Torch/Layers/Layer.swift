/// A part of a network that maps one tensor to one tensor.
///
/// A layer is immutable after it was built; what changes are its parameters. So one model may run on many threads.
public protocol Layer: AnyObject, Sendable {
    func callAsFunction(_ x: Tensor) throws -> Tensor
}

/// Layers in a row.
public final class Sequential: Layer {
    public let layers: [any Layer]

    public init(_ layers: [any Layer]) { self.layers = layers }

    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try layers.reduce(x) { try $1($0) }
    }
}

/// Returns its input.
public final class Identity: Layer {
    public init() {}

    public func callAsFunction(_ x: Tensor) throws -> Tensor { x }
}

/// Anything that can be written as a function, as a layer.
public final class FunctionLayer: Layer {
    private let function: @Sendable (Tensor) throws -> Tensor

    public init(_ function: @escaping @Sendable (Tensor) throws -> Tensor) { self.function = function }

    public func callAsFunction(_ x: Tensor) throws -> Tensor { try function(x) }
}

/// A size along the spatial dimensions: one number for all of them, or a list with one for each.
public protocol SpatialSize {
    /// One number per dimension.
    func sizes(_ dimensions: Int) -> [Int]
}

extension Int: SpatialSize {
    public func sizes(_ dimensions: Int) -> [Int] { [Int](repeating: self, count: dimensions) }
}

extension [Int]: SpatialSize {
    public func sizes(_ dimensions: Int) -> [Int] {
        count == 1 ? [Int](repeating: self[0], count: dimensions) : self
    }
}
