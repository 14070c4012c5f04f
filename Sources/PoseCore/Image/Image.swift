import COpenCV

/// A picture: rows of pixels with interleaved channels, in B, G, R order as OpenCV has them.
///
/// An image never changes once made; every operation returns a new one, so that it can be shared between threads.
/// `Canvas` draws.
public final class Image: @unchecked Sendable {
    // The matrix behind this handle is never written to after `init`, hence `@unchecked Sendable`.
    let handle: OpaquePointer

    /// Takes over a matrix.
    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        ocv_mat_free(handle)
    }

    /// Element types of pixels.
    public enum Depth: Int32, Sendable {
        case uint8 = 0
        case uint16 = 2
        case float32 = 5

        /// Bytes of one channel of one pixel.
        public var byteCount: Int {
            switch self {
            case .uint8: 1
            case .uint16: 2
            case .float32: 4
            }
        }
    }

    /// Pixels in a row.
    public var width: Int { Int(ocv_mat_columns(handle)) }
    /// Rows.
    public var height: Int { Int(ocv_mat_rows(handle)) }
    /// Channels of a pixel: 1 grey, 3 BGR, 4 BGRA.
    public var channels: Int { Int(ocv_mat_channels(handle)) }
    public var depth: Depth { Depth(rawValue: ocv_mat_depth(handle)) ?? .uint8 }
    public var size: ImageSize { ImageSize(width: width, height: height) }
    /// Bytes of all pixels.
    public var byteCount: Int { width * height * channels * depth.byteCount }

    /// An image of one colour (by default black).
    ///
    /// - Throws: `ImageError` for sizes that are not positive or do not fit in memory.
    public convenience init(
        width: Int, height: Int, channels: Int = 3, depth: Depth = .uint8, color: Color = .black
    ) throws {
        self.init(owning: try Image.matrix(nil, width: width, height: height, channels: channels, depth: depth))
        if color != .black {
            var color = color.components
            try Image.check("fill", ocv_fill(handle, &color))
        }
    }

    /// An image from pixels in memory (copied): `height` rows of `width` pixels of `channels` values, without padding.
    ///
    /// - Throws: `ImageError` when the number of bytes does not belong to the size.
    public convenience init(
        bytes: UnsafeRawBufferPointer, width: Int, height: Int, channels: Int = 3, depth: Depth = .uint8
    ) throws {
        self.init(owning: try Image.matrix(bytes, width: width, height: height, channels: channels, depth: depth))
    }

    /// An 8-bit image from pixels in memory.
    public convenience init(_ pixels: [UInt8], width: Int, height: Int, channels: Int = 3) throws {
        let matrix = try pixels.withUnsafeBytes {
            try Image.matrix($0, width: width, height: height, channels: channels, depth: .uint8)
        }
        self.init(owning: matrix)
    }

    /// A 32-bit float image from pixels in memory.
    public convenience init(_ pixels: [Float], width: Int, height: Int, channels: Int = 3) throws {
        let matrix = try pixels.withUnsafeBytes {
            try Image.matrix($0, width: width, height: height, channels: channels, depth: .float32)
        }
        self.init(owning: matrix)
    }

    /// The pixels, row after row, without padding; valid during the call only.
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: ocv_mat_bytes(handle), count: byteCount))
    }

    /// The pixels as numbers, row after row, whatever the element type.
    public func floats() -> [Float] {
        withUnsafeBytes { bytes in
            switch depth {
            case .uint8: bytes.map(Float.init)
            case .uint16: bytes.bindMemory(to: UInt16.self).map(Float.init)
            case .float32: Array(bytes.bindMemory(to: Float.self))
            }
        }
    }
}

extension Image: Equatable {
    /// The same size, kind and pixels.
    public static func == (lhs: Image, rhs: Image) -> Bool {
        guard lhs.size == rhs.size, lhs.channels == rhs.channels, lhs.depth == rhs.depth else { return false }
        return lhs.withUnsafeBytes { left in rhs.withUnsafeBytes { left.elementsEqual($0) } }
    }
}

extension Image {
    /// A matrix from bytes (copied), or black.
    private static func matrix(
        _ bytes: UnsafeRawBufferPointer?, width: Int, height: Int, channels: Int, depth: Depth
    ) throws -> OpaquePointer {
        let (pixels, overflow1) = max(0, width).multipliedReportingOverflow(by: max(0, height))
        let (values, overflow2) = pixels.multipliedReportingOverflow(by: max(0, channels))
        let (expected, overflow3) = values.multipliedReportingOverflow(by: depth.byteCount)
        guard width > 0, height > 0, channels > 0, !overflow1, !overflow2, !overflow3 else {
            let message = "\(width)×\(height) pixels of \(channels) channels is not a size of an image"
            throw ImageError(.invalid(operation: "image", message: message))
        }
        if let bytes, bytes.count != expected {
            let message = "\(bytes.count) bytes are not \(width)×\(height) pixels of \(channels) \(depth) values"
            throw ImageError(.invalid(operation: "image", message: message))
        }
        return try made("image") {
            ocv_mat_create(
                Int32(clamping: height), Int32(clamping: width), depth.rawValue, Int32(clamping: channels),
                bytes?.baseAddress, $0)
        }
    }

    /// Runs a call of the C face that makes a matrix.
    static func made(
        _ operation: String, _ call: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
    ) throws -> OpaquePointer {
        var result: OpaquePointer?
        try check(operation, call(&result))
        guard let result else { throw ImageError(.invalid(operation: operation, message: "no result")) }
        return result
    }

    /// The same, as an image.
    static func make(_ operation: String, _ call: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) throws -> Image {
        Image(owning: try made(operation, call))
    }

    /// Turns a status of the C face into an error.
    static func check(_ operation: String, _ status: Int32) throws {
        guard status == 0 else {
            throw ImageError(.invalid(operation: operation, message: String(cString: ocv_last_error())))
        }
    }
}
