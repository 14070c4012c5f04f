extension Runtime {
    /// Python's `repr`.
    func repr(_ value: PyValue, depth: Int = 0) throws -> String {
        try step()
        try checkDepth(depth)
        switch value {
        case .none: return "None"
        case .bool(let flag): return flag ? "True" : "False"
        case .int(let number): return String(number)
        case .float(let number): return PythonText.float(number)
        case .string(let text):
            try allocate(text.utf8.count)
            return PythonText.string(text)
        case .bytes(let bytes):
            try allocate(bytes.count)
            return PythonText.bytes(bytes)
        case .list(let list): return "[" + (try joined(list.items, depth)) + "]"
        case .tuple(let tuple):
            return "(" + (try joined(tuple.items, depth)) + (tuple.items.count == 1 ? ",)" : ")")
        case .set(let set):
            if set.keys.isEmpty { return "set()" }
            return "{" + (try joined(set.keys.map { try self.value(of: $0) }, depth)) + "}"
        case .dict(let dictionary):
            let pairs = try dictionary.items.map { key, item in
                try repr(self.value(of: key), depth: depth + 1) + ": " + repr(item, depth: depth + 1)
            }
            return "{" + pairs.joined(separator: ", ") + "}"
        case .range(let range):
            let step = range.step == 1 ? "" : ", \(range.step)"
            return "range(\(range.start), \(range.stop)\(step))"
        case .reference(let reference):
            return String(reference.display.split(separator: ".").last ?? "")
        case .ellipsis: return "Ellipsis"
        case .view, .iterator, .slice, .builtin, .method, .module:
            throw Fault(.type, "a \(value.typeName) cannot be written as text in a config")
        }
    }

    private func joined(_ items: [PyValue], _ depth: Int) throws -> String {
        try items.map { try repr($0, depth: depth + 1) }.joined(separator: ", ")
    }

    /// Python's `str`.
    func text(_ value: PyValue) throws -> String {
        if case .string(let text) = value { return text }
        return try repr(value)
    }
}
