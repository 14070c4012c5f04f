/// A pixel that is greatest in its neighbourhood.
struct LocalMaximum: Hashable {
    let index: Int
    let value: Float
}

/// The greatest local maxima of a map, in falling order; equal ones in that of `torch.topk`.
///
/// As in MMPose all other pixels take part as zeros, and what is no number comes first and then counts as no maximum.
///
/// - Parameters:
///   - width: of the map.
///   - window: extent of the square neighbourhood; odd. What lies outside the map does not count.
///   - limit: how many pixels are looked at.
///   - threshold: what a maximum must exceed.
func localMaxima(
    _ map: UnsafeBufferPointer<Float>, width: Int, window: Int, limit: Int, threshold: Double
) -> [LocalMaximum] {
    let height = map.count / width
    let radius = window / 2
    let suppressed = map.indices.map { index in
        let value = map[index]
        guard value != 0, value.isFinite else { return value.isFinite ? 0 : infinite(value, index) }
        return isGreatest(index) ? value : 0
    }
    func isGreatest(_ index: Int) -> Bool {
        let (x, y) = (index % width, index / width)
        for row in max(0, y - radius)...min(height - 1, y + radius) {
            for place in row * width + max(0, x - radius)...row * width + min(width - 1, x + radius) {
                if !(map[place] <= map[index]) { return false }
            }
        }
        return true
    }
    /// Infinity times nothing is no number.
    func infinite(_ value: Float, _ index: Int) -> Float { isGreatest(index) ? value : .nan }
    return GreatestElements.indices(of: suppressed, count: limit)
        .map { LocalMaximum(index: $0, value: suppressed[$0]) }
        .filter { Double($0.value) > threshold }
}
