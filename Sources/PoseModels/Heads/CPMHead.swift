public import PyConfig
public import Torch

/// Heatmaps of every stage of a network that refines them (Wei et al. 2016, Newell et al. 2016).
///
/// Shapes: reads one feature map `(B, inChannels, H, W)` for each stage, gives heatmaps `(B, outChannels, 2ⁿH, 2ⁿW)` of
/// each after `n` transposed convolutions.
public final class CPMHead: Head {
    private let deconvolutions: [Sequential?]
    private let finals: [Conv2d?]
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let stages = try arguments.int("num_stages", in: 1...64)
        let inChannels = try arguments.singleInChannels()
        let outChannels = try arguments.int("out_channels")
        let configuration = try DeconvolutionConfiguration(arguments, defaults: .none)
        guard configuration.convolutions.isEmpty else {
            throw arguments.invalid("conv_out_channels", "this head has no convolutions between upsampling and output")
        }
        deconvolutions = try (0..<stages).map {
            try configuration.deconvolutionStack(at: path / "multi_deconv_layers" / $0, inChannels: inChannels)
        }
        let width = configuration.deconvolutions.last?.channels ?? inChannels
        finals = try (0..<stages).map {
            try configuration.finalLayer(
                at: path / "multi_final_layers" / $0, inChannels: width, outChannels: outChannels)
        }
        decoder = arguments.decoder()
        keypointCount = outChannels
        arguments.ignoreLosses()
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        guard features.count == finals.count else {
            throw ModelError.invalidInput(
                "the head has \(finals.count) stages, but the backbone gives \(features.count) feature maps")
        }
        return .stages(
            try features.enumerated().map { index, feature in
                let y = try deconvolutions[index]?(feature) ?? feature
                return try finals[index]?(y) ?? y
            })
    }
}
