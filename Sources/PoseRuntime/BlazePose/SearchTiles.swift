import PoseCore

/// A square of the picture that the detector is shown, in pixels from the picture's top left corner.
struct Tile: Hashable, Sendable {
    let x, y, side: Double
    /// 0 for the whole picture, 1 and 2 for finer ones.
    let level: Int

    /// Where the detector looks: the whole picture, then tiles of a half and of a quarter of its longer side.
    ///
    /// The detector was made for people who fill a good part of its 224 pixels. Tiles overlap, so that every person lies
    /// whole within one of some size; those of less than `smallest` pixels would only enlarge noise.
    static func cover(_ size: ImageSize, search: BlazePose.Search, smallest: Double = 120) -> [Tile] {
        let (width, height) = (Double(size.width), Double(size.height))
        let whole = max(width, height)
        var tiles = [Tile(x: (width - whole) / 2, y: (height - whole) / 2, side: whole, level: 0)]
        for (number, level) in search.levels.enumerated() {
            let side = whole * level.share
            guard side >= smallest else { continue }
            for y in starts(height, side: side, overlap: level.overlap) {
                for x in starts(width, side: side, overlap: level.overlap) {
                    tiles.append(Tile(x: x, y: y, side: side, level: number + 1))
                }
            }
        }
        return tiles
    }

    /// First pixels of tiles along one side of the picture, evenly spread; one tile, centred, when that is enough.
    private static func starts(_ length: Double, side: Double, overlap: Double) -> [Double] {
        guard length > side else { return [(length - side) / 2] }
        let steps = ((length - side) / (side * (1 - overlap))).rounded(.up)
        return (0...Int(steps)).map { (length - side) * Double($0) / steps }
    }

    /// Maps points of the tile, 0 to 1, to pixels of the picture, whole numbers at pixel centres.
    func toImage(_ point: SIMD2<Double>) -> SIMD2<Double> {
        point * side + SIMD2(x, y) - 0.5
    }

    /// The tile as an upright region.
    var region: PersonRegion {
        PersonRegion(center: toImage(SIMD2(0.5, 0.5)), side: side, rotation: 0)
    }
}
