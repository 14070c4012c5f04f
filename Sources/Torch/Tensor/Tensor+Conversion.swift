extension Operator {
    fileprivate static let toDtype = Operator("aten::to.dtype")
    fileprivate static let toDevice = Operator("aten::to.device")
    fileprivate static let toLayout = Operator("aten::to.dtype_layout")
    fileprivate static let contiguous = Operator("aten::contiguous")
    fileprivate static let clone = Operator("aten::clone")
    fileprivate static let detach = Operator("aten::detach")
    fileprivate static let copy = Operator("aten::copy_")
}

extension Tensor {
    /// Converts the elements; `self` when they have that type already.
    public func to(dtype: ScalarType) throws -> Tensor {
        if dtype == self.dtype { return self }
        return try Operator.toDtype(.tensor(self), IValue(dtype))
    }

    /// Converts the elements; `self` when they have that type already.
    public func to(_ dtype: ScalarType) throws -> Tensor { try to(dtype: dtype) }

    /// Moves to a device; `self` when it is there already.
    public func to(device: Device) throws -> Tensor {
        if device == self.device { return self }
        return try Operator.toLayout(.tensor(self), .none, .none, .device(device))
    }

    /// Moves to a device; `self` when it is there already.
    public func to(_ device: Device) throws -> Tensor { try to(device: device) }

    /// Moves and converts at once.
    public func to(device: Device, dtype: ScalarType) throws -> Tensor {
        if device == self.device && dtype == self.dtype { return self }
        return try Operator.toDevice(.tensor(self), .device(device), IValue(dtype))
    }

    /// The same elements without gaps in the order of `format`; `self` when they already lie so.
    public func contiguous(_ format: MemoryFormat = .contiguous) throws -> Tensor {
        try Operator.contiguous(.tensor(self), IValue(format))
    }

    /// A copy with memory of its own, in the given order.
    public func clone(_ format: MemoryFormat = .preserve) throws -> Tensor {
        try Operator.clone(.tensor(self), IValue(format))
    }

    /// The same memory, cut from the autograd graph.
    public func detach() throws -> Tensor { try Operator.detach(.tensor(self)) }

    /// Overwrites the elements with those of `source`, broadcast and converted. Returns `self`.
    @discardableResult
    public func copy_(from source: Tensor) throws -> Tensor { try Operator.copy(.tensor(self), .tensor(source)) }
}
