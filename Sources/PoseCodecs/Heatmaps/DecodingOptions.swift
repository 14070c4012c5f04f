import PyConfig

/// How a map's maximum is moved towards its higher neighbours. Options beside MMPose 1.x's own, for models that have to
/// keep the numbers of MMPose 0.x (`pose migrate config --keep-0x-behaviour`).
public enum PeakRefinement: String, Sendable, CaseIterable {
    /// A quarter pixel along each axis on which the neighbours are in the map: MMPose 1.x.
    case perAxis = "per_axis"
    /// A quarter pixel along both axes, or along none when the maximum is near any border: MMPose 0.x.
    case bothAxes = "both_axes"
    /// Not at all: MMPose 0.x with `post_process=None`.
    case none

    /// - Throws: `ConfigError.invalidArgument` for another name.
    init(_ arguments: Arguments) throws {
        self = try arguments.choice("refinement", default: PeakRefinement.perAxis)
    }
}

/// What lies outside a map when it is smoothed before the Taylor step of UDP.
public enum BlurBorder: String, Sendable, CaseIterable {
    /// Zeros, and the map is scaled back to its former maximum: MMPose 1.x.
    case zero
    /// The map mirrored, and nothing is scaled: MMPose 0.x. Combined targets then have their offsets smoothed too, and
    /// the disc's radius is measured in the map's height.
    case reflect

    /// - Throws: `ConfigError.invalidArgument` for another name.
    init(_ arguments: Arguments) throws {
        self = try arguments.choice("blur_border", default: BlurBorder.zero)
    }
}

extension Arguments {
    /// One of the names of an option.
    fileprivate func choice<Option: RawRepresentable & CaseIterable>(
        _ name: String, default value: Option
    ) throws -> Option where Option.RawValue == String {
        let text = try string(name, default: value.rawValue)
        guard let option = Option(rawValue: text) else {
            let names = Option.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw invalid(name, "expected one of \(names), found '\(text)'")
        }
        return option
    }
}
