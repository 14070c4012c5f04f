import OrderedCollections

/// Writes values as a protocol 2 pickle that `torch.load(weights_only=True)` accepts, and collects the storages the
/// tensors refer to. Tensors that share a storage object share it in the file.
struct PickleWriter {
    private(set) var bytes: [UInt8] = [PickleOpcode.proto.rawValue, 2]
    /// The storages to write as records `0`, `1`, ….
    private(set) var storages: [TensorStorage] = []
    private var indices: [ObjectIdentifier: (index: Int, dtype: ScalarType)] = [:]

    private static let depthLimit = 100

    private static let storageClasses: [ScalarType: String] = [
        .float32: "FloatStorage", .float64: "DoubleStorage", .float16: "HalfStorage", .bfloat16: "BFloat16Storage",
        .int64: "LongStorage", .int32: "IntStorage", .int16: "ShortStorage", .int8: "CharStorage",
        .uint8: "ByteStorage", .bool: "BoolStorage",
    ]

    /// - Throws: `CheckpointError.Reason.unwritable` for values that only arbitrary code could read back.
    init(_ root: PickleValue) throws {
        try write(root, at: "", depth: 0)
        emit(.stop)
    }

    private mutating func emit(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

    private mutating func emitGlobal(_ module: String, _ name: String) {
        emit(.global)
        bytes += Array("\(module)\n\(name)\n".utf8)
    }

    private mutating func write(_ value: PickleValue, at path: String, depth: Int) throws {
        guard depth < Self.depthLimit else {
            throw CheckpointError.Reason.unwritable("\(path) is nested more than \(Self.depthLimit) deep")
        }
        switch value {
        case .none: emit(.none)
        case .bool(let value): emit(value ? .newTrue : .newFalse)
        case .int(let value): write(value)
        case .bigInt(let digits): try writeLong(digits, at: path)
        case .float(let value): write(value)
        case .complex(let real, let imaginary):
            emitGlobal("builtins", "complex")
            write(real)
            write(imaginary)
            emit(.tuple2)
            emit(.reduce)
        case .string(let text): try write(text)
        case .bytes(let raw): try write(raw)
        case .list(let items):
            emit(.emptyList)
            emit(.mark)
            for (index, item) in items.enumerated() { try write(item, at: "\(path)[\(index)]", depth: depth + 1) }
            emit(.appends)
        case .tuple(let items):
            emit(.mark)
            for (index, item) in items.enumerated() { try write(item, at: "\(path)[\(index)]", depth: depth + 1) }
            emit(.tuple)
        case .set(let items):
            emitGlobal("builtins", "set")
            try write(.list(items), at: path, depth: depth)
            emit(.tuple1)
            emit(.reduce)
        case .dict(let dict): try write(dict, at: path, depth: depth)
        case .tensor(let tensor): try write(tensor, at: path)
        case .array(let array): try write(array.nestedLists, at: path, depth: depth)
        case .object(let object): try write(object, at: path)
        }
    }

    private mutating func write(_ value: Int) {
        if let short = Int32(exactly: value) {
            emit(.binint)
            bytes.appendInteger(short)
        } else {
            emit(.long1)
            bytes.append(8)
            bytes.appendInteger(Int64(value))
        }
    }

    private mutating func writeLong(_ digits: [UInt8], at path: String) throws {
        guard digits.count < 256 else { throw CheckpointError.Reason.unwritable("the integer at \(path) is too long") }
        emit(.long1)
        bytes.append(UInt8(digits.count))
        bytes += digits
    }

    private mutating func write(_ value: Double) {
        emit(.binfloat)
        bytes.appendInteger(value.bitPattern.byteSwapped)
    }

    private mutating func write(_ text: String) throws {
        guard let length = UInt32(exactly: text.utf8.count) else {
            throw CheckpointError.Reason.unwritable("a text of \(text.utf8.count) bytes")
        }
        emit(.binunicode)
        bytes.appendInteger(length)
        bytes += text.utf8
    }

    /// Protocol 2 has no bytes; Python 3 writes them as Latin-1 text to be encoded.
    private mutating func write(_ raw: [UInt8]) throws {
        emitGlobal("_codecs", "encode")
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: raw.lazy.map { Unicode.Scalar($0) })
        try write(String(scalars))
        try write("latin1")
        emit(.tuple2)
        emit(.reduce)
    }

    private mutating func write(_ dict: PickleDict, at path: String, depth: Int) throws {
        if dict.attributes.isEmpty {
            emit(.emptyDict)
        } else {  // only an OrderedDict can carry attributes
            emitGlobal("collections", "OrderedDict")
            emit(.emptyTuple)
            emit(.reduce)
        }
        emit(.mark)
        for (key, value) in dict.entries {
            try write(key, at: path, depth: depth)
            try write(value, at: path.isEmpty ? key.description : "\(path).\(key)", depth: depth + 1)
        }
        emit(.setitems)
        guard !dict.attributes.isEmpty else { return }
        emit(.emptyDict)
        emit(.mark)
        for (name, value) in dict.attributes {
            try write(name)
            try write(value, at: "\(path).\(name)", depth: depth + 1)
        }
        emit(.setitems)
        emit(.build)
    }

    private mutating func write(_ key: PickleKey, at path: String, depth: Int) throws {
        try write(try key.value(at: path), at: path, depth: depth + 1)
    }

    private mutating func write(_ object: PickledObject, at path: String) throws {
        if object.className == "torch.device", let name = object.arguments?.first?.stringValue {
            emitGlobal("torch", "device")
            try write(name)
            emit(.tuple1)
            emit(.reduce)
        } else if object.arguments == nil, object.className.hasPrefix("torch."),
            ScalarType(rawValue: String(object.className.dropFirst("torch.".count))) != nil
        {
            emitGlobal("torch", String(object.className.dropFirst("torch.".count)))
        } else {
            throw CheckpointError.Reason.unwritable(
                "\(path) is a \(object.className), which torch.load(weights_only=True) would refuse")
        }
    }

    /// `torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict())`.
    private mutating func write(_ tensor: TensorEntry, at path: String) throws {
        let size = tensor.dtype.byteCount
        guard tensor.byteOffset.isMultiple(of: size), tensor.storage.byteCount.isMultiple(of: size) else {
            throw CheckpointError.Reason.unwritable("\(path) does not start at a whole element of its storage")
        }
        let index = try index(of: tensor, at: path)
        emitGlobal("torch._utils", "_rebuild_tensor_v2")
        emit(.mark)
        emit(.mark)
        try write("storage")
        emitGlobal("torch", Self.storageClasses[tensor.dtype] ?? "")
        try write(String(index))
        try write("cpu")
        write(tensor.storage.byteCount / size)
        emit(.tuple)
        emit(.binpersid)
        write(tensor.byteOffset / size)
        for sizes in [tensor.shape, tensor.strides] {
            emit(.mark)
            for size in sizes { write(size) }
            emit(.tuple)
        }
        emit(.newFalse)
        emitGlobal("collections", "OrderedDict")
        emit(.emptyTuple)
        emit(.reduce)
        emit(.tuple)
        emit(.reduce)
    }

    private mutating func index(of tensor: TensorEntry, at path: String) throws -> Int {
        if let known = indices[ObjectIdentifier(tensor.storage)] {
            guard known.dtype == tensor.dtype else {
                throw CheckpointError.Reason.unwritable("\(path) shares its storage with a tensor of another type")
            }
            return known.index
        }
        storages.append(tensor.storage)
        indices[ObjectIdentifier(tensor.storage)] = (storages.count - 1, tensor.dtype)
        return storages.count - 1
    }
}

extension PickleKey {
    fileprivate func value(at path: String) throws -> PickleValue {
        switch self {
        case .none: .none
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .string(let text): .string(text)
        case .bytes(let raw): .bytes(raw)
        case .tuple(let keys): .tuple(try keys.map { try $0.value(at: path) })
        case .name(let name): .object(PickledObject(className: name, arguments: nil))
        }
    }
}

extension PickledArray {
    /// The elements as nested lists in row-major order, as `numpy.ndarray.tolist`.
    var nestedLists: PickleValue {
        // Sizes beside a 0 can be anything a file says; they are not worth that many empty lists.
        guard !shape.contains(0) else { return .list([]) }
        let isInteger = typeCode.hasPrefix("i") || typeCode.hasPrefix("u")
        let scalars: [PickleValue] =
            if typeCode == "b1" { bytes.map { .bool($0 != 0) } } else if isInteger, let integers {
                integers.map { .int($0) }
            } else { doubles.map { .float($0) } }
        var strides = [Int](repeating: 1, count: shape.count)
        var step = 1
        for dimension in isFortranOrder ? Array(shape.indices) : shape.indices.reversed() {
            strides[dimension] = step
            step *= shape[dimension]
        }
        func nested(_ dimension: Int, _ offset: Int) -> PickleValue {
            guard dimension < shape.count else { return scalars[offset] }
            return .list((0..<shape[dimension]).map { nested(dimension + 1, offset + $0 * strides[dimension]) })
        }
        return nested(0, 0)
    }
}
