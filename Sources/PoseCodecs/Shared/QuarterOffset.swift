/// How far a peak is moved towards its higher neighbour along each axis: a quarter pixel, or nothing between equals.
///
/// Where the neighbours on both sides, or the two on the low one, are not in the map, the axis is left alone.
func quarterOffset(
    _ map: UnsafeBufferPointer<Float>, width: Int, height: Int, x: Int, y: Int, _ refinement: PeakRefinement = .perAxis
) -> (x: Float, y: Float) {
    var offset: (x: Float, y: Float) = (0, 0)
    if refinement == .none { return offset }
    let isInside = x > 1 && x < width - 1 && y > 1 && y < height - 1
    if refinement == .bothAxes, !isInside { return offset }
    if x > 1, x < width - 1, y > 0, y < height {
        offset.x = 0.25 * sign(map[y * width + x + 1] - map[y * width + x - 1])
    }
    if y > 1, y < height - 1, x > 0, x < width {
        offset.y = 0.25 * sign(map[(y + 1) * width + x] - map[(y - 1) * width + x])
    }
    return offset
}

/// −1, 0 or 1; not a number stays one.
func sign(_ value: Float) -> Float {
    value > 0 ? 1 : value < 0 ? -1 : value == 0 ? 0 : .nan
}
