import PoseCore

/// Maps smoothed by a Gaussian and brought back to their former height, whose logarithm is then looked at about the
/// peaks (DARK, Zhang et al. 2020: the logarithm of a Gaussian is a parabola, so two derivatives give its centre).
struct ModulatedMaps {
    private let smoothed: NDArray<Float>
    private let ratios: [Float]
    let count, height, width: Int

    /// - Parameters:
    ///   - maxima: greatest value of every map.
    ///   - kernelSize: odd.
    ///   - border: with `.reflect` nothing is brought back to its former height.
    init(_ maps: Maps, maxima: [Float], kernelSize: Int, border: BlurBorder = .zero) throws {
        (count, height, width) = (maps.count, maps.height, maps.width)
        if border == .reflect {
            smoothed = try maps.copy().gaussianBlurred(kernelSize: kernelSize)
            ratios = [Float](repeating: 1, count: maps.count)
            return
        }
        smoothed = try maps.copy().gaussianBlurred(kernelSize: kernelSize, border: .zero)
        ratios = smoothed.withUnsafeBufferPointer { values in
            let smooth = Maps(values: values, count: maps.count, height: maps.height, width: maps.width)
            return maxima.indices.map { maxima[$0] / firstMaximum(smooth[$0]).value }
        }
    }

    /// A value; the position must be inside.
    func value(_ map: Int, x: Int, y: Int) -> Float {
        smoothed.elements[(map * height + y) * width + x] * ratios[map]
    }

    /// All values of a map.
    func values(_ map: Int) -> [Float] {
        let size = height * width
        return smoothed.elements[map * size..<(map + 1) * size].map { $0 * ratios[map] }
    }

    // MARK: DARK

    /// From a peak to the top of the parabola through its neighbours, second derivatives taken two pixels apart.
    ///
    /// Peaks near the border, and those where the parabola has no top, stay.
    func darkOffset(_ map: Int, x: Int, y: Int) -> SIMD2<Double> {
        guard x > 1, x < width - 2, y > 1, y < height - 2 else { return .zero }
        func log(_ dx: Int, _ dy: Int) -> Float {
            let value = value(map, x: x + dx, y: y + dy)
            return float32Log(value < 1e-10 ? 1e-10 : value)
        }
        let center = 2 * Double(log(0, 0))
        let dx = 0.5 * Double(log(1, 0) - log(-1, 0))
        let dy = 0.5 * Double(log(0, 1) - log(0, -1))
        let dxx = 0.25 * (Double(log(2, 0)) - center + Double(log(-2, 0)))
        let dxy = 0.25 * Double(log(1, 1) - log(1, -1) - log(-1, 1) + log(-1, -1))
        let dyy = 0.25 * (Double(log(0, 2)) - center + Double(log(0, -2)))
        guard dxx * dyy - dxy * dxy != 0 else { return .zero }
        return -Hessian(xx: dxx, xy: dxy, yy: dyy).solve(SIMD2(dx, dy))
    }

    // MARK: UDP

    /// From a peak to the top of the parabola through its direct neighbours, maps continued at the border by their
    /// outermost values.
    ///
    /// A peak at (−1, −1) stands for a map with nothing in it. MMPose moves even those, by what happens to lie before
    /// that place in memory: the end of the map before. Such points have a score of zero or less, and are moved the
    /// same way here so that all numbers agree.
    func unbiasedOffset(_ map: Int, x: Int, y: Int) -> SIMD2<Double> {
        let stride = width + 2
        let plane = stride * (height + 2)
        let center = map * plane + (y + 1) * stride + x + 1
        func log(_ dx: Int, _ dy: Int) -> Float {
            var place = (center + dy * stride + dx) % (count * plane)
            if place < 0 { place += count * plane }
            let column = min(max(place % stride - 1, 0), width - 1)
            let row = min(max(place % plane / stride - 1, 0), height - 1)
            let value = value(place / plane, x: column, y: row)
            return float32Log(value < 1e-3 ? 1e-3 : value > 50 ? 50 : value)
        }
        let here = log(0, 0)
        let (left, right, above, below) = (log(-1, 0), log(1, 0), log(0, -1), log(0, 1))
        let gradient = SIMD2(Double(0.5 * (right - left)), Double(0.5 * (below - above)))
        let dxx = right - 2 * here + left
        let dyy = below - 2 * here + above
        let diagonal = log(1, 1) - right - below + here + here - left - above + log(-1, -1)
        // Keeps a flat neighbourhood from having no inverse.
        let epsilon = Double(Float.ulpOfOne)
        return -Hessian(
            xx: Double(dxx) + epsilon, xy: Double(0.5 * diagonal), yy: Double(dyy) + epsilon
        ).solve(gradient)
    }
}

/// A symmetric 2×2 matrix.
private struct Hessian {
    let xx, xy, yy: Double

    /// `H⁻¹ v` by elimination with the greater pivot; zero for a matrix without inverse.
    func solve(_ vector: SIMD2<Double>) -> SIMD2<Double> {
        let swapped = abs(xy) > abs(xx)
        let (p, q, r, s) = swapped ? (xy, yy, xx, xy) : (xx, xy, xy, yy)
        let (v, w) = swapped ? (vector.y, vector.x) : (vector.x, vector.y)
        let factor = r / p
        let pivot = s - factor * q
        if p == 0 || pivot == 0 { return .zero }
        let y = (w - factor * v) / pivot
        return SIMD2((v - q * y) / p, y)
    }
}
