public import Foundation

/// A file that is one pickle of plain values and numpy arrays, such as the camera parameters of a dataset.
public enum PickleFile {
    /// Reads the value through the same allow-list as checkpoints: nothing in the file is ever run.
    ///
    /// - Throws: `CheckpointError` naming the file and what is wrong with it.
    public static func read(_ url: URL) throws -> PickleValue {
        do {
            let file = try MappedFile(path: url.path)
            return try read(file.bytes)
        } catch let reason as CheckpointError.Reason {
            throw CheckpointError(file: url.path, reason: reason)
        }
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) throws -> PickleValue {
        guard !bytes.isEmpty else { throw CheckpointError.Reason.unrecognised("the file is empty") }
        var machine = PickleMachine(bytes, at: 0, subject: "the pickle")
        let top = try machine.run()
        guard machine.storages.isEmpty else {
            throw CheckpointError.Reason.unsupported("a pickle with tensors; it belongs in a checkpoint")
        }
        var tree = PickleTree(machine, storages: [])
        return try tree.value(top)
    }
}
