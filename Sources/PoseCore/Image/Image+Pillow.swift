extension Image {
    /// The 8-bit image in another size, as Pillow's bilinear `resize` does it: unlike OpenCV's it averages over everything a
    /// smaller pixel covers. Same pixels, bit for bit, as Pillow up to 12; later ones begin with the columns where those
    /// shrink much more than the rows.
    ///
    /// - Throws: `ImageError` for other images than of 8 bits with one or three channels, and for sizes that make no image.
    public func resizedAsPillow(to size: ImageSize) throws -> Image {
        guard depth == .uint8, [1, 3].contains(channels) else {
            throw ImageError(
                .invalid(operation: "resize", message: "Pillow's way is of 8-bit images in grey or three colours"))
        }
        let limits = 1...Int(Int16.max)
        guard limits.contains(size.width), limits.contains(size.height) else {
            let message = "\(size.width)×\(size.height) pixels are not a size to resize to"
            throw ImageError(.invalid(operation: "resize", message: message))
        }
        let wide = size.width == width ? self : try resizedRows(to: size.width)
        return size.height == height ? wide : try wide.resizedColumns(to: size.height)
    }

    /// In another width.
    private func resizedRows(to target: Int) throws -> Image {
        let windows = PillowWindow.all(from: width, to: target)
        let (rows, source, channels) = (height, width, channels)
        var pixels = [UInt8](repeating: 0, count: rows * target * channels)
        withUnsafeBytes { bytes in
            pixels.withUnsafeMutableBufferPointer { pixels in
                var place = 0
                for row in 0..<rows {
                    for window in windows {
                        let first = (row * source + window.first) * channels
                        for channel in 0..<channels {
                            pixels[place] = window.sum { bytes[first + channel + $0 * channels] }
                            place += 1
                        }
                    }
                }
            }
        }
        return try Image(pixels, width: target, height: rows, channels: channels)
    }

    /// In another height.
    private func resizedColumns(to target: Int) throws -> Image {
        let stride = width * channels
        var pixels = [UInt8](repeating: 0, count: target * stride)
        withUnsafeBytes { bytes in
            pixels.withUnsafeMutableBufferPointer { pixels in
                for (row, window) in PillowWindow.all(from: height, to: target).enumerated() {
                    for column in 0..<stride {
                        let first = window.first * stride + column
                        pixels[row * stride + column] = window.sum { bytes[first + $0 * stride] }
                    }
                }
            }
        }
        return try Image(pixels, width: width, height: target, channels: channels)
    }
}

/// Which pixels of a line a resized pixel is the weighted mean of.
private struct PillowWindow {
    /// Bits after the point of weights.
    private static let precision = 22

    let first: Int
    private let weights: [Int32]

    static func all(from source: Int, to target: Int) -> [PillowWindow] {
        let scale = Double(source) / Double(target)
        // Of a triangle that reaches one pixel to either side, or further when pixels are merged.
        let reach = max(scale, 1)
        return (0..<target).map { index in
            let center = (Double(index) + 0.5) * scale
            let first = max(0, Int(center - reach + 0.5))
            let end = max(first + 1, min(source, Int(center + reach + 0.5)))
            let heights = (first..<end).map { max(0, 1 - abs((Double($0) - center + 0.5) * (1 / reach))) }
            let total = heights.reduce(0, +)
            let unit = Double(1 << precision)
            return PillowWindow(
                first: first, weights: heights.map { Int32(0.5 + (total == 0 ? $0 : $0 / total) * unit) })
        }
    }

    /// - Parameter pixel: of an index counted from the first.
    @inline(__always)
    func sum(_ pixel: (Int) -> UInt8) -> UInt8 {
        weights.withUnsafeBufferPointer { weights in
            var sum: Int32 = 1 << Int32(Self.precision - 1)
            for index in weights.indices { sum &+= Int32(pixel(index)) &* weights[index] }
            return UInt8(clamping: sum >> Int32(Self.precision))
        }
    }
}
