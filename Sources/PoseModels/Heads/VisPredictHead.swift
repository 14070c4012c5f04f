public import PyConfig
public import Torch

/// Another head, and beside it a classifier of each keypoint's visibility from the mean of the last feature map.
///
/// Shapes: reads the last feature map `(B, inChannels, H, W)`; gives the other head's outputs and `(B, K)`.
public final class VisPredictHead: Head {
    private let pose: any Head
    private let classifier: Linear
    private let usesSigmoid: Bool
    public var keypointCount: Int { pose.keypointCount }
    public var decoder: ConfigDict? { pose.decoder }

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        guard let configuration = try arguments.child("pose_cfg") else {
            throw arguments.invalid("pose_cfg", "the head to add visibility to is missing")
        }
        let channels = try configuration.singleInChannels()
        pose = try Heads.build(at: path / "pose_head", configuration)
        classifier = try Linear(at: path / "vis_head" / 2, in: channels, out: pose.keypointCount)
        // The loss decides whether the outputs are probabilities.
        let loss = arguments.value("loss")?.dictValue
        usesSigmoid = loss == nil || loss?["use_sigmoid"]?.boolValue == true
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        var map = try features.element(at: -1)
        if map.rank == 4 { map = try map.adaptiveAvgPool2d([1, 1]).flatten(from: 1) }
        let visibility = try classifier(map)
        return .visibility(try pose(features), usesSigmoid ? try visibility.sigmoid() : visibility)
    }

    public var conversions: [any StateDictRule] {
        pose.conversions.map { NestedRule(module: "pose_head", rule: $0) }
    }
}
