import Torch

/// Puts an ONNX graph together while the calls of a trace are translated in order.
struct GraphBuilder {
    let trace: Trace
    private(set) var graph = ONNXGraph()
    /// What the values of the trace are called in the graph.
    private var names: [Trace.ValueID: String] = [:]
    private var initializers: Set<String> = []
    private var constants: [Constant: String] = [:]
    private var batchName: String?
    private var nodeCount = 0

    /// Small constants that many nodes share.
    private enum Constant: Hashable {
        case ints([Int])
        case number(UInt64, ScalarType)
    }

    static let inputName = "input"

    init(_ trace: Trace) {
        self.trace = trace
        names[trace.input] = Self.inputName
        let value = trace.values[trace.input]
        graph.inputs = [.init(name: Self.inputName, dtype: value.dtype, shape: value.shape.map(\.fixed))]
    }

    /// Adds the outputs of the model under the names it gives them.
    mutating func finish() throws {
        for (name, id) in trace.outputs {
            let value = trace.values[id]
            let source = try self.name(id)
            graph.nodes.append(
                .init(operation: "Identity", name: "output_\(name)", inputs: [source], outputs: [name], attributes: []))
            graph.outputs.append(.init(name: name, dtype: value.dtype, shape: value.shape.map(\.fixed)))
        }
    }

    // MARK: Values

    func value(_ id: Trace.ValueID) -> Trace.Value { trace.values[id] }

    /// What a value is called. A constant becomes part of the model when it is first asked for.
    mutating func name(_ id: Trace.ValueID) throws -> String {
        if let known = names[id] { return known }
        guard let tensor = trace.values[id].tensor else {
            throw TraceError(description: "a value is used before it is computed")
        }
        var name = "constant_\(id)"
        if case .parameter(let key) = trace.values[id].source { name = key }
        try addInitializer(name, tensor)
        names[id] = name
        return name
    }

    /// Gives a value the name of another one that has the same elements.
    mutating func alias(_ id: Trace.ValueID, _ name: String) { names[id] = name }

    /// A tensor that is part of the model, stored once under `name`.
    @discardableResult
    mutating func addInitializer(_ name: String, _ tensor: Tensor) throws -> String {
        if initializers.insert(name).inserted {
            graph.initializers.append(.init(name: name, tensor: try tensor.to(.cpu).contiguous()))
        }
        return name
    }

    // MARK: Nodes

    /// Adds a node with one result.
    ///
    /// - Parameter id: the value of the trace that it computes, if it computes one.
    /// - Returns: what its result is called.
    @discardableResult
    mutating func add(
        _ operation: String, _ inputs: [String], _ attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [:],
        is id: Trace.ValueID? = nil
    ) -> String {
        let output = id.map { "v\($0)" } ?? "t\(nodeCount)"
        add(operation, inputs, attributes, outputs: [output])
        if let id { names[id] = output }
        return output
    }

    /// Adds a node with several results, which are values of the trace.
    mutating func add(
        _ operation: String, _ inputs: [String], _ attributes: KeyValuePairs<String, ONNXGraph.Attribute> = [:],
        are ids: [Trace.ValueID]
    ) {
        add(operation, inputs, attributes, outputs: ids.map { "v\($0)" })
        for id in ids { names[id] = "v\(id)" }
    }

    /// Adds a node with results of given names, empty where nobody needs one.
    mutating func add(
        _ operation: String, _ inputs: [String], _ attributes: KeyValuePairs<String, ONNXGraph.Attribute>,
        outputs: [String]
    ) {
        graph.nodes.append(
            .init(
                operation: operation, name: "\(operation)_\(nodeCount)", inputs: inputs, outputs: outputs,
                attributes: attributes.map { ($0.key, $0.value) }))
        nodeCount += 1
    }

    // MARK: Numbers

    /// A list of 64-bit whole numbers.
    mutating func ints(_ values: [Int]) throws -> String {
        if let known = constants[.ints(values)] { return known }
        let name = "ints_" + values.map { $0 < 0 ? "m\($0.magnitude)" : String($0) }.joined(separator: "_")
        try addInitializer(name, Tensor(values.map(Int64.init), shape: [values.count]))
        constants[.ints(values)] = name
        return name
    }

    /// A single number.
    mutating func number(_ value: Double, _ dtype: ScalarType) throws -> String {
        let key = Constant.number(value.bitPattern, dtype)
        if let known = constants[key] { return known }
        let name = "number_\(constants.count)"
        try addInitializer(name, Tensor.full([], value, dtype: dtype))
        constants[key] = name
        return name
    }

    /// A 64-bit whole number that is no list: the place of an element or of a dimension.
    mutating func index(_ value: Int) throws -> String {
        try addInitializer("index_\(value)", Tensor.full([], Double(value), dtype: .int64))
    }

    /// A shape as the network computes it: constant, or following the batch size.
    mutating func shape(_ sizes: [SymbolicInt]) throws -> String {
        let fixed = sizes.compactMap(\.fixed)
        if fixed.count == sizes.count { return try ints(fixed) }
        let parts = try sizes.map { size -> String in
            guard size.fixed == nil else { return try ints([size.constant]) }
            return try number(of: size)
        }
        return parts.count == 1 ? parts[0] : add("Concat", parts, ["axis": .int(0)])
    }

    /// A list of one whole number that follows the batch size.
    private mutating func number(of size: SymbolicInt) throws -> String {
        var result = try batch()
        if size.perItem != 1 { result = add("Mul", [result, try ints([size.perItem])]) }
        if size.constant != 0 { result = add("Add", [result, try ints([size.constant])]) }
        return result
    }

    private mutating func batch() throws -> String {
        if let batchName { return batchName }
        let axis = trace.values[trace.input].shape.firstIndex { $0.fixed == nil } ?? 0
        let name = add("Shape", [Self.inputName], ["start": .int(axis), "end": .int(axis + 1)])
        batchName = name
        return name
    }
}
