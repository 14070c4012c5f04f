public import PoseCore
public import PyConfig

/// Turns boxes into centres and sizes, and enlarges the sizes so that limbs at the border have surroundings.
///
/// Centres and scales that a dataset gives itself are kept, and the scales enlarged all the same.
public struct GetBBoxCenterScale: PixelFreeTransform {
    /// Factor of both sizes.
    public let padding: Double

    public init(padding: Double = 1.25) { self.padding = padding }

    /// Arguments: `padding=1.25`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        padding = try arguments.double("padding", default: 1.25)
        guard padding > 0, padding.isFinite else {
            throw arguments.invalid("padding", "must be more than 0, found \(padding)")
        }
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        if sample.boxCenters != nil, let scales = sample.boxScales {
            let factor = scales.precision.round(padding)
            sample.boxScales = scales.map { $0 * factor }
            return
        }
        guard let boxes = sample.boxes else { throw PoseSampleError.missing("boxes") }
        let (centers, scales) = try boxes.centersAndScales(padding: padding)
        sample.boxCenters = centers
        sample.boxScales = scales
    }
}

extension RealArray {
    /// Centres and enlarged sizes `(N, 2)` of boxes `(N, 4)`.
    ///
    /// - Throws: `PoseSampleError.shape`.
    func centersAndScales(padding: Double) throws -> (centers: RealArray, scales: RealArray) {
        guard rank == 2, shape[1] == 4 else {
            throw PoseSampleError.shape("boxes", expected: "(N, 4)", found: shape)
        }
        let factor = precision.round(padding)
        var centers: [Double] = []
        var scales: [Double] = []
        for box in stride(from: 0, to: count, by: 4) {
            for axis in 0..<2 {
                let (low, high) = (elements[box + axis], elements[box + axis + 2])
                centers.append(precision.round(high + low) * 0.5)
                scales.append(precision.round(high - low) * factor)
            }
        }
        return (
            try RealArray(centers, shape: [shape[0], 2], precision: precision),
            try RealArray(scales, shape: [shape[0], 2], precision: precision)
        )
    }
}
