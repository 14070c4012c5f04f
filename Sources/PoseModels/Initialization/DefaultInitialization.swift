import Torch

/// How parts of a model begin when the config's `init_cfg` does not say, by the names of their types. What is not here
/// begins as PyTorch's layers do.
enum DefaultInitialization {
    private static let norms = ["_BatchNorm", "GroupNorm"]

    private static let kaiming = [
        LayerInitialization(.kaimingNormal(fan: .output, nonlinearity: .relu), of: ["Conv2d"]),
        LayerInitialization(.ones, of: norms),
    ]
    private static let kaimingWithLinear = kaiming + [LayerInitialization(.normal(std: 0.01), of: ["Linear"])]
    private static let small = [
        LayerInitialization(.normal(std: 0.001), of: ["Conv2d"]), LayerInitialization(.ones, of: norms),
    ]
    private static let shuffle = [
        LayerInitialization(.normal(std: 0.01), of: ["Conv2d"]),
        LayerInitialization(.ones, of: norms, bias: 0.0001),
    ]
    private static let transformer = [
        LayerInitialization(.truncNormal(std: 0.02), of: ["Linear"]), LayerInitialization(.ones, of: ["LayerNorm"]),
    ]
    private static let convolutions = [
        LayerInitialization(.kaimingNormal(fan: .output, nonlinearity: .relu), of: ["Conv2d"])
    ]
    private static let lecun = [LayerInitialization(.layerWeight, of: ["Conv2d"])]

    private static let smallMaps = [
        LayerInitialization(.normal(std: 0.001), of: ["Conv2d", "ConvTranspose2d"]),
        LayerInitialization(.ones, of: ["BatchNorm2d"]),
    ]
    private static let linear = [LayerInitialization(.normal(std: 0.01), of: ["Linear"])]
    private static let classification = [
        LayerInitialization(.normal(std: 0.001), of: ["Conv2d"]), LayerInitialization(.ones, of: ["BatchNorm2d"]),
        LayerInitialization(.normal(std: 0.01), of: ["Linear"]),
    ]

    static let backbones: [String: [LayerInitialization]] = [
        "CPM": small, "HourglassNet": small, "HourglassAENet": small, "HRNet": small, "HRFormer": small,
        "LiteHRNet": small, "ViPNAS_ResNet": small, "ViPNAS_MobileNetV3": small,
        "ResNet": kaiming, "ResNetV1d": kaiming, "ResNeXt": kaiming, "SEResNet": kaiming, "SEResNeXt": kaiming,
        "ResNeSt": kaiming, "SCNet": kaiming, "RegNet": kaiming, "MobileNetV2": kaiming, "MobileNetV3": kaiming,
        "MSPN": kaimingWithLinear, "RSN": kaimingWithLinear, "VGG": kaimingWithLinear,
        "ShuffleNetV1": shuffle, "ShuffleNetV2": shuffle,
        "SwinTransformer": transformer,
        // MMPose means to set biases, too, but leaves them as they are.
        "DSTFormer": [LayerInitialization(.truncNormal(std: 0.02), of: ["Linear"], bias: nil)],
        "TCN": [
            LayerInitialization(.kaimingNormal(fan: .output, nonlinearity: .relu), of: ["Conv1d", "Conv2d"])
        ],
        "PyramidVisionTransformer": transformer + convolutions,
        "PyramidVisionTransformerV2": transformer + convolutions,
        "CSPNeXt": lecun, "CSPDarknet": lecun,
    ]

    static let necks: [String: [LayerInitialization]] = [
        "CSPNeXtPAFPN": lecun, "YOLOXPAFPN": lecun, "HybridEncoder": convolutions,
        "FPN": [LayerInitialization(.xavierUniform(), of: ["Conv2d"])],
        "ChannelMapper": [LayerInitialization(.xavierUniform(), of: ["Conv2d"])],
    ]

    static let heads: [String: [LayerInitialization]] = [
        "HeatmapHead": smallMaps, "CPMHead": smallMaps, "ViPNASHead": smallMaps, "AssociativeEmbeddingHead": smallMaps,
        "DEKRHead": smallMaps,
        "CIDHead": [
            LayerInitialization(.normal(std: 0.001), of: ["Conv2d", "Linear"]),
            LayerInitialization(.ones, of: ["BatchNorm2d"]),
        ],
        "MSPNHead": kaimingWithLinear, "VisPredictHead": linear,
        "SimCCHead": smallMaps + linear, "RTMCCHead": classification, "RTMWHead": classification,
        "RegressionHead": linear, "RLEHead": linear, "TemporalRegressionHead": linear,
        "TrajectoryRegressionHead": linear,
        "IntegralRegressionHead": smallMaps + linear, "DSNTHead": smallMaps + linear,
        "MotionRegressionHead": [LayerInitialization(.truncNormal(std: 0.02), of: ["Linear"])],
    ]
}
