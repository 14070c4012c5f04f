extension Operator {
    fileprivate static let maxPool1d = Operator("aten::max_pool1d")
    fileprivate static let maxPool2d = Operator("aten::max_pool2d")
    fileprivate static let maxPool3d = Operator("aten::max_pool3d")
    fileprivate static let avgPool1d = Operator("aten::avg_pool1d")
    fileprivate static let avgPool2d = Operator("aten::avg_pool2d")
    fileprivate static let avgPool3d = Operator("aten::avg_pool3d")
    fileprivate static let adaptiveAvgPool1d = Operator("aten::adaptive_avg_pool1d")
    fileprivate static let adaptiveAvgPool2d = Operator("aten::adaptive_avg_pool2d")
    fileprivate static let adaptiveAvgPool3d = Operator("aten::adaptive_avg_pool3d")
    fileprivate static let adaptiveMaxPool2d = Operator("aten::adaptive_max_pool2d")
}

// `stride: nil` means the size of the kernel. A list of one number stands for all dimensions.
extension Tensor {
    /// `(N, C, L)` → `(N, C, L')`.
    public func maxPool1d(
        kernel: [Int], stride: [Int]? = nil, padding: [Int] = [0], dilation: [Int] = [1], ceilMode: Bool = false
    ) throws -> Tensor {
        try Operator.maxPool1d(
            .tensor(self), .ints(kernel), .ints(stride ?? kernel), .ints(padding), .ints(dilation), .bool(ceilMode))
    }

    /// `(N, C, H, W)` → `(N, C, H', W')`.
    public func maxPool2d(
        kernel: [Int], stride: [Int]? = nil, padding: [Int] = [0, 0], dilation: [Int] = [1, 1], ceilMode: Bool = false
    ) throws -> Tensor {
        try Operator.maxPool2d(
            .tensor(self), .ints(kernel), .ints(stride ?? kernel), .ints(padding), .ints(dilation), .bool(ceilMode))
    }

    /// `(N, C, D, H, W)` → `(N, C, D', H', W')`.
    public func maxPool3d(
        kernel: [Int], stride: [Int]? = nil, padding: [Int] = [0, 0, 0], dilation: [Int] = [1, 1, 1],
        ceilMode: Bool = false
    ) throws -> Tensor {
        try Operator.maxPool3d(
            .tensor(self), .ints(kernel), .ints(stride ?? kernel), .ints(padding), .ints(dilation), .bool(ceilMode))
    }

    /// `(N, C, L)` → `(N, C, L')`.
    public func avgPool1d(
        kernel: [Int], stride: [Int]? = nil, padding: [Int] = [0], ceilMode: Bool = false, countIncludePad: Bool = true
    ) throws -> Tensor {
        try Operator.avgPool1d(
            .tensor(self), .ints(kernel), .ints(stride ?? kernel), .ints(padding), .bool(ceilMode),
            .bool(countIncludePad))
    }

    /// `(N, C, H, W)` → `(N, C, H', W')`.
    public func avgPool2d(
        kernel: [Int], stride: [Int]? = nil, padding: [Int] = [0, 0], ceilMode: Bool = false,
        countIncludePad: Bool = true
    ) throws -> Tensor {
        try Operator.avgPool2d(
            .tensor(self), .ints(kernel), .ints(stride ?? kernel), .ints(padding), .bool(ceilMode),
            .bool(countIncludePad))
    }

    /// `(N, C, D, H, W)` → `(N, C, D', H', W')`.
    public func avgPool3d(
        kernel: [Int], stride: [Int]? = nil, padding: [Int] = [0, 0, 0], ceilMode: Bool = false,
        countIncludePad: Bool = true
    ) throws -> Tensor {
        try Operator.avgPool3d(
            .tensor(self), .ints(kernel), .ints(stride ?? kernel), .ints(padding), .bool(ceilMode),
            .bool(countIncludePad))
    }

    /// `(N, C, L)` → `(N, C, size)`.
    public func adaptiveAvgPool1d(_ size: Int) throws -> Tensor {
        try Operator.adaptiveAvgPool1d(.tensor(self), .ints([size]))
    }

    /// `(N, C, H, W)` → `(N, C, size[0], size[1])`.
    public func adaptiveAvgPool2d(_ size: [Int]) throws -> Tensor {
        try Operator.adaptiveAvgPool2d(.tensor(self), .ints(size))
    }

    /// `(N, C, D, H, W)` → `(N, C, size[0], size[1], size[2])`.
    public func adaptiveAvgPool3d(_ size: [Int]) throws -> Tensor {
        try Operator.adaptiveAvgPool3d(.tensor(self), .ints(size))
    }

    /// `(N, C, H, W)` → `(N, C, size[0], size[1])`.
    public func adaptiveMaxPool2d(_ size: [Int]) throws -> Tensor {
        try Operator.adaptiveMaxPool2d.pair(.tensor(self), .ints(size)).values
    }
}
