import Foundation
public import PoseCore
public import PyConfig

/// Shifts, scales, rotates and shears the whole image, and cuts it to the network's input.
public struct BottomupRandomAffine: Transform {
    /// The kind of map.
    public enum Mode: String, Sendable {
        case affine
        /// First and last pixels coincide.
        case unbiased = "affine_udp"
        /// Can shear; scales about the middle of the input rather than of the image.
        case perspective
    }

    /// How random numbers from −1 to 1 are spread.
    public enum Distribution: String, Sendable {
        /// A unit normal distribution cut off at one.
        case truncatedNormal = "trunc_norm"
        case uniform
    }

    /// Which side of the image decides when its aspect ratio is not the input's.
    public enum ScaleType: String, Sendable {
        case short, long
    }

    public let inputSize: ImageSize
    /// Greatest shift as part of the image's size, and how often.
    public let shift: (factor: Double, probability: Double)
    public let scale: (range: (Double, Double), probability: Double)
    /// Greatest rotation in degrees, and how often.
    public let rotation: (factor: Double, probability: Double)
    /// Greatest shear in degrees, and how often.
    public let shear: (factor: Double, probability: Double)
    public let scaleType: ScaleType
    public let mode: Mode
    public let distribution: Distribution
    public let padding: Color
    /// Whether boxes stay the corners of what they were rather than becoming upright.
    public let keepsCorners: Bool
    /// Whether boxes are cut to the input, and key points outside made invisible.
    public let clipsBorder: Bool

    /// What happens to an image.
    public struct Draw: Hashable, Sendable {
        /// As part of the image's size; for a perspective, of the input's.
        public var shift = SIMD2<Double>.zero
        public var scale = 1.0
        /// In degrees.
        public var rotation = 0.0
        /// In degrees.
        public var shear = SIMD2<Double>.zero

        public init() {}
    }

    /// Arguments: `input_size`, `shift_factor=0.2`, `shift_prob=1.0`, `scale_factor=(0.75, 1.5)`, `scale_prob=1.0`,
    /// `scale_type='short'`, `rotate_factor=30.0`, `rotate_prob=1`, `shear_factor=2.0`, `shear_prob=1.0`, `pad_val=0`,
    /// `distribution='trunc_norm'`, `transform_mode='affine'`, `bbox_keep_corner=True`, `clip_border=False`; `use_udp` and
    /// `border` have no effect.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        func choice<T: RawRepresentable & Sendable>(_ name: String, _ value: T) throws -> T where T.RawValue == String {
            let text = try arguments.string(name, default: value.rawValue)
            guard let choice = T(rawValue: text) else { throw arguments.invalid(name, "unknown value '\(text)'") }
            return choice
        }
        func random(_ name: String, _ factor: Double) throws -> (factor: Double, probability: Double) {
            (
                try arguments.double("\(name)_factor", default: factor),
                try arguments.probability("\(name)_prob", default: 1)
            )
        }
        inputSize = try arguments.size("input_size")
        shift = try random("shift", 0.2)
        rotation = try random("rotate", 30)
        shear = try random("shear", 2)
        let range = try arguments.doubles("scale_factor", default: [0.75, 1.5])
        guard range.count == 2, range[0] > 0, range[0] <= range[1] else {
            throw arguments.invalid("scale_factor", "expected the least and the greatest scale, found \(range)")
        }
        scale = ((range[0], range[1]), try arguments.probability("scale_prob", default: 1))
        scaleType = try choice("scale_type", ScaleType.short)
        mode = try choice("transform_mode", Mode.affine)
        distribution = try choice("distribution", Distribution.truncatedNormal)
        padding = try arguments.padding("pad_val")
        keepsCorners = try arguments.bool("bbox_keep_corner", default: true)
        clipsBorder = try arguments.bool("clip_border", default: false)
        arguments.ignore("use_udp", "border")
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        try apply(draw(using: &generator), to: &sample)
    }

    public func draw(using generator: inout some RandomNumberGenerator) -> Draw {
        func spread() -> Double {
            distribution == .uniform
                ? generator.uniform(-1, 1) : RealPrecision.single.round(generator.truncatedNormal())
        }
        /// What comes of arithmetic on the numbers above.
        func number(_ value: Double) -> Double {
            distribution == .uniform ? value : RealPrecision.single.round(value)
        }
        var draw = Draw()
        if generator.chance(shift.probability) {
            draw.shift = SIMD2(number(spread() * shift.factor), number(spread() * shift.factor))
        }
        if generator.chance(scale.probability) {
            let (low, high) = scale.range
            draw.scale = number(low + (high - low) * (spread() + 1) / 2)
        }
        if generator.chance(rotation.probability) { draw.rotation = spread() * rotation.factor }
        if mode == .perspective, generator.chance(shear.probability) {
            draw.shear = SIMD2(number(spread() * shear.factor), number(spread() * shear.factor))
        }
        return draw
    }

    /// Changes a sample.
    ///
    /// - Throws: `PoseSampleError` or `ImageError`.
    public func apply(_ draw: Draw, to sample: inout PoseSample) throws {
        let image = try sample.requiredImage()
        let warp = try ImageWarp(matrix(draw, image: image.size))
        sample.image = try warp.apply(to: image, size: inputSize, border: .constant(padding))
        if sample.keypoints != nil {
            let (keypoints, visible) = try sample.requiredKeypoints()
            let mapped = try warp.apply(to: keypoints)
            sample.keypoints = mapped
            if clipsBorder { sample.keypointsVisible = visible.hiding(mapped, outside: inputSize) }
        }
        if let boxes = sample.boxes {
            let corners = try warp.apply(to: boxes.rank == 3 ? boxes : boxes.boxCorners())
            let kept = keepsCorners ? corners : try corners.boxesAroundCorners()
            sample.boxes = clipsBorder ? kept.clipped(to: inputSize) : kept
        }
        sample.areas = sample.areas?.map { $0 * warp.determinant }
        sample.inputSize = inputSize
        sample.warp = WarpMatrix(warp.values)
    }

    /// From image to input: six numbers, or nine for a perspective.
    private func matrix(_ draw: Draw, image: ImageSize) throws -> [Double] {
        let size = SIMD2(Double(image.width), Double(image.height))
        switch mode {
        case .affine:
            let scale = extended(size * draw.scale)
            return RegionWarp.plain(
                center: size / 2 + draw.shift * size, scale: scale, rotation: Rotation(degrees: draw.rotation),
                output: inputSize
            ).rowMajor
        case .unbiased:
            let scale = extended(size * draw.scale)
            return RegionWarp.unbiased(
                center: (size - 1) / 2 + draw.shift * size, scale: scale,
                rotation: Rotation(degrees: draw.rotation), output: inputSize
            ).rowMajor
        case .perspective: return perspective(draw)
        }
    }

    /// A size that has the input's aspect ratio.
    private func extended(_ size: SIMD2<Double>) -> SIMD2<Double> {
        let ratio = Double(inputSize.width) / Double(inputSize.height)
        let isWide = size.x > size.y * ratio
        return isWide == (scaleType == .long) ? SIMD2(size.x, size.x / ratio) : SIMD2(size.y * ratio, size.y)
    }

    /// Shift · shear · rotation · scale · centre to origin, in float32.
    private func perspective(_ draw: Draw) -> [Double] {
        let center = SIMD2(Double(inputSize.width), Double(inputSize.height)) / 2
        let shift = draw.shift * center * 2
        let angle = draw.rotation * .pi / 180
        let shear = draw.shear * .pi / 180
        let scale = draw.scale
        let factors: [[Double]] = [
            [1, 0, shift.x + center.x, 0, 1, shift.y + center.y, 0, 0, 1],
            [1, tan(shear.x), 0, tan(shear.y), 1, 0, 0, 0, 1],
            [cos(angle), -sin(angle), 0, sin(angle), cos(angle), 0, 0, 0, 1],
            [scale, 0, 0, 0, scale, 0, 0, 0, 1],
            [1, 0, -center.x, 0, 1, -center.y, 0, 0, 1],
        ]
        let floats = factors.map { $0.map(Float.init) }
        var product = floats[0]
        for right in floats.dropFirst() {
            let left = product
            for (row, column) in (0..<9).map({ ($0 / 3, $0 % 3) }) {
                var sum: Float = 0
                for k in 0..<3 { sum.addProduct(left[row * 3 + k], right[k * 3 + column]) }
                product[row * 3 + column] = sum
            }
        }
        return product.map(Double.init)
    }
}
