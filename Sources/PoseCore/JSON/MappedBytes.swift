package import Foundation

/// The bytes of a file, mapped into memory: pages are read when looked at and can be dropped again by the system, so that
/// a large file does not count against the program.
package final class MappedBytes: @unchecked Sendable {
    // The mapping is read-only and lives as long as this object, hence `@unchecked Sendable`.
    package let start: UnsafePointer<UInt8>
    package let count: Int
    private let mapping: UnsafeMutableRawPointer

    /// - Throws: `DatasetError.file` when the file is missing, a folder, not readable or empty.
    package init(_ url: URL) throws {
        func failure(_ reason: String) -> DatasetError { .file(path: url.path, reason: reason) }
        let descriptor = open(url.path, O_RDONLY)
        guard descriptor >= 0 else {
            throw failure(errno == ENOENT ? "no such file" : String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw failure("is a folder, not a file") }
        count = Int(status.st_size)
        guard count > 0 else { throw failure("the file is empty") }
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw failure(String(cString: strerror(errno)))
        }
        mapping = address
        start = UnsafePointer(address.assumingMemoryBound(to: UInt8.self))
    }

    deinit {
        munmap(mapping, count)
    }

    /// Line and column, from 1, of a byte; for messages.
    package func place(of offset: Int) -> (line: Int, column: Int) {
        var line = 1
        var lineStart = 0
        for index in 0..<min(offset, count) where start[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        return (line, min(offset, count) - lineStart + 1)
    }
}
