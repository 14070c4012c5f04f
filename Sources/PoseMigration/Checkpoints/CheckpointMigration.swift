public import Checkpoint
public import Foundation
import OrderedCollections
import PyConfig

/// A checkpoint with the keys and values of 1.x.
public struct CheckpointMigration: Sendable {
    /// A rule and the keys it changed.
    public struct Step: Sendable, Hashable, Codable {
        /// What the rule does.
        public let rule: String
        /// The keys after the change; dropped keys under their old name.
        public let keys: [String]
    }

    /// The weights.
    public let stateDict: StateDict
    /// What was done; empty for a file that is 1.x already.
    public let steps: [Step]
    /// The file's `meta`, with a note of the migration.
    public let meta: PickleDict

    /// Whether anything had to be changed.
    public var isChanged: Bool { !steps.isEmpty }

    /// The steps as text, one a line.
    public var text: String {
        steps.isEmpty
            ? "already in 1.x form; nothing changed\n"
            : steps.map { "\($0.rule): \($0.keys.count) keys\n" }.joined()
    }

    /// Converts a file.
    ///
    /// - Parameter config: the 0.x or the 1.x config the checkpoint belongs to, which tells what keys alone do not.
    /// - Throws: `CheckpointError` for the file, `ConfigError` for the config, `MigrationError.checkpoint` when they do
    ///   not belong together.
    public static func migrate(_ url: URL, config: URL?) throws -> CheckpointMigration {
        let file = try CheckpointFile.open(url)
        let model = try config.map { try CheckpointModel($0) }
        let result: CheckpointMigration
        do {
            result = try convert(
                file.stateDict(), usedNorms: model?.usedNorms, meta: file.meta?.dictValue ?? PickleDict())
        } catch let reason as CheckpointError.Reason {
            throw CheckpointError(file: url.path, reason: reason)
        }
        try model?.check(result.stateDict, file: url.path)
        return result
    }

    /// Converts a state dict; nothing happens to one that is 1.x already.
    ///
    /// - Throws: `CheckpointError.Reason` for a tensor its model cannot have.
    public static func convert(_ state: StateDict) throws -> CheckpointMigration {
        try convert(state, usedNorms: nil, meta: PickleDict())
    }

    private static func convert(
        _ state: StateDict, usedNorms: Set<Int>?, meta: PickleDict
    ) throws -> CheckpointMigration {
        let conversion = try KeyRules.convert(state, usedNorms: usedNorms)
        let steps = conversion.steps.map { Step(rule: $0.rule, keys: $0.keys) }
        guard !steps.isEmpty else { return CheckpointMigration(stateDict: state, steps: [], meta: meta) }
        var new = StateDict(conversion.tensors, versions: versions(state.versions), ignoredKeys: state.ignoredKeys)
        // MMPose's hooks convert what has no version, and some would do it twice.
        new.versions[""] = 2
        new.versions["head"] = 2
        var noted = meta
        noted["migrated"] = .string("from MMPose 0.x by swift-pose: " + steps.map(\.rule).joined(separator: "; "))
        return CheckpointMigration(stateDict: new, steps: steps, meta: noted)
    }

    private static func versions(_ old: OrderedDictionary<String, Int>) -> OrderedDictionary<String, Int> {
        var result: OrderedDictionary<String, Int> = [:]
        for (path, version) in old {
            var path = path
            if path.hasPrefix("keypoint_head") { path = "head" + path.dropFirst("keypoint_head".count) }
            result[path] = version
        }
        return result
    }

    /// Writes `.pth`, which MMPose loads, or `.safetensors` by the name's ending.
    ///
    /// - Throws: `CheckpointError` when the file cannot be written.
    public func write(to url: URL) throws {
        if url.pathExtension == "safetensors" {
            try CheckpointWriter.safetensors(stateDict, metadata: ["format": "pt"], to: url)
        } else {
            try CheckpointWriter.pth(stateDict, meta: meta, to: url)
        }
    }
}

/// What a config tells of the checkpoint that belongs to it.
struct CheckpointModel {
    private let model: ConfigDict

    /// - Throws: `ConfigError`, or `MigrationError` when a 0.x config cannot be migrated.
    init(_ config: URL) throws {
        let migrated = try ConfigMigration().migrate(config)
        guard let model = migrated.config["model"]?.dictValue else {
            throw MigrationError.notPose(file: config.path, reason: "has no 'model'")
        }
        self.model = model
    }

    /// The stages of a Swin backbone whose norm the model has.
    var usedNorms: Set<Int>? {
        guard let backbone = model["backbone"], backbone["type"]?.stringValue == "SwinTransformer" else { return nil }
        return Set((backbone["out_indices"]?.arrayValue ?? [0, 1, 2, 3]).compactMap(\.intValue))
    }

    /// Compares what can be compared without building the model.
    ///
    /// - Throws: `MigrationError.checkpoint`.
    func check(_ state: StateDict, file: String) throws {
        let keys = state.keys
        guard keys.contains(where: { $0.hasPrefix("backbone.") }) else {
            throw MigrationError.checkpoint(
                file: file, reason: "has no 'backbone.' weights; it is no checkpoint of this model")
        }
        let head = model["head"]?["type"]?.stringValue ?? ""
        let expected: [String: String] = [
            "DEKRHead": "head.displacement_conv_layers.", "CIDHead": "head.iia_module.", "RLEHead": "head.fc.",
            "RegressionHead": "head.fc.", "MSPNHead": "head.predict_layers.", "CPMHead": "head.multi_",
            "TemporalRegressionHead": "head.conv.", "InternetHead": "head.right_hand_head.",
        ]
        if let prefix = expected[head], head != "CPMHead", !keys.contains(where: { $0.hasPrefix(prefix) }) {
            throw MigrationError.checkpoint(
                file: file,
                reason: "has no '\(prefix)' weights, which the config's \(head) needs; it belongs to another model")
        }
        guard let channels = model["head"]?["out_channels"]?.intValue, head == "HeatmapHead",
            let final = state["head.final_layer.weight"], final.shape.first != channels
        else { return }
        throw MigrationError.checkpoint(
            file: file,
            reason: "predicts \(final.shape.first ?? 0) keypoints, the config \(channels); it belongs to another model")
    }
}
