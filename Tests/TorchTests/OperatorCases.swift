import Torch

typealias OperatorCase = @Sendable ([Tensor]) throws -> [Tensor]

/// The Swift side of Tools/oracle/torch_fixtures.py, by the same names.
let operatorCases: [String: OperatorCase] = [
    arithmeticCases, activationCases, shapeCases, reductionCases, indexCases, networkCases, linearCases, samplingCases,
    lossCases, creationCases,
].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

private let arithmeticCases: [String: OperatorCase] = [
    "add": { [try $0[0] + $0[1]] },
    "scalarArithmetic": { [try 3 - ($0[0] * 2 + 1) / 4] },
    "intStaysInt": { [try $0[0] * 2 + 1] },
    "intDivides": { [try $0[0] / 2] },
    "divideFloor": { [try $0[0].divide(by: $0[1], rounding: .floor)] },
    "remainder": { [try $0[0].remainder(3)] },
    "pow": { [try $0[0].abs().pow(1.5)] },
    "atan2": { [try $0[0].atan2($0[1])] },
    "erf": { [try $0[0].erf()] },
    "round": { [try $0[0].round()] },
    "frac": { [try $0[0].frac()] },
    "clamp": { [try $0[0].clamp(min: -0.25, max: 0.5)] },
    "clampMin": { [try $0[0].clamp(min: 0.1)] },
    "maximum": { [try $0[0].maximum($0[1])] },
]

private let activationCases: [String: OperatorCase] = [
    "relu6": { [try ($0[0] * 8).relu6()] },
    "silu": { [try $0[0].silu()] },
    "gelu": { [try $0[0].gelu()] },
    "geluTanh": { [try $0[0].gelu(approximate: .tanh)] },
    "mish": { [try $0[0].mish()] },
    "hardswish": { [try ($0[0] * 4).hardswish()] },
    "hardsigmoid": { [try ($0[0] * 4).hardsigmoid()] },
    "leakyRelu": { [try $0[0].leakyRelu(negativeSlope: 0.1)] },
    "elu": { [try $0[0].elu()] },
    "prelu": { [try $0[0].prelu(weight: $0[1])] },
    "softplus": { [try $0[0].softplus(beta: 2, threshold: 1)] },
    "softmax": { [try $0[0].softmax(dim: 1)] },
    "logSoftmax": { [try $0[0].logSoftmax(dim: -1)] },
]

private let shapeCases: [String: OperatorCase] = [
    "permute": { [try $0[0].permute([0, 2, 3, 1]).flatten(from: 1, to: 2)] },
    "roll": { [try $0[0].roll([-1, 2], dims: [2, 3])] },
    "flip": { [try $0[0].flip([3])] },
    "split": { try $0[0].split([1, 3], dim: 1) },
    "chunk": { try $0[0].chunk(3, dim: 2) },
    "channelShuffle": { [try $0[0].channelShuffle(groups: 2)] },
    "pixelShuffle": { [try $0[0].pixelShuffle(2)] },
    "meshgrid": { try Tensor.meshgrid($0) },
    "tril": { [try $0[0].tril(diagonal: -1)] },
]

private let reductionCases: [String: OperatorCase] = [
    "sum": { [try $0[0].sum(dims: [1, 3], keepDim: true)] },
    "variance": { [try $0[0].variance(dims: [1], correction: 0)] },
    "std": { [try $0[0].std()] },
    "maxDim": { pair(try $0[0].max(dim: 2)) },
    "argmax": { [try $0[0].argmax()] },
    "logsumexp": { [try $0[0].logsumexp(dims: [1, 2])] },
    "norm": { [try $0[0].norm(dim: -1)] },
    "norm1": { [try $0[0].norm(p: 1)] },
    "cumsum": { [try $0[0].cumsum(dim: 1)] },
    "topk": { pair(try $0[0].topk(2, dim: 1)) },
    "sort": { pair(try $0[0].sort(dim: -1, descending: true)) },
    "unique": {
        let (values, inverse, counts) = try $0[0].unique()
        return [values, inverse, counts]
    },
]

private let indexCases: [String: OperatorCase] = [
    "oneHot": { [try $0[0].oneHot(classes: 5)] },
    "gather": { [try $0[0].gather(dim: 1, index: $0[1])] },
    "scatterAdd": { [try $0[0].scatterAdd(dim: 1, index: $0[1], source: $0[2])] },
    "maskedFill": { [try $0[0].maskedFill($0[0].gt(0), -1)] },
    "maskedSelect": { [try $0[0].maskedSelect($0[0].gt(0.5))] },
    "where": { [try Tensor.where($0[0].lt(0), $0[0], $0[0] * 2)] },
    "nonzero": { [try $0[0].gt(0.5).nonzero()] },
    "isnan": { [try ($0[0] / $0[0]).isnan()] },
    "indexBasic": { [try $0[0][.all, 1, 1..<4, .newAxis, .slice(step: 2)]] },
    "indexEllipsis": { [try $0[0][.ellipsis, -1]] },
    "indexRanges": { [try $0[0][1..., ..<(-1), 2..., ...2]] },
    "indexTensor": { [try $0[0][.all, .all, $0[1]]] },
    "indexTwoTensors": { [try $0[0][$0[1], .all, $0[2]]] },
    "indexMask": { [try $0[0][$0[0].gt(0.5)]] },
]

private let networkCases: [String: OperatorCase] = [
    "conv1d": { [try $0[0].conv1d($0[1], bias: $0[2], stride: [2], padding: [1], dilation: [2])] },
    "conv2d": { [try $0[0].conv2d($0[1], bias: $0[2], stride: [2, 1], padding: [1, 0], groups: 3)] },
    "conv3d": { [try $0[0].conv3d($0[1], padding: [1])] },
    "convTranspose1d": { [try $0[0].convTranspose1d($0[1], stride: [2])] },
    "convTranspose2d": {
        [try $0[0].convTranspose2d($0[1], bias: $0[2], stride: [2, 2], padding: [1, 1], outputPadding: [1, 1])]
    },
    "convTranspose3d": { [try $0[0].convTranspose3d($0[1], stride: [2, 2, 2])] },
    "unfold": { [try $0[0].unfold(kernel: [3, 2], stride: [2, 1], padding: [1, 0])] },
    "maxPool2d": { [try $0[0].maxPool2d(kernel: [3, 3], stride: [2, 2], padding: [1, 1], ceilMode: true)] },
    "avgPool2d": { [try $0[0].avgPool2d(kernel: [3], stride: [2], padding: [1], countIncludePad: false)] },
    "adaptiveAvgPool2d": { [try $0[0].adaptiveAvgPool2d([2, 4])] },
    "adaptiveMaxPool2d": { [try $0[0].adaptiveMaxPool2d([2, 4])] },
    "layerNorm": { [try $0[0].layerNorm([6], weight: $0[1], bias: $0[2], eps: 1e-6)] },
    "groupNorm": { [try $0[0].groupNorm(groups: 2, weight: $0[1], bias: $0[2])] },
    "instanceNorm": { [try $0[0].instanceNorm()] },
    "batchNormEval": {
        [try $0[0].batchNorm(weight: nil, bias: nil, runningMean: $0[1], runningVar: $0[2], training: false)]
    },
    "batchNormTraining": { try trainBatchNorm($0[0]) },
]

private let linearCases: [String: OperatorCase] = [
    "linear": { [try $0[0].linear($0[1], bias: $0[2])] },
    "matmul": { [try $0[0].matmul($0[1])] },
    "baddbmm": { [try $0[0].baddbmm($0[1], $0[2], beta: 0.5, alpha: 2)] },
    "einsum": { [try Tensor.einsum("bij,bkj->bik", $0)] },
    "attention": { [try Tensor.scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2])] },
    "attentionMask": {
        [try Tensor.scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2], mask: $0[3], scale: 0.3)]
    },
    "embedding": { [try $0[0].embedding($0[1])] },
    "cdist": { [try $0[0].cdist($0[1])] },
    "cross": { [try $0[0].cross($0[1], dim: 1)] },
    "det": { [try $0[0].det()] },
    "inverse": { [try $0[0].inverse()] },
    "solve": { [try $0[0].solve($0[1])] },
]

private let samplingCases: [String: OperatorCase] = [
    "nearest": { [try $0[0].interpolate(size: [7, 4])] },
    "bilinear": { [try $0[0].interpolate(scaleFactor: 1.7, mode: .bilinear(alignCorners: false))] },
    "bilinearCorners": { [try $0[0].interpolate(size: [8, 9], mode: .bilinear(alignCorners: true))] },
    "bicubic": { [try $0[0].interpolate(size: [8, 9], mode: .bicubic(alignCorners: false))] },
    "trilinear": { [try $0[0].interpolate(scaleFactor: 2, mode: .bilinear(alignCorners: false))] },
    "linear1dResize": { [try $0[0].interpolate(size: [9], mode: .bilinear(alignCorners: true))] },
    "gridSample": { [try $0[0].gridSample($0[1])] },
    "gridSampleBorder": { [try $0[0].gridSample($0[1], padding: .border, alignCorners: true)] },
    "padReflect": { [try $0[0].pad([1, 2, 0, 1], mode: .reflect)] },
    "padConstant": { [try $0[0].pad([1, 0], mode: .constant(3))] },
]

private let lossCases: [String: OperatorCase] = [
    "mseLoss": { [try $0[0].mseLoss($0[1])] },
    "smoothL1Loss": { [try $0[0].smoothL1Loss($0[1], beta: 0.5, reduction: .sum)] },
    "bce": { [try $0[0].binaryCrossEntropy($0[1])] },
    "bceWithLogits": { [try $0[0].binaryCrossEntropyWithLogits($0[1], weight: $0[2], reduction: .none)] },
    "crossEntropy": { [try $0[0].crossEntropy($0[1])] },
    "klDivergence": { [try $0[0].logSoftmax(dim: 1).klDivergence($0[1].softmax(dim: 1), reduction: .sum)] },
    "cosineSimilarity": { [try $0[0].cosineSimilarity($0[1], dim: -1)] },
]

private let creationCases: [String: OperatorCase] = [
    "toBFloat16": { [try $0[0].to(.bfloat16).to(.float32) * 3] },
    "linspace": { _ in [try Tensor.linspace(from: -1, to: 2, steps: 5)] },
    "arange": { _ in [try Tensor.arange(from: 0.5, to: 4, step: 0.75)] },
    "draws": { _ in
        // A generator of its own instead of the default one, which other tests draw from at the same time.
        let generator = try Generator(seed: 7)
        return [
            try Tensor.rand([3], generator: generator), try Tensor.randn([17], generator: generator),
            try Tensor.randperm(6, generator: generator), try Tensor.rand([2], generator: Generator(seed: 3)),
        ]
    },
]

private func pair(_ result: (values: Tensor, indices: Tensor)) -> [Tensor] { [result.values, result.indices] }

/// Two training steps of the layer: output, running statistics, gradients of the input and the weight.
private func trainBatchNorm(_ x: Tensor) throws -> [Tensor] {
    let store = ParameterStore()
    let norm = try BatchNorm2d(at: store.root, channels: 3, momentum: 0.03)
    store.isTraining = true
    norm.weight?.initializer = .values(try Tensor([0.5, 1, 2] as [Float]))
    _ = try norm(x)
    let a = try x.clone().requiresGrad_()
    let out = try norm(a * a)
    try (out * x).sum().backward()
    let tensors = [
        out, try norm.runningMean?.tensor, try norm.runningVar?.tensor, try a.grad, try norm.weight?.tensor.grad,
    ]
    return tensors.compactMap { $0 }
}
