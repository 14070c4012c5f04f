import Checkpoint
import OrderedCollections
public import Torch

/// Turns keys of an older version's state dict into those of today's model.
///
/// Rules look at the keys, not at a version number alone: converting what is converted already changes nothing.
public protocol StateDictRule: Sendable {
    /// What the loading report says of the converted keys.
    var name: String { get }

    /// Version of the model from which on checkpoints need no conversion; `nil` if the keys alone decide.
    var supersededBy: Int? { get }

    /// Whether a state dict is of the version that needs the conversion; only asked without or below `supersededBy`.
    ///
    /// - Parameter keys: all of the module that declares the rule, relative to it.
    func concerns(_ keys: [String]) -> Bool

    /// The key after conversion, `nil` to drop it, `key` itself if the rule does not concern it.
    ///
    /// - Parameter key: relative to the module that declares the rule.
    func convert(_ key: String) -> String?

    /// The tensor under the converted key, for rules that change values too; `tensor` itself if this one does not.
    ///
    /// - Parameter key: before its conversion, relative to the module that declares the rule.
    func convert(_ tensor: Tensor, of key: String) throws -> Tensor
}

extension StateDictRule {
    public func concerns(_: [String]) -> Bool { true }

    public func convert(_ tensor: Tensor, of _: String) throws -> Tensor { tensor }
}

/// 0.x called the head `keypoint_head`.
struct RenameKeypointHead: StateDictRule {
    let name = "keypoint_head → head"
    let supersededBy: Int? = 2

    func convert(_ key: String) -> String? {
        let prefix = "keypoint_head."
        return key.hasPrefix(prefix) ? "head." + key.dropFirst(prefix.count) : key
    }
}

/// Distillation saves teacher and student in one file; the student is the model.
struct KeepStudent: StateDictRule {
    let name = "distiller → student"
    let supersededBy: Int? = nil

    func concerns(_ keys: [String]) -> Bool { keys.contains { $0.hasPrefix("student.") } }

    func convert(_ key: String) -> String? {
        key.hasPrefix("student.") ? String(key.dropFirst("student.".count)) : nil
    }
}

/// Checkpoints of early 1.x carry the preprocessor's mean and standard deviation; today's config gives them.
struct DropPreprocessorStatistics: StateDictRule {
    let name = "data_preprocessor statistics come from the config"
    let supersededBy: Int? = nil

    func convert(_ key: String) -> String? {
        ["data_preprocessor.mean", "data_preprocessor.std"].contains(key) ? nil : key
    }
}

/// 0.x numbered the hidden convolutions of a heatmap head and the last one in one `final_layer` sequence; 1.x has
/// `conv_layers.N` and `final_layer`.
struct SplitFinalLayer: StateDictRule {
    let hiddenLayers: Int
    let name = "final_layer.N → conv_layers.N + final_layer"
    let supersededBy: Int? = 2

    func convert(_ key: String) -> String? {
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "final_layer", let index = Int(parts[1]) else { return key }
        return index < hiddenLayers ? "conv_layers.\(index).\(parts[2])" : "final_layer.\(parts[2])"
    }
}

/// A rule of a module inside another.
struct NestedRule: StateDictRule {
    let module: String
    let rule: any StateDictRule

    var name: String { rule.name }
    var supersededBy: Int? { rule.supersededBy }

    func concerns(_ keys: [String]) -> Bool {
        let prefix = module + "."
        return rule.concerns(keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
    }

    func convert(_ key: String) -> String? {
        let prefix = module + "."
        guard key.hasPrefix(prefix) else { return key }
        return rule.convert(String(key.dropFirst(prefix.count))).map { prefix + $0 }
    }

    func convert(_ tensor: Tensor, of key: String) throws -> Tensor {
        let prefix = module + "."
        return key.hasPrefix(prefix) ? try rule.convert(tensor, of: String(key.dropFirst(prefix.count))) : tensor
    }
}

/// Applies a rule while a store loads.
struct KeyConversion: LoadingRule {
    let rule: any StateDictRule

    var name: String { rule.name }

    /// - Parameter versions: of the modules that wrote the state dict, by path.
    init?(_ rule: any StateDictRule, versions: OrderedDictionary<String, Int>) {
        if let version = rule.supersededBy, let own = versions[""], own >= version { return nil }
        self.rule = rule
    }

    func apply(to entries: inout [(name: String, tensor: Tensor)], of _: ParameterStore) throws -> [String] {
        var changed: [String] = []
        guard rule.concerns(entries.map(\.name)) else { return [] }
        entries = try entries.compactMap { entry in
            guard let key = rule.convert(entry.name) else {
                changed.append(entry.name)
                return nil
            }
            let tensor = try rule.convert(entry.tensor, of: entry.name)
            if key != entry.name || tensor.identity != entry.tensor.identity { changed.append(key) }
            return (key, tensor)
        }
        return changed
    }
}
