/// The zip layout of `torch.save`: `NAME/data.pkl`, one record `NAME/data/KEY` per storage, and `NAME/byteorder`.
enum ZipLayout {
    static func read(_ file: MappedFile) throws -> PickleValue {
        let archive = try ZipArchive(file.bytes)
        let root = try rootFolder(archive)
        if archive.records[root + "byteorder"] != nil {
            let order = String(decoding: try archive.contents(of: root + "byteorder", in: file.bytes), as: UTF8.self)
            guard order == "little" else {
                throw CheckpointError.Reason.unsupported(
                    "byte order '\(Text.printable(order))'; only little-endian is read")
            }
        }
        let pickle = try archive.contents(of: root + "data.pkl", in: file.bytes)
        var machine = PickleMachine(pickle, subject: "data.pkl")
        let top = try machine.run()
        guard machine.reader.remaining == 0 else {
            throw CheckpointError.Reason.malformed("data.pkl goes on after its end")
        }
        let storages = try machine.storages.map { try storage($0, root: root, archive: archive, file: file) }
        var tree = PickleTree(machine, storages: storages)
        return try tree.value(top)
    }

    /// `torch.save` puts everything into one folder, named after the file.
    private static func rootFolder(_ archive: ZipArchive) throws -> String {
        let pickles = archive.records.keys.filter { name in
            name.hasSuffix("/data.pkl") && name.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1
        }
        guard pickles.count <= 1 else {
            throw CheckpointError.Reason.malformed("the zip archive holds \(pickles.count) pickles")
        }
        guard let pickle = pickles.first else {
            throw CheckpointError.Reason.unrecognised("a zip archive without data.pkl")
        }
        let root = String(pickle.dropLast("data.pkl".count))
        guard archive.records[root + "constants.pkl"] == nil else {
            throw CheckpointError.Reason.unsupported("a TorchScript archive; save the state dict instead")
        }
        return root
    }

    private static func storage(
        _ reference: StorageReference, root: String, archive: ZipArchive, file: MappedFile
    ) throws -> TensorStorage {
        guard reference.part == nil else {
            throw CheckpointError.Reason.malformed("a part of a storage, which only the older layout has")
        }
        let name = root + "data/" + reference.identity.key
        guard archive.records[name] != nil else {
            throw CheckpointError.Reason.malformed(
                "storage '\(Text.printable(reference.identity.key))' is not in the file")
        }
        let range = try archive.range(of: name)
        let (bytes, overflow) = reference.count.multipliedReportingOverflow(by: reference.elementSize)
        guard !overflow, bytes == range.count else {
            throw CheckpointError.Reason.malformed(
                "storage '\(reference.identity.key)' is announced with \(reference.count) elements of "
                    + "\(reference.elementSize) bytes, its record has \(range.count) bytes")
        }
        return file.storage(range)
    }
}
