/// A part of a network that maps one tensor to one tensor.
///
/// A layer is immutable after it was built; what changes are its parameters. So one model may run on many threads.
public protocol Layer: AnyObject, Sendable {
    /// Applies the layer. Each documents the shapes it takes.
    ///
    /// - Throws: `TorchError` when `x` does not fit.
    func callAsFunction(_ x: Tensor) throws -> Tensor
}

/// Layers in a row.
public final class Sequential: Layer {
    /// The layers in the order they run.
    public let layers: [any Layer]

    /// Layers in the order they run.
    public init(_ layers: [any Layer]) { self.layers = layers }

    /// Runs the layers one after the other.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try layers.reduce(x) { try $1($0) }
    }
}

/// Returns its input.
public final class Identity: Layer {
    /// There is nothing to choose.
    public init() {}

    /// Returns `x` itself.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { x }
}

/// Anything that can be written as a function, as a layer.
public final class FunctionLayer: Layer {
    private let function: @Sendable (Tensor) throws -> Tensor

    /// A layer that calls `function`, which may run on many threads.
    public init(_ function: @escaping @Sendable (Tensor) throws -> Tensor) { self.function = function }

    /// The function's result.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try function(x) }
}

/// A size along the spatial dimensions: one number for all of them, or a list with one for each.
public protocol SpatialSize {
    /// One number per dimension.
    func sizes(_ dimensions: Int) -> [Int]
}

extension Int: SpatialSize {
    /// The number for each dimension.
    public func sizes(_ dimensions: Int) -> [Int] { [Int](repeating: self, count: Swift.max(dimensions, 0)) }
}

extension [Int]: SpatialSize {
    /// The list itself, or its only number for each dimension.
    public func sizes(_ dimensions: Int) -> [Int] {
        count == 1 ? self[0].sizes(dimensions) : self
    }
}
