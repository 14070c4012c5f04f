public import PoseCore
public import PyConfig

/// `KeypointConverter` with one mapping for left hands and one for right hands.
public struct SingleHandConverter: Transform {
    private let left, right: KeypointConverter

    /// Arguments: `num_keypoints`, `left_hand_mapping`, `right_hand_mapping`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        left = try KeypointConverter(arguments, mapping: "left_hand_mapping")
        right = try KeypointConverter(arguments, mapping: "right_hand_mapping")
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        guard let type = sample.hands?.handType.elements else { throw PoseSampleError.missing("type of hand") }
        switch type {
        case [0, 1]: try left(&sample, using: &generator)
        case [1, 0]: try right(&sample, using: &generator)
        default: throw PoseSampleError.invalid("one hand, right [1, 0] or left [0, 1], is needed, not \(type)")
        }
    }
}
