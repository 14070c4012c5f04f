import Torch

extension Trace {
    /// Two runs of one model with batches of different sizes, as one trace whose numbers depend on the batch size.
    ///
    /// - Throws: `TraceError` when the runs differ in more than sizes: such a model needs a graph for each batch size.
    init(_ first: Trace, _ second: Trace, batches: (Int, Int)) throws {
        guard first.calls.count == second.calls.count, first.values.count == second.values.count else {
            throw TraceError(description: "the model calls other operators for other batch sizes")
        }
        self = first
        for index in first.values.indices {
            values[index] = try Self.merge(first.values[index], second.values[index], batches)
        }
        for index in first.calls.indices {
            calls[index] = try Self.merge(first.calls[index], second.calls[index], batches)
        }
        spreadVariability()
    }

    /// What is made for the size of the batch is no constant, and neither is what follows from it.
    private mutating func spreadVariability() {
        for call in calls {
            let follows = call.arguments.contains { argument in
                argument.dependsOnBatch || argument.values.contains { values[$0].isVariable }
            }
            let isSized = call.results.contains { values[$0].shape.contains { $0.fixed == nil } }
            guard follows || isSized else { continue }
            for result in call.results {
                values[result].isVariable = true
                values[result].tensor = nil
            }
        }
    }

    private static func merge(_ first: Value, _ second: Value, _ batches: (Int, Int)) throws -> Value {
        guard first.source == second.source, first.dtype == second.dtype, first.shape.count == second.shape.count else {
            throw TraceError(description: "the model makes other tensors for other batch sizes")
        }
        let shape = try zip(first.shape, second.shape).map { try merge($0, $1, batches) }
        if first.source == .literal, let a = first.tensor, let b = second.tensor {
            guard try a.hasSameBytes(as: b) else {
                throw TraceError(description: "a constant of the model depends on the batch size")
            }
        }
        return Value(
            source: first.source, dtype: first.dtype, shape: shape, tensor: first.tensor, isVariable: first.isVariable)
    }

    private static func merge(_ first: Call, _ second: Call, _ batches: (Int, Int)) throws -> Call {
        guard first.name == second.name, first.results == second.results,
            first.arguments.count == second.arguments.count
        else { throw TraceError(description: "the model calls other operators for other batch sizes") }
        let arguments = try zip(first.arguments, second.arguments).map { pair -> Argument in
            switch pair {
            case (.int(let a), .int(let b)): return .int(try merge(a, b, batches))
            case (.ints(let a), .ints(let b)) where a.count == b.count:
                return .ints(try zip(a, b).map { try merge($0, $1, batches) })
            case (let a, let b) where a.isEqual(to: b): return a
            default: throw TraceError(description: "\(first.name): its arguments depend on the batch size")
            }
        }
        return Call(name: first.name, arguments: arguments, results: first.results)
    }

    private static func merge(
        _ first: SymbolicInt, _ second: SymbolicInt, _ batches: (Int, Int)
    ) throws -> SymbolicInt {
        guard let result = SymbolicInt(first.constant, second.constant, batches: batches) else {
            throw TraceError(
                description:
                    "a size is \(first.constant) or \(second.constant) for batches of \(batches.0) and \(batches.1)")
        }
        return result
    }
}

extension Trace.Argument {
    /// Whether a number in it follows from the batch size.
    var dependsOnBatch: Bool {
        switch self {
        case .int(let value): value.fixed == nil
        case .ints(let values): values.contains { $0.fixed == nil }
        default: false
        }
    }

    fileprivate func isEqual(to other: Trace.Argument) -> Bool {
        switch (self, other) {
        case (.none, .none): true
        case (.value(let a), .value(let b)): a == b
        case (.values(let a), .values(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.doubles(let a), .doubles(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.bools(let a), .bools(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        default: false
        }
    }
}

extension Tensor {
    fileprivate func hasSameBytes(as other: Tensor) throws -> Bool {
        guard identity != other.identity else { return true }
        return try contiguous().withUnsafeBytes { mine in
            try other.contiguous().withUnsafeBytes { theirs in mine.elementsEqual(theirs) }
        }
    }
}
