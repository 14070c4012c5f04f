import Foundation
import Torch

extension ONNXFile {
    /// Whether the file is a network that can be run: versions, names, order, operators with the inputs and attributes
    /// they need, element types along all nodes, and weights as large as their shapes say and inside their files. Shapes
    /// between nodes are left to whoever compiles the network.
    ///
    /// - Throws: `ONNXFileError` with the first thing that is wrong, by the name of the node or weight.
    public func check() throws(ONNXFileError) {
        do {
            try checkVersions()
            let sizes = try checkWeights()
            var nodes = NodeCheck(self)
            try nodes.run()
            try checkPlaces(sizes)
        } catch {
            throw error.about(url)
        }
    }

    private func checkVersions() throws(ONNXFileError) {
        guard (3...13).contains(version) else { throw ONNXFileError("has version \(version) of the file format") }
        guard operatorSets[""] == ONNXGraph.operatorSet else {
            let found = operatorSets[""].map(String.init) ?? "none"
            throw ONNXFileError("is for operator set \(found), not \(ONNXGraph.operatorSet)")
        }
    }

    /// - Returns: bytes of every weight.
    private func checkWeights() throws(ONNXFileError) -> [Int] {
        var sizes: [Int] = []
        for weight in initializers {
            guard let type = ScalarType(onnxCode: weight.type) else {
                throw ONNXFileError("\(weight.name): unknown element type \(weight.type)")
            }
            var size = type.byteCount
            for extent in weight.shape {
                let (product, overflows) = size.multipliedReportingOverflow(by: extent)
                guard extent >= 0, !overflows else { throw ONNXFileError("\(weight.name): shape \(weight.shape)") }
                size = product
            }
            sizes.append(size)
        }
        return sizes
    }

    private func checkPlaces(_ sizes: [Int]) throws(ONNXFileError) {
        var lengths: [String: Int] = [:]
        for (weight, size) in zip(initializers, sizes) {
            switch weight.place {
            case nil where size == 0: break
            case nil: throw ONNXFileError("\(weight.name): has no numbers")
            case .inside(let range):
                guard range.count == size else {
                    throw ONNXFileError("\(weight.name): \(range.count) bytes for the shape \(weight.shape)")
                }
            case .outside(let name, let offset, let count):
                if lengths[name] == nil { lengths[name] = try length(of: name, for: weight.name) }
                let length = lengths[name] ?? 0
                guard offset >= 0, count ?? size == size, size <= length, offset <= length - size else {
                    throw ONNXFileError(
                        "\(weight.name): \(size) bytes at \(offset) are not in \(name), which has \(length)")
                }
            }
        }
    }

    private func length(of name: String, for weight: String) throws(ONNXFileError) -> Int {
        // A path that leads away could name any file of the machine.
        guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
            throw ONNXFileError("\(weight): its numbers are said to be in '\(name)', outside the file's folder")
        }
        let path = url.deletingLastPathComponent().appendingPathComponent(name).path
        guard let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int else {
            throw ONNXFileError("\(weight): its numbers are said to be in \(name), which is missing")
        }
        return size
    }
}

/// Follows the element types from the inputs through all nodes.
private struct NodeCheck {
    let file: ONNXFile
    /// Of every value that is known so far.
    private var types: [String: Int] = [:]

    init(_ file: ONNXFile) { self.file = file }

    mutating func run() throws(ONNXFileError) {
        for weight in file.initializers { try define(weight.name, weight.type, by: "a weight") }
        for port in file.inputs {
            try check(port)
            // An input may have a default, which is a weight of the same name.
            guard types[port.name] == nil else { continue }
            try define(port.name, port.type, by: "an input")
        }
        for (index, node) in file.nodes.enumerated() {
            let name = node.name.isEmpty ? "node \(index)" : node.name
            try check(node, name)
        }
        guard !file.outputs.isEmpty else { throw ONNXFileError("has no outputs") }
        for port in file.outputs {
            try check(port)
            guard let type = types[port.name] else { throw ONNXFileError("output \(port.name) is not computed") }
            guard type == port.type else {
                throw ONNXFileError("output \(port.name) has type \(type), but is declared as \(port.type)")
            }
        }
    }

    private func check(_ port: ONNXFile.Port) throws(ONNXFileError) {
        guard !port.name.isEmpty, ScalarType(onnxCode: port.type) != nil,
            port.shape.allSatisfy({ $0 ?? 1 >= 0 })
        else { throw ONNXFileError("the input or output '\(port.name)' has no name, or a type or shape that is none") }
    }

    private mutating func define(_ name: String, _ type: Int, by what: String) throws(ONNXFileError) {
        guard !name.isEmpty else { throw ONNXFileError("\(what) has no name") }
        guard types.updateValue(type, forKey: name) == nil else {
            throw ONNXFileError("\(what) is called \(name), as something before it")
        }
    }

    private mutating func check(_ node: ONNXFile.Node, _ name: String) throws(ONNXFileError) {
        guard node.domain.isEmpty, let signature = OperatorSignature.table[node.operation] else {
            throw ONNXFileError("\(name): unknown operator \(node.domain) \(node.operation)")
        }
        try check(node.attributes, signature, name)
        let shared = try inputType(node, signature, name)
        guard !node.outputs.isEmpty, node.outputs.count <= signature.outputs.count || signature.hasManyOutputs else {
            throw ONNXFileError("\(name): \(node.outputs.count) outputs")
        }
        for (index, output) in node.outputs.enumerated() where !output.isEmpty {
            let type: Int?
            switch signature.outputs[min(index, signature.outputs.count - 1)] {
            case .same, .any: type = shared
            case .bool: type = ScalarType.bool.onnxCode
            case .int64: type = ScalarType.int64.onnxCode
            case .named: type = node.attributes.first { $0.name == "to" }?.int
            }
            guard let type, ScalarType(onnxCode: type) != nil else {
                throw ONNXFileError("\(name): the type of \(output) is not known")
            }
            try define(output, type, by: name)
        }
    }

    /// - Returns: the type that inputs share, if any do.
    private func inputType(
        _ node: ONNXFile.Node, _ signature: OperatorSignature, _ name: String
    ) throws(ONNXFileError) -> Int? {
        let count = node.inputs.count
        guard count >= signature.required, count <= signature.inputs.count || signature.isVariadic else {
            throw ONNXFileError("\(name): \(node.operation) does not take \(count) inputs")
        }
        var shared: Int?
        for (index, input) in node.inputs.enumerated() {
            guard !input.isEmpty else {
                guard index >= signature.required else { throw ONNXFileError("\(name): input \(index) is left out") }
                continue
            }
            guard let type = types[input] else {
                throw ONNXFileError("\(name): input \(input) is not known, or computed only later")
            }
            let wanted: Int?
            switch signature.inputs[min(index, signature.inputs.count - 1)] {
            case .same:
                wanted = shared ?? type
                shared = wanted
            case .bool: wanted = ScalarType.bool.onnxCode
            case .int64: wanted = ScalarType.int64.onnxCode
            case .any, .named: wanted = nil
            }
            guard wanted ?? type == type else {
                throw ONNXFileError("\(name): input \(input) has type \(type), not \(wanted ?? type)")
            }
        }
        return shared
    }

    private func check(
        _ attributes: [ONNXFile.Attribute], _ signature: OperatorSignature, _ name: String
    ) throws(ONNXFileError) {
        var found: Set<String> = []
        for attribute in attributes {
            guard let kind = signature.attributes[attribute.name], kind.rawValue == attribute.kind,
                found.insert(attribute.name).inserted
            else { throw ONNXFileError("\(name): attribute \(attribute.name) is unknown, repeated or of another kind") }
        }
        if let missing = signature.needed.subtracting(found).min() {
            throw ONNXFileError("\(name): attribute \(missing) is missing")
        }
    }
}

extension ScalarType {
    /// The type that ONNX has this number for.
    init?(onnxCode code: Int) {
        let known = Self.allCases.first { $0.onnxCode == code }
        guard let known else { return nil }
        self = known
    }
}
