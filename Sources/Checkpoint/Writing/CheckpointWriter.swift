public import Foundation
import OrderedCollections

/// Writes checkpoints. Each is written beside its destination, synced, and renamed into place.
public enum CheckpointWriter {
    /// Writes `{"meta": meta, "state_dict": state}`, the layout of MMEngine and MMPose, as `.pth`.
    ///
    /// - Throws: `CheckpointError`; see `pth(_:to:)`.
    public static func pth(_ state: StateDict, meta: PickleDict = PickleDict(), to url: URL) throws {
        try pth(.dict(PickleDict([.string("meta"): .dict(meta), .string("state_dict"): state.pickled])), to: url)
    }

    /// Writes any tree of values as `.pth` in the zip layout, such that `torch.load(weights_only=True)` reads it.
    ///
    /// Tensors that share a `TensorStorage` share it in the file, as in PyTorch. numpy arrays become nested lists and
    /// dictionary classes become `dict`, since a safe load refuses the originals.
    ///
    /// - Throws: `CheckpointError`: `.unwritable` names the place of a value that a safe load would refuse, `.system`
    ///   says why the file cannot be written. The destination is then as it was.
    public static func pth(_ root: PickleValue, to url: URL) throws {
        try named(url) {
            let pickle = try PickleWriter(root)
            let file = try FileWriter(url)
            var archive = ZipWriter(file)
            try archive.add("archive/data.pkl", pickle.bytes)
            try archive.add("archive/byteorder", Array("little".utf8))
            for (index, storage) in pickle.storages.enumerated() {
                try storage.withUnsafeBytes { try archive.add("archive/data/\(index)", $0) }
            }
            try archive.add("archive/version", Array("3\n".utf8))
            try archive.finish()
            try file.commit()
        }
    }

    /// Writes the tensors as `.safetensors`, each contiguous and aligned to 8 bytes; shared storages are not kept.
    ///
    /// - Parameter metadata: strings for `__metadata__`.
    /// - Throws: `CheckpointError` when the file cannot be written or a key is `__metadata__`.
    public static func safetensors(_ state: StateDict, metadata: [String: String] = [:], to url: URL) throws {
        try named(url) {
            // Larger elements first keeps every tensor aligned without holes, which the format forbids.
            let tensors = state.entries.values.enumerated().sorted {
                ($1.element.dtype.byteCount, $0.offset) < ($0.element.dtype.byteCount, $1.offset)
            }.map(\.element)
            let header = try Safetensors.header(tensors, metadata: metadata)
            let file = try FileWriter(url)
            try file.write(header)
            for tensor in tensors {
                if tensor.isContiguous {
                    try tensor.withUnsafeBytes { try file.write($0) }
                } else {
                    try file.write(tensor.contiguousBytes())
                }
            }
            try file.commit()
        }
    }

    private static func named(_ url: URL, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let reason as CheckpointError.Reason {
            throw CheckpointError(file: url.path, reason: reason)
        }
    }
}

extension StateDict {
    /// The state dict as PyTorch pickles it: tensors by key, with the versions as the attribute `_metadata`.
    public var pickled: PickleValue {
        var dict = PickleDict()
        for (key, tensor) in entries { dict.entries[.string(key)] = .tensor(tensor) }
        guard !versions.isEmpty else { return .dict(dict) }
        var metadata = PickleDict()
        for (path, version) in versions {
            metadata[path] = .dict(PickleDict([.string("version"): .int(version)]))
        }
        dict.attributes["_metadata"] = .dict(metadata)
        return .dict(dict)
    }
}

extension Safetensors {
    /// The 8-byte length and the JSON header, padded with spaces so that the data is aligned to 8 bytes.
    static func header(_ tensors: [TensorEntry], metadata: [String: String]) throws -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let strings = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            members.append("\"__metadata__\":{\(strings.joined(separator: ","))}")
        }
        let names = [ScalarType: String](uniqueKeysWithValues: typeNames.map { ($0.value, $0.key) })
        var begin = 0
        for tensor in tensors {
            guard tensor.name != "__metadata__" else {
                throw CheckpointError.Reason.unwritable("a tensor named __metadata__")
            }
            let end = begin + tensor.byteCount
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(quoted(tensor.name)):{\"dtype\":\"\(names[tensor.dtype] ?? "")\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(begin),\(end)]}")
            begin = end
        }
        var json = Array("{\(members.joined(separator: ","))}".utf8)
        json += [UInt8](repeating: 0x20, count: (8 - json.count % 8) % 8)
        var header: [UInt8] = []
        header.appendInteger(UInt64(json.count))
        return header + json
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
