/// Lists, tuples, sets and dictionaries.
extension PickleMachine {
    mutating func stepContainer(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .emptyList: stack.append(make(PickleNode(kind: .list)))
        case .emptyTuple: stack.append(make(PickleNode(kind: .tuple)))
        case .emptyDict: stack.append(make(PickleNode(kind: .dict)))
        case .emptySet: stack.append(make(PickleNode(kind: .set)))
        case .list: try pushContainer(.list)
        case .tuple: try pushContainer(.tuple)
        case .frozenset: try pushContainer(.set)
        case .dict: try pushContainer(.dict)
        case .tuple1: try pushTuple(1)
        case .tuple2: try pushTuple(2)
        case .tuple3: try pushTuple(3)
        case .append: try append([try pop()])
        case .appends, .additems: try append(try popToMark())
        case .setitem:
            let value = try pop()
            let key = try pop()
            try setItems([key, value])
        default: try setItems(try popToMark())
        }
    }

    private mutating func pushContainer(_ kind: PickleNode.Kind) throws {
        let items = try popToMark()
        if case .dict = kind, !items.count.isMultiple(of: 2) { throw malformed("a dictionary with half an item") }
        stack.append(make(PickleNode(kind: kind, items: items)))
    }

    private mutating func pushTuple(_ count: Int) throws {
        var items: [PickleItem] = []
        for _ in 0..<count { items.append(try pop()) }
        stack.append(make(PickleNode(kind: .tuple, items: items.reversed())))
    }

    private mutating func append(_ items: [PickleItem]) throws {
        guard case .node(let index) = try top() else { throw malformed("APPEND to something that is no list") }
        switch nodes[index].kind {
        case .list, .set, .object: try grow(index, by: items)
        case .tuple, .dict, .numpyType, .array: throw malformed("APPEND to something that is no list")
        }
    }

    private mutating func setItems(_ items: [PickleItem]) throws {
        guard items.count.isMultiple(of: 2) else { throw malformed("a dictionary with half an item") }
        guard case .node(let index) = try top() else { throw malformed("SETITEM on something that is no dictionary") }
        switch nodes[index].kind {
        case .dict, .object: try grow(index, by: items)
        case .list, .tuple, .set, .numpyType, .array: throw malformed("SETITEM on something that is no dictionary")
        }
    }

    /// A copied container shares its elements until it grows; then the copy is paid for.
    private mutating func grow(_ index: Int, by items: [PickleItem]) throws {
        if nodes[index].items.capacity < nodes[index].items.count + items.count {
            try charge(nodes[index].items.count * MemoryLayout<PickleItem>.stride)
        }
        nodes[index].items.append(contentsOf: items)
    }

    /// A new container with the elements of another, e.g. for `set([1, 2])`.
    mutating func copy(_ items: [PickleItem], as kind: PickleNode.Kind) throws -> PickleItem {
        try charge(items.count * MemoryLayout<PickleItem>.stride)
        return make(PickleNode(kind: kind, items: items))
    }
}
