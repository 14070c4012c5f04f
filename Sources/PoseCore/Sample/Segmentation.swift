/// Outline of an instance as COCO has it.
public enum Segmentation: Hashable, Sendable {
    /// Polygons, each x, y, x, y, …
    case polygons([[Double]])
    /// Lengths of runs of outside and inside in turn, down the columns.
    case runs([Int], size: ImageSize)
    /// The same as COCO's compressed string.
    case compressedRuns(String, size: ImageSize)

    /// Which pixels of an image are inside: 1, others 0, row after row.
    ///
    /// Polygons are filled as COCO's mask tools fill them. Runs longer than the image are cut off.
    /// - Throws: `PoseSampleError` for runs of an image of another size, or a string that is none of COCO's.
    public func mask(size: ImageSize) throws -> [UInt8] {
        guard size.width >= 0, size.height >= 0, size.area < 1 << 31 else {
            throw PoseSampleError.invalid("no mask of size \(size)")
        }
        switch self {
        case .polygons(let polygons):
            var mask = [UInt8](repeating: 0, count: size.area)
            for polygon in polygons {
                for (index, value) in PolygonFill.mask(polygon, size: size).enumerated() where value != 0 {
                    mask[index] = 1
                }
            }
            return mask
        case .runs(let runs, let own): return try Self.decode(runs, own, size)
        case .compressedRuns(let text, let own): return try Self.decode(Self.runs(text), own, size)
        }
    }

    private static func decode(_ runs: [Int], _ own: ImageSize, _ size: ImageSize) throws -> [UInt8] {
        guard own == size else {
            throw PoseSampleError.invalid("a segmentation of an image of \(own) for one of \(size)")
        }
        var mask = [UInt8](repeating: 0, count: size.area)
        var place = 0
        for (index, run) in runs.enumerated() {
            guard run >= 0 else { throw PoseSampleError.invalid("a run of negative length") }
            let end = run > mask.count - place ? mask.count : place + run
            if index % 2 == 1 {
                for pixel in place..<end { mask[pixel % size.height * size.width + pixel / size.height] = 1 }
            }
            place = end
        }
        return mask
    }

    /// Runs from COCO's string: five bits a character, the lowest first, the sixth marks that more follow; from the
    /// fourth on differences to the one before the last.
    private static func runs(_ text: String) throws -> [Int] {
        var runs: [Int] = []
        var value = 0
        var shift = 0
        for character in text.utf8 {
            guard (48..<112).contains(character), shift < 60 else {
                throw PoseSampleError.invalid("not a compressed segmentation")
            }
            let bits = Int(character) - 48
            value |= (bits & 31) << shift
            shift += 5
            if bits & 32 != 0 { continue }
            if bits & 16 != 0 { value |= -1 << shift }
            runs.append(runs.count > 2 ? value &+ runs[runs.count - 2] : value)
            (value, shift) = (0, 0)
        }
        return runs
    }
}

/// Fills polygons with the rule of COCO's mask tools: the outline is drawn at five times the size, and where it enters a
/// new column of the image the column's pixels below change between outside and inside.
private enum PolygonFill {
    private static let scale = 5.0

    static func mask(_ polygon: [Double], size: ImageSize) -> [UInt8] {
        let limit = 1e6
        guard polygon.count >= 6, polygon.allSatisfy({ abs($0) < limit }) else {
            return [UInt8](repeating: 0, count: size.area)
        }
        let corners = stride(from: 0, to: polygon.count - 1, by: 2).map { index in
            (x: Int(scale * polygon[index] + 0.5), y: Int(scale * polygon[index + 1] + 0.5))
        }
        var outline: [(x: Int, y: Int)] = []
        for (index, corner) in corners.enumerated() {
            appendEdge(from: corner, to: corners[(index + 1) % corners.count], to: &outline)
        }
        var changes = [Bool](repeating: false, count: size.area + 1)
        for (before, point) in zip(outline, outline.dropFirst()) where point.x != before.x {
            let column = Double(point.x < before.x ? point.x : point.x - 1)
            let exact = (column + 0.5) / scale - 0.5
            guard exact.rounded(.down) == exact, exact >= 0, exact <= Double(size.width - 1) else { continue }
            let y = (Double(min(point.y, before.y)) + 0.5) / scale - 0.5
            let row = min(max(y, 0), Double(size.height)).rounded(.up)
            changes[Int(exact) * size.height + Int(row)].toggle()
        }
        var mask = [UInt8](repeating: 0, count: size.area)
        var inside = false
        for place in 0..<size.area {
            if changes[place] { inside.toggle() }
            if inside { mask[place % size.height * size.width + place / size.height] = 1 }
        }
        return mask
    }

    /// Every point of an edge, without gaps along its longer axis, from its start to its end.
    private static func appendEdge(
        from start: (x: Int, y: Int), to end: (x: Int, y: Int), to outline: inout [(x: Int, y: Int)]
    ) {
        let (width, height) = (abs(end.x - start.x), abs(end.y - start.y))
        let isFlat = width >= height
        let isBackwards = isFlat ? start.x > end.x : start.y > end.y
        let (low, high) = isBackwards ? (end, start) : (start, end)
        let length = isFlat ? width : height
        let slope = length == 0 ? 0 : Double(isFlat ? high.y - low.y : high.x - low.x) / Double(length)
        for step in 0...length {
            let along = isBackwards ? length - step : step
            let across = Int(Double(isFlat ? low.y : low.x) + slope * Double(along) + 0.5)
            outline.append(isFlat ? (low.x + along, across) : (across, low.y + along))
        }
    }
}
