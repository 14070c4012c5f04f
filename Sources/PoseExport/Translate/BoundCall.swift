import Torch

/// A call of a trace with typed access to its arguments. Arguments left out have libtorch's defaults.
struct BoundCall {
    let call: Trace.Call
    let trace: Trace

    /// The result, for operators that have one.
    var result: Trace.ValueID { call.results[0] }
    var resultValue: Trace.Value { trace.values[result] }

    private func argument(_ index: Int) -> Trace.Argument {
        call.arguments.indices.contains(index) ? call.arguments[index] : .none
    }

    func unsupported(_ reason: String) -> TraceError { TraceError(description: "\(call.name): \(reason)") }

    func isGiven(_ index: Int) -> Bool {
        if case .none = argument(index) { return false }
        return true
    }

    func tensor(_ index: Int) throws -> Trace.ValueID {
        guard case .value(let id) = argument(index) else { throw unsupported("argument \(index) is no tensor") }
        return id
    }

    func optionalTensor(_ index: Int) throws -> Trace.ValueID? {
        isGiven(index) ? try tensor(index) : nil
    }

    func value(_ index: Int) throws -> Trace.Value { trace.values[try tensor(index)] }

    func optionalTensors(_ index: Int) throws -> [Trace.ValueID?] {
        guard case .values(let ids) = argument(index) else {
            throw unsupported("argument \(index) is no list of tensors")
        }
        return ids
    }

    func tensors(_ index: Int) throws -> [Trace.ValueID] { try optionalTensors(index).compactMap { $0 } }

    func symbolic(_ index: Int) throws -> SymbolicInt {
        guard case .int(let value) = argument(index) else { throw unsupported("argument \(index) is no number") }
        return value
    }

    func int(_ index: Int, default value: Int? = nil) throws -> Int {
        if let value, !isGiven(index) { return value }
        guard let number = try symbolic(index).fixed else {
            throw unsupported("argument \(index) depends on the batch size")
        }
        return number
    }

    func symbolics(_ index: Int) throws -> [SymbolicInt] {
        switch argument(index) {
        case .ints(let values): return values
        case .int(let value): return [value]
        case .none: return []
        default: throw unsupported("argument \(index) is no list of numbers")
        }
    }

    func ints(_ index: Int) throws -> [Int] {
        try symbolics(index).map {
            guard let value = $0.fixed else { throw unsupported("argument \(index) depends on the batch size") }
            return value
        }
    }

    /// A list in which one number may stand for all of `count`.
    func ints(_ index: Int, count: Int, default value: [Int]) throws -> [Int] {
        let values = try ints(index)
        if values.isEmpty { return value }
        return values.count == 1 ? [Int](repeating: values[0], count: count) : values
    }

    func double(_ index: Int, default value: Double? = nil) throws -> Double {
        switch argument(index) {
        case .double(let number): return number
        case .int(let number): if let number = number.fixed { return Double(number) }
        case .bool(let flag): return flag ? 1 : 0
        case .none: if let value { return value }
        default: break
        }
        throw unsupported("argument \(index) is no number")
    }

    func bool(_ index: Int, default value: Bool) throws -> Bool {
        switch argument(index) {
        case .bool(let flag): return flag
        case .int(let number): if let number = number.fixed { return number != 0 }
        case .none: return value
        default: break
        }
        throw unsupported("argument \(index) is no truth value")
    }

    func string(_ index: Int, default value: String) throws -> String {
        switch argument(index) {
        case .string(let text): return text
        case .none: return value
        default: throw unsupported("argument \(index) is no text")
        }
    }

    /// A dimension counted from the front, whatever its sign was.
    func dimension(_ index: Int, rank: Int, default value: Int? = nil) throws -> Int {
        let number = try int(index, default: value)
        return number < 0 ? number + rank : number
    }

    /// Dimensions counted from the front; all of them when none is given.
    func dimensions(_ index: Int, rank: Int) throws -> [Int] {
        let numbers = try ints(index)
        return numbers.isEmpty ? Array(0..<rank) : numbers.map { $0 < 0 ? $0 + rank : $0 }
    }

    /// The size of a value along a dimension, which must not follow the batch size.
    func size(_ value: Trace.Value, _ dimension: Int) throws -> Int {
        guard value.shape.indices.contains(dimension), let size = value.shape[dimension].fixed else {
            throw unsupported("works along a dimension whose size depends on the batch size")
        }
        return size
    }
}
