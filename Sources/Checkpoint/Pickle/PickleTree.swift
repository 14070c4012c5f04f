import OrderedCollections

/// Turns what a pickle left in the machine's arena into a tree of values, and its tensor descriptions into tensors.
///
/// A container that holds itself, or containers shared so that the tree would be far larger than the file, end here.
struct PickleTree {
    private let machine: PickleMachine
    private let resolved: [TensorStorage]
    private var tensors: [Int: TensorEntry] = [:]
    /// Finished containers and the number of values in each when written out.
    private var finished: [Int: (value: PickleValue, size: Int)] = [:]
    private var inProgress: Set<Int> = []

    private static let depthLimit = 100
    private static let sizeLimit = 4_000_000

    /// - Parameter storages: the bytes of `machine.storages`, in the same order.
    init(_ machine: PickleMachine, storages: [TensorStorage]) {
        self.machine = machine
        resolved = storages
    }

    mutating func value(_ item: PickleItem) throws -> PickleValue {
        try convert(item, depth: 0).value
    }

    private typealias Sized = (value: PickleValue, size: Int)

    private mutating func convert(_ item: PickleItem, depth: Int) throws -> Sized {
        switch item {
        case .none: return (.none, 1)
        case .bool(let value): return (.bool(value), 1)
        case .int(let value): return (.int(value), 1)
        case .bigInt(let bytes): return (.bigInt(bytes), 1 + bytes.count / 64)
        case .float(let value): return (.float(value), 1)
        case .complex(let real, let imaginary): return (.complex(real: real, imaginary: imaginary), 1)
        case .string(let text): return (.string(text), 1 + text.utf8.count / 64)
        case .bytes(let bytes): return (.bytes(bytes), 1 + bytes.count / 64)
        case .global(let index): return (try named(machine.globals[index]), 1)
        case .storage(let index):
            let key = PickleValue.string(machine.storages[index].identity.key)
            return (.object(PickledObject(className: "torch.storage.TypedStorage", arguments: [key])), 2)
        case .tensor(let index): return (.tensor(try tensor(index)), 1)
        case .node(let index): return try container(index, depth: depth)
        }
    }

    private func named(_ global: PickleGlobal) throws -> PickleValue {
        // A bare `getattr` has no use but to be called later.
        if case .attribute = global.action { throw CheckpointError.Reason.refusedGlobal(global.name) }
        return .object(PickledObject(className: global.name, arguments: nil))
    }

    private mutating func tensor(_ index: Int) throws -> TensorEntry {
        if let tensor = tensors[index] { return tensor }
        let description = machine.tensors[index]
        let (byteOffset, overflow) = description.offset.multipliedReportingOverflow(by: description.dtype.byteCount)
        guard !overflow else {
            throw CheckpointError.Reason.malformed("a tensor starts at element \(description.offset) of its storage")
        }
        let tensor = try TensorEntry(
            dtype: description.dtype, shape: description.shape, strides: description.strides,
            storage: resolved[description.storage], byteOffset: byteOffset)
        tensors[index] = tensor
        return tensor
    }

    private mutating func container(_ index: Int, depth: Int) throws -> Sized {
        if let known = finished[index] { return known }
        guard depth < Self.depthLimit else {
            throw CheckpointError.Reason.limit("values are nested more than \(Self.depthLimit) deep")
        }
        guard inProgress.insert(index).inserted else {
            throw CheckpointError.Reason.malformed("a container in the pickle contains itself")
        }
        let result = try build(machine.nodes[index], depth: depth + 1)
        guard result.size <= Self.sizeLimit else {
            throw CheckpointError.Reason.limit("the pickle unpacks to more than \(Self.sizeLimit) values")
        }
        inProgress.remove(index)
        finished[index] = result
        return result
    }

    private mutating func build(_ node: PickleNode, depth: Int) throws -> Sized {
        switch node.kind {
        case .list:
            let items = try values(node.items, depth: depth)
            return (.list(items.values), items.size)
        case .tuple:
            let items = try values(node.items, depth: depth)
            return (.tuple(items.values), items.size)
        case .set:
            let items = try values(node.items, depth: depth)
            return (.set(items.values), items.size)
        case .dict: return try dictionary(node, depth: depth)
        case .numpyType(let code):
            let code = PickleValue.string(code)
            return (.object(PickledObject(className: "numpy.dtype", arguments: [code])), 2)
        case .array(let array?): return (.array(array), 1 + array.bytes.count / 64)
        case .array(nil): throw CheckpointError.Reason.malformed("a numpy array without content")
        case .object(let className):
            let arguments = try values(node.arguments, depth: depth)
            let items = try values(node.items, depth: depth)
            let state = try convert(node.state, depth: depth)
            let object = PickledObject(
                className: className, arguments: arguments.values, state: state.value.isNone ? nil : state.value,
                items: items.values)
            return (.object(object), arguments.size + items.size + state.size)
        }
    }

    private mutating func values(
        _ items: [PickleItem], depth: Int
    ) throws -> (values: [PickleValue], size: Int) {
        var values: [PickleValue] = []
        values.reserveCapacity(items.count)
        var size = 1
        for item in items {
            let element = try convert(item, depth: depth)
            values.append(element.value)
            size += element.size
        }
        return (values, size)
    }

    private mutating func dictionary(_ node: PickleNode, depth: Int) throws -> Sized {
        var dict = PickleDict()
        var size = 1
        for position in stride(from: 0, to: node.items.count, by: 2) {
            let key = try key(node.items[position], depth: depth)
            let value = try convert(node.items[position + 1], depth: depth)
            dict.entries[key] = value.value
            size += 1 + value.size
        }
        let state = try convert(node.state, depth: depth)
        for (key, value) in state.value.dictValue?.entries ?? [:] {
            if case .string(let name) = key { dict.attributes[name] = value }
        }
        return (.dict(dict), size + state.size)
    }

    private func key(_ item: PickleItem, depth: Int) throws -> PickleKey {
        switch item {
        case .none: return .none
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .float(let value): return .float(value)
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .bytes(bytes)
        case .global(let index): return .name(machine.globals[index].name)
        case .node(let index):
            guard case .tuple = machine.nodes[index].kind, depth < Self.depthLimit else { break }
            return .tuple(try machine.nodes[index].items.map { try key($0, depth: depth + 1) })
        case .bigInt, .complex, .storage, .tensor: break
        }
        throw CheckpointError.Reason.malformed("a dictionary in the pickle has a key that is no plain value")
    }
}
