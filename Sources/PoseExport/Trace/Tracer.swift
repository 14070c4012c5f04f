import Torch

/// Writes down the operator calls of one run of a model.
final class Tracer: OperatorObserver {
    private(set) var trace: Trace
    /// The number of the tensor that an identity stands for at present.
    private var numbers: [Int: Trace.ValueID] = [:]
    private let parameterNames: [Int: String]
    /// An identity is only unique while its tensor lives.
    private var alive: [Tensor] = []

    /// - Parameter store: of the model, to know parameters by name.
    private init(input: Tensor, store: ParameterStore) throws {
        var names: [Int: String] = [:]
        for entry in store.entries {
            let identity = try entry.parameter.tensor.identity
            // Several keys may share a tensor; the first one names it.
            if names[identity] == nil { names[identity] = entry.name }
        }
        parameterNames = names
        trace = Trace(values: [], calls: [], input: 0, outputs: [])
        add(input, from: .input)
        trace.values[0].isVariable = true
    }

    /// Runs `model` on `input` and returns what it did.
    ///
    /// - Throws: What `model` throws; `TraceError` when an output is none of the tensors that were seen.
    static func trace(
        _ input: Tensor, store: ParameterStore, _ model: (Tensor) throws -> [(name: String, tensor: Tensor)]
    ) throws -> (trace: Trace, outputs: [(name: String, tensor: Tensor)]) {
        let tracer = try Tracer(input: input, store: store)
        let outputs = try observingOperators(with: tracer) { try model(input) }
        tracer.trace.outputs = outputs.map { ($0.name, tracer.number(of: $0.tensor)) }
        tracer.trace.keepConstants()
        return (tracer.trace, outputs)
    }

    func didCall(_ op: Operator, arguments: [IValue], results: [IValue]) throws {
        let arguments = try arguments.map { try argument($0, of: op) }
        let isVariable = arguments.contains { $0.values.contains { trace.values[$0].isVariable } }
        let position = trace.calls.count
        var numbers: [Trace.ValueID] = []
        for result in results {
            for tensor in try tensors(result, of: op) {
                numbers.append(add(tensor, from: .call(position)))
                trace.values[numbers[numbers.count - 1]].isVariable = isVariable
            }
        }
        trace.calls.append(Trace.Call(name: op.name, arguments: arguments, results: numbers))
    }

    private func tensors(_ result: IValue, of op: Operator) throws -> [Tensor] {
        switch result {
        case .tensor(let tensor): return [tensor]
        case .tensors(let tensors): return tensors
        default: throw TraceError(description: "\(op.name) gives no tensor; what a model does with it cannot be traced")
        }
    }

    private func argument(_ value: IValue, of op: Operator) throws -> Trace.Argument {
        switch value {
        case .none, .device, .generator: .none
        case .tensor(let tensor): .value(number(of: tensor))
        case .tensors(let tensors): .values(tensors.map { number(of: $0) })
        case .optionalTensors(let tensors): .values(tensors.map { $0.map { number(of: $0) } })
        case .int(let value): .int(SymbolicInt(value))
        case .ints(let values): .ints(values.map { SymbolicInt($0) })
        case .double(let value): .double(value)
        case .doubles(let values): .doubles(values)
        case .bool(let value): .bool(value)
        case .bools(let values): .bools(values)
        case .string(let value): .string(value)
        }
    }

    private func number(of tensor: Tensor) -> Trace.ValueID {
        if let known = numbers[tensor.identity] { return known }
        return add(tensor, from: parameterNames[tensor.identity].map { .parameter($0) } ?? .literal)
    }

    @discardableResult
    private func add(_ tensor: Tensor, from source: Trace.Source) -> Trace.ValueID {
        let number = trace.values.count
        numbers[tensor.identity] = number
        alive.append(tensor)
        trace.values.append(
            Trace.Value(
                source: source, dtype: tensor.dtype, shape: tensor.shape.map { SymbolicInt($0) }, tensor: tensor,
                isVariable: false))
        return number
    }
}

extension Trace {
    /// Lets go of the numbers of what depends on the input: they matter no longer.
    fileprivate mutating func keepConstants() {
        for index in values.indices where values[index].isVariable { values[index].tensor = nil }
    }
}

extension Trace.Argument {
    /// The tensors in it.
    var values: [Trace.ValueID] {
        switch self {
        case .value(let value): [value]
        case .values(let values): values.compactMap { $0 }
        default: []
        }
    }
}
