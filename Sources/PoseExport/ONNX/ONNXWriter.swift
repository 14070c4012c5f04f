import Checkpoint
import Foundation
import Torch

/// Writes a network as an ONNX file. Field numbers are those of onnx.proto3 (https://github.com/onnx/onnx).
struct ONNXWriter {
    let graph: ONNXGraph
    /// What the file says about itself.
    let metadata: [(key: String, value: String)]
    /// Weights of more bytes than this lie in a file of their own, since a protobuf file must stay below 2 GB.
    var largestInline = 1 << 30

    /// Writes `url`, and where the weights are large `url` with `.data` at its end. Neither appears before it is whole.
    ///
    /// - Throws: `CheckpointError` or `POSIXError` when the files cannot be written.
    func write(to url: URL) throws {
        let size = graph.initializers.reduce(0) { $0 + $1.tensor.count * $1.tensor.dtype.byteCount }
        var external: [String: ExternalData] = [:]
        if size > largestInline {
            external = try writeWeights(to: url.appendingPathExtension("data"))
        }
        let file = try FileWriter(url)
        try model(external).write { try file.write($0) }
        try file.commit()
    }

    /// Where the numbers of an initializer are in the file of weights.
    private struct ExternalData {
        let file: String
        let offset, count: Int
    }

    private func writeWeights(to url: URL) throws -> [String: ExternalData] {
        // Mapped pages begin at multiples of this.
        let alignment = 4096
        let file = try FileWriter(url)
        var places: [String: ExternalData] = [:]
        for initializer in graph.initializers {
            try file.write([UInt8](repeating: 0, count: (alignment - file.offset % alignment) % alignment))
            let offset = file.offset
            try initializer.tensor.withUnsafeBytes { try file.write($0) }
            places[initializer.name] = ExternalData(
                file: url.lastPathComponent, offset: offset, count: file.offset - offset)
        }
        try file.commit()
        return places
    }

    private func model(_ external: [String: ExternalData]) -> ProtobufMessage {
        var message = ProtobufMessage()
        // The version of the file format that came with the operator set.
        message.append(1, 8)
        message.append(2, "swift-pose")
        message.append(7, graphMessage(external))
        var operators = ProtobufMessage()
        operators.append(1, "")
        operators.append(2, ONNXGraph.operatorSet)
        message.append(8, operators)
        for (key, value) in metadata { message.append(14, Self.entry(key, value)) }
        return message
    }

    private func graphMessage(_ external: [String: ExternalData]) -> ProtobufMessage {
        var message = ProtobufMessage()
        for node in graph.nodes { message.append(1, Self.node(node)) }
        message.append(2, "pose")
        for initializer in graph.initializers {
            message.append(5, Self.tensor(initializer, external[initializer.name]))
        }
        for port in graph.inputs { message.append(11, Self.port(port)) }
        for port in graph.outputs { message.append(12, Self.port(port)) }
        return message
    }

    private static func node(_ node: ONNXGraph.Node) -> ProtobufMessage {
        var message = ProtobufMessage()
        for input in node.inputs { message.append(1, input) }
        for output in node.outputs { message.append(2, output) }
        message.append(3, node.name)
        message.append(4, node.operation)
        for (name, value) in node.attributes { message.append(5, attribute(name, value)) }
        return message
    }

    private static func attribute(_ name: String, _ value: ONNXGraph.Attribute) -> ProtobufMessage {
        var message = ProtobufMessage()
        message.append(1, name)
        switch value {
        case .float(let number):
            message.append(2, Float(number))
            message.append(20, 1)
        case .int(let number):
            message.append(3, number)
            message.append(20, 2)
        case .string(let text):
            message.append(4, text)
            message.append(20, 3)
        case .ints(let numbers):
            message.append(8, packed: numbers)
            message.append(20, 7)
        }
        return message
    }

    private static func tensor(
        _ initializer: ONNXGraph.Initializer, _ external: ExternalData?
    ) -> ProtobufMessage {
        var message = ProtobufMessage()
        message.append(1, packed: initializer.tensor.shape)
        message.append(2, initializer.tensor.dtype.onnxCode)
        message.append(8, initializer.name)
        if let external {
            message.append(13, entry("location", external.file))
            message.append(13, entry("offset", String(external.offset)))
            message.append(13, entry("length", String(external.count)))
            message.append(14, 1)
        } else {
            message.append(9, initializer.tensor)
        }
        return message
    }

    private static func port(_ port: ONNXGraph.Port) -> ProtobufMessage {
        var shape = ProtobufMessage()
        for size in port.shape {
            var dimension = ProtobufMessage()
            if let size { dimension.append(1, size) } else { dimension.append(2, ONNXGraph.batch) }
            shape.append(1, dimension)
        }
        var tensor = ProtobufMessage()
        tensor.append(1, port.dtype.onnxCode)
        tensor.append(2, shape)
        var type = ProtobufMessage()
        type.append(1, tensor)
        var message = ProtobufMessage()
        message.append(1, port.name)
        message.append(2, type)
        return message
    }

    private static func entry(_ key: String, _ value: String) -> ProtobufMessage {
        var message = ProtobufMessage()
        message.append(1, key)
        message.append(2, value)
        return message
    }
}
