/// A pixel that is greatest in its neighbourhood.
struct LocalMaximum: Hashable {
    let index: Int
    let value: Float
}

/// The greatest local maxima of a map, in falling order; of equal ones the first.
///
/// - Parameters:
///   - width: of the map.
///   - window: extent of the square neighbourhood; odd. What lies outside the map does not count.
///   - limit: how many at most.
///   - threshold: what a maximum must exceed.
func localMaxima(
    _ map: UnsafeBufferPointer<Float>, width: Int, window: Int, limit: Int, threshold: Double
) -> [LocalMaximum] {
    let height = map.count / width
    let radius = window / 2
    var found: [LocalMaximum] = []
    for index in map.indices where Double(map[index]) > threshold {
        let (x, y) = (index % width, index / width)
        let columns = max(0, x - radius)...min(width - 1, x + radius)
        let rows = max(0, y - radius)...min(height - 1, y + radius)
        let isGreatest = rows.allSatisfy { row in
            columns.allSatisfy { !(map[row * width + $0] > map[index] || map[row * width + $0].isNaN) }
        }
        if isGreatest { found.append(LocalMaximum(index: index, value: map[index])) }
    }
    return Array(found.sorted { ($0.value, $1.index) > ($1.value, $0.index) }.prefix(max(limit, 0)))
}
