/// A class, function or constant a pickle may name, and what naming it leads to. Nothing is looked up anywhere: a name
/// outside the table below is refused.
struct PickleGlobal {
    enum Action {
        /// `_rebuild_tensor` and `_v2`: the element type is the storage's.
        case rebuildTensor
        /// `_rebuild_tensor_v3`: the element type is an argument.
        case rebuildTypedTensor
        /// `_rebuild_parameter`, with or without state: the tensor inside.
        case rebuildParameter
        /// `_rebuild_from_type_v2`: a tensor with Python attributes.
        case rebuildFromType
        /// A storage class; `nil` is untyped.
        case storage(ScalarType?)
        case container(PickleNode.Kind)
        case defaultDict
        case byteArray
        case complex
        case encode
        case numpyReconstruct, numpyScalar, numpyType, numpyFromBuffer
        /// `copyreg._reconstructor`: an object of protocols 0 and 1.
        case reconstruct
        /// `getattr`, which MMEngine's `HistoryBuffer` pickles to name its own statistics, and nothing else may use.
        case attribute
        /// A class whose instances are carried along as opaque values.
        case carry
        /// A class or constant that may be named but not called.
        case constant
    }

    /// Qualified name, Python 3 spelling.
    let name: String
    let action: Action

    /// - Throws: `CheckpointError.Reason.refusedGlobal` for anything not on the list.
    init(module: String, name: String) throws {
        let module = Self.pythonThreeModules[module] ?? module
        let name = module == "builtins" ? Self.pythonThreeNames[name] ?? name : name
        let qualified = module + "." + name
        guard !Self.unreadStorages.contains(name) || module != "torch" else {
            throw CheckpointError.Reason.unsupported("tensors of \(qualified)")
        }
        guard let action = Self.table[module]?[name] ?? Self.torchType(module: module, name: name) else {
            throw CheckpointError.Reason.refusedGlobal(Text.printable(qualified))
        }
        self.name = qualified
        self.action = action
    }

    init(constant name: String) {
        self.name = name
        action = .constant
    }

    private static let pythonThreeModules = ["__builtin__": "builtins", "copy_reg": "copyreg"]

    private static let pythonThreeNames = ["xrange": "range", "long": "int", "unicode": "str"]

    private static let table: [String: [String: Action]] = [
        "torch._utils": [
            "_rebuild_tensor": .rebuildTensor, "_rebuild_tensor_v2": .rebuildTensor,
            "_rebuild_tensor_v3": .rebuildTypedTensor, "_rebuild_parameter": .rebuildParameter,
            "_rebuild_parameter_with_state": .rebuildParameter,
        ],
        "torch._tensor": ["_rebuild_from_type_v2": .rebuildFromType],
        "torch.storage": [
            "UntypedStorage": .storage(nil), "_UntypedStorage": .storage(nil), "TypedStorage": .constant,
        ],
        "torch": ["Size": .container(.tuple), "device": .carry, "Tensor": .constant],
        "torch.nn.parameter": ["Parameter": .constant, "Buffer": .constant],
        "torch.serialization": ["_get_layout": .carry],
        "collections": [
            "OrderedDict": .container(.dict), "Counter": .container(.dict), "defaultdict": .defaultDict,
            "deque": .carry,
        ],
        "builtins": [
            "set": .container(.set), "frozenset": .container(.set), "list": .container(.list),
            "dict": .container(.dict), "tuple": .container(.tuple), "bytearray": .byteArray, "complex": .complex,
            "slice": .carry, "range": .carry, "getattr": .attribute, "int": .constant, "float": .constant,
            "bool": .constant, "str": .constant, "bytes": .constant, "object": .constant,
        ],
        "copyreg": ["_reconstructor": .reconstruct],
        "_codecs": ["encode": .encode],
        "numpy.core.multiarray": ["_reconstruct": .numpyReconstruct, "scalar": .numpyScalar],
        "numpy._core.multiarray": ["_reconstruct": .numpyReconstruct, "scalar": .numpyScalar],
        "numpy.core.numeric": ["_frombuffer": .numpyFromBuffer],
        "numpy._core.numeric": ["_frombuffer": .numpyFromBuffer],
        "numpy": ["ndarray": .constant, "dtype": .numpyType],
        "mmengine.logging.history_buffer": [
            "HistoryBuffer": .carry, "HistoryBuffer.min": .constant, "HistoryBuffer.max": .constant,
            "HistoryBuffer.mean": .constant, "HistoryBuffer.current": .constant,
        ],
        "mmengine.config.config": ["ConfigDict": .container(.dict)],
        "mmengine.config": ["ConfigDict": .container(.dict)],
        "mmcv.utils.config": ["ConfigDict": .container(.dict)],
        "addict.addict": ["Dict": .container(.dict)],
        "argparse": ["Namespace": .carry],
        "pathlib": ["PosixPath": .carry, "PurePosixPath": .carry, "Path": .carry, "WindowsPath": .carry],
        "pathlib._local": ["PosixPath": .carry, "PurePosixPath": .carry, "Path": .carry, "WindowsPath": .carry],
        "datetime": ["datetime": .carry, "date": .carry, "time": .carry, "timedelta": .carry, "timezone": .carry],
    ]

    private static let storageTypes: [String: ScalarType] = [
        "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
        "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8,
        "ByteStorage": .uint8, "BoolStorage": .bool,
    ]

    /// Storages of element types that are not read.
    private static let unreadStorages: Set<String> = [
        "ComplexFloatStorage", "ComplexDoubleStorage", "QInt8Storage", "QUInt8Storage", "QInt32Storage",
        "QUInt4x2Storage", "QUInt2x4Storage",
    ]

    /// Element types of PyTorch that may be named (a `meta` can hold `torch.complex64`), whether tensors of them are
    /// read or not.
    private static let elementTypes: Set<String> = Set(ScalarType.allCases.map(\.rawValue)).union([
        "float", "double", "half", "long", "int", "short", "complex32", "complex64", "complex128", "uint16", "uint32",
        "uint64", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "qint8", "quint8", "qint32",
        "quint4x2", "strided", "contiguous_format", "channels_last", "preserve_format",
    ])

    private static func torchType(module: String, name: String) -> Action? {
        switch module {
        case "torch" where elementTypes.contains(name): .constant
        case "torch", "torch.cuda": storageTypes[name].map { .storage($0) }
        default: nil
        }
    }
}
