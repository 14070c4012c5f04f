import COpenCV
public import Foundation

/// An image of which maybe only a part is needed: pixels are decoded, and mirrored, when a region is cut out of it.
///
/// Of a baseline JPEG only the rows and columns of the region are decoded. What is cut out is bit for bit what the
/// whole image gives.
public struct DeferredImage: Sendable {
    private enum Source: Sendable {
        case file(Data, path: String)
        case decoded(Image)
    }

    private let source: Source
    /// How many pixels it has.
    public let size: ImageSize
    private var isMirrored = (x: false, y: false)

    /// An image that is decoded already.
    public init(_ image: Image) {
        source = .decoded(image)
        size = image.size
    }

    /// Reads a file. A format of which only the whole can be decoded, or a picture that EXIF turns, is decoded at once.
    ///
    /// - Throws: `ImageError` as `Image.decode(contentsOf:)` does; of a JPEG whose data are damaged only later.
    public init(contentsOf url: URL, pixelLimit: Int = Image.defaultPixelLimit) throws {
        let data = try FileBytes.read(url)
        let header = try data.withUnsafeBytes { bytes in
            bytes.isEmpty ? nil : try Image.checkedHeader(bytes, named: url.path, pixelLimit: pixelLimit)
        }
        guard let header, header.format == .jpeg, header.isUpright, let size = header.size, size.area > 0 else {
            let image = try Image.decode(data, named: url.path, pixelLimit: pixelLimit)
            source = .decoded(image)
            size = image.size
            return
        }
        source = .file(data, path: url.path)
        self.size = size
    }

    /// Mirrored left to right, top to bottom, or both.
    public func flipped(horizontal: Bool = true, vertical: Bool = false) -> DeferredImage {
        var result = self
        if horizontal { result.isMirrored.x.toggle() }
        if vertical { result.isMirrored.y.toggle() }
        return result
    }

    /// All of the image.
    ///
    /// - Throws: `ImageError` when it cannot be decoded.
    public func image() throws -> Image {
        let image =
            switch source {
            case .decoded(let image): image
            case .file(let data, let path): try Image.decode(data, named: path, pixelLimit: .max)
            }
        guard isMirrored.x || isMirrored.y else { return image }
        return try image.flipped(horizontal: isMirrored.x, vertical: isMirrored.y)
    }

    /// The image seen through `transform`, black outside, as `Image.warpAffine` gives it.
    ///
    /// - Throws: `ImageError` as `Image.warpAffine` does, and when the image cannot be decoded.
    public func warpAffine(_ transform: AffineMap, size: ImageSize) throws -> Image {
        let part = PixelRectangle(seenBy: transform, output: size, in: self.size)
        let image = try part.flatMap(decoded) ?? image()
        return try image.warpAffine(transform, size: size)
    }

    /// An image whose pixels are right in a part only; nil when all of it must be decoded.
    private func decoded(_ part: PixelRectangle) throws -> Image? {
        var result: OpaquePointer?
        let (mirrorX, mirrorY): (Int32, Int32) = (isMirrored.x ? 1 : 0, isMirrored.y ? 1 : 0)
        switch source {
        case .decoded(let image):
            guard isMirrored.x || isMirrored.y else { return image }
            try Image.check(
                "flip",
                ocv_flip_part(
                    image.handle, part.x, part.y, part.width, part.height, mirrorX, mirrorY, &result))
        case .file(let data, _):
            try data.withUnsafeBytes { bytes in
                guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
                try Image.check(
                    "decode",
                    ocv_jpeg_decode_part(
                        base, bytes.count, Int32(clamping: size.width), Int32(clamping: size.height), part.x, part.y,
                        part.width, part.height, mirrorX, mirrorY, &result))
            }
        }
        return result.map(Image.init(owning:))
    }
}

/// A rectangle of whole pixels in an image.
struct PixelRectangle: Hashable {
    let x, y, width, height: Int32

    /// What interpolation may read besides the pixels between the corners.
    private static let margin = 2.0
    /// OpenCV's warp has coordinates of 16 bits; beyond, they stick to the limit.
    private static let limit = 30_000.0

    /// The pixels of an image that `transform` shows in an output; at least one. Nil when that cannot be told.
    init?(seenBy transform: AffineMap, output: ImageSize, in image: ImageSize) {
        let inverse = transform.inverse
        let (right, bottom) = (Double(output.width - 1), Double(output.height - 1))
        let corners = inverse.apply([SIMD2(0, 0), SIMD2(right, 0), SIMD2(0, bottom), SIMD2(right, bottom)])
        guard inverse.a * inverse.d - inverse.b * inverse.c != 0, image.width > 0, image.height > 0,
            max(Double(image.width), Double(image.height)) < Self.limit,
            corners.allSatisfy({ abs($0.x) < Self.limit && abs($0.y) < Self.limit })
        else { return nil }
        func range(_ values: [Double], _ extent: Int) -> (start: Int, count: Int) {
            let low = (values.min() ?? 0) - Self.margin
            let high = (values.max() ?? 0) + Self.margin
            let start = min(max(Int(low.rounded(.down)), 0), extent - 1)
            let end = min(max(Int(high.rounded(.up)) + 1, start + 1), extent)
            return (start, end - start)
        }
        let columns = range(corners.map(\.x), image.width)
        let rows = range(corners.map(\.y), image.height)
        (x, width) = (Int32(columns.start), Int32(columns.count))
        (y, height) = (Int32(rows.start), Int32(rows.count))
    }
}
