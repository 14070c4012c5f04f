public import Foundation

/// Single arrays in NumPy's `.npy` format.
///
/// Reads versions 1 to 3, truth values, integers, floats of 16 to 64 bits and fixed-length strings of either byte order and
/// memory order. Object arrays, which would need a pickle machine, are refused.
public enum NPYFile {
    /// Reads an array.
    ///
    /// - Throws: `ArrayFileError` with the file's name.
    public static func read(_ url: URL) throws -> AnyNDArray {
        let data = try ArrayFileBytes.read(url)
        do {
            return try decode(data)
        } catch var error as ArrayFileError {
            error.path = url.path
            throw error
        }
    }

    /// Writes an array; the file appears complete or not at all.
    ///
    /// - Throws: `ArrayFileError` with the file's name.
    public static func write(_ array: AnyNDArray, to url: URL) throws {
        try ArrayFileBytes.write(encode(array), to: url)
    }

    /// An array from the bytes of an `.npy` file.
    public static func decode(_ data: Data) throws -> AnyNDArray {
        try data.withUnsafeBytes { try decode($0) }
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) throws -> AnyNDArray {
        let (header, offset) = try NPYHeader.parse(bytes)
        let body = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        // Files keep Fortran order as the transposed array in C order.
        var layout = header
        if header.isFortranOrder { layout.shape.reverse() }
        let array = try NPYValues(bytes: body, header: layout).array()
        return header.isFortranOrder ? try array.reversingDimensions() : array
    }

    /// The bytes of an `.npy` file.
    public static func encode(_ array: AnyNDArray) -> Data {
        switch array {
        case .bool(let array): encode(array.map { $0 ? UInt8(1) : 0 }, "|b1")
        case .int8(let array): encode(array, "|i1")
        case .int16(let array): encode(array, "<i2")
        case .int32(let array): encode(array, "<i4")
        case .int64(let array): encode(array, "<i8")
        case .uint8(let array): encode(array, "|u1")
        case .uint16(let array): encode(array, "<u2")
        case .uint32(let array): encode(array, "<u4")
        case .uint64(let array): encode(array, "<u8")
        case .float16(let array), .float32(let array): encode(array.map { $0.bitPattern }, "<f4")
        case .float64(let array): encode(array.map { $0.bitPattern }, "<f8")
        case .string(let array): encode(array)
        }
    }

    private static func encode(_ array: NDArray<some FixedWidthInteger & Sendable>, _ descriptor: String) -> Data {
        var data = Data(NPYHeader(descriptor: descriptor, shape: array.shape).encoded())
        array.elements.map(\.littleEndian).withUnsafeBytes { data.append(contentsOf: $0) }
        return data
    }

    private static func encode(_ array: NDArray<String>) -> Data {
        let scalars = array.elements.map { Array($0.unicodeScalars) }
        let length = max(1, scalars.map(\.count).max() ?? 1)
        var data = Data(NPYHeader(descriptor: "<U\(length)", shape: array.shape).encoded())
        for text in scalars {
            let padded = text.map(\.value.littleEndian) + Array(repeating: 0, count: length - text.count)
            padded.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        return data
    }
}

extension AnyNDArray {
    func reversingDimensions() throws -> AnyNDArray {
        func reversed<T>(_ array: NDArray<T>) throws -> NDArray<T> {
            try array.transposed(Array(array.shape.indices.reversed()))
        }
        return switch self {
        case .bool(let array): .bool(try reversed(array))
        case .int8(let array): .int8(try reversed(array))
        case .int16(let array): .int16(try reversed(array))
        case .int32(let array): .int32(try reversed(array))
        case .int64(let array): .int64(try reversed(array))
        case .uint8(let array): .uint8(try reversed(array))
        case .uint16(let array): .uint16(try reversed(array))
        case .uint32(let array): .uint32(try reversed(array))
        case .uint64(let array): .uint64(try reversed(array))
        case .float16(let array): .float16(try reversed(array))
        case .float32(let array): .float32(try reversed(array))
        case .float64(let array): .float64(try reversed(array))
        case .string(let array): .string(try reversed(array))
        }
    }
}

/// Reading and writing whole files with errors that say what is wrong.
enum ArrayFileBytes {
    static func read(_ url: URL) throws -> Data {
        do {
            return try FileBytes.read(url)
        } catch let error as ImageError {
            throw ArrayFileError(path: url.path, reason(error.reason))
        }
    }

    static func write(_ data: Data, to url: URL) throws {
        do {
            try data.write(to: url, options: .atomic)
        } catch {
            throw ArrayFileError(path: url.path, reason(FileBytes.reason(error)))
        }
    }

    private static func reason(_ reason: ImageError.Reason) -> ArrayFileError.Reason {
        switch reason {
        case .missing: .missing
        case .directory: .directory
        case .notPermitted: .notPermitted
        case .system(let message): .system(message)
        default: .system(ImageError(reason).description)
        }
    }
}
