public import PyConfig
public import Torch

/// Every loss, by the name configs use. A new loss is a file in this folder and a line here.
public enum Losses {
    typealias Builder = @Sendable (ParameterPath, Arguments) throws -> any Loss

    static let table: [String: Builder] = [
        "AdaptiveWingLoss": { try AdaptiveWingLoss($1) },
        "AssociativeEmbeddingLoss": { try AssociativeEmbeddingLoss($1) },
        "BCELoss": { try BCELoss($1) },
        "BoneLoss": { try BoneLoss($1) },
        "CombinedLoss": { try CombinedLoss(at: $0, $1) },
        "CombinedTargetMSELoss": { try CombinedTargetMSELoss($1) },
        "FeaLoss": { try FeaLoss(at: $0, $1) },
        "FocalHeatmapLoss": { try FocalHeatmapLoss($1) },
        "InfoNCELoss": { try InfoNCELoss($1) },
        "IoULoss": { try IoULoss($1) },
        "JSDiscretLoss": { try JSDiscretLoss($1) },
        "KDLoss": { try KDLoss($1) },
        "KLDiscretLoss": { try KLDiscretLoss($1) },
        "KeypointMSELoss": { try KeypointMSELoss($1) },
        "KeypointOHKMMSELoss": { try KeypointOHKMMSELoss($1) },
        "L1Loss": { try CoordinateLoss.l1($1) },
        "MLECCLoss": { try MLECCLoss($1) },
        "MPJPELoss": { try MPJPELoss($1) },
        "MPJPEVelocityJointLoss": { try MPJPEVelocityJointLoss($1) },
        "MSELoss": { try CoordinateLoss.mse($1) },
        "MultipleLossWrapper": { try MultipleLossWrapper(at: $0, $1) },
        "OKSLoss": { try OKSLoss(at: $0, $1) },
        "RLELoss": { try RLELoss(at: $0, $1) },
        "SemiSupervisionLoss": { try SemiSupervisionLoss($1) },
        "SmoothL1Loss": { try CoordinateLoss.smoothL1($1) },
        "SoftWeightSmoothL1Loss": { try SoftWeightSmoothL1Loss($1) },
        "SoftWingLoss": { try CoordinateLoss.softWing($1) },
        "VariFocalLoss": { try VariFocalLoss($1) },
        "WingLoss": { try CoordinateLoss.wing($1) },
    ]

    /// Builds the loss that `arguments` describe, with its parameters (few have any) at `path`.
    ///
    /// - Throws: `ModelError.unknownType`, or `ConfigError` when an argument is missing, unknown or of the wrong type.
    public static func build(at path: ParameterPath, _ arguments: Arguments) throws -> any Loss {
        try Registry.build(table, at: path, arguments)
    }
}

extension Arguments {
    /// The loss a head takes as argument `name`, of the kind that head can use.
    ///
    /// - Parameters:
    ///   - path: where the loss is in the model; PyTorch's name of the attribute, such as `head.loss_module`.
    ///   - fallback: the loss of a config that names none.
    /// - Throws: as `Losses.build`; `ConfigError.invalidArgument` when the loss compares other things than the head has.
    func loss<Kind>(
        _ name: String = "loss", as kind: Kind.Type = Kind.self, at path: ParameterPath, default fallback: ConfigDict
    ) throws -> Kind {
        let arguments = try child(name) ?? Arguments(fallback, at: self.path(of: name))
        guard let loss = try Losses.build(at: path, arguments) as? Kind else {
            throw invalid(name, "\(try arguments.type()) does not compare what this head puts out")
        }
        return loss
    }

    /// The loss of each stage of a head: a list has one for each, a single one is for all.
    func losses(ofStages count: Int, at path: ParameterPath) throws -> [any TargetLoss] {
        guard value("loss")?.arrayValue != nil else {
            let loss: any TargetLoss = try loss(
                at: path, default: ["type": "KeypointMSELoss", "use_target_weight": true])
            return Array(repeating: loss, count: count)
        }
        let list = try children("loss")
        guard list.count == count else {
            throw invalid("loss", "\(list.count) losses for \(count) stages")
        }
        return try list.enumerated().map { index, child in
            guard let loss = try Losses.build(at: path / index, child) as? any TargetLoss else {
                throw child.invalid("type", "\(try child.type()) does not compare what this head puts out")
            }
            return loss
        }
    }

    /// `use_target_weight`, off unless the loss has another default.
    func weightUse(default value: Bool = false) throws -> WeightUse {
        WeightUse(isOn: try bool("use_target_weight", default: value))
    }

    /// `loss_weight`: what the loss is multiplied by.
    func lossWeight() throws -> Double { try double("loss_weight", default: 1) }

    /// `reduction`: how the values of a loss are summed up.
    func reduction() throws -> LossReduction {
        switch try string("reduction", default: "mean") {
        case "mean": return .mean
        case "sum": return .sum
        case "none": return .none
        case let other: throw invalid("reduction", "must be 'mean', 'sum' or 'none', not '\(other)'")
        }
    }
}
