import Foundation
public import OrderedCollections

/// What a checkpoint holds, for people (`text`) and programs (`Encodable`); made without executing or copying anything.
public struct CheckpointSummary: Sendable, Encodable {
    /// One tensor of the state dict.
    public struct Tensor: Sendable, Encodable {
        /// Key without a leading `module.`.
        public let key: String
        /// Sizes; `[]` for a scalar.
        public let shape: [Int]
        /// PyTorch's name of the element type.
        public let dtype: ScalarType
    }

    /// Path of the file.
    public let file: String
    /// Layout of the file.
    public let format: CheckpointFile.Format
    /// Size of the file.
    public let bytes: Int
    /// Top-level keys of the file in order.
    public let topLevelKeys: [String]
    /// Top-level key of the weights; `nil` when the file itself is the state dict.
    public let stateDictKey: String?
    /// Tensors of the state dict in order; empty when the file has no weights.
    public let tensors: [Tensor]
    /// Number of elements of all tensors together.
    public let parameters: Int
    /// Keys of the state dict whose value is no tensor.
    public let ignoredKeys: [String]
    /// Version of each module, from `_metadata`.
    public let versions: OrderedDictionary<String, Int>
    /// Everything beside the weights, by top-level key.
    public let values: OrderedDictionary<String, PickleDescription>
    /// `__metadata__` of a `.safetensors` file.
    public let metadata: [String: String]

    private enum CodingKeys: String, CodingKey {
        case file, format, bytes, topLevelKeys, stateDictKey, tensors, parameters, ignoredKeys, versions, values
        case metadata
    }

    /// JSON objects; OrderedDictionary by itself would encode as an array.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(format, forKey: .format)
        try container.encode(bytes, forKey: .bytes)
        try container.encode(topLevelKeys, forKey: .topLevelKeys)
        try container.encode(stateDictKey, forKey: .stateDictKey)
        try container.encode(tensors, forKey: .tensors)
        try container.encode(parameters, forKey: .parameters)
        try container.encode(ignoredKeys, forKey: .ignoredKeys)
        try container.encode(Dictionary(uniqueKeysWithValues: versions.map { ($0, $1) }), forKey: .versions)
        try container.encode(Dictionary(uniqueKeysWithValues: values.map { ($0, $1) }), forKey: .values)
        try container.encode(metadata, forKey: .metadata)
    }

    /// A table of the tensors and a tree of the other values.
    public var text: String {
        var lines = ["\(file): \(format.rawValue), \(bytes) bytes"]
        let place = stateDictKey.map { " under '\($0)'" } ?? ""
        lines.append("\(tensors.count) tensors\(place), \(parameters) elements")
        let width = tensors.map(\.key.count).max() ?? 0
        for tensor in tensors {
            let key = Text.printable(tensor.key, limit: 400)
            let padding = String(repeating: " ", count: max(0, width - key.count))
            lines.append("  \(key)\(padding)  \(tensor.dtype.rawValue)  \(tensor.shape)")
        }
        for (key, value) in values {
            lines.append("")
            value.appendLines(to: &lines, label: key, indent: 0)
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            lines.append(Text.printable("metadata \(key): \(value)", limit: 400))
        }
        return lines.joined(separator: "\n")
    }
}

extension CheckpointFile {
    /// What the file holds; never fails for a file that could be opened.
    public var summary: CheckpointSummary {
        let key = stateDictKey()
        // A file without weights (an optimiser state, say) still has a summary.
        let state = (try? stateDict()) ?? StateDict()
        var values: OrderedDictionary<String, PickleDescription> = [:]
        for (name, value) in root.dictValue?.entries ?? [:] {
            let isWeight = key == nil ? value.tensorValue != nil : name == key.map(PickleKey.string)
            if !isWeight { values[name.description] = PickleDescription(value) }
        }
        if root.dictValue == nil { values["(value)"] = PickleDescription(root) }
        return CheckpointSummary(
            file: url.path, format: format, bytes: byteCount,
            topLevelKeys: root.dictValue?.entries.keys.map(\.description) ?? [], stateDictKey: key,
            tensors: state.map { CheckpointSummary.Tensor(key: $0.name, shape: $0.shape, dtype: $0.dtype) },
            parameters: state.reduce(0) { sum, tensor in
                let (total, overflow) = sum.addingReportingOverflow(tensor.elementCount)
                return overflow ? .max : total
            },
            ignoredKeys: state.ignoredKeys, versions: state.versions, values: values, metadata: metadata)
    }
}
