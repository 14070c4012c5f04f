import OrderedCollections

extension Runtime {
    /// A resolved value as an object to evaluate with; dictionaries become ConfigDicts, as MMEngine's bases are.
    func object(_ value: ConfigValue, isConfig: Bool) throws -> PyValue {
        try step()
        switch value {
        case .none: return .none
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .float(let number): return .float(number)
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .bytes(bytes)
        case .list(let values): return try list(values.map { try object($0, isConfig: isConfig) })
        case .tuple(let values): return try tuple(values.map { try object($0, isConfig: isConfig) })
        case .set(let values):
            return try set(OrderedSet(values.map { try key(object($0, isConfig: false)) }))
        case .dict(let dictionary): return .dict(try self.dictionary(dictionary, isConfig: isConfig))
        case .reference(let name): return .reference(LazyReference(name))
        }
    }

    func dictionary(_ value: ConfigDict, isConfig: Bool) throws -> PyDict {
        try dict(value.storage.mapValues { try object($0, isConfig: isConfig) }, isConfig: isConfig)
    }

    /// The value that an object stands for in the resolved config.
    ///
    /// - Throws: `Fault` for values that are no data, such as a generator, and for cycles.
    func resolved(_ value: PyValue, depth: Int = 0) throws -> ConfigValue {
        try step()
        try checkDepth(depth)
        switch value {
        case .none: return .none
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .float(let number): return .float(number)
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .bytes(bytes)
        case .list(let list):
            try allocate(list.items.count)
            return .list(try list.items.map { try resolved($0, depth: depth + 1) })
        case .tuple(let tuple):
            try allocate(tuple.items.count)
            return .tuple(try tuple.items.map { try resolved($0, depth: depth + 1) })
        case .set(let set): return .set(set.keys.map(\.value))
        case .range: return .list(try elements(value).map { try resolved($0) })
        case .dict(let dictionary): return .dict(try resolved(dictionary, depth: depth))
        case .reference(let reference): return .reference(reference.display)
        case .builtin(let builtin): return .reference(builtin.display)
        case .ellipsis, .iterator, .view, .slice, .method, .module:
            throw Fault(
                .type,
                "a \(value.typeName) cannot be a value of a config; make it a list, a dict or a number")
        }
    }

    func resolved(_ dictionary: PyDict, depth: Int = 0) throws -> ConfigDict {
        try checkDepth(depth)
        try allocate(dictionary.items.count)
        var result = ConfigDict()
        result.storage.reserveCapacity(dictionary.items.count)
        for (key, item) in dictionary.items {
            result.storage[key] = try resolved(item, depth: depth + 1)
        }
        return result
    }

    // MARK: MMEngine's ConfigDict

    /// What storing a value in a ConfigDict makes of it: plain dictionaries become ConfigDicts, lists are copied.
    func hooked(_ value: PyValue, depth: Int = 0) throws -> PyValue {
        try step()
        try checkDepth(depth)
        switch value {
        case .dict(let dictionary) where !dictionary.isConfig:
            return .dict(try configDict(dictionary, depth: depth))
        case .list(let items): return try list(items.items.map { try hooked($0, depth: depth + 1) })
        case .tuple(let items): return try tuple(items.items.map { try hooked($0, depth: depth + 1) })
        default: return value
        }
    }

    /// A ConfigDict of a dictionary's members.
    func configDict(_ dictionary: PyDict, depth: Int = 0) throws -> PyDict {
        try dict(dictionary.items.mapValues { try hooked($0, depth: depth + 1) }, isConfig: true)
    }

    /// Stores a member, as the kind of dictionary does it.
    func store(_ value: PyValue, at key: ConfigKey, in dictionary: PyDict) throws {
        let value = dictionary.isConfig ? try hooked(value) : value
        if dictionary.items.updateValue(value, forKey: key) == nil { try allocate(1) }
    }

    /// `copy.deepcopy`: objects shared inside the value stay shared in the copy.
    func deepCopy(_ value: PyValue) throws -> PyValue {
        var copies: [ObjectIdentifier: PyValue] = [:]
        return try deepCopy(value, &copies, depth: 0)
    }

    private func deepCopy(
        _ value: PyValue, _ copies: inout [ObjectIdentifier: PyValue], depth: Int
    ) throws -> PyValue {
        try step()
        try checkDepth(depth)
        switch value {
        case .list(let original):
            if let copy = copies[ObjectIdentifier(original)] { return copy }
            let copy = try list(original.items.map { try deepCopy($0, &copies, depth: depth + 1) })
            copies[ObjectIdentifier(original)] = copy
            return copy
        case .tuple(let original):
            return try tuple(original.items.map { try deepCopy($0, &copies, depth: depth + 1) })
        case .dict(let original):
            if let copy = copies[ObjectIdentifier(original)] { return copy }
            let items = try original.items.mapValues { try deepCopy($0, &copies, depth: depth + 1) }
            let copy = PyValue.dict(try dict(items, isConfig: original.isConfig))
            copies[ObjectIdentifier(original)] = copy
            return copy
        case .set(let original): return try set(original.keys)
        case .iterator, .view, .module, .method:
            throw Fault(.type, "a \(value.typeName) cannot be copied")
        default: return value
        }
    }
}
