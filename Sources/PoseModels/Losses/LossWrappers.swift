public import OrderedCollections
import PyConfig
public import Torch

/// Several losses, each for one of as many outputs.
///
/// Keys: `loss_modules.N.…`.
public struct MultipleLossWrapper: Loss {
    private let losses: [any TargetLoss]

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        losses = try arguments.children("losses").enumerated().map { index, child in
            guard let loss = try Losses.build(at: path / "loss_modules" / index, child) as? any TargetLoss else {
                throw child.invalid("type", "\(try child.type()) does not compare one output with one target")
            }
            return loss
        }
    }

    /// The losses in the config's order.
    ///
    /// - Throws: `ModelError.invalidInput` when there are fewer outputs or targets than losses.
    public func callAsFunction(_ outputs: [Tensor], _ targets: [Tensor], weights: Tensor?) throws -> [Tensor] {
        guard outputs.count == targets.count, outputs.count >= losses.count else {
            throw ModelError.invalidInput(
                "\(losses.count) losses for \(outputs.count) outputs and \(targets.count) targets")
        }
        return try losses.enumerated().map { try $1(outputs[$0], targets[$0], weights: weights) }
    }
}

/// Losses by name, for a head that calls each itself.
///
/// Keys: `NAME.…`.
public struct CombinedLoss: Loss {
    /// The losses in the config's order.
    public let losses: OrderedDictionary<String, any Loss>

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let group = try arguments.requiredChild("losses")
        var losses: OrderedDictionary<String, any Loss> = [:]
        for name in group.all.names {
            losses[name] = try Losses.build(at: path / name, group.requiredChild(name))
        }
        self.losses = losses
    }
}
