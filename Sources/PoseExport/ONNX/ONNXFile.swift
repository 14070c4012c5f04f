public import Foundation
import Torch

/// An ONNX file as it lies on the disk: what it says of itself, its nodes, and where its weights are.
///
/// Reads the fields of onnx.proto3 (https://github.com/onnx/onnx) that inference needs. Weights stay in the file.
public struct ONNXFile: Sendable {
    /// An input or an output of the network.
    public struct Port: Sendable, Hashable {
        /// The name that programs ask for.
        public let name: String
        /// Sizes; nil where any size will do.
        public let shape: [Int?]
        /// ONNX's number of the element type.
        let type: Int
    }

    struct Node: Sendable {
        var name = ""
        var operation = ""
        var domain = ""
        var inputs: [String] = []
        var outputs: [String] = []
        var attributes: [Attribute] = []
    }

    struct Attribute: Sendable {
        var name = ""
        /// ONNX's number of the attribute's kind.
        var kind = 0
        var int: Int?
    }

    struct Initializer: Sendable {
        /// Where the numbers are.
        enum Place: Sendable {
            /// Bytes of this file.
            case inside(Range<Int>)
            case outside(file: String, offset: Int, count: Int?)
        }

        var name = ""
        var type = 0
        var shape: [Int] = []
        var place: Place?
    }

    let url: URL
    let version: Int
    /// Version of each set of operators, by its domain; the standard's is "".
    let operatorSets: [String: Int]
    let nodes: [Node]
    let initializers: [Initializer]
    /// What the network takes, and what it gives.
    public let inputs, outputs: [Port]
    /// What the file says about itself.
    public let metadata: [String: String]

    /// Reads a file. What it means is `check()`'s matter.
    ///
    /// - Throws: `ONNXFileError` for what is no ONNX file or a damaged one, Foundation's errors when it cannot be read.
    public init(contentsOf url: URL) throws {
        self.url = url
        let data = try Data(contentsOf: url, options: .mappedIfSafe)
        do {
            var parts = Parts()
            try parts.readModel(data)
            (version, operatorSets) = (parts.version, parts.operatorSets)
            (nodes, initializers) = (parts.nodes, parts.initializers)
            (inputs, outputs, metadata) = (parts.inputs, parts.outputs, parts.metadata)
        } catch {
            throw error.about(url)
        }
    }
}

/// Why a file is no ONNX file that can be run.
public struct ONNXFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, if it is known.
    public var path: String?
    /// What is wrong.
    public var reason: String

    init(_ reason: String) { self.reason = reason }

    /// File and reason, for people.
    public var description: String { path.map { "\($0): \(reason)" } ?? reason }

    func about(_ url: URL) -> ONNXFileError {
        var result = self
        result.path = url.path
        return result
    }
}

/// What has been read so far.
private struct Parts {
    var version = 0
    var operatorSets: [String: Int] = [:]
    var nodes: [ONNXFile.Node] = []
    var initializers: [ONNXFile.Initializer] = []
    var inputs: [ONNXFile.Port] = []
    var outputs: [ONNXFile.Port] = []
    var metadata: [String: String] = [:]

    mutating func readModel(_ data: Data) throws(ONNXFileError) {
        var reader = ProtobufReader(data, 0..<data.count)
        var hasGraph = false
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .varint(let number)): version = Int(truncatingIfNeeded: number)
            case (7, .bytes(let range)):
                guard !hasGraph else { throw ONNXFileError("has more than one graph") }
                hasGraph = true
                try readGraph(data, range)
            case (8, .bytes(let range)):
                let (domain, number) = try Self.operatorSet(data, range)
                operatorSets[domain] = number
            case (14, .bytes(let range)):
                let (key, text) = try Self.entry(data, range)
                metadata[key] = text
            default: break
            }
        }
        guard hasGraph else { throw ONNXFileError("is no ONNX file: it has no graph") }
    }

    private mutating func readGraph(_ data: Data, _ range: Range<Int>) throws(ONNXFileError) {
        var reader = ProtobufReader(data, range)
        while let (field, value) = try reader.next() {
            guard case .bytes(let range) = value else { continue }
            switch field {
            case 1: nodes.append(try Self.node(data, range))
            case 5: initializers.append(try Self.initializer(data, range))
            case 11: inputs.append(try Self.port(data, range))
            case 12: outputs.append(try Self.port(data, range))
            default: break
            }
        }
    }

    private static func operatorSet(
        _ data: Data, _ range: Range<Int>
    ) throws(ONNXFileError) -> (domain: String, version: Int) {
        var reader = ProtobufReader(data, range)
        var result = (domain: "", version: 0)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let range)): result.domain = try ProtobufReader.text(data, range)
            case (2, .varint(let number)): result.version = Int(truncatingIfNeeded: number)
            default: break
            }
        }
        return result
    }

    private static func entry(_ data: Data, _ range: Range<Int>) throws(ONNXFileError) -> (String, String) {
        var reader = ProtobufReader(data, range)
        var result = ("", "")
        while let (field, value) = try reader.next() {
            guard case .bytes(let range) = value else { continue }
            if field == 1 { result.0 = try ProtobufReader.text(data, range) }
            if field == 2 { result.1 = try ProtobufReader.text(data, range) }
        }
        return result
    }

    private static func node(_ data: Data, _ range: Range<Int>) throws(ONNXFileError) -> ONNXFile.Node {
        var reader = ProtobufReader(data, range)
        var node = ONNXFile.Node()
        while let (field, value) = try reader.next() {
            guard case .bytes(let range) = value else { continue }
            switch field {
            case 1: node.inputs.append(try ProtobufReader.text(data, range))
            case 2: node.outputs.append(try ProtobufReader.text(data, range))
            case 3: node.name = try ProtobufReader.text(data, range)
            case 4: node.operation = try ProtobufReader.text(data, range)
            case 5: node.attributes.append(try attribute(data, range))
            case 7: node.domain = try ProtobufReader.text(data, range)
            default: break
            }
        }
        return node
    }

    private static func attribute(_ data: Data, _ range: Range<Int>) throws(ONNXFileError) -> ONNXFile.Attribute {
        var reader = ProtobufReader(data, range)
        var attribute = ONNXFile.Attribute()
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let range)): attribute.name = try ProtobufReader.text(data, range)
            case (3, .varint(let number)): attribute.int = Int(truncatingIfNeeded: number)
            case (20, .varint(let number)): attribute.kind = Int(truncatingIfNeeded: number)
            default: break
            }
        }
        return attribute
    }

    private static func initializer(
        _ data: Data, _ range: Range<Int>
    ) throws(ONNXFileError) -> ONNXFile.Initializer {
        var reader = ProtobufReader(data, range)
        var result = ONNXFile.Initializer()
        var external: [String: String] = [:]
        var isExternal = false
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let range)): result.shape += try ProtobufReader.integers(data, range)
            case (1, .varint(let size)): result.shape.append(Int(truncatingIfNeeded: size))
            case (2, .varint(let number)): result.type = Int(truncatingIfNeeded: number)
            case (8, .bytes(let range)): result.name = try ProtobufReader.text(data, range)
            case (9, .bytes(let range)): result.place = .inside(range)
            case (13, .bytes(let range)):
                let (key, text) = try entry(data, range)
                external[key] = text
            case (14, .varint(let number)): isExternal = number == 1
            default: break
            }
        }
        guard isExternal else { return result }
        guard let file = external["location"], let offset = Int(external["offset"] ?? "0"),
            let count = external["length"].map({ Int($0) }) ?? .some(nil)
        else {
            throw ONNXFileError("\(result.name): where its numbers are is not said in numbers")
        }
        result.place = .outside(file: file, offset: offset, count: count)
        return result
    }

    private static func port(_ data: Data, _ range: Range<Int>) throws(ONNXFileError) -> ONNXFile.Port {
        var name = ""
        var type = 0
        var shape: [Int?] = []
        // ValueInfo → Type → Tensor → shape → dimension: each message is a field of the one before.
        for (field, value) in try fields(data, range) {
            if field == 1 { name = try ProtobufReader.text(data, value) }
            guard field == 2 else { continue }
            for (kind, tensor) in try fields(data, value) where kind == 1 {
                var reader = ProtobufReader(data, tensor)
                while let (field, value) = try reader.next() {
                    if case (1, .varint(let number)) = (field, value) { type = Int(truncatingIfNeeded: number) }
                    guard case (2, .bytes(let sizes)) = (field, value) else { continue }
                    for (field, size) in try fields(data, sizes) where field == 1 {
                        shape.append(try dimension(data, size))
                    }
                }
            }
        }
        return ONNXFile.Port(name: name, shape: shape, type: type)
    }

    private static func dimension(_ data: Data, _ range: Range<Int>) throws(ONNXFileError) -> Int? {
        var reader = ProtobufReader(data, range)
        while let (field, value) = try reader.next() {
            if case (1, .varint(let size)) = (field, value) { return Int(truncatingIfNeeded: size) }
        }
        return nil
    }

    /// The fields of a message that have bytes.
    private static func fields(_ data: Data, _ range: Range<Int>) throws(ONNXFileError) -> [(Int, Range<Int>)] {
        var reader = ProtobufReader(data, range)
        var result: [(Int, Range<Int>)] = []
        while let (field, value) = try reader.next() {
            if case .bytes(let range) = value { result.append((field, range)) }
        }
        return result
    }
}
