import PoseCore

/// A picture and its halves, quarters and so on, made when first needed.
///
/// Crops are taken from the level that is less than twice as fine as they are: sampled from the full picture, small crops
/// of large photos would be aliased. One pyramid serves all crops of a picture; it belongs to one thread.
final class ImagePyramid {
    private var levels: [Image]
    /// OpenCV warps images of fewer than 2¹⁵ pixels a side only.
    private static let longestSide = 32_000

    /// - Throws: `ImageError` for pixels that cannot be converted to 8-bit BGR.
    init(_ image: Image) throws {
        let bytes =
            switch image.depth {
            case .uint8: image
            case .uint16: try image.converted(to: .uint8, scale: 1 / 257)
            case .float32: try image.converted(to: .uint8)
            }
        switch bytes.channels {
        case 1: levels = [try bytes.converted(.grayToBGR)]
        case 4: levels = [try bytes.converted(.bgraToBGR)]
        default: levels = [bytes]
        }
    }

    private func level(_ number: Int) throws -> Image {
        while levels.count <= number {
            let last = levels[levels.count - 1]
            let half = ImageSize(width: (last.width + 1) / 2, height: (last.height + 1) / 2)
            levels.append(try last.resized(to: half, interpolation: .area))
        }
        return levels[number]
    }

    /// Fills a network's input, `size` × `size` × 3 RGB, with the region; black outside the picture.
    ///
    /// - Parameter normalize: value of every possible byte.
    func crop(
        _ region: PersonRegion, size: Int, normalize: [Float], into buffer: UnsafeMutableBufferPointer<Float>
    ) throws {
        let full = levels[0]
        var number = 0
        var scale = region.side / Double(size)
        var longest = max(full.width, full.height)
        while longest > 1, scale >= 2 || longest > Self.longestSide {
            number += 1
            scale /= 2
            longest = (longest + 1) / 2
        }
        let source = try level(number)
        let factor = SIMD2(Double(source.width), Double(source.height)) / SIMD2(Double(full.width), Double(full.height))
        // Pixel centres of the crop → picture → pixels of the level.
        let center = AffineMap(a: 1, b: 0, tx: 0.5, c: 0, d: 1, ty: 0.5)
        let toLevel = AffineMap(
            a: factor.x, b: 0, tx: (factor.x - 1) / 2, c: 0, d: factor.y, ty: (factor.y - 1) / 2)
        let map = center.then(region.cropToImage(size: size)).then(toLevel)
        let crop = try source.warpAffine(map.inverse, size: ImageSize(width: size, height: size))
        crop.withUnsafeBytes { bytes in
            guard bytes.count == buffer.count, normalize.count == 256 else { return }
            normalize.withUnsafeBufferPointer { table in
                for pixel in stride(from: 0, to: bytes.count - 2, by: 3) {
                    buffer[pixel] = table[Int(bytes[pixel + 2])]
                    buffer[pixel + 1] = table[Int(bytes[pixel + 1])]
                    buffer[pixel + 2] = table[Int(bytes[pixel])]
                }
            }
        }
    }
}
