extension Operator {
    fileprivate static let topk = Operator("aten::topk")
    fileprivate static let sort = Operator("aten::sort")
    fileprivate static let argsort = Operator("aten::argsort")
    fileprivate static let unique = Operator("aten::_unique2")
    fileprivate static let searchsorted = Operator("aten::searchsorted.Tensor")
    fileprivate static let oneHot = Operator("aten::one_hot")
    fileprivate static let bincount = Operator("aten::bincount")
}

extension Tensor {
    /// The `count` largest (or smallest) elements along `dim` and where they are.
    public func topk(
        _ count: Int, dim: Int = -1, largest: Bool = true, sorted: Bool = true
    ) throws -> (values: Tensor, indices: Tensor) {
        try Operator.topk.pair(.tensor(self), .int(count), .int(dim), .bool(largest), .bool(sorted))
    }

    /// The elements in order along `dim` and where they were.
    public func sort(dim: Int = -1, descending: Bool = false) throws -> (values: Tensor, indices: Tensor) {
        try Operator.sort.pair(.tensor(self), .int(dim), .bool(descending))
    }

    /// The positions of the elements in order along `dim`.
    public func argsort(dim: Int = -1, descending: Bool = false) throws -> Tensor {
        try Operator.argsort(.tensor(self), .int(dim), .bool(descending))
    }

    /// The different elements in ascending order, for every element of `self` where it is among them, and how often
    /// each occurs.
    public func unique() throws -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        let parts = try Operator.unique.tensors(.tensor(self), .bool(true), .bool(true), .bool(true))
        return (parts[0], parts[1], parts[2])
    }

    /// Where `values` would be inserted in the sorted rows of `self`.
    public func searchSorted(_ values: Tensor, right: Bool = false) throws -> Tensor {
        try Operator.searchsorted(.tensor(self), .tensor(values), .bool(false), .bool(right))
    }

    /// Classes `(…)` as rows of zeros with a one: `(…, classes)`.
    public func oneHot(classes: Int) throws -> Tensor { try Operator.oneHot(.tensor(self), .int(classes)) }

    /// How often each number occurs in a vector of numbers that are not negative.
    public func bincount(minimumLength: Int = 0) throws -> Tensor {
        try Operator.bincount(.tensor(self), .none, .int(minimumLength))
    }
}
