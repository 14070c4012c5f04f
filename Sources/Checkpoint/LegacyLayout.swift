/// The layout of `torch.save` before PyTorch 1.6: five pickles (magic number, protocol version, system, the object, the
/// keys of its storages) followed by the storages, each as an 8-byte element count and its elements.
enum LegacyLayout {
    /// 0x1950a86a20f9469cfc6c, little-endian.
    private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    private static let protocolVersion = 1001

    /// Anything that starts like a pickle; whether it is PyTorch's is found out by reading it, safely.
    static func recognises(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = bytes.first else { return false }
        let textStarts = "c(LI]}P".utf8
        return first == PickleOpcode.proto.rawValue && bytes.count > 1 && bytes[1] <= 5 || textStarts.contains(first)
    }

    static func read(_ file: MappedFile) throws -> PickleValue {
        var position = 0
        guard case .bigInt(magic) = try leadingPickle(file, at: &position) else {
            throw CheckpointError.Reason.unrecognised("a pickle, but not one that torch.save wrote")
        }
        let version = try plainPickle(file, at: &position, subject: "the protocol version")
        guard version.intValue == protocolVersion else {
            throw CheckpointError.Reason.unsupported("a version of the older layout other than \(protocolVersion)")
        }
        let system = try plainPickle(file, at: &position, subject: "the system description")
        guard system.dictValue?["little_endian"]?.boolValue == true else {
            throw CheckpointError.Reason.unsupported("big-endian data; only little-endian is read")
        }
        var machine = PickleMachine(file.bytes, at: position, subject: "the pickle")
        let top = try machine.run()
        position = machine.reader.position
        let keys = try plainPickle(file, at: &position, subject: "the list of storages")
        let storages = try storages(machine.storages, keys: keys, file: file, position: position)
        var tree = PickleTree(machine, storages: storages)
        return try tree.value(top)
    }

    /// The first pickle. What starts like the text of an old pickle may be any text; then it is no broken checkpoint,
    /// but none at all. A pickle that asks for something forbidden is reported as such, whatever its form.
    private static func leadingPickle(_ file: MappedFile, at position: inout Int) throws -> PickleValue {
        do {
            return try plainPickle(file, at: &position, subject: "the leading pickle")
        } catch let reason as CheckpointError.Reason where file.bytes.first != PickleOpcode.proto.rawValue {
            switch reason {
            case .malformed, .truncated: throw CheckpointError.Reason.unrecognised("neither an archive nor a pickle")
            default: throw reason
            }
        }
    }

    /// One of the pickles around the main one; they hold no tensors.
    private static func plainPickle(_ file: MappedFile, at position: inout Int, subject: String) throws -> PickleValue {
        var machine = PickleMachine(file.bytes, at: position, subject: subject)
        let top = try machine.run()
        position = machine.reader.position
        guard machine.storages.isEmpty else {
            throw CheckpointError.Reason.malformed("\(subject) refers to a storage")
        }
        var tree = PickleTree(machine, storages: [])
        return try tree.value(top)
    }

    /// Walks the storages behind the pickles, then hands out what the pickle referred to.
    private static func storages(
        _ references: [StorageReference], keys: PickleValue, file: MappedFile, position: Int
    ) throws -> [TensorStorage] {
        guard case .list(let keys) = keys else {
            throw CheckpointError.Reason.malformed("the list of storages is not a list")
        }
        let described = Dictionary(references.map { ($0.identity.key, $0) }, uniquingKeysWith: { first, _ in first })
        var reader = ByteReader(file.bytes, at: position, subject: "the storages")
        var found: [String: Range<Int>] = [:]
        for key in keys {
            guard let key = key.stringValue, let reference = described[key] else {
                throw CheckpointError.Reason.malformed("a storage in the file that no tensor uses")
            }
            guard let count = Int(exactly: try reader.integer(Int64.self)), count == reference.count else {
                throw CheckpointError.Reason.malformed("storage '\(key)' has another size than announced")
            }
            let (bytes, overflow) = count.multipliedReportingOverflow(by: reference.elementSize)
            guard !overflow else { throw CheckpointError.Reason.malformed("storage '\(key)' is impossibly large") }
            let start = reader.position
            _ = try reader.take(bytes)
            guard found.updateValue(start..<start + bytes, forKey: key) == nil else {
                throw CheckpointError.Reason.malformed("storage '\(key)' is in the file twice")
            }
        }
        guard reader.remaining == 0 else {
            throw CheckpointError.Reason.malformed(
                "\(reader.remaining) bytes at the end of the file belong to no storage")
        }
        let whole = found.mapValues { file.storage($0) }
        return try references.map { reference in
            let key = reference.identity.key
            guard let storage = whole[key], let range = found[key], described[key]?.dtype == reference.dtype,
                described[key]?.count == reference.count
            else {
                throw CheckpointError.Reason.malformed(
                    "storage '\(Text.printable(key))' is not in the file as announced")
            }
            guard let part = reference.part else { return storage }
            let size = reference.elementSize
            return file.storage(range.lowerBound + part.lowerBound * size..<range.lowerBound + part.upperBound * size)
        }
    }
}
