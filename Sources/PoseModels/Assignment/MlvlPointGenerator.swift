import PyConfig
import Torch

/// The points of an image that the pixels of feature maps stand for, in the network's input.
///
/// Arguments: `strides` (a number for each level, or a pair across and down), `offset=0.5` of a pixel, and
/// `centralize_points=False`, which replaces the offset by half the pixels between the first and the last one covered.
struct MlvlPointGenerator: Sendable {
    /// Across and down, of every level.
    let strides: [SIMD2<Double>]
    private let offset: Double
    private let isCentred: Bool

    init(_ arguments: Arguments) throws {
        let type = try arguments.type()
        guard Registry.unscoped(type) == "MlvlPointGenerator" else {
            throw ModelError.unknownType(type, at: arguments.path, known: ["MlvlPointGenerator"])
        }
        strides = try (arguments.value("strides")?.arrayValue ?? []).map { stride in
            let pair = stride.arrayValue?.compactMap(\.doubleValue) ?? stride.doubleValue.map { [$0, $0] } ?? []
            guard pair.count == 2, pair.allSatisfy({ $0 > 0 && $0 <= 65536 }) else {
                throw arguments.invalid("strides", "must be numbers, or pairs of them, one for each level")
            }
            return SIMD2(pair[0], pair[1])
        }
        guard !strides.isEmpty else { throw arguments.invalid("strides", "must name one for each level") }
        isCentred = try arguments.bool("centralize_points", default: false)
        offset = try arguments.double("offset", default: 0.5)
        try arguments.finish()
    }

    /// The points of all levels, row by row, with their strides.
    ///
    /// Shapes: output `(Σ Hᵢ·Wᵢ, 4)`: x, y, stride across, stride down.
    /// - Parameter sizes: height and width of each level's map.
    func points(_ sizes: [(height: Int, width: Int)]) throws -> Tensor {
        guard sizes.count == strides.count else {
            throw ModelError.invalidInput("\(sizes.count) feature maps, but the prior generator has \(strides.count)")
        }
        var values: [Float] = []
        for (size, stride) in zip(sizes, strides) {
            func place(_ index: Int, _ stride: Double) -> Float {
                isCentred
                    ? Float(Double(index) * stride) + Float((stride - 1) / 2) : Float((Double(index) + offset) * stride)
            }
            for row in 0..<size.height {
                for column in 0..<size.width {
                    values += [place(column, stride.x), place(row, stride.y), Float(stride.x), Float(stride.y)]
                }
            }
        }
        return try Tensor(values, shape: [values.count / 4, 4])
    }
}
