/// The maximum of windows of `(N, C, H, W)`.
public final class MaxPool2d: Layer {
    private let kernel, stride, padding, dilation: [Int]
    private let ceilMode: Bool

    /// - Parameter stride: The size of the kernel when nil.
    public init(
        kernel: some SpatialSize, stride: (any SpatialSize)? = nil, padding: some SpatialSize = 0,
        dilation: some SpatialSize = 1, ceilMode: Bool = false
    ) {
        self.kernel = kernel.sizes(2)
        self.stride = stride?.sizes(2) ?? kernel.sizes(2)
        self.padding = padding.sizes(2)
        self.dilation = dilation.sizes(2)
        self.ceilMode = ceilMode
    }

    /// `(N, C, H, W)` → `(N, C, H', W')`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.maxPool2d(kernel: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    }
}

/// The mean of windows of `(N, C, H, W)`.
public final class AvgPool2d: Layer {
    private let kernel, stride, padding: [Int]
    private let ceilMode, countIncludePad: Bool

    /// - Parameters:
    ///   - stride: The size of the kernel when nil.
    ///   - countIncludePad: Whether padded zeros count as elements.
    public init(
        kernel: some SpatialSize, stride: (any SpatialSize)? = nil, padding: some SpatialSize = 0,
        ceilMode: Bool = false, countIncludePad: Bool = true
    ) {
        self.kernel = kernel.sizes(2)
        self.stride = stride?.sizes(2) ?? kernel.sizes(2)
        self.padding = padding.sizes(2)
        self.ceilMode = ceilMode
        self.countIncludePad = countIncludePad
    }

    /// `(N, C, H, W)` → `(N, C, H', W')`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.avgPool2d(
            kernel: kernel, stride: stride, padding: padding, ceilMode: ceilMode, countIncludePad: countIncludePad)
    }
}

/// The mean of `(N, C, H, W)` over a grid of `size`.
public final class AdaptiveAvgPool2d: Layer {
    private let size: [Int]

    /// A grid of `size`, one number for both sides or one each.
    public init(_ size: some SpatialSize) { self.size = size.sizes(2) }

    /// `(N, C, H, W)` → `(N, C, size[0], size[1])`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try x.adaptiveAvgPool2d(size) }
}
