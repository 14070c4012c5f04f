extension Operator {
    fileprivate static let conv1d = Operator("aten::conv1d")
    fileprivate static let conv2d = Operator("aten::conv2d")
    fileprivate static let conv3d = Operator("aten::conv3d")
    fileprivate static let convTranspose1d = Operator("aten::conv_transpose1d")
    fileprivate static let convTranspose2d = Operator("aten::conv_transpose2d.input")
    fileprivate static let convTranspose3d = Operator("aten::conv_transpose3d.input")
    fileprivate static let unfold = Operator("aten::im2col")
    fileprivate static let fold = Operator("aten::col2im")
}

// Lists of sizes have one number per spatial dimension, or a single one that stands for all.
extension Tensor {
    /// `(N, Cin, L)` with weight `(Cout, Cin / groups, K)` → `(N, Cout, L')`.
    public func conv1d(
        _ weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1], padding: [Int] = [0], dilation: [Int] = [1],
        groups: Int = 1
    ) throws -> Tensor {
        try Operator.conv1d(
            .tensor(self), .tensor(weight), IValue(bias), .ints(stride), .ints(padding), .ints(dilation), .int(groups))
    }

    /// `(N, Cin, H, W)` with weight `(Cout, Cin / groups, KH, KW)` → `(N, Cout, H', W')`.
    public func conv2d(
        _ weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1, 1], padding: [Int] = [0, 0],
        dilation: [Int] = [1, 1], groups: Int = 1
    ) throws -> Tensor {
        try Operator.conv2d(
            .tensor(self), .tensor(weight), IValue(bias), .ints(stride), .ints(padding), .ints(dilation), .int(groups))
    }

    /// `(N, Cin, D, H, W)` with weight `(Cout, Cin / groups, KD, KH, KW)` → `(N, Cout, D', H', W')`.
    public func conv3d(
        _ weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1, 1, 1], padding: [Int] = [0, 0, 0],
        dilation: [Int] = [1, 1, 1], groups: Int = 1
    ) throws -> Tensor {
        try Operator.conv3d(
            .tensor(self), .tensor(weight), IValue(bias), .ints(stride), .ints(padding), .ints(dilation), .int(groups))
    }

    /// `(N, Cin, L)` with weight `(Cin, Cout / groups, K)`; the transpose of `conv1d`.
    public func convTranspose1d(
        _ weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1], padding: [Int] = [0], outputPadding: [Int] = [0],
        groups: Int = 1, dilation: [Int] = [1]
    ) throws -> Tensor {
        try Operator.convTranspose1d(
            .tensor(self), .tensor(weight), IValue(bias), .ints(stride), .ints(padding), .ints(outputPadding),
            .int(groups), .ints(dilation))
    }

    /// `(N, Cin, H, W)` with weight `(Cin, Cout / groups, KH, KW)`; the transpose of `conv2d`.
    public func convTranspose2d(
        _ weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1, 1], padding: [Int] = [0, 0],
        outputPadding: [Int] = [0, 0], groups: Int = 1, dilation: [Int] = [1, 1]
    ) throws -> Tensor {
        try Operator.convTranspose2d(
            .tensor(self), .tensor(weight), IValue(bias), .ints(stride), .ints(padding), .ints(outputPadding),
            .int(groups), .ints(dilation))
    }

    /// `(N, Cin, D, H, W)` with weight `(Cin, Cout / groups, KD, KH, KW)`; the transpose of `conv3d`.
    public func convTranspose3d(
        _ weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1, 1, 1], padding: [Int] = [0, 0, 0],
        outputPadding: [Int] = [0, 0, 0], groups: Int = 1, dilation: [Int] = [1, 1, 1]
    ) throws -> Tensor {
        try Operator.convTranspose3d(
            .tensor(self), .tensor(weight), IValue(bias), .ints(stride), .ints(padding), .ints(outputPadding),
            .int(groups), .ints(dilation))
    }

    /// Sliding blocks of `(N, C, H, W)` as columns `(N, C · KH · KW, L)` (PyTorch's `F.unfold`).
    public func unfold(
        kernel: [Int], stride: [Int] = [1, 1], padding: [Int] = [0, 0], dilation: [Int] = [1, 1]
    ) throws -> Tensor {
        try Operator.unfold(.tensor(self), .ints(kernel), .ints(dilation), .ints(padding), .ints(stride))
    }

    /// Adds columns `(N, C · KH · KW, L)` up into `(N, C, H, W)`; the transpose of `unfold`.
    public func fold(
        outputSize: [Int], kernel: [Int], stride: [Int] = [1, 1], padding: [Int] = [0, 0], dilation: [Int] = [1, 1]
    ) throws -> Tensor {
        try Operator.fold(
            .tensor(self), .ints(outputSize), .ints(kernel), .ints(dilation), .ints(padding), .ints(stride))
    }
}
