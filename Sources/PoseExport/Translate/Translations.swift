import Torch

/// How libtorch's operators are said in ONNX. An operator that a model needs is one line here, and a function in the
/// file of its kind where one line is not enough.
enum Translations {
    /// Adds the nodes that compute what a call computes.
    typealias Translation = @Sendable (inout GraphBuilder, BoundCall) throws -> Void

    private static let table: [String: Translation] =
        [elementwise, comparisons, shapes, selections, reductions, products, convolutions, normalizations, samplings]
        .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    /// Names of the operators that can be translated, sorted.
    static var operators: [String] { table.keys.sorted() }

    /// The graph of a traced model.
    ///
    /// - Throws: `TraceError` naming the operator that has no translation.
    static func graph(of trace: Trace) throws -> ONNXGraph {
        var builder = GraphBuilder(trace)
        for call in trace.calls where call.results.contains(where: { trace.values[$0].isVariable }) {
            let base = call.name.split(separator: ".")[0]
            guard !base.hasSuffix("_") else {
                throw TraceError(description: "\(call.name) changes a tensor in place, which a graph cannot say")
            }
            guard let translation = table[call.name] else {
                throw TraceError(description: "\(call.name) has no translation to ONNX")
            }
            try translation(&builder, BoundCall(call: call, trace: trace))
        }
        try builder.finish()
        return builder.graph.withoutUnused()
    }
}

extension ONNXGraph {
    /// The graph without nodes and weights that no output needs.
    fileprivate func withoutUnused() -> ONNXGraph {
        var needed = Set(outputs.map(\.name))
        var result = self
        result.nodes = nodes.reversed().filter { node in
            guard node.outputs.contains(where: needed.contains) else { return false }
            needed.formUnion(node.inputs)
            return true
        }.reversed()
        result.initializers = initializers.filter { needed.contains($0.name) }
        return result
    }
}
