import Checkpoint
import Foundation
import OrderedCollections
import PoseCore
import PyConfig

/// What a checkpoint says of the run that wrote it, MMEngine's `meta`.
struct TrainingDescription: Sendable {
    private let config: String
    private let name: String
    private let seed: UInt64
    private let skeleton: Skeleton?

    init(_ loaded: LoadedModel, seed: UInt64) throws {
        config = try loaded.config.python()
        name = loaded.url.deletingPathExtension().lastPathComponent
        self.seed = seed
        // Without a definition checkpoints just do not carry one.
        skeleton = try? loaded.skeleton()
    }

    /// - Parameters:
    ///   - epoch: epochs finished.
    ///   - iteration: iterations finished.
    func meta(epoch: Int, iteration: Int) -> PickleDict {
        let time = DateFormatter()
        time.locale = Locale(identifier: "en_US_POSIX")
        time.dateFormat = "yyyyMMdd_HHmmss"
        var meta = PickleDict([
            .string("epoch"): .int(epoch), .string("iter"): .int(iteration), .string("cfg"): .string(config),
            .string("seed"): .int(Int(truncatingIfNeeded: seed)), .string("experiment_name"): .string(name),
            .string("time"): .string(time.string(from: Date())),
        ])
        if let skeleton { meta["dataset_meta"] = .dict(skeleton.meta) }
        return meta
    }
}

extension Skeleton {
    /// The definition as MMPose's datasets describe it (`dataset_meta`).
    fileprivate var meta: PickleDict {
        func numbers(_ values: [Int]) -> PickleValue { .list(values.map(PickleValue.int)) }
        func part(_ part: BodyPart) -> PickleValue { numbers(joints.indices.filter { joints[$0].part == part }) }
        func color(_ color: Color) -> PickleValue {
            .list([color.red, color.green, color.blue].map(PickleValue.float))
        }
        var byID: OrderedDictionary<PickleKey, PickleValue> = [:]
        var byName: OrderedDictionary<PickleKey, PickleValue> = [:]
        for (id, joint) in joints.enumerated() {
            byID[.int(id)] = .string(joint.name)
            byName[.string(joint.name)] = .int(id)
        }
        return PickleDict([
            .string("dataset_name"): .string(name), .string("num_keypoints"): .int(count),
            .string("keypoint_id2name"): .dict(PickleDict(byID)),
            .string("keypoint_name2id"): .dict(PickleDict(byName)),
            .string("upper_body_ids"): part(.upper), .string("lower_body_ids"): part(.lower),
            .string("flip_indices"): numbers(flipIndices),
            .string("keypoint_colors"): .list(joints.map { color($0.color) }),
            .string("skeleton_links"): .list(links.map { numbers([$0.start, $0.end]) }),
            .string("skeleton_link_colors"): .list(links.map { color($0.color) }),
            .string("dataset_keypoint_weights"): .list(jointWeights.map(PickleValue.float)),
            .string("sigmas"): .list(sigmas.map(PickleValue.float)),
        ])
    }
}
