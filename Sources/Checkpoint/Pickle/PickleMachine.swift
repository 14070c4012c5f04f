/// What lies on the machine's stack. Containers live in an arena and are referred to by index, so that a pickle may
/// nest or tie them into knots without recursion when they are built or freed.
enum PickleItem {
    case none
    case bool(Bool)
    case int(Int)
    case bigInt([UInt8])
    case float(Double)
    case complex(Double, Double)
    case string(String)
    case bytes([UInt8])
    /// Index into `globals`: an allowed class, function or constant.
    case global(Int)
    /// Index into `storages`.
    case storage(Int)
    /// Index into `tensors`.
    case tensor(Int)
    /// Index into `nodes`.
    case node(Int)
}

/// A container or object under construction.
struct PickleNode {
    enum Kind {
        case list
        case tuple
        case set
        /// `items` alternate between key and value.
        case dict
        /// An instance of an allowed class that is not understood.
        case object(className: String)
        /// A numpy dtype by its code, e.g. `<f8`.
        case numpyType(String)
        /// A numpy array; `nil` between its construction and its BUILD.
        case array(PickledArray?)
    }

    var kind: Kind
    var items: [PickleItem] = []
    /// Constructor arguments of an object.
    var arguments: [PickleItem] = []
    /// What BUILD brought.
    var state: PickleItem = .none
}

/// Runs a pickle against an allow-list. It builds plain values only: no name is ever imported, no code ever called.
///
/// Budgets bound the work and memory that any file can ask for; real checkpoints stay far below them.
struct PickleMachine {
    var reader: ByteReader
    var stack: [PickleItem] = []
    /// Stack heights at each MARK not yet used.
    var marks: [Int] = []
    var memo: [Int: PickleItem] = [:]

    var nodes: [PickleNode] = []
    var globals: [PickleGlobal] = []
    var storages: [StorageReference] = []
    var storageIndices: [StorageReference.Identity: Int] = [:]
    var tensors: [TensorDescription] = []

    private var operations = 0
    private var allocated = 0
    private let allocationLimit: Int

    /// A detector with optimiser state takes about 300,000 operations.
    private static let operationLimit = 2_000_000
    private static let highestProtocol: UInt8 = 5

    /// Prepares to run the pickle that starts at `position`.
    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0, subject: String) {
        reader = ByteReader(bytes, at: position, subject: subject)
        allocationLimit = (64 << 20) + 8 * reader.remaining
    }

    /// Runs to STOP and returns what the pickle leaves; `reader.position` is then just behind it.
    mutating func run() throws -> PickleItem {
        while true {
            let position = reader.position
            let byte = try reader.byte()
            operations += 1
            guard operations <= Self.operationLimit else {
                throw CheckpointError.Reason.limit(
                    "\(reader.subject) takes more than \(Self.operationLimit) operations")
            }
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw malformed("byte \(position) is not a pickle instruction (0x\(String(byte, radix: 16)))")
            }
            if opcode == .stop {
                guard stack.count == 1, marks.isEmpty else { throw malformed("STOP leaves \(stack.count) values") }
                return try pop()
            }
            try step(opcode)
        }
    }

    private mutating func step(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .proto:
            let version = try reader.byte()
            guard version <= Self.highestProtocol else {
                throw CheckpointError.Reason.unsupported("pickle protocol \(version)")
            }
        case .frame:
            let length = try reader.integer(UInt64.self)
            guard length <= reader.remaining else {
                throw CheckpointError.Reason.truncated(
                    "a frame of \(reader.subject) claims \(length) bytes, \(reader.remaining) are left")
            }
        case .mark: marks.append(stack.count)
        case .pop:
            if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
        case .popMark: _ = try popToMark()
        case .dup: stack.append(try top())
        case .get, .binget, .longBinget, .put, .binput, .longBinput, .memoize: try stepMemo(opcode)
        case .none, .newTrue, .newFalse, .int, .binint, .binint1, .binint2, .long, .long1, .long4, .float, .binfloat:
            try stepNumber(opcode)
        case .string, .binstring, .shortBinstring, .unicode, .binunicode, .shortBinunicode, .binunicode8, .binbytes,
            .shortBinbytes, .binbytes8, .bytearray8, .nextBuffer, .readonlyBuffer:
            try stepText(opcode)
        case .emptyList, .append, .appends, .list, .emptyTuple, .tuple, .tuple1, .tuple2, .tuple3, .emptyDict, .dict,
            .setitem, .setitems, .emptySet, .additems, .frozenset:
            try stepContainer(opcode)
        case .global, .stackGlobal, .reduce, .build, .inst, .obj, .newobj, .newobjEx, .ext1, .ext2, .ext4, .persid,
            .binpersid:
            try stepObject(opcode)
        case .stop: break
        }
    }

    private mutating func stepMemo(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .get: try recall(try decimalLine())
        case .binget: try recall(Int(try reader.byte()))
        case .longBinget: try recall(Int(try reader.integer(UInt32.self)))
        case .put: memo[try decimalLine()] = try top()
        case .binput: memo[Int(try reader.byte())] = try top()
        case .longBinput: memo[Int(try reader.integer(UInt32.self))] = try top()
        default: memo[memo.count] = try top()
        }
    }

    private mutating func recall(_ index: Int) throws {
        guard let item = memo[index] else { throw malformed("memo entry \(index) does not exist") }
        stack.append(item)
    }

    private mutating func decimalLine() throws -> Int {
        let text = String(decoding: try reader.line(), as: UTF8.self)
        guard let value = Int(text), value >= 0 else {
            throw malformed("'\(Text.printable(text))' is not a memo index")
        }
        return value
    }

    // MARK: Stack

    func malformed(_ what: String) -> CheckpointError.Reason {
        .malformed("\(reader.subject), byte \(reader.position): \(what)")
    }

    func top() throws -> PickleItem {
        guard let item = stack.last, stack.count > marks.last ?? 0 else { throw malformed("the stack is empty") }
        return item
    }

    mutating func pop() throws -> PickleItem {
        let item = try top()
        stack.removeLast()
        return item
    }

    /// Takes everything above the last MARK, and the MARK.
    mutating func popToMark() throws -> [PickleItem] {
        guard let mark = marks.popLast() else { throw malformed("there is no MARK") }
        let items = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return items
    }

    // MARK: Arena

    /// Counts memory that a pickle makes grow beyond its own size.
    mutating func charge(_ bytes: Int) throws {
        allocated += bytes
        guard allocated <= allocationLimit else {
            throw CheckpointError.Reason.limit("\(reader.subject) unpacks to more than \(allocationLimit) bytes")
        }
    }

    mutating func make(_ node: PickleNode) -> PickleItem {
        nodes.append(node)
        return .node(nodes.count - 1)
    }

    /// The elements of a list, tuple or set; `nil` for anything else.
    func elements(_ item: PickleItem) -> [PickleItem]? {
        guard case .node(let index) = item else { return nil }
        switch nodes[index].kind {
        case .list, .tuple, .set: return nodes[index].items
        case .dict, .object, .numpyType, .array: return nil
        }
    }
}
