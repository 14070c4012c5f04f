import Foundation

/// Gaussian kernels with the numbers of OpenCV 4.10.
public enum GaussianKernel {
    /// Sizes up to 9 without a sigma have fixed tables of dyadic fractions instead of the formula. They are kept here, so
    /// that targets and decoded points do not depend on the installed version of OpenCV.
    private static let tables: [Int: [Float]] = [
        1: [1],
        3: [0.25, 0.5, 0.25],
        5: [0.0625, 0.25, 0.375, 0.25, 0.0625],
        7: [0.03125, 0.109375, 0.21875, 0.28125, 0.21875, 0.109375, 0.03125],
        9: [4, 13, 30, 51, 60, 51, 30, 13, 4].map { $0 / 256 },
    ]

    /// A kernel of `count` values that sum to one.
    ///
    /// - Parameters:
    ///   - count: odd and positive.
    ///   - sigma: in pixels; zero or less stands for `0.3 * ((count - 1) / 2 - 1) + 0.8`.
    /// - Throws: `ImageError` for an even or unreasonable count.
    public static func values(count: Int, sigma: Double = 0) throws -> [Float] {
        guard count > 0, count % 2 == 1, count <= 1 << 20, sigma.isFinite else {
            let message = "the size of a kernel must be odd and positive, not \(count), and sigma finite"
            throw ImageError(.invalid(operation: "gaussianKernel", message: message))
        }
        if sigma <= 0, let table = tables[count] { return table }
        let deviation = sigma > 0 ? sigma : (Double(count - 1) * 0.5 - 1) * 0.3 + 0.8
        let exponent = -0.5 / (deviation * deviation)
        let values = (0..<count).map { index in
            let distance = Double(index) - Double(count - 1) * 0.5
            return exp(exponent * distance * distance)
        }
        let scale = 1 / values.reduce(0, +)
        return values.map { Float($0 * scale) }
    }
}
