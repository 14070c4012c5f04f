extension Evaluator {
    func iteration(_ builtin: Builtin, _ call: Call) throws -> PyValue {
        var call = call
        switch builtin {
        case .sorted:
            let function = call.take("key")
            let reverse = call.take("reverse")?.isTrue ?? false
            try call.arity(1...1)
            let values = try runtime.elements(call.positional[0])
            return try runtime.list(
                runtime.sort(values, keys: sortKeys(values, function), reverse: reverse))
        case .zip: return try zip(call)
        case .enumerate:
            call.fold("iterable", "start")
            try call.arity(1...2)
            let start = call.positional.count > 1 ? try call.integer(1) : 0
            let pairs = try runtime.elements(call.positional[0]).enumerated().map { index, value in
                try runtime.tuple([runtime.binary(.add, .int(start), .int(index)), value])
            }
            return try runtime.iterator(pairs)
        case .reversed:
            try call.arity(1...1)
            if case .set = call.positional[0] { throw Fault(.type, "'set' object is not reversible") }
            return try runtime.iterator(runtime.elements(call.positional[0]).reversed())
        case .any:
            try call.arity(1...1)
            return .bool(try runtime.elements(call.positional[0]).contains(where: \.isTrue))
        case .all:
            try call.arity(1...1)
            return .bool(try runtime.elements(call.positional[0]).allSatisfy(\.isTrue))
        case .map, .filter: return try mapOrFilter(builtin, call)
        case .iter:
            try call.arity(1...1)
            if case .iterator = call.positional[0] { return call.positional[0] }
            return try runtime.iterator(runtime.elements(call.positional[0]))
        default:
            try call.arity(1...2)
            guard case .iterator(let iterator) = call.positional[0] else {
                throw Fault(.type, "'\(call.positional[0].typeName)' object is not an iterator")
            }
            if let value = iterator.next() { return value }
            guard call.positional.count > 1 else {
                throw Fault(.value, "next() of an exhausted iterator")
            }
            return call.positional[1]
        }
    }

    private func zip(_ call: Call) throws -> PyValue {
        var call = call
        let isStrict = call.take("strict")?.isTrue ?? false
        try call.arity(0...Int.max)
        let columns = try call.positional.map { try runtime.elements($0) }
        let count = columns.map(\.count).min() ?? 0
        if isStrict, columns.contains(where: { $0.count != count }) {
            throw Fault(.value, "zip() arguments have different lengths")
        }
        let rows = try (0..<count).map { row in try runtime.tuple(columns.map { $0[row] }) }
        return try runtime.iterator(rows)
    }

    private func mapOrFilter(_ builtin: Builtin, _ call: Call) throws -> PyValue {
        try call.arity(2...(builtin == .map ? Int.max : 2))
        let columns = try call.positional.dropFirst().map { try runtime.elements($0) }
        let function = call.positional[0]
        if builtin == .filter {
            if case .none = function { return try runtime.iterator(columns[0].filter(\.isTrue)) }
            return try runtime.iterator(
                columns[0].filter {
                    try invoke(function, Call(name: "filter", positional: [$0], keywords: [])).isTrue
                })
        }
        let count = columns.map(\.count).min() ?? 0
        let results = try (0..<count).map { row in
            try invoke(function, Call(name: "map", positional: columns.map { $0[row] }, keywords: []))
        }
        return try runtime.iterator(results)
    }
}
