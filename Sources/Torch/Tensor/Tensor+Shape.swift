extension Operator {
    fileprivate static let reshape = Operator("aten::reshape")
    fileprivate static let view = Operator("aten::view")
    fileprivate static let permute = Operator("aten::permute")
    fileprivate static let transpose = Operator("aten::transpose.int")
    fileprivate static let flatten = Operator("aten::flatten.using_ints")
    fileprivate static let unflatten = Operator("aten::unflatten.int")
    fileprivate static let unsqueeze = Operator("aten::unsqueeze")
    fileprivate static let squeeze = Operator("aten::squeeze")
    fileprivate static let squeezeDim = Operator("aten::squeeze.dim")
    fileprivate static let expand = Operator("aten::expand")
    fileprivate static let broadcastTo = Operator("aten::broadcast_to")
    fileprivate static let `repeat` = Operator("aten::repeat")
    fileprivate static let repeatInterleave = Operator("aten::repeat_interleave.self_int")
    fileprivate static let movedim = Operator("aten::movedim.intlist")
    fileprivate static let cat = Operator("aten::cat")
    fileprivate static let stack = Operator("aten::stack")
    fileprivate static let chunk = Operator("aten::chunk")
    fileprivate static let split = Operator("aten::split.Tensor")
    fileprivate static let splitSizes = Operator("aten::split_with_sizes")
    fileprivate static let unbind = Operator("aten::unbind.int")
    fileprivate static let flip = Operator("aten::flip")
    fileprivate static let roll = Operator("aten::roll")
    fileprivate static let asStrided = Operator("aten::as_strided")
    fileprivate static let pixelShuffle = Operator("aten::pixel_shuffle")
    fileprivate static let pixelUnshuffle = Operator("aten::pixel_unshuffle")
    fileprivate static let channelShuffle = Operator("aten::channel_shuffle")
    fileprivate static let meshgrid = Operator("aten::meshgrid.indexing")
    fileprivate static let tril = Operator("aten::tril")
    fileprivate static let triu = Operator("aten::triu")
    fileprivate static let diagonal = Operator("aten::diagonal")
}

// Dimensions may be negative: -1 is the last one.
extension Tensor {
    /// The same elements in another shape; one size may be -1. A view where memory allows it.
    public func reshape(_ shape: [Int]) throws -> Tensor { try Operator.reshape(.tensor(self), .ints(shape)) }

    /// A view in another shape; throws where a copy would be needed.
    public func view(_ shape: [Int]) throws -> Tensor { try Operator.view(.tensor(self), .ints(shape)) }

    /// Reorders the dimensions: dimension `i` of the result is dimension `order[i]` of `self`.
    public func permute(_ order: [Int]) throws -> Tensor { try Operator.permute(.tensor(self), .ints(order)) }

    /// A view with two dimensions exchanged.
    public func transpose(_ first: Int, _ second: Int) throws -> Tensor {
        try Operator.transpose(.tensor(self), .int(first), .int(second))
    }

    /// Makes one dimension of the dimensions `first...last`.
    public func flatten(from first: Int = 0, to last: Int = -1) throws -> Tensor {
        try Operator.flatten(.tensor(self), .int(first), .int(last))
    }

    /// Makes dimensions of the given sizes, one of which may be -1, out of dimension `dim`.
    public func unflatten(_ dim: Int, _ sizes: [Int]) throws -> Tensor {
        try Operator.unflatten(.tensor(self), .int(dim), .ints(sizes))
    }

    /// Inserts a dimension of size 1 so that it becomes dimension `dim`.
    public func unsqueeze(_ dim: Int) throws -> Tensor { try Operator.unsqueeze(.tensor(self), .int(dim)) }

    /// Drops dimension `dim` if its size is 1.
    public func squeeze(_ dim: Int) throws -> Tensor { try Operator.squeezeDim(.tensor(self), .int(dim)) }

    /// Drops all dimensions of size 1.
    public func squeeze() throws -> Tensor { try Operator.squeeze(.tensor(self)) }

    /// Repeats dimensions of size 1 without copying; -1 keeps a size.
    public func expand(_ shape: [Int]) throws -> Tensor { try Operator.expand(.tensor(self), .ints(shape)) }

    /// Repeats as broadcasting does, without copying.
    public func broadcast(to shape: [Int]) throws -> Tensor { try Operator.broadcastTo(.tensor(self), .ints(shape)) }

    /// Copies the whole tensor so many times along each dimension.
    public func `repeat`(_ counts: [Int]) throws -> Tensor { try Operator.repeat(.tensor(self), .ints(counts)) }

    /// Repeats each element along `dim`.
    public func repeatInterleave(_ count: Int, dim: Int) throws -> Tensor {
        try Operator.repeatInterleave(.tensor(self), .int(count), .int(dim))
    }

    /// Moves dimensions, the others keep their order.
    public func movedim(_ sources: [Int], to destinations: [Int]) throws -> Tensor {
        try Operator.movedim(.tensor(self), .ints(sources), .ints(destinations))
    }

    /// A view with any strides, in elements, inside the memory of `self`.
    public func asStrided(_ shape: [Int], strides: [Int], offset: Int? = nil) throws -> Tensor {
        try Operator.asStrided(.tensor(self), .ints(shape), .ints(strides), IValue(offset))
    }

    /// Joins tensors along an existing dimension.
    public static func cat(_ tensors: [Tensor], dim: Int = 0) throws -> Tensor {
        try Operator.cat(.tensors(tensors), .int(dim))
    }

    /// Joins tensors of one shape along a new dimension.
    public static func stack(_ tensors: [Tensor], dim: Int = 0) throws -> Tensor {
        try Operator.stack(.tensors(tensors), .int(dim))
    }

    /// Splits into at most `count` views of equal size, the last may be smaller.
    public func chunk(_ count: Int, dim: Int = 0) throws -> [Tensor] {
        try Operator.chunk.tensors(.tensor(self), .int(count), .int(dim))
    }

    /// Splits into views of `size`, the last may be smaller.
    public func split(_ size: Int, dim: Int = 0) throws -> [Tensor] {
        try Operator.split.tensors(.tensor(self), .int(size), .int(dim))
    }

    /// Splits into views of the given sizes.
    public func split(_ sizes: [Int], dim: Int = 0) throws -> [Tensor] {
        try Operator.splitSizes.tensors(.tensor(self), .ints(sizes), .int(dim))
    }

    /// The slices along `dim`, without that dimension.
    public func unbind(dim: Int = 0) throws -> [Tensor] { try Operator.unbind.tensors(.tensor(self), .int(dim)) }

    /// Reverses the order along dimensions.
    public func flip(_ dims: [Int]) throws -> Tensor { try Operator.flip(.tensor(self), .ints(dims)) }

    /// Rotates the elements along dimensions; what leaves at the end comes in at the start.
    public func roll(_ shifts: [Int], dims: [Int]) throws -> Tensor {
        try Operator.roll(.tensor(self), .ints(shifts), .ints(dims))
    }

    /// `(…, C·r², H, W)` → `(…, C, H·r, W·r)`.
    public func pixelShuffle(_ factor: Int) throws -> Tensor { try Operator.pixelShuffle(.tensor(self), .int(factor)) }

    /// `(…, C, H·r, W·r)` → `(…, C·r², H, W)`.
    public func pixelUnshuffle(_ factor: Int) throws -> Tensor {
        try Operator.pixelUnshuffle(.tensor(self), .int(factor))
    }

    /// Interleaves the channels of `groups` groups (ShuffleNet): `(N, C, …)` keeps its shape.
    public func channelShuffle(groups: Int) throws -> Tensor {
        try Operator.channelShuffle(.tensor(self), .int(groups))
    }

    /// Coordinate grids of vectors, first vector along the first dimension ("ij").
    public static func meshgrid(_ tensors: [Tensor]) throws -> [Tensor] {
        try Operator.meshgrid.tensors(.tensors(tensors), .string("ij"))
    }

    /// Zero above the given diagonal of matrices.
    public func tril(diagonal: Int = 0) throws -> Tensor { try Operator.tril(.tensor(self), .int(diagonal)) }

    /// Zero below the given diagonal of matrices.
    public func triu(diagonal: Int = 0) throws -> Tensor { try Operator.triu(.tensor(self), .int(diagonal)) }

    /// The diagonal of the planes of two dimensions, as a new last dimension.
    public func diagonal(offset: Int = 0, dim1: Int = 0, dim2: Int = 1) throws -> Tensor {
        try Operator.diagonal(.tensor(self), .int(offset), .int(dim1), .int(dim2))
    }
}
