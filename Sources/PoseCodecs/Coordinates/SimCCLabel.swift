import Foundation
public import PoseCore
public import PyConfig

/// Key points as two classifications, of their column and of their row (SimCC, Li et al. 2022, arXiv:2107.03332).
///
/// Each axis has `simcc_split_ratio` classes per pixel. Targets: labels `keypoint_x_labels` `(N, K, Wx)`,
/// `keypoint_y_labels` `(N, K, Wy)` and `keypoint_weights` `(N, K)`. Decodes `.simcc` into one pose per image. A score is
/// the smaller of both axes' greatest values, raw as the network gives it, so it can exceed 1.
public struct SimCCLabel: KeypointCodec {
    /// What the classes around the right one are taught.
    public enum Smoothing: String, Sendable {
        /// A Gaussian.
        case gaussian
        /// A small constant for every class.
        case standard
    }

    public let inputSize: ImageSize
    public let smoothing: Smoothing
    /// Of the Gaussians along x and y, in classes.
    public let sigma: SIMD2<Double>
    /// Classes per pixel.
    public let splitRatio: Double
    public let labelSmoothWeight: Double
    /// Whether a Gaussian sums to one rather than peaking at it.
    public let normalize: Bool
    public let useDark: Bool
    public let decodeVisibility: Bool
    /// How sharply visibility tells a peak from noise.
    public let decodeBeta: Double
    private let classes: (x: Int, y: Int)
    /// Labels around the right class by distance; empty without Gaussians.
    private let gaussians: (x: [Float], y: [Float])
    /// Smooth the scores before the Taylor expansion; empty without it.
    private let darkKernels: (x: [Float], y: [Float])
    private let checks = CodecChecks(codec: "SimCCLabel")

    /// Arguments: `input_size`, `smoothing_type='gaussian'`, `sigma=6.0` (or one per axis), `simcc_split_ratio=2.0`,
    /// `label_smooth_weight=0.0`, `normalize=True`, `use_dark=False`, `decode_visibility=False`, `decode_beta=150.0`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        inputSize = try arguments.size("input_size")
        let name = try arguments.string("smoothing_type", default: "gaussian")
        guard let smoothing = Smoothing(rawValue: name) else {
            throw arguments.invalid("smoothing_type", "expected 'gaussian' or 'standard', found '\(name)'")
        }
        self.smoothing = smoothing
        let sigmas = try arguments.doubles("sigma", default: [6], orScalar: true)
        guard let first = sigmas.first, let last = sigmas.last, sigmas.count <= 2, first > 0, last > 0 else {
            throw arguments.invalid("sigma", "expected a number above 0, or one for each axis, found \(sigmas)")
        }
        sigma = SIMD2(first, last)
        let splitRatio = try arguments.positive("simcc_split_ratio", default: 2)
        self.splitRatio = splitRatio
        let labelSmoothWeight = try arguments.double("label_smooth_weight", default: 0)
        self.labelSmoothWeight = labelSmoothWeight
        guard (0...1).contains(labelSmoothWeight) else {
            throw arguments.invalid("label_smooth_weight", "must be from 0 to 1, found \(labelSmoothWeight)")
        }
        if labelSmoothWeight > 0, smoothing == .gaussian {
            throw arguments.invalid("label_smooth_weight", "is for smoothing_type='standard' only")
        }
        normalize = try arguments.bool("normalize", default: true)
        useDark = try arguments.bool("use_dark", default: false)
        decodeVisibility = try arguments.bool("decode_visibility", default: false)
        decodeBeta = try arguments.double("decode_beta", default: 150)
        let counts = [inputSize.width, inputSize.height].map { (Double($0) * splitRatio).rounded(.toNearestOrEven) }
        guard counts.allSatisfy({ (1...1e7).contains($0) }), labelSmoothWeight == 0 || counts.min() ?? 0 > 1 else {
            throw arguments.invalid("simcc_split_ratio", "\(splitRatio) gives \(counts) classes")
        }
        classes = (Int(counts[0]), Int(counts[1]))
        gaussians =
            smoothing == .gaussian
            ? (
                Self.gaussian(sigma: sigma.x, normalize: normalize), Self.gaussian(sigma: sigma.y, normalize: normalize)
            ) : ([], [])
        darkKernels =
            useDark
            ? (try Self.darkKernel(sigma: sigma.x, arguments), try Self.darkKernel(sigma: sigma.y, arguments))
            : ([], [])
    }

    /// The smoothing kernel that belongs to a sigma; of odd size.
    private static func darkKernel(sigma: Double, _ arguments: Arguments) throws -> [Float] {
        let size = truncated(((sigma * 20 - 7) / 3).rounded(.down))
        guard size > 0 else { throw arguments.invalid("sigma", "\(sigma) is too small to be smoothed for use_dark") }
        return try GaussianKernel.values(count: size % 2 == 0 ? size - 1 : size)
    }

    // MARK: encoding

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        let (instances, count) = try checks.annotation(annotation, single: false)
        let keypoints = annotation.keypoints
        let dimensions = keypoints.shape[2]
        var x = try NDArray<Float>(repeating: 0, shape: [instances, count, classes.x])
        var y = try NDArray<Float>(repeating: 0, shape: [instances, count, classes.y])
        var weights = annotation.visible.elements
        for index in weights.indices where !(weights[index] < 0.5) {
            let columns = index * classes.x..<(index + 1) * classes.x
            let rows = index * classes.y..<(index + 1) * classes.y
            let column = nearestClass(keypoints.elements[index * dimensions], keypoints.precision)
            let row = nearestClass(keypoints.elements[index * dimensions + 1], keypoints.precision)
            if reaches(column, sigma.x, classes.x), reaches(row, sigma.y, classes.y) {
                label(&x, columns, center: column, gaussian: gaussians.x)
                label(&y, rows, center: row, gaussian: gaussians.y)
            } else {
                weights[index] = 0
            }
        }
        let visible = annotation.visible
        return EncodedTargets(labels: [
            "keypoint_x_labels": .float32(x), "keypoint_y_labels": .float32(y),
            "keypoint_weights": try RealArray(weights, shape: visible.shape, precision: visible.precision).array,
        ])
    }

    private func nearestClass(_ coordinate: Double, _ precision: RealPrecision) -> Int {
        truncated(precision.round(coordinate * splitRatio).rounded(.toNearestOrEven))
    }

    /// Whether any class gets a label: for a Gaussian within three sigma, else the right class itself.
    private func reaches(_ center: Int, _ sigma: Double, _ count: Int) -> Bool {
        guard smoothing == .gaussian else { return (0..<count).contains(center) }
        let radius = sigma * 3
        return Double(center) - radius < Double(count) && Double(center) + radius + 1 >= 0
    }

    /// Labels of one axis of one key point; `range` is where they are.
    private func label(_ labels: inout NDArray<Float>, _ range: Range<Int>, center: Int, gaussian: [Float]) {
        switch smoothing {
        case .gaussian:
            let first = max(center - gaussian.count + 1, 0)
            let last = min(center + gaussian.count - 1, range.count - 1)
            guard first <= last else { return }
            labels.withUnsafeMutableBufferPointer { labels in
                for index in first...last { labels[range.lowerBound + index] = gaussian[abs(index - center)] }
            }
        case .standard:
            if labelSmoothWeight > 0 {
                let rest = Float(labelSmoothWeight / Double(range.count - 1))
                for index in range { labels.elements[index] = rest }
            }
            labels.elements[range.lowerBound + center] = Float(1 - labelSmoothWeight)
        }
    }

    /// A Gaussian's values by distance from its centre, as far as they are not zero.
    private static func gaussian(sigma: Double, normalize: Bool) -> [Float] {
        let spread = Float(2 * sigma * sigma)
        let norm = normalize ? Float(sigma * (2 * Double.pi).squareRoot()) : 1
        var values: [Float] = []
        for distance in 0..<(1 << 24) {
            let square = Float(distance) * Float(distance)
            let value = exp(-square / spread) / norm
            guard value > 0 else { break }
            values.append(value)
        }
        return values
    }

    // MARK: decoding

    public var packing: TargetPacking { TargetPacking(heatmapMask: true) }

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        guard case .simcc(let batchX, let batchY) = output else { throw checks.unexpected(output, expected: "simcc") }
        let x = try checks.image(index, of: batchX, named: "simcc x", rank: 3, expected: "(B, K, Wx)")
        let y = try checks.image(index, of: batchY, named: "simcc y", rank: 3, expected: "(B, K, Wy)")
        try check(x, batchX.shape, count: x.shape[0], classes: classes.x, name: "simcc x")
        try check(y, batchY.shape, count: x.shape[0], classes: classes.y, name: "simcc y")
        var keypoints = Keypoints(points: [], scores: [])
        var visibility: [Double] = []
        for keypoint in 0..<x.shape[0] {
            let (axisX, axisY) = (SimCCAxis(x, keypoint), SimCCAxis(y, keypoint))
            let (peakX, peakY) = (axisX.peak(), axisY.peak())
            // The smaller of both, where a missing number on y loses and one on x wins, as comparing does.
            let score = peakX.value > peakY.value ? peakY.value : peakX.value
            var point = score <= 0 ? SIMD2<Float>(-1, -1) : SIMD2(Float(peakX.index), Float(peakY.index))
            if useDark {
                point.x += axisX.darkOffset(at: point.x, kernel: darkKernels.x)
                point.y += axisY.darkOffset(at: point.y, kernel: darkKernels.y)
            }
            point /= Float(splitRatio)
            keypoints.points.append(SIMD2(Double(point.x), Double(point.y)))
            keypoints.scores.append(Double(score))
            if decodeVisibility {
                let visibleX = axisX.softmaxPeak(beta: decodeBeta, sigma: sigma.x)
                let visibleY = axisY.softmaxPeak(beta: decodeBeta, sigma: sigma.y)
                visibility.append(Double(visibleX > visibleY ? visibleY : visibleX))
            }
        }
        return [DecodedPose(keypoints: keypoints, visibility: decodeVisibility ? visibility : nil)]
    }

    /// Heads round the number of classes down, targets to the nearest: one more or less is the same axis.
    private func check(_ axis: BorrowedArray, _ shape: [Int], count: Int, classes: Int, name: String) throws {
        guard axis.shape[0] == count, axis.shape[1] > 0, abs(axis.shape[1] - classes) <= 1 else {
            throw CodecError.shape(
                codec: "SimCCLabel", array: name, expected: "(B, \(count), \(classes))", found: shape)
        }
    }
}
