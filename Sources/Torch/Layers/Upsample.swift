/// Resizes the spatial dimensions of `(N, C, …)`.
public final class Upsample: Layer {
    private enum Target {
        case size([Int])
        case factors([Double])
    }

    private let target: Target
    private let mode: Interpolation

    /// To a size that does not depend on the input.
    public init(size: [Int], mode: Interpolation = .nearest) {
        target = .size(size)
        self.mode = mode
    }

    /// By a factor.
    public init(scaleFactor: Double, mode: Interpolation = .nearest) {
        target = .factors([scaleFactor])
        self.mode = mode
    }

    /// `(N, C, H, W)` → `(N, C, H', W')`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        switch target {
        case .size(let size): try x.interpolate(size: size, mode: mode)
        case .factors(let factors): try x.interpolate(scaleFactor: factors, mode: mode)
        }
    }
}
