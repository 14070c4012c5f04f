import OrderedCollections

/// The methods of containers that configs can call.
enum ContainerMethods {
    static let list: Set = [
        "append", "extend", "insert", "pop", "remove", "index", "count", "reverse", "sort", "clear",
        "copy",
    ]
    static let tuple: Set = ["index", "count"]
    static let dict: Set = [
        "update", "pop", "popitem", "get", "keys", "values", "items", "copy", "setdefault", "clear",
    ]
    /// What MMEngine's ConfigDict has in addition.
    static let configDict = dict.union(["merge", "to_dict", "deepcopy"])
    static let set: Set = [
        "add", "update", "remove", "discard", "clear", "copy", "union", "intersection", "difference",
        "symmetric_difference", "issubset", "issuperset",
    ]
}

extension Evaluator {
    // MARK: list and tuple

    func listMethod(_ list: PyList, _ call: Call) throws -> PyValue {
        switch call.name {
        case "append":
            try call.arity(1...1)
            try runtime.allocate(1)
            list.items.append(call.positional[0])
        case "extend":
            try call.arity(1...1)
            let added = try runtime.elements(call.positional[0])
            try runtime.allocate(added.count)
            list.items += added
        case "insert":
            try call.arity(2...2)
            try runtime.allocate(1)
            let index = try call.integer(0)
            let count = list.items.count
            list.items.insert(
                call.positional[1], at: min(max(index < 0 ? index + count : index, 0), count))
        case "pop":
            try call.arity(0...1)
            let index = try position(
                call.positional.isEmpty ? -1 : call.integer(0), in: list.items.count, "list")
            return list.items.remove(at: index)
        case "remove":
            try call.arity(1...1)
            guard
                let index = try list.items.firstIndex(where: { try runtime.equal($0, call.positional[0]) })
            else {
                throw Fault(.value, "list.remove(x): x is not in the list")
            }
            list.items.remove(at: index)
        case "reverse":
            try call.arity(0...0)
            list.items.reverse()
        case "sort":
            var call = call
            let function = call.take("key")
            let reverse = call.take("reverse")?.isTrue ?? false
            try call.arity(0...0)
            list.items = try runtime.sort(
                list.items, keys: sortKeys(list.items, function), reverse: reverse)
        case "clear":
            try call.arity(0...0)
            list.items = []
        case "copy":
            try call.arity(0...0)
            return try runtime.list(list.items)
        default: return try sequenceMethod(list.items, call)
        }
        return .none
    }

    func sequenceMethod(_ items: [PyValue], _ call: Call) throws -> PyValue {
        try call.arity(1...1)
        let matches = try items.indices.filter { try runtime.equal(items[$0], call.positional[0]) }
        if call.name == "count" { return .int(matches.count) }
        guard let first = matches.first else {
            throw Fault(.value, "\(try runtime.repr(call.positional[0])) is not in the sequence")
        }
        return .int(first)
    }

    /// The place of a Python index, which counts from the end when negative.
    func position(_ index: Int, in count: Int, _ type: String) throws -> Int {
        let position = index < 0 ? index + count : index
        guard position >= 0, position < count else {
            throw Fault(.index, "\(type) index \(index) is out of range: it has \(count) elements")
        }
        return position
    }

    // MARK: dict

    func dictMethod(_ dictionary: PyDict, _ call: Call) throws -> PyValue {
        switch call.name {
        case "update": return try updateMethod(dictionary, call)
        case "get", "pop", "setdefault": return try lookupMethod(dictionary, call)
        case "merge":
            try call.arity(1...1)
            guard case .dict(let other) = call.positional[0] else {
                throw Fault(.type, "merge() needs a dict")
            }
            let merged = try Merge.configDictMerge(
                runtime.resolved(other), into: runtime.resolved(dictionary))
            dictionary.items = try runtime.dictionary(merged, isConfig: true).items
            return .none
        default: break
        }
        try call.arity(0...0)
        switch call.name {
        case "keys": return try runtime.view(dictionary.items.keys.map { try runtime.value(of: $0) })
        case "values": return try runtime.view(Array(dictionary.items.values))
        case "items":
            let pairs = try dictionary.items.map {
                try runtime.tuple([runtime.value(of: $0.key), $0.value])
            }
            return try runtime.view(pairs)
        case "popitem":
            guard let last = dictionary.items.keys.last,
                let value = dictionary.items.removeValue(forKey: last)
            else {
                throw Fault(.key, "popitem(): the dictionary is empty")
            }
            return try runtime.tuple([runtime.value(of: last), value])
        case "clear":
            dictionary.items = [:]
            return .none
        case "to_dict":
            return .dict(try runtime.dictionary(runtime.resolved(dictionary), isConfig: false))
        case "deepcopy": return try runtime.deepCopy(.dict(dictionary))
        default: return .dict(try runtime.dict(dictionary.items, isConfig: dictionary.isConfig))
        }
    }

    private func lookupMethod(_ dictionary: PyDict, _ call: Call) throws -> PyValue {
        var call = call
        if dictionary.isConfig { call.fold("key", "default") }
        try call.arity(1...2)
        let key = try runtime.key(call.positional[0])
        let fallback = call.positional.count > 1 ? call.positional[1] : nil
        switch call.name {
        case "get": return dictionary.items[key] ?? fallback ?? .none
        case "pop":
            if let value = dictionary.items.removeValue(forKey: key) { return value }
            if let fallback { return fallback }
            if dictionary.isConfig { return .none }
            throw keyFault(key, in: dictionary)
        default:
            if let value = dictionary.items[key] { return value }
            try runtime.store(fallback ?? .none, at: key, in: dictionary)
            return fallback ?? .none
        }
    }

    private func updateMethod(_ dictionary: PyDict, _ call: Call) throws -> PyValue {
        guard call.positional.count <= 1 else {
            throw Fault(.type, "update() takes at most 1 positional argument")
        }
        let changes = try runtime.dict([:])
        if let source = call.positional.first { try update(changes, from: source) }
        for (name, value) in call.keywords { changes.items[.string(name)] = value }
        try update(dictionary, from: .dict(changes))
        return .none
    }

    /// `dictionary.update(source)`. A ConfigDict merges nested dictionaries instead of replacing them.
    func update(_ dictionary: PyDict, from source: PyValue, depth: Int = 0) throws {
        try runtime.checkDepth(depth)
        guard case .dict(let other) = source else {
            for element in try runtime.elements(source) {
                let pair = try runtime.elements(element)
                guard pair.count == 2 else {
                    throw Fault(.value, "a dictionary is made of pairs; found one of length \(pair.count)")
                }
                try runtime.store(pair[1], at: runtime.key(pair[0]), in: dictionary)
            }
            return
        }
        for (key, value) in other.items {
            try runtime.step()
            if dictionary.isConfig, case .dict(let inner)? = dictionary.items[key], case .dict = value {
                try update(inner, from: value, depth: depth + 1)
            } else {
                try runtime.store(value, at: key, in: dictionary)
            }
        }
    }

    func keyFault(_ key: ConfigKey, in dictionary: PyDict) -> Fault {
        let nearest = key.stringValue.flatMap { name in
            nearestName(to: name, among: dictionary.items.keys.compactMap(\.stringValue))
        }
        let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
        return Fault(.key, "there is no key \(key.value.summary)\(hint)")
    }

    // MARK: set

    func setMethod(_ set: PySet, _ call: Call) throws -> PyValue {
        try call.arity((call.name == "clear" || call.name == "copy" ? 0...0 : 1...1))
        switch call.name {
        case "clear":
            set.keys = []
            return .none
        case "copy": return try runtime.set(set.keys)
        case "add":
            try runtime.allocate(1)
            set.keys.append(try runtime.key(call.positional[0]))
            return .none
        case "remove", "discard":
            let key = try runtime.key(call.positional[0])
            if set.keys.remove(key) == nil, call.name == "remove" {
                throw Fault(.key, "\(key.value.summary) is not in the set")
            }
            return .none
        default: break
        }
        let other = OrderedSet(try runtime.elements(call.positional[0]).map { try runtime.key($0) })
        switch call.name {
        case "update":
            try runtime.allocate(other.count)
            set.keys.formUnion(other)
            return .none
        case "union": return try runtime.set(set.keys.union(other))
        case "intersection": return try runtime.set(set.keys.intersection(other))
        case "difference": return try runtime.set(set.keys.subtracting(other))
        case "symmetric_difference": return try runtime.set(set.keys.symmetricDifference(other))
        case "issubset": return .bool(set.keys.isSubset(of: other))
        default: return .bool(set.keys.isSuperset(of: other))
        }
    }
}
