import COpenCV

extension Image {
    /// Every value of an 8-bit image through a table of 256, one for each channel.
    ///
    /// - Throws: `ImageError` for an image of other values, and for tables of another number or size.
    public func mapped(through tables: [[UInt8]]) throws -> Image {
        guard tables.count == channels, tables.allSatisfy({ $0.count == 256 }) else {
            let message = "\(tables.count) tables for \(channels) channels; each has 256 values"
            throw ImageError(.invalid(operation: "lookup", message: message))
        }
        let rows = (0..<256).flatMap { value in tables.map { $0[value] } }
        return try Image.make("lookup") { ocv_lookup(handle, rows, $0) }
    }

    /// With channels in another order: channel `order[i]` becomes channel `i`.
    ///
    /// - Throws: `ImageError` when the order does not name every channel once.
    public func reordered(_ order: [Int]) throws -> Image {
        guard order.sorted() == Array(0..<channels) else {
            throw ImageError(.invalid(operation: "reorder", message: "\(order) of \(channels) channels"))
        }
        return try Image.make("reorder") { ocv_reorder_channels(handle, order.map { Int32($0) }, $0) }
    }

    /// With rectangles, cut to the image, in one colour of as many values as there are channels (up to four).
    ///
    /// - Throws: `ImageError` for another number of values.
    public func painted(_ rectangles: [(x: Range<Int>, y: Range<Int>)], _ color: [Double]) throws -> Image {
        guard color.count == channels, color.count <= 4 else {
            throw ImageError(.invalid(operation: "paint", message: "\(color.count) values for \(channels) channels"))
        }
        let copy = try Image.make("copy") { ocv_mat_clone(handle, $0) }
        let values = color + Array(repeating: 0, count: 4 - color.count)
        for (x, y) in rectangles {
            let (columns, rows) = (x.clamped(to: 0..<width), y.clamped(to: 0..<height))
            try Image.check(
                "paint",
                ocv_fill_rectangle(
                    copy.handle, Int32(clamping: columns.lowerBound), Int32(clamping: rows.lowerBound),
                    Int32(clamping: columns.count), Int32(clamping: rows.count), values))
        }
        return copy
    }

    /// The values `(C, H, W)`: one channel after another.
    public func planes() throws -> AnyNDArray {
        func planes<T: Sendable>(_ type: T.Type) throws -> NDArray<T> {
            let count = width * height * channels
            let values = try [T](unsafeUninitializedCapacity: count) { buffer, filled in
                guard let base = buffer.baseAddress else { return }
                try Image.check("split", ocv_split(handle, base))
                filled = count
            }
            return try NDArray(values, shape: [channels, height, width])
        }
        return switch depth {
        case .uint8: .uint8(try planes(UInt8.self))
        case .uint16: .uint16(try planes(UInt16.self))
        case .float32: .float32(try planes(Float.self))
        }
    }
}
