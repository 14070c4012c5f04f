public import Foundation

/// Named arrays in NumPy's `.npz` format, a zip archive of `.npy` files.
///
/// The directory is read at once, arrays when they are asked for.
public struct NPZFile: Sendable {
    private let path: String?
    private let archive: ZipArchive
    /// Names of the arrays in the file's order, without `.npy`.
    public let names: [String]

    /// Opens a file.
    ///
    /// - Throws: `ArrayFileError` with the file's name.
    public init(contentsOf url: URL) throws {
        try self.init(ArrayFileBytes.read(url), path: url.path)
    }

    /// Opens an archive in memory.
    public init(_ data: Data) throws {
        try self.init(data, path: nil)
    }

    private init(_ data: Data, path: String?) throws {
        do {
            archive = try ZipArchive(data)
        } catch var error as ArrayFileError {
            error.path = path
            throw error
        }
        self.path = path
        names = archive.entries.map { Self.arrayName($0.name) }
    }

    private static func arrayName(_ entry: String) -> String {
        entry.hasSuffix(".npy") ? String(entry.dropLast(4)) : entry
    }

    /// One array.
    ///
    /// - Throws: `ArrayFileError` when there is none of this name or it cannot be read.
    public func array(_ name: String) throws -> AnyNDArray {
        guard let entry = archive.entries.last(where: { Self.arrayName($0.name) == name }) else {
            throw ArrayFileError(path: path, .noSuchArray(name))
        }
        do {
            return try archive.contents(of: entry).withUnsafeBytes { try NPYFile.decode($0) }
        } catch var error as ArrayFileError {
            error.path = path
            error.entry = name
            throw error
        }
    }

    /// All arrays in the file's order.
    public func arrays() throws -> [(name: String, array: AnyNDArray)] {
        try names.map { ($0, try array($0)) }
    }

    /// Writes arrays in the given order; the file appears complete or not at all.
    ///
    /// - Parameter compressed: deflate the arrays, as `np.savez_compressed` does.
    /// - Throws: `ArrayFileError` with the file's name.
    public static func write(
        _ arrays: [(name: String, array: AnyNDArray)], to url: URL, compressed: Bool = false
    ) throws {
        try ArrayFileBytes.write(encode(arrays, compressed: compressed), to: url)
    }

    /// The bytes of a file.
    public static func encode(_ arrays: [(name: String, array: AnyNDArray)], compressed: Bool = false) -> Data {
        var writer = ZipWriter()
        for (name, array) in arrays { writer.add(name + ".npy", NPYFile.encode(array), compressed: compressed) }
        return writer.finished()
    }
}
