import Foundation
import PoseCore

/// Scores of the classes along one axis for one key point; at least one class.
struct SimCCAxis {
    private let values: UnsafeBufferPointer<Float>

    /// Row `keypoint` of a `(K, W)` array.
    init(_ array: BorrowedArray, _ keypoint: Int) {
        let count = array.shape[1]
        values = UnsafeBufferPointer(rebasing: array.values[keypoint * count..<(keypoint + 1) * count])
    }

    /// The class with the greatest score.
    func peak() -> (index: Int, value: Float) { firstMaximum(values) }

    /// Greatest probability after a softmax that is made sharper by `beta` and `sigma`.
    func softmaxPeak(beta: Double, sigma: Double) -> Float {
        let (beta, sigma) = (Float(beta), Float(sigma))
        let greatest = peak().value * beta * sigma
        var sum = 0.0
        for value in values { sum += Double(exp(value * beta * sigma - greatest)) }
        return 1 / Float(sum)
    }

    /// From a class to the top of the parabola through the logarithm of the scores, smoothed by an odd kernel (DARK along
    /// one axis).
    ///
    /// Beyond both ends two more classes have the score of the last. A class of −1 stands for an axis without a positive
    /// score; its left neighbours reach around to the other end, as they do in MMPose.
    func darkOffset(at position: Float, kernel: [Float]) -> Float {
        let smoothed = self.smoothed(kernel)
        let ratio = peak().value / smoothed.withUnsafeBufferPointer { firstMaximum($0).value }
        let padding = 2
        let place = truncated(Double(position + Float(padding) + 0.5))
        func log(_ offset: Int) -> Float {
            var index = place + offset
            if index < 0 { index += values.count + 2 * padding }
            let value = smoothed[min(max(index - padding, 0), values.count - 1)] * ratio
            return float32Log(value < 1e-3 ? 1e-3 : value > 50 ? 50 : value)
        }
        let slope = 0.5 * (log(1) - log(-1))
        let bend = 1e-9 + 0.25 * (log(2) - 2 * log(0) + log(-2))
        return -(slope / bend)
    }

    /// Correlation with a kernel, zeros outside; fused as OpenCV's filters are.
    private func smoothed(_ kernel: [Float]) -> [Float] {
        let radius = kernel.count / 2
        return values.indices.map { center in
            var sum: Float = 0
            for index in max(0, center - radius)...min(values.count - 1, center + radius) {
                sum.addProduct(kernel[index - center + radius], values[index])
            }
            return sum
        }
    }
}
