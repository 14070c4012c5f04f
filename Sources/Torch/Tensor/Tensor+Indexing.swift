extension Operator {
    fileprivate static let select = Operator("aten::select.int")
    fileprivate static let slice = Operator("aten::slice.Tensor")
    fileprivate static let index = Operator("aten::index.Tensor")
    fileprivate static let indexPut = Operator("aten::index_put_")
    fileprivate static let narrow = Operator("aten::narrow")
    fileprivate static let indexSelect = Operator("aten::index_select")
    fileprivate static let gather = Operator("aten::gather")
    fileprivate static let takeAlongDim = Operator("aten::take_along_dim")
    fileprivate static let scatter = Operator("aten::scatter.src")
    fileprivate static let scatterValue = Operator("aten::scatter.value")
    fileprivate static let scatterAdd = Operator("aten::scatter_add")
    fileprivate static let indexAdd = Operator("aten::index_add")
    fileprivate static let maskedFill = Operator("aten::masked_fill.Scalar")
    fileprivate static let maskedFillInPlace = Operator("aten::masked_fill_.Scalar")
    fileprivate static let maskedSelect = Operator("aten::masked_select")
    fileprivate static let nonzero = Operator("aten::nonzero")
}

extension Tensor {
    /// A part of the tensor, as Python's `tensor[...]`: a view, or a copy where a tensor is among the indices.
    ///
    /// - Throws: `TorchError` when an index does not fit the tensor.
    public subscript(indices: any TensorIndexing...) -> Tensor {
        get throws {
            let (view, advanced) = try sliced(by: indices)
            return advanced.isEmpty ? view : try Operator.index(.tensor(view), .optionalTensors(advanced))
        }
    }

    /// Overwrites a part of the tensor, as Python's `tensor[...] = value`; `value` is broadcast and converted.
    ///
    /// - Throws: `TorchError` when an index or the value does not fit.
    public func assign_(_ value: Tensor, at indices: any TensorIndexing...) throws {
        let (view, advanced) = try sliced(by: indices)
        if advanced.isEmpty {
            try view.copy_(from: value)
        } else {
            _ = try Operator.indexPut(
                .tensor(view), .optionalTensors(advanced), .tensor(value.to(dtype: dtype).to(device: device)))
        }
    }

    /// Overwrites a part of the tensor with one number.
    ///
    /// - Throws: `TorchError` when an index does not fit.
    public func assign_(_ value: some TensorScalar, at indices: any TensorIndexing...) throws {
        let (view, advanced) = try sliced(by: indices)
        if advanced.isEmpty {
            try view.fill_(value)
        } else {
            let number = try Tensor.zeros([], dtype: dtype, device: device).fill_(value)
            _ = try Operator.indexPut(.tensor(view), .optionalTensors(advanced), .tensor(number))
        }
    }

    /// Applies all indices but tensors, which are returned by the dimension of the view that they belong to.
    private func sliced(by indices: [any TensorIndexing]) throws -> (view: Tensor, advanced: [Tensor?]) {
        let operations = indices.map(\.tensorIndex.operation)
        let rank = rank
        var named = 0
        var ellipses = 0
        for operation in operations {
            switch operation {
            case .select, .slice: named += 1
            case .tensor(let tensor): named += tensor.dtype == .bool ? tensor.rank : 1
            case .ellipsis: ellipses += 1
            case .newAxis: break
            }
        }
        guard named <= rank, ellipses <= 1 else {
            throw TorchError(operator: "subscript", message: "too many indices for a tensor of shape \(shape)")
        }

        var view = self
        var dim = 0
        var advanced: [Tensor?] = []
        for operation in operations {
            switch operation {
            case .select(let index): view = try view.select(dim: dim, index: index)
            case .slice(let start, let end, let step):
                if start != nil || end != nil || step != 1 {
                    view = try Operator.slice(.tensor(view), .int(dim), IValue(start), IValue(end), .int(step))
                }
                dim += 1
            case .ellipsis: dim += rank - named
            case .newAxis:
                view = try view.unsqueeze(dim)
                dim += 1
            case .tensor(let tensor):
                advanced += [Tensor?](repeating: nil, count: dim - advanced.count) + [tensor]
                dim += tensor.dtype == .bool ? tensor.rank : 1
                // A mask takes several dimensions but one place in the list of indices.
                if tensor.dtype == .bool, tensor.rank > 1 {
                    advanced.removeLast()
                    advanced += try tensor.nonzero().unbind(dim: 1).map(Optional.some)
                }
            }
        }
        return (view, advanced)
    }
}

extension Tensor {
    /// Element `index` along `dim`, without that dimension.
    public func select(dim: Int, index: Int) throws -> Tensor {
        try Operator.select(.tensor(self), .int(dim), .int(index))
    }

    /// `length` elements along `dim` from `start` on.
    public func narrow(dim: Int, start: Int, length: Int) throws -> Tensor {
        try Operator.narrow(.tensor(self), .int(dim), .int(start), .int(length))
    }

    /// The elements along `dim` at the positions in the vector `index`.
    public func indexSelect(dim: Int, index: Tensor) throws -> Tensor {
        try Operator.indexSelect(.tensor(self), .int(dim), .tensor(index))
    }

    /// For every position of `index` the element of `self` there, at `index` along `dim`.
    public func gather(dim: Int, index: Tensor) throws -> Tensor {
        try Operator.gather(.tensor(self), .int(dim), .tensor(index))
    }

    /// `gather` with broadcasting.
    public func takeAlong(dim: Int, index: Tensor) throws -> Tensor {
        try Operator.takeAlongDim(.tensor(self), .tensor(index), .int(dim))
    }

    /// A copy with `source` written at `index` along `dim`.
    public func scatter(dim: Int, index: Tensor, source: Tensor) throws -> Tensor {
        try Operator.scatter(.tensor(self), .int(dim), .tensor(index), .tensor(source))
    }

    /// A copy with a number written at `index` along `dim`.
    public func scatter(dim: Int, index: Tensor, value: Double) throws -> Tensor {
        try Operator.scatterValue(.tensor(self), .int(dim), .tensor(index), .double(value))
    }

    /// A copy with `source` added at `index` along `dim`.
    public func scatterAdd(dim: Int, index: Tensor, source: Tensor) throws -> Tensor {
        try Operator.scatterAdd(.tensor(self), .int(dim), .tensor(index), .tensor(source))
    }

    /// A copy with the slices of `source` added to those that the vector `index` names.
    public func indexAdd(dim: Int, index: Tensor, source: Tensor) throws -> Tensor {
        try Operator.indexAdd(.tensor(self), .int(dim), .tensor(index), .tensor(source))
    }

    /// A copy with `value` where the mask is true.
    public func maskedFill(_ mask: Tensor, _ value: Double) throws -> Tensor {
        try Operator.maskedFill(.tensor(self), .tensor(mask), .double(value))
    }

    /// Writes `value` where the mask is true; returns `self`.
    @discardableResult
    public func maskedFill_(_ mask: Tensor, _ value: Double) throws -> Tensor {
        try Operator.maskedFillInPlace(.tensor(self), .tensor(mask), .double(value))
    }

    /// The elements where the mask is true, as a vector.
    public func maskedSelect(_ mask: Tensor) throws -> Tensor {
        try Operator.maskedSelect(.tensor(self), .tensor(mask))
    }

    /// The positions of elements that are not zero, `(count, rank)`.
    public func nonzero() throws -> Tensor { try Operator.nonzero(.tensor(self)) }
}
