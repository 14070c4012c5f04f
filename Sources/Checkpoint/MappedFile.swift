import Foundation

/// A whole file mapped read-only into memory, and unmapped when the last user lets go. Pages are read when touched, so
/// opening a checkpoint of any size costs next to nothing.
///
/// As with any mapping, cutting the file short while it is in use is not survivable; writers here rename a new file into
/// place, which is safe.
final class MappedFile: Sendable {
    let path: String
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// - Throws: `CheckpointError.Reason.system` when there is no such regular file or it cannot be mapped.
    init(path: String) throws {
        // O_NONBLOCK: opening a pipe must not wait for its writer.
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.systemError() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.systemError() }
        guard status.st_mode & S_IFMT == S_IFREG else { throw CheckpointError.Reason.system("not a regular file") }
        self.path = path
        let size = Int(status.st_size)
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw Self.systemError()
        }
        bytes = UnsafeRawBufferPointer(start: address, count: size)
    }

    deinit {
        if let address = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: address), bytes.count) }
    }

    /// A part of the file as tensor storage; the mapping lives as long as the storage. `range` is inside the file.
    func storage(_ range: Range<Int>) -> TensorStorage {
        TensorStorage(borrowing: UnsafeRawBufferPointer(rebasing: bytes[range]), owner: self)
    }

    /// The reason for the system call that just failed.
    static func systemError() -> CheckpointError.Reason {
        .system(String(cString: strerror(errno)))
    }
}
