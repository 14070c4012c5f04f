import PyConfig
public import Torch

/// Temporal convolutional network (Pavllo et al. 2019): from 2D keypoints of a sequence of frames to features of the
/// frame in the middle or, causal, of the last one.
///
/// Shapes: input `(B, in_channels, T)`; outputs, one for each block, `(B, stem_channels, Tᵢ)`.
public final class TCN: Backbone {
    private let entry: TemporalConvolution
    private let blocks: [TemporalBlock]
    private let dropout: Dropout

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let kernels = try arguments.ints("kernel_sizes", default: [3, 3, 3])
        let count = try arguments.int("num_blocks", default: 2, in: 1...64)
        guard kernels.count == count + 1, kernels.allSatisfy({ (1...99).contains($0) && $0 % 2 == 1 }) else {
            throw arguments.invalid("kernel_sizes", "needs \(count + 1) odd numbers, not \(kernels)")
        }
        let style = try TemporalStyle(arguments)
        let rate = try arguments.double("dropout", default: 0.25)
        let channels = try arguments.int("stem_channels", default: 1024, in: 1...65536)
        entry = try TemporalConvolution(
            at: path / "expand_conv", inChannels: arguments.int("in_channels"), outChannels: channels,
            kernel: kernels[0], stride: style.usesStride ? kernels[0] : 1, style: style)
        var dilation = kernels[0]
        blocks = try kernels.dropFirst().enumerated().map { index, kernel in
            defer { dilation = dilation.multipliedReportingOverflow(by: kernel).partialValue }
            return try TemporalBlock(
                at: path / "tcn_blocks" / index, channels: channels, kernel: kernel, dilation: dilation, dropout: rate,
                style: style)
        }
        dropout = Dropout(at: path, p: rate)
        try arguments.requirePlainConvolution()
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        var y = try dropout(entry(x))
        return try blocks.map { block in
            y = try block(y)
            return y
        }
    }
}

/// What the blocks of a temporal network share.
struct TemporalStyle: Sendable {
    let normalization: Normalization
    /// Looks only at earlier frames.
    let isCausal: Bool
    let addsIdentity: Bool
    /// Strides instead of dilations: for training on single targets.
    let usesStride: Bool
    /// The largest norm a filter may have; longer ones are shortened before use.
    let maxNorm: Double?

    init(_ arguments: Arguments) throws {
        normalization = try arguments.normalization(default: Normalization()) ?? Normalization()
        isCausal = try arguments.bool("causal", default: false)
        addsIdentity = try arguments.bool("residual", default: true)
        usesStride = try arguments.bool("use_stride_conv", default: false)
        maxNorm = try arguments.optionalDouble("max_norm")
    }
}

/// Convolution over time, normalisation and ReLU.
///
/// Keys: `conv.weight`, `bn.*`.
private final class TemporalConvolution: Sendable {
    private let convolution: Conv1d
    private let normalization: BatchNorm1d
    private let maxNorm: Double?

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: Int, stride: Int = 1, dilation: Int = 1,
        style: TemporalStyle
    ) throws {
        convolution = try Conv1d(
            at: path / "conv", inChannels: inChannels, outChannels: outChannels, kernel: kernel, stride: stride,
            dilation: dilation, bias: false)
        normalization = try BatchNorm1d(
            at: path / "bn", channels: outChannels, eps: style.normalization.epsilon,
            momentum: style.normalization.momentum)
        maxNorm = style.maxNorm
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        if let maxNorm { try shorten(convolution.weight.tensor, to: maxNorm) }
        return try normalization(convolution(x)).relu()
    }

    /// Scales filters down whose norm exceeds the limit, for good.
    private func shorten(_ weight: Tensor, to limit: Double) throws {
        try noGrad {
            let norms = try weight.norm(dims: Array(1..<weight.rank), keepDim: true)
            try weight.mul_((limit / (norms + 1e-8)).clamp(max: 1))
        }
    }
}

/// Two temporal convolutions, the second of width 1, added to the frames in the middle of their window.
///
/// Keys: `conv1.0`, `conv2.0`.
private final class TemporalBlock: Sendable {
    private let first, second: TemporalConvolution
    private let dropout: Dropout
    private let kernel, padding, shift: Int
    private let style: TemporalStyle

    init(
        at path: ParameterPath, channels: Int, kernel: Int, dilation: Int, dropout: Double, style: TemporalStyle
    ) throws {
        let usesStride = style.usesStride
        first = try TemporalConvolution(
            at: path / "conv1" / 0, inChannels: channels, outChannels: channels, kernel: kernel,
            stride: usesStride ? kernel : 1, dilation: usesStride ? 1 : dilation, style: style)
        second = try TemporalConvolution(
            at: path / "conv2" / 0, inChannels: channels, outChannels: channels, kernel: 1, style: style)
        self.dropout = Dropout(at: path, p: dropout)
        self.kernel = kernel
        padding = (kernel - 1) * dilation / 2
        shift = style.isCausal ? kernel / 2 * (usesStride ? 1 : dilation) : 0
        self.style = style
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let frames = x.shape[2]
        guard style.usesStride ? shift + kernel / 2 < frames : 2 * padding < frames else {
            throw ModelError.invalidInput("\(frames) frames are too few for a temporal kernel of \(kernel)")
        }
        let y = try dropout(second(dropout(first(x))))
        guard style.addsIdentity else { return y }
        let identity =
            style.usesStride
            ? try x[.all, .all, .slice(from: shift + kernel / 2, step: kernel)]
            : try x.narrow(dim: 2, start: padding + shift, length: frames - 2 * padding)
        return try y + identity
    }
}
