extension Operator {
    fileprivate static let matmul = Operator("aten::matmul")
    fileprivate static let bmm = Operator("aten::bmm")
    fileprivate static let baddbmm = Operator("aten::baddbmm")
    fileprivate static let addmm = Operator("aten::addmm")
    fileprivate static let linear = Operator("aten::linear")
    fileprivate static let einsum = Operator("aten::einsum")
    fileprivate static let attention = Operator("aten::scaled_dot_product_attention")
    fileprivate static let embedding = Operator("aten::embedding")
    fileprivate static let cdist = Operator("aten::cdist")
    fileprivate static let cross = Operator("aten::linalg_cross")
    fileprivate static let det = Operator("aten::linalg_det")
    fileprivate static let inverse = Operator("aten::linalg_inv")
    fileprivate static let solve = Operator("aten::linalg_solve")
    fileprivate static let svd = Operator("aten::linalg_svd")
    fileprivate static let eigh = Operator("aten::linalg_eigh")
}

extension Tensor {
    /// The matrix product of the last two dimensions, the others broadcast; vectors as in PyTorch.
    public func matmul(_ other: Tensor) throws -> Tensor { try Operator.matmul(.tensor(self), .tensor(other)) }

    /// `(B, N, K)` by `(B, K, M)` → `(B, N, M)`.
    public func bmm(_ other: Tensor) throws -> Tensor { try Operator.bmm(.tensor(self), .tensor(other)) }

    /// `beta · self + alpha · a @ b` over batches.
    public func baddbmm(_ a: Tensor, _ b: Tensor, beta: Double = 1, alpha: Double = 1) throws -> Tensor {
        try Operator.baddbmm(.tensor(self), .tensor(a), .tensor(b), .double(beta), .double(alpha))
    }

    /// `beta · self + alpha · a @ b` for matrices.
    public func addmm(_ a: Tensor, _ b: Tensor, beta: Double = 1, alpha: Double = 1) throws -> Tensor {
        try Operator.addmm(.tensor(self), .tensor(a), .tensor(b), .double(beta), .double(alpha))
    }

    /// `(…, in)` with weight `(out, in)` → `(…, out)`.
    public func linear(_ weight: Tensor, bias: Tensor? = nil) throws -> Tensor {
        try Operator.linear(.tensor(self), .tensor(weight), IValue(bias))
    }

    /// Einstein's summation, `Tensor.einsum("bij,bjk->bik", [a, b])`.
    public static func einsum(_ equation: String, _ tensors: [Tensor]) throws -> Tensor {
        try Operator.einsum(.string(equation), .tensors(tensors))
    }

    /// `softmax(q kᵀ · scale + mask) v`.
    ///
    /// - Parameters:
    ///   - query: `(…, L, E)`; `key` `(…, S, E)` and `value` `(…, S, V)`, result `(…, L, V)`.
    ///   - mask: Broadcasts to `(…, L, S)`; bools mark what takes part, numbers are added.
    ///   - scale: `1 / sqrt(E)` when nil.
    public static func scaledDotProductAttention(
        query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, dropout: Double = 0, isCausal: Bool = false,
        scale: Double? = nil
    ) throws -> Tensor {
        try Operator.attention(
            .tensor(query), .tensor(key), .tensor(value), IValue(mask), .double(dropout), .bool(isCausal),
            IValue(scale))
    }

    /// The rows of the table `self` at `indices`: `(…)` → `(…, columns)`.
    public func embedding(_ indices: Tensor, paddingIndex: Int = -1) throws -> Tensor {
        try Operator.embedding(.tensor(self), .tensor(indices), .int(paddingIndex))
    }

    /// Distances of order `p` between rows: `(…, N, D)` and `(…, M, D)` → `(…, N, M)`.
    public func cdist(_ other: Tensor, p: Double = 2) throws -> Tensor {
        try Operator.cdist(.tensor(self), .tensor(other), .double(p))
    }

    /// The cross product of 3-vectors along `dim`.
    public func cross(_ other: Tensor, dim: Int = -1) throws -> Tensor {
        try Operator.cross(.tensor(self), .tensor(other), .int(dim))
    }

    /// Determinants of square matrices.
    public func det() throws -> Tensor { try Operator.det(.tensor(self)) }

    /// Inverses of square matrices; throws when one has none.
    public func inverse() throws -> Tensor { try Operator.inverse(.tensor(self)) }

    /// `x` with `self @ x = b`; throws when there is none.
    public func solve(_ b: Tensor) throws -> Tensor { try Operator.solve(.tensor(self), .tensor(b)) }

    /// `self = u · diag(s) · vh`.
    public func svd(fullMatrices: Bool = true) throws -> (u: Tensor, s: Tensor, vh: Tensor) {
        let parts = try Operator.svd.tensors(.tensor(self), .bool(fullMatrices))
        return (parts[0], parts[1], parts[2])
    }

    /// Ascending eigenvalues and, in columns, eigenvectors of symmetric matrices.
    public func eigh() throws -> (values: Tensor, vectors: Tensor) {
        let result = try Operator.eigh.pair(.tensor(self))
        return (result.values, result.indices)
    }
}
