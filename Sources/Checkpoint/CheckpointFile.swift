public import Foundation

/// An opened `.pth` or `.safetensors` file. Opening reads and checks the description of every tensor and the values
/// beside them; tensor data stays on disk, memory-mapped, until it is touched. No code in the file is ever run.
public struct CheckpointFile: Sendable {
    /// The layouts this library reads, told apart by content and not by file name.
    public enum Format: String, Sendable, Codable {
        /// `torch.save` since PyTorch 1.6: a zip archive of a pickle and raw records.
        case zip
        /// `torch.save` before PyTorch 1.6: pickles followed by raw storages.
        case legacy
        /// Hugging Face's `.safetensors`: a JSON header followed by raw tensors.
        case safetensors
    }

    /// Where the file is.
    public let url: URL
    /// Which layout the file has.
    public let format: Format
    /// Size of the file in bytes.
    public let byteCount: Int
    /// Everything in the file as one tree. For `.safetensors`: the tensors by key.
    public let root: PickleValue
    /// The strings under `__metadata__` of a `.safetensors` file; empty otherwise.
    public let metadata: [String: String]

    /// Opens a checkpoint.
    ///
    /// - Throws: `CheckpointError`, naming the file and what is wrong with it.
    public static func open(_ url: URL) throws -> CheckpointFile {
        do {
            return try CheckpointFile(url: url, file: MappedFile(path: url.path))
        } catch let reason as CheckpointError.Reason {
            throw CheckpointError(file: url.path, reason: reason)
        }
    }

    private init(url: URL, file: MappedFile) throws {
        self.url = url
        byteCount = file.bytes.count
        format = try Self.format(of: file.bytes)
        switch format {
        case .zip:
            root = try ZipLayout.read(file)
            metadata = [:]
        case .legacy:
            root = try LegacyLayout.read(file)
            metadata = [:]
        case .safetensors:
            let content = try Safetensors.read(file)
            root = .dict(content.tensors)
            metadata = content.metadata
        }
    }

    private static func format(of bytes: UnsafeRawBufferPointer) throws -> Format {
        guard !bytes.isEmpty else { throw CheckpointError.Reason.unrecognised("the file is empty") }
        // First, because the length a safetensors header starts with can look like the start of anything.
        if Safetensors.recognises(bytes) { return .safetensors }
        if bytes.starts(with: [0x50, 0x4B]) { return .zip }
        if LegacyLayout.recognises(bytes) { return .legacy }
        if TarLayout.recognises(bytes) {
            throw CheckpointError.Reason.unsupported("the tar layout of PyTorch before 0.1.10; load and save it again")
        }
        let start = bytes.prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }
        throw CheckpointError.Reason.unrecognised(
            "neither a zip archive, nor PyTorch's older layout, nor safetensors (it starts with "
                + start.joined(separator: " ") + ")")
    }

    /// What MMEngine and MMPose store beside the weights (`dataset_meta`, `cfg`, `epoch` …); `nil` when there is none.
    public var meta: PickleValue? { root.dictValue?["meta"] }
}

/// The first layout PyTorch had; only recognised, to say what it is.
enum TarLayout {
    static func recognises(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 512 && bytes[257..<262].elementsEqual("ustar".utf8)
    }
}
