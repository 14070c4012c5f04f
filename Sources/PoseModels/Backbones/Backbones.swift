public import PyConfig
public import Torch

/// The part of a model that turns a normalised image into feature maps.
public protocol Backbone: AnyObject, Sendable {
    /// Feature maps of the stages the config asks for, finest first.
    ///
    /// Shapes: input `(B, 3, H, W)`; outputs `(B, Cᵢ, H/sᵢ, W/sᵢ)`.
    func callAsFunction(_ x: Tensor) throws -> [Tensor]

    /// How state dicts of older versions or of other input sizes become this backbone's.
    var conversions: [any StateDictRule] { get }
}

extension Backbone {
    public var conversions: [any StateDictRule] { [] }
}

/// Every backbone, by the name configs use. A new backbone is a file in this folder and a line here.
public enum Backbones {
    typealias Builder = @Sendable (ParameterPath, Arguments) throws -> any Backbone

    static let table: [String: Builder] = [
        "AlexNet": { try AlexNet(at: $0, $1) },
        "CPM": { try CPM(at: $0, $1) },
        "CSPDarknet": { try CSPDarknet(at: $0, $1) },
        "CSPNeXt": { try CSPNeXt(at: $0, $1) },
        "DSTFormer": { try DSTFormer(at: $0, $1) },
        "HRFormer": { try HRNet(at: $0, $1, .hrFormer($1)) },
        "HRNet": { try HRNet(at: $0, $1) },
        "HourglassAENet": { try HourglassAENet(at: $0, $1) },
        "HourglassNet": { try HourglassNet(at: $0, $1) },
        "LiteHRNet": { try LiteHRNet(at: $0, $1) },
        "MSPN": { try MSPN(at: $0, $1) },
        "MobileNetV2": { try MobileNetV2(at: $0, $1) },
        "MobileNetV3": { try MobileNetV3(at: $0, $1) },
        "PyramidVisionTransformer": { try PyramidVisionTransformer(at: $0, $1) },
        "PyramidVisionTransformerV2": { try PyramidVisionTransformer(at: $0, $1, variant: .second) },
        "RSN": { try MSPN(at: $0, $1, .rsn($1)) },
        "RegNet": { try RegNet(at: $0, $1) },
        "ResNeSt": { try ResNet(at: $0, $1, .resNeSt($1)) },
        "ResNeXt": { try ResNet(at: $0, $1, .resNeXt($1)) },
        "ResNet": { try ResNet(at: $0, $1) },
        "ResNetV1d": { try ResNet(at: $0, $1, .v1d) },
        "SCNet": { try ResNet(at: $0, $1, .scNet) },
        "SEResNeXt": { try ResNet(at: $0, $1, .seResNeXt($1)) },
        "SEResNet": { try ResNet(at: $0, $1, .seResNet($1)) },
        "ShuffleNetV1": { try ShuffleNetV1(at: $0, $1) },
        "ShuffleNetV2": { try ShuffleNetV2(at: $0, $1) },
        "SwinTransformer": { try SwinTransformer(at: $0, $1) },
        "TCN": { try TCN(at: $0, $1) },
        "V2VNet": { try V2VNet(at: $0, $1) },
        "VGG": { try VGG(at: $0, $1) },
        "ViPNAS_MobileNetV3": { try ViPNASMobileNetV3(at: $0, $1) },
        "ViPNAS_ResNet": { try ViPNASResNet(at: $0, $1) },
        "VisionTransformer": { try VisionTransformer(at: $0, $1) },
    ]

    /// Builds the backbone that `arguments` describe, with its parameters at `path`.
    ///
    /// - Throws: `ModelError.unknownType`, or `ConfigError` when an argument is missing, unknown or of the wrong type.
    public static func build(at path: ParameterPath, _ arguments: Arguments) throws -> any Backbone {
        try Registry.build(table, at: path, arguments)
    }
}
