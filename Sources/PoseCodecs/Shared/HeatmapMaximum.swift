/// Where a row of numbers is greatest.
///
/// Ties go to the first, and something that is not a number counts as greatest of all, as for NumPy's `argmax`.
/// - Parameter values: at least one.
func firstMaximum(_ values: UnsafeBufferPointer<Float>) -> (index: Int, value: Float) {
    let lanes = 16
    var greatest = SIMD16<Float>(repeating: -.infinity)
    var unordered = SIMDMask<SIMD16<Int32>>(repeating: false)
    let blocks = values.count / lanes
    let raw = UnsafeRawBufferPointer(values)
    for block in 0..<blocks {
        let part = raw.loadUnaligned(fromByteOffset: block * lanes * MemoryLayout<Float>.stride, as: SIMD16<Float>.self)
        greatest.replace(with: part, where: part .> greatest)
        unordered .|= part .!= part
    }
    var maximum = greatest.max()
    var hasNaN = unordered != SIMDMask(repeating: false)
    for value in values[(blocks * lanes)...] {
        if value > maximum { maximum = value }
        hasNaN = hasNaN || value.isNaN
    }
    let index = hasNaN ? values.firstIndex { $0.isNaN } : values.firstIndex(of: maximum)
    return (index ?? 0, hasNaN ? .nan : maximum)
}

/// The pixel where a map is greatest; (−1, −1) when nothing in it is more than zero.
struct MapPeak {
    let x, y: Int
    let score: Float

    init(_ map: UnsafeBufferPointer<Float>, width: Int) {
        let (index, value) = firstMaximum(map)
        score = value
        let nothing = value <= 0
        x = nothing ? -1 : index % width
        y = nothing ? -1 : index / width
    }
}

extension Maps {
    /// The peak of every map.
    func peaks() -> [MapPeak] { (0..<count).map { MapPeak(self[$0], width: width) } }
}
