package import Foundation

/// Writes a file beside its destination and renames it into place when complete and on disk, so that neither a reader
/// nor a power cut ever meets half a checkpoint. Without `commit()` nothing is left behind.
package final class FileWriter {
    private let descriptor: Int32
    private let temporary: String
    private let destination: String
    private var buffer: [UInt8] = []
    private var isCommitted = false
    /// Bytes written so far, counting those in the buffer.
    package private(set) var offset = 0

    private static let bufferSize = 1 << 20

    package init(_ url: URL) throws {
        destination = url.path
        let name = ".\(url.lastPathComponent).\(UUID().uuidString).partial"
        temporary = url.deletingLastPathComponent().appendingPathComponent(name).path
        descriptor = Foundation.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw MappedFile.systemError() }
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(temporary) }
    }

    package func write(_ bytes: [UInt8]) throws {
        offset += bytes.count
        buffer += bytes
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes without copying.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        try flush()
        try writeOut(bytes, at: offset)
        offset += bytes.count
    }

    /// Replaces bytes written earlier.
    package func patch(_ bytes: [UInt8], at position: Int) throws {
        try flush()
        try bytes.withUnsafeBytes { try writeOut($0, at: position) }
    }

    /// Puts the file on disk and in its place.
    package func commit() throws {
        try flush()
        guard fsync(descriptor) == 0, rename(temporary, destination) == 0 else { throw MappedFile.systemError() }
        isCommitted = true
        // The new name is durable once its folder is; a system that cannot sync folders has no more to offer.
        let folder = Foundation.open((destination as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    private func flush() throws {
        guard !buffer.isEmpty else { return }
        try buffer.withUnsafeBytes { try writeOut($0, at: offset - $0.count) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func writeOut(_ bytes: UnsafeRawBufferPointer, at position: Int) throws {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(position + done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw MappedFile.systemError() }
            done += count
        }
    }
}

extension [UInt8] {
    /// Appends an integer, little-endian.
    mutating func appendInteger(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
