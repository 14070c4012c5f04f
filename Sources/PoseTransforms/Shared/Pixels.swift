import PoseCore

/// The bytes of an 8-bit image, to be changed one by one.
struct Pixels {
    let width, height, channels: Int
    var bytes: [UInt8]

    /// - Throws: `PoseSampleError.invalid` for an image of other numbers.
    init(_ image: Image) throws {
        let image = try image.eightBit()
        (width, height, channels) = (image.width, image.height, image.channels)
        bytes = image.withUnsafeBytes { Array($0) }
    }

    /// One colour.
    init(width: Int, height: Int, channels: Int, value: UInt8) {
        (self.width, self.height, self.channels) = (width, height, channels)
        bytes = Array(repeating: value, count: width * height * channels)
    }

    func image() throws -> Image { try Image(bytes, width: width, height: height, channels: channels) }

    /// Copies a rectangle of another image of as many channels; both places must be inside.
    mutating func copy(_ other: Pixels, x: Int, y: Int, width: Int, height: Int, toX: Int, toY: Int) {
        guard width > 0, height > 0 else { return }
        for row in 0..<height {
            let source = ((y + row) * other.width + x) * channels
            let target = ((toY + row) * self.width + toX) * channels
            let count = width * channels
            bytes.replaceSubrange(target..<target + count, with: other.bytes[source..<source + count])
        }
    }
}

/// Changes of bytes as tables of their 256 results.
enum ByteTable {
    static let identity = make { $0 }

    static func make(_ transform: (UInt8) -> UInt8) -> [UInt8] { (0...255).map { transform(UInt8($0)) } }
}

extension Image {
    /// The image itself.
    ///
    /// - Throws: `PoseSampleError.invalid` for one of other numbers than bytes.
    func eightBit() throws -> Image {
        guard depth == .uint8 else {
            throw PoseSampleError.invalid("this transform changes 8-bit images; the sample's has \(depth) values")
        }
        return self
    }
}

/// A float as a byte: cut to 0…255, then without its fraction.
func truncatedByte(_ value: Float) -> UInt8 { value.isNaN ? 0 : UInt8(min(max(value, 0), 255)) }
