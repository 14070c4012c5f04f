public import PyConfig
import Torch

/// A model whose head may learn otherwise from some epoch on.
public protocol AdjustableEstimator: TrainableEstimator {
    /// Gives arguments of the head new values.
    ///
    /// - Parameter changes: names as in the head's config; dots lead into losses (`loss_oks.loss_weight`).
    /// - Throws: `ModelError.invalidInput` or `ConfigError` for what the head does not have or cannot change.
    func adjustHead(_ changes: [(name: String, value: ConfigValue)]) throws
}

/// A head whose losses may change between epochs.
protocol AdjustableHead: TrainableHead {
    /// Arguments that may change, beside the losses.
    static var adjustable: [String] { get }

    /// Learns from now on as these arguments say, which are all the head has.
    func adjust(_ arguments: Arguments) throws
}

extension AdjustableHead {
    /// The head's arguments after changes.
    ///
    /// - Throws: `ModelError.invalidInput` naming what cannot change.
    static func changed(
        _ arguments: ConfigDict, by changes: [(name: String, value: ConfigValue)]
    ) throws -> ConfigDict {
        try changes.reduce(arguments) { arguments, change in
            let names = change.name.split(separator: ".").map(String.init)
            guard let first = names.first, adjustable.contains(first) || first.hasPrefix("loss_") else {
                throw ModelError.invalidInput(
                    "model.head.\(change.name) cannot change in training; losses can, and"
                        + " \(adjustable.joined(separator: ", "))")
            }
            return try set(names[...], of: arguments, to: change.value)
        }
    }

    private static func set(
        _ names: ArraySlice<String>, of dict: ConfigDict, to value: ConfigValue
    ) throws -> ConfigDict {
        var dict = dict
        guard let name = names.first else { return dict }
        if names.count == 1 {
            dict[name] = value
        } else {
            guard let inner = dict[name]?.dictValue else {
                throw ModelError.invalidInput("model.head has no \(name) of which \(names.dropFirst()) could change")
            }
            dict[name] = .dict(try set(names.dropFirst(), of: inner, to: value))
        }
        return dict
    }
}
