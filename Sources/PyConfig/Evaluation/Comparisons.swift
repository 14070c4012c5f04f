import OrderedCollections

extension Runtime {
    /// One link of a comparison chain.
    func compare(_ operation: Comparison.Operator, _ left: PyValue, _ right: PyValue) throws -> Bool {
        try step()
        switch operation {
        case .equal: return try equal(left, right)
        case .notEqual: return try !equal(left, right)
        case .less: return try less(left, right)
        case .greater: return try less(right, left)
        case .lessEqual: return try lessOrEqual(left, right)
        case .greaterEqual: return try lessOrEqual(right, left)
        case .in: return try contains(right, left)
        case .notIn: return try !contains(right, left)
        case .is: return same(left, right)
        case .isNot: return !same(left, right)
        }
    }

    /// Python's `==`: numbers by value across types, containers by their elements.
    func equal(_ left: PyValue, _ right: PyValue, depth: Int = 0) throws -> Bool {
        try step()
        try checkDepth(depth)
        if let a = left.integer, let b = right.integer { return a == b }
        if let a = left.number, let b = right.number { return a == b }
        switch (left, right) {
        case (.none, .none), (.ellipsis, .ellipsis): return true
        case (.string(let a), .string(let b)): return a == b
        case (.bytes(let a), .bytes(let b)): return a == b
        case (.list(let a), .list(let b)), (.view(let a), .view(let b)):
            return try equal(a.items, b.items, depth)
        case (.tuple(let a), .tuple(let b)): return try equal(a.items, b.items, depth)
        case (.set(let a), .set(let b)):
            return a.keys.count == b.keys.count && a.keys.isSubset(of: b.keys)
        case (.range(let a), .range(let b)): return a == b
        case (.reference(let a), .reference(let b)): return a == b
        case (.builtin(let a), .builtin(let b)): return a == b
        case (.dict(let a), .dict(let b)):
            guard a.items.count == b.items.count else { return false }
            for (key, value) in a.items {
                guard let other = b.items[key], try equal(value, other, depth: depth + 1) else {
                    return false
                }
            }
            return true
        default: return false
        }
    }

    private func equal(_ left: [PyValue], _ right: [PyValue], _ depth: Int) throws -> Bool {
        guard left.count == right.count else { return false }
        for (a, b) in zip(left, right) where try !equal(a, b, depth: depth + 1) { return false }
        return true
    }

    /// Python's `is`; numbers and strings count as the same object when they are equal and of one type.
    private func same(_ left: PyValue, _ right: PyValue) -> Bool {
        switch (left, right) {
        case (.none, .none), (.ellipsis, .ellipsis): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.float(let a), .float(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.list(let a), .list(let b)): a === b
        case (.tuple(let a), .tuple(let b)): a === b || (a.items.isEmpty && b.items.isEmpty)
        case (.dict(let a), .dict(let b)): a === b
        case (.set(let a), .set(let b)): a === b
        case (.builtin(let a), .builtin(let b)): a == b
        case (.reference(let a), .reference(let b)): a == b
        default: false
        }
    }

    /// Python's `<` for numbers, strings, lists, tuples and sets.
    func less(_ left: PyValue, _ right: PyValue) throws -> Bool {
        try step()
        if let a = left.integer, let b = right.integer { return a < b }
        if let a = left.number, let b = right.number { return a < b }
        switch (left, right) {
        case (.string(let a), .string(let b)): return a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.bytes(let a), .bytes(let b)): return a.lexicographicallyPrecedes(b)
        case (.list(let a), .list(let b)): return try precedes(a.items, b.items)
        case (.tuple(let a), .tuple(let b)): return try precedes(a.items, b.items)
        case (.set(let a), .set(let b)): return a.keys.isStrictSubset(of: b.keys)
        default:
            throw Fault(.type, "'\(left.typeName)' and '\(right.typeName)' have no order")
        }
    }

    private func lessOrEqual(_ left: PyValue, _ right: PyValue) throws -> Bool {
        if let a = left.number, let b = right.number, left.integer == nil || right.integer == nil {
            return a <= b
        }
        if case .set(let a) = left, case .set(let b) = right { return a.keys.isSubset(of: b.keys) }
        return try !less(right, left)
    }

    private func precedes(_ left: [PyValue], _ right: [PyValue]) throws -> Bool {
        for (a, b) in zip(left, right) where try !equal(a, b) { return try less(a, b) }
        return left.count < right.count
    }

    /// `element in container`.
    func contains(_ container: PyValue, _ element: PyValue) throws -> Bool {
        switch container {
        case .string(let text):
            guard case .string(let part) = element else {
                throw Fault(.type, "'in <string>' needs a string, not '\(element.typeName)'")
            }
            try step(text.utf8.count)
            return Bytes.find(part, in: text) != nil
        case .dict(let dictionary): return dictionary.items[try key(element)] != nil
        case .set(let set): return set.keys.contains(try key(element))
        case .range(let range):
            guard let number = element.number, let value = Int(exactly: number) else { return false }
            let inside =
                range.step > 0
                ? value >= range.start && value < range.stop : value <= range.start && value > range.stop
            let (distance, overflow) = value.subtractingReportingOverflow(range.start)
            return inside && !overflow && distance.remainderReportingOverflow(dividingBy: range.step).partialValue == 0
        default:
            for candidate in try elements(container) where try equal(candidate, element) { return true }
            return false
        }
    }

    /// A stable ascending sort, as `sorted` does it.
    func sort(_ values: [PyValue], keys: [PyValue], reverse: Bool) throws -> [PyValue] {
        let order = try values.indices.sorted { a, b in
            // Stability: equal keys keep their order, also when reversed.
            if try reverse ? less(keys[b], keys[a]) : less(keys[a], keys[b]) { return true }
            if try reverse ? less(keys[a], keys[b]) : less(keys[b], keys[a]) { return false }
            return a < b
        }
        return order.map { values[$0] }
    }
}
