import OrderedCollections

/// Hugging Face's `.safetensors`: 8 bytes little-endian header length, a JSON header, then the tensors' bytes. The
/// header maps each key to `{"dtype", "shape", "data_offsets": [begin, end]}`, and `__metadata__` to strings. The data
/// must be covered without holes or overlaps.
enum Safetensors {
    struct Content {
        var tensors = PickleDict()
        var metadata: [String: String] = [:]
    }

    /// The limit of the reference implementation.
    private static let maximumHeader = 100_000_000

    /// The header opens with a brace, and its length leaves the upper two of its eight bytes empty.
    static func recognises(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count > 8 && bytes[6] == 0 && bytes[7] == 0 && bytes[8] == UInt8(ascii: "{")
    }

    static func read(_ file: MappedFile) throws -> Content {
        let length = file.bytes.loadUnaligned(as: UInt64.self).littleEndian
        guard length <= maximumHeader else {
            throw CheckpointError.Reason.limit("the safetensors header claims \(length) bytes")
        }
        let dataStart = 8 + Int(length)
        guard dataStart <= file.bytes.count else {
            throw CheckpointError.Reason.truncated(
                "the safetensors header ends at byte \(dataStart), the file at \(file.bytes.count)")
        }
        let header = try HeaderJSON.parse(UnsafeRawBufferPointer(rebasing: file.bytes[8..<dataStart]))
        guard case .object(let members) = header else {
            throw CheckpointError.Reason.malformed("the safetensors header is not an object")
        }
        var content = Content()
        var descriptions: [(key: String, description: Description)] = []
        for (key, value) in members {
            if key == "__metadata__" {
                content.metadata = try strings(value)
            } else {
                descriptions.append((key, try Description(value, key: key)))
            }
        }
        // File order, not header order: the header is usually sorted by name, the data by the writer's intent.
        descriptions.sort { ($0.description.begin, $0.description.end) < ($1.description.begin, $1.description.end) }
        try checkCoverage(descriptions, dataBytes: file.bytes.count - dataStart)
        for (key, description) in descriptions {
            let storage = file.storage(dataStart + description.begin..<dataStart + description.end)
            let tensor = try TensorEntry(
                name: key, dtype: description.dtype, shape: description.shape, storage: storage)
            content.tensors[key] = .tensor(tensor)
        }
        return content
    }

    private static func strings(_ value: HeaderJSON) throws -> [String: String] {
        guard case .object(let members) = value else {
            throw CheckpointError.Reason.malformed("__metadata__ is not an object")
        }
        return try members.mapValues { value in
            guard case .string(let text) = value else {
                throw CheckpointError.Reason.malformed("__metadata__ holds something else than strings")
            }
            return text
        }.reduce(into: [:]) { $0[$1.key] = $1.value }
    }

    private static func checkCoverage(
        _ descriptions: [(key: String, description: Description)], dataBytes: Int
    ) throws {
        var position = 0
        for (key, description) in descriptions {
            guard description.begin == position else {
                throw CheckpointError.Reason.malformed(
                    "'\(key)' starts at byte \(description.begin) of the data, expected \(position): hole or overlap")
            }
            position = description.end
        }
        guard position <= dataBytes else {
            throw CheckpointError.Reason.truncated(
                "the header announces \(position) bytes of data, there are \(dataBytes)")
        }
        guard position == dataBytes else {
            throw CheckpointError.Reason.malformed(
                "\(dataBytes - position) bytes at the end of the file belong to no tensor")
        }
    }

    static let typeNames: OrderedDictionary<String, ScalarType> = [
        "F32": .float32, "F64": .float64, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32,
        "I16": .int16, "I8": .int8, "U8": .uint8, "BOOL": .bool,
    ]
}

extension Safetensors {
    /// One tensor as the header describes it, checked on its own.
    private struct Description {
        let dtype: ScalarType
        let shape: [Int]
        /// Offsets into the data part.
        let begin: Int
        let end: Int

        init(_ value: HeaderJSON, key: String) throws {
            guard case .object(let members) = value, case .string(let typeName)? = members["dtype"],
                let shape = members["shape"]?.integers, let offsets = members["data_offsets"]?.integers,
                members.count == 3, offsets.count == 2
            else {
                throw CheckpointError.Reason.malformed("'\(key)' is not described by dtype, shape and data_offsets")
            }
            guard let dtype = typeNames[typeName] else {
                throw CheckpointError.Reason.unsupported("'\(key)' has element type \(typeName)")
            }
            guard offsets[0] >= 0, offsets[0] <= offsets[1] else {
                throw CheckpointError.Reason.malformed("'\(key)' has data_offsets \(offsets)")
            }
            let count = try StridedView.product(shape)
            let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.byteCount)
            guard !overflow, bytes == offsets[1] - offsets[0] else {
                throw CheckpointError.Reason.malformed(
                    "'\(key)' of shape \(shape) and type \(typeName) does not fill data_offsets \(offsets)")
            }
            self.dtype = dtype
            self.shape = shape
            begin = offsets[0]
            end = offsets[1]
        }
    }
}
