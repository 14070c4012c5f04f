public import PyConfig
public import Torch

/// A whole model: everything between a normalised image and the raw outputs of its head.
public protocol PoseEstimator: AnyObject, Sendable {
    /// Every parameter and buffer of the model.
    var store: ParameterStore { get }

    /// Number of keypoints of a person, before `output_keypoint_indices` selects from them.
    var keypointCount: Int { get }

    /// Runs backbone, neck and head on a network-ready input, as `pose model forward` does.
    ///
    /// Shapes: input float32 `(B, 3, H, W)`, already normalised.
    func forward(_ x: Tensor) throws -> HeadTensors

    /// How state dicts of older versions become this model's.
    var conversions: [any StateDictRule] { get }
}

/// A model that predicts the keypoints of one person in a crop around them.
public protocol CropEstimator: PoseEstimator {
    /// The codec of its outputs, as the config gives it.
    var decoder: ConfigDict? { get }

    /// Averages with the mirror image when the config asks for it.
    var flipTest: FlipTest? { get }

    /// The keypoints to report, when the model predicts more than that.
    var outputKeypointIndices: [Int]? { get }

    /// Runs the network on a batch of crops, with the flip test if the config asks for it.
    ///
    /// - Parameters:
    ///   - crops: `(B, 3, H, W)`, uint8, channels as decoded (BGR).
    ///   - flipIndices: for each keypoint, the one that takes its place in a mirror image.
    /// - Returns: the head's outputs for the batch, for the codec to decode, as `HeadTensors.decodable()` has them.
    func predict(_ crops: Tensor, flipIndices: [Int]) throws -> HeadTensors
}

/// Every estimator, by the name configs use. A new estimator is a file in this folder and a line here.
public enum PoseEstimators {
    static let table: [String: @Sendable (Arguments) throws -> any PoseEstimator] = [
        "BottomupPoseEstimator": { try BottomupPoseEstimator($0) },
        "DWPoseDistiller": { try DWPoseDistiller($0) },
        "PoseLifter": { try PoseLifter($0) },
        "TopdownPoseEstimator": { try TopdownPoseEstimator($0) },
    ]

    /// Builds the model a config's `model` dictionary describes. Parameters are not allocated before they are loaded
    /// or used.
    ///
    /// - Throws: `ModelError` or `ConfigError`, naming the place in the config.
    public static func build(_ arguments: Arguments) throws -> any PoseEstimator {
        let type = try arguments.type()
        guard let builder = table[Registry.unscoped(type)] else {
            throw ModelError.unknownType(type, at: arguments.path, known: Array(table.keys))
        }
        let model = try builder(arguments)
        try arguments.finish()
        return model
    }
}
