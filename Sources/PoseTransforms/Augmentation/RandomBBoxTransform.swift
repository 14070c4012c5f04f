public import PoseCore
public import PyConfig

/// Shifts, scales and rotates the regions of instances.
public struct RandomBBoxTransform: PixelFreeTransform {
    /// Greatest shift as part of the region's size, and how often.
    public let shift: (factor: Double, probability: Double)
    /// Least and greatest scale, and how often.
    public let scale: (range: (Double, Double), probability: Double)
    /// Greatest rotation in degrees, and how often.
    public let rotation: (factor: Double, probability: Double)

    /// What happens to each region. Numbers are float32.
    public struct Draw: Hashable, Sendable {
        /// Parts of the region's size, one per instance.
        public var shifts: [SIMD2<Double>]
        public var scales: [Double]
        /// In degrees.
        public var rotations: [Double]

        public init(shifts: [SIMD2<Double>], scales: [Double], rotations: [Double]) {
            self.shifts = shifts
            self.scales = scales
            self.rotations = rotations
        }
    }

    /// Arguments: `shift_factor=0.16`, `shift_prob=0.3`, `scale_factor=(0.5, 1.5)`, `scale_prob=1.0`,
    /// `rotate_factor=80.0`, `rotate_prob=0.6`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        shift = (
            try arguments.double("shift_factor", default: 0.16), try arguments.probability("shift_prob", default: 0.3)
        )
        let range = try arguments.doubles("scale_factor", default: [0.5, 1.5])
        guard range.count == 2, range[0] > 0, range[0] <= range[1] else {
            throw arguments.invalid("scale_factor", "expected the least and the greatest scale, found \(range)")
        }
        scale = ((range[0], range[1]), try arguments.probability("scale_prob", default: 1))
        rotation = (
            try arguments.double("rotate_factor", default: 80), try arguments.probability("rotate_prob", default: 0.6)
        )
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        let count = try sample.requiredRegions().scales.shape[0]
        try Self.apply(draw(count: count, using: &generator), to: &sample)
    }

    /// Values follow a unit normal distribution cut off at one, spread over the range.
    public func draw(count: Int, using generator: inout some RandomNumberGenerator) -> Draw {
        func single(_ value: Double) -> Double { RealPrecision.single.round(value) }
        var draw = Draw(shifts: [], scales: [], rotations: [])
        let (low, high) = scale.range
        for _ in 0..<count {
            let values = (0..<4).map { _ in single(generator.truncatedNormal()) }
            let moved = SIMD2(single(values[0] * shift.factor), single(values[1] * shift.factor))
            draw.shifts.append(generator.chance(shift.probability) ? moved : .zero)
            let size = single(single(values[2] * (high - low) * 0.5) + (high + low) * 0.5)
            draw.scales.append(generator.chance(scale.probability) ? size : 1)
            draw.rotations.append(generator.chance(rotation.probability) ? single(values[3] * rotation.factor) : 0)
        }
        return draw
    }

    /// Changes regions. Shifts are parts of their size before scaling.
    ///
    /// - Throws: `PoseSampleError` when the sample has no regions, or not as many.
    public static func apply(_ draw: Draw, to sample: inout PoseSample) throws {
        var (centers, scales) = try sample.requiredRegions()
        let count = centers.shape[0]
        guard [draw.shifts.count, draw.scales.count, draw.rotations.count] == [count, count, count] else {
            throw PoseSampleError.shape("regions", expected: "(\(draw.shifts.count), 2)", found: centers.shape)
        }
        for instance in 0..<count {
            for axis in 0..<2 {
                let place = instance * 2 + axis
                let step = scales.precision.round(draw.shifts[instance][axis] * scales.elements[place])
                centers.values.elements[place] = centers.precision.round(centers.elements[place] + step)
                scales.values.elements[place] = scales.precision.round(scales.elements[place] * draw.scales[instance])
            }
        }
        sample.boxCenters = centers
        sample.boxScales = scales
        sample.boxRotations = try RealArray(draw.rotations, shape: [count])
    }
}
