"""What PyTorch computes for the operators of Sources/Torch: writes Tests/TorchTests/Fixtures/operators.json.

Run with a Python that has the torch version the package uses:  python Tools/oracle/torch_fixtures.py
"""

import json
import pathlib

import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).resolve().parents[2] / 'Tests/TorchTests/Fixtures/operators.json'
torch.manual_seed(0)


def rand(*shape):
    """Values with few digits, so that the file stays small and exact."""
    return (torch.randn(*shape) * 64).round() / 64


def ints(high, *shape):
    return torch.randint(high, shape)


def spd(n):
    a = rand(n, n)
    return a @ a.T + n * torch.eye(n)


x = rand(2, 3, 5, 6)
seq = rand(2, 4, 6)
vec = rand(7)
volume = rand(1, 2, 4, 4, 4)
q, k, v = rand(2, 2, 3, 4), rand(2, 2, 5, 4), rand(2, 2, 5, 4)

CASES = {
    'add': (lambda a, b: a + b, [x, rand(3, 1, 1)]),
    'scalarArithmetic': (lambda a: 3 - (a * 2 + 1) / 4, [x]),
    'intStaysInt': (lambda a: a * 2 + 1, [ints(9, 5)]),
    'intDivides': (lambda a: a / 2, [ints(9, 5)]),
    'divideFloor': (lambda a, b: torch.div(a, b, rounding_mode='floor'), [rand(6), rand(6).abs() + 0.5]),
    'remainder': (lambda a: a.remainder(3), [ints(50, 6) - 25]),
    'pow': (lambda a: a.abs().pow(1.5), [vec]),
    'atan2': (torch.atan2, [vec, rand(7)]),
    'erf': (torch.erf, [vec]),
    'round': (torch.round, [torch.tensor([0.5, 1.5, 2.5, -0.5, -1.5, 2.25])]),
    'frac': (torch.frac, [vec]),
    'clamp': (lambda a: a.clamp(min=-0.25, max=0.5), [vec]),
    'clampMin': (lambda a: a.clamp(min=0.1), [vec]),
    'maximum': (torch.maximum, [vec, rand(7)]),
    'relu6': (lambda a: F.relu6(a * 8), [vec]),
    'silu': (F.silu, [vec]),
    'gelu': (F.gelu, [vec]),
    'geluTanh': (lambda a: F.gelu(a, approximate='tanh'), [vec]),
    'mish': (F.mish, [vec]),
    'hardswish': (lambda a: F.hardswish(a * 4), [vec]),
    'hardsigmoid': (lambda a: F.hardsigmoid(a * 4), [vec]),
    'leakyRelu': (lambda a: F.leaky_relu(a, 0.1), [vec]),
    'elu': (F.elu, [vec]),
    'prelu': (F.prelu, [x, rand(3)]),
    'softplus': (lambda a: F.softplus(a, beta=2, threshold=1), [vec]),
    'softmax': (lambda a: a.softmax(1), [seq]),
    'logSoftmax': (lambda a: a.log_softmax(-1), [seq]),
    'permute': (lambda a: a.permute(0, 2, 3, 1).flatten(1, 2), [x]),
    'roll': (lambda a: a.roll((-1, 2), dims=(2, 3)), [x]),
    'flip': (lambda a: a.flip(3), [x]),
    'split': (lambda a: a.split([1, 3], dim=1), [seq]),
    'chunk': (lambda a: a.chunk(3, dim=2), [seq]),
    'channelShuffle': (lambda a: F.channel_shuffle(a, 2), [rand(1, 6, 2, 2)]),
    'pixelShuffle': (lambda a: F.pixel_shuffle(a, 2), [rand(1, 8, 2, 3)]),
    'meshgrid': (lambda a, b: torch.meshgrid(a, b, indexing='ij'), [rand(2), rand(3)]),
    'tril': (lambda a: a.tril(-1), [rand(4, 4)]),
    'sum': (lambda a: a.sum(dim=(1, 3), keepdim=True), [x]),
    'variance': (lambda a: a.var(dim=1, unbiased=False), [seq]),
    'std': (lambda a: a.std(), [seq]),
    'maxDim': (lambda a: a.max(dim=2), [seq]),
    'argmax': (lambda a: a.argmax(), [seq]),
    'logsumexp': (lambda a: a.logsumexp(dim=(1, 2)), [seq]),
    'norm': (lambda a: a.norm(dim=-1), [seq]),
    'norm1': (lambda a: a.norm(p=1), [seq]),
    'cumsum': (lambda a: a.cumsum(1), [seq]),
    'topk': (lambda a: a.topk(2, dim=1), [seq]),
    'sort': (lambda a: a.sort(dim=-1, descending=True), [seq]),
    'unique': (lambda a: a.unique(return_inverse=True, return_counts=True), [ints(4, 9)]),
    'oneHot': (lambda a: F.one_hot(a, 5), [ints(5, 4)]),
    'gather': (lambda a, i: a.gather(1, i), [seq, ints(4, 2, 2, 6)]),
    'scatterAdd': (lambda a, i, s: a.scatter_add(1, i, s), [seq, ints(4, 2, 3, 6), rand(2, 3, 6)]),
    'maskedFill': (lambda a: a.masked_fill(a > 0, -1), [seq]),
    'maskedSelect': (lambda a: a.masked_select(a > 0.5), [seq]),
    'where': (lambda a: torch.where(a < 0, a, a * 2), [seq]),
    'nonzero': (lambda a: (a > 0.5).nonzero(), [seq]),
    'isnan': (lambda a: (a / a).isnan(), [torch.tensor([0.0, 1.0])]),
    'indexBasic': (lambda a: a[:, 1, 1:4, None, ::2], [x]),
    'indexEllipsis': (lambda a: a[..., -1], [x]),
    'indexRanges': (lambda a: a[1:, :-1, 2:, :3], [x]),
    'indexTensor': (lambda a, i: a[:, :, i], [x, ints(5, 4)]),
    'indexTwoTensors': (lambda a, i, j: a[i, :, j], [x, ints(2, 4), ints(5, 4)]),
    'indexMask': (lambda a: a[a > 0.5], [seq]),
    'conv1d': (lambda a, w, b: F.conv1d(a, w, b, stride=2, padding=1, dilation=2),
               [rand(1, 4, 12), rand(3, 4, 3), rand(3)]),
    'conv2d': (lambda a, w, b: F.conv2d(a, w, b, stride=(2, 1), padding=(1, 0), groups=3), [x, rand(6, 1, 3, 2), rand(6)]),
    'conv3d': (lambda a, w: F.conv3d(a, w, padding=1), [volume, rand(2, 2, 3, 3, 3)]),
    'convTranspose1d': (lambda a, w: F.conv_transpose1d(a, w, stride=2), [seq, rand(4, 2, 3)]),
    'convTranspose2d': (lambda a, w, b: F.conv_transpose2d(a, w, b, stride=2, padding=1, output_padding=1),
                        [x, rand(3, 2, 3, 3), rand(2)]),
    'convTranspose3d': (lambda a, w: F.conv_transpose3d(a, w, stride=2), [volume, rand(2, 1, 2, 2, 2)]),
    'unfold': (lambda a: F.unfold(a, (3, 2), padding=(1, 0), stride=(2, 1)), [x]),
    'maxPool2d': (lambda a: F.max_pool2d(a, 3, stride=2, padding=1, ceil_mode=True), [x]),
    'avgPool2d': (lambda a: F.avg_pool2d(a, 3, stride=2, padding=1, count_include_pad=False), [x]),
    'adaptiveAvgPool2d': (lambda a: F.adaptive_avg_pool2d(a, (2, 4)), [x]),
    'adaptiveMaxPool2d': (lambda a: F.adaptive_max_pool2d(a, (2, 4)), [x]),
    'layerNorm': (lambda a, w, b: F.layer_norm(a, (6, ), w, b, eps=1e-6), [seq, rand(6), rand(6)]),
    'groupNorm': (lambda a, w, b: F.group_norm(a, 2, w, b), [seq, rand(4), rand(4)]),
    'instanceNorm': (lambda a: F.instance_norm(a), [x]),
    'batchNormEval': (lambda a, m, s: F.batch_norm(a, m, s), [x, rand(3), rand(3).abs() + 1]),
    'linear': (F.linear, [seq, rand(3, 6), rand(3)]),
    'matmul': (torch.matmul, [q, k.transpose(2, 3).contiguous()]),
    'baddbmm': (lambda c, a, b: torch.baddbmm(c, a, b, beta=0.5, alpha=2), [rand(2, 3, 2), rand(2, 3, 4), rand(2, 4, 2)]),
    'einsum': (lambda a, b: torch.einsum('bij,bkj->bik', a, b), [seq, rand(2, 3, 6)]),
    'attention': (F.scaled_dot_product_attention, [q, k, v]),
    'attentionMask': (lambda a, b, c, m: F.scaled_dot_product_attention(a, b, c, attn_mask=m, scale=0.3),
                      [q, k, v, rand(3, 5)]),
    'embedding': (lambda w, i: F.embedding(i, w), [rand(5, 3), ints(5, 2, 2)]),
    'cdist': (torch.cdist, [rand(4, 3), rand(2, 3)]),
    'cross': (lambda a, b: torch.cross(a, b, dim=1), [rand(2, 3), rand(2, 3)]),
    'det': (torch.linalg.det, [spd(3)]),
    'inverse': (torch.linalg.inv, [spd(3)]),
    'solve': (torch.linalg.solve, [spd(3), rand(3, 2)]),
    'nearest': (lambda a: F.interpolate(a, size=(7, 4)), [x]),
    'bilinear': (lambda a: F.interpolate(a, scale_factor=1.7, mode='bilinear', align_corners=False), [x]),
    'bilinearCorners': (lambda a: F.interpolate(a, size=(8, 9), mode='bilinear', align_corners=True), [x]),
    'bicubic': (lambda a: F.interpolate(a, size=(8, 9), mode='bicubic', align_corners=False), [x]),
    'trilinear': (lambda a: F.interpolate(a, scale_factor=2, mode='trilinear', align_corners=False), [volume]),
    'linear1dResize': (lambda a: F.interpolate(a, size=9, mode='linear', align_corners=True), [seq]),
    'gridSample': (lambda a, g: F.grid_sample(a, g, align_corners=False), [x, rand(2, 2, 2, 2).clamp(-1, 1)]),
    'gridSampleBorder': (lambda a, g: F.grid_sample(a, g, padding_mode='border', align_corners=True),
                         [x, rand(2, 2, 2, 2)]),
    'padReflect': (lambda a: F.pad(a, (1, 2, 0, 1), mode='reflect'), [x]),
    'padConstant': (lambda a: F.pad(a, (1, 0), value=3), [vec]),
    'mseLoss': (F.mse_loss, [vec, rand(7)]),
    'smoothL1Loss': (lambda a, b: F.smooth_l1_loss(a, b, beta=0.5, reduction='sum'), [vec, rand(7)]),
    'bce': (F.binary_cross_entropy, [torch.rand(5), torch.rand(5)]),
    'bceWithLogits': (lambda a, b, w: F.binary_cross_entropy_with_logits(a, b, w, reduction='none'),
                      [rand(5), torch.rand(5), torch.rand(5)]),
    'crossEntropy': (F.cross_entropy, [rand(4, 6), ints(6, 4)]),
    'klDivergence': (lambda a, b: F.kl_div(a.log_softmax(1), b.softmax(1), reduction='sum'), [rand(2, 5), rand(2, 5)]),
    'cosineSimilarity': (lambda a, b: F.cosine_similarity(a, b, dim=-1), [seq, rand(2, 4, 6)]),
    'toBFloat16': (lambda a: a.to(torch.bfloat16).to(torch.float32) * 3, [torch.rand(5)]),
    'linspace': (lambda: torch.linspace(-1, 2, 5), []),
    'arange': (lambda: torch.arange(0.5, 4, 0.75), []),
}


def batch_norm_training():
    """Output, both running statistics, and the gradient of the input, for two training steps."""
    norm = torch.nn.BatchNorm2d(3, momentum=0.03)
    norm.weight.data = torch.tensor([0.5, 1.0, 2.0])
    norm(x)
    a = x.clone().requires_grad_()
    out = norm(a * a)
    (out * x).sum().backward()
    return out, norm.running_mean, norm.running_var, a.grad, norm.weight.grad


CASES['batchNormTraining'] = (lambda a: batch_norm_training(), [x])


def draws(a):
    torch.manual_seed(7)
    return torch.rand(3), torch.randn(17), torch.randperm(6), torch.rand(2, generator=torch.Generator().manual_seed(3))


CASES['draws'] = (draws, [vec])


def pack(t):
    t = t.detach().contiguous()
    return dict(shape=list(t.shape), dtype=str(t.dtype).split('.')[1], values=[float(f'{n:.9g}') for n in t.double().flatten().tolist()])


cases = {}
for name, (function, inputs) in CASES.items():
    packed = [pack(t) for t in inputs]
    result = function(*[t.clone() for t in inputs])
    outputs = [result] if isinstance(result, torch.Tensor) else list(result)
    cases[name] = dict(inputs=packed, outputs=[pack(t) for t in outputs])

OUT.parent.mkdir(parents=True, exist_ok=True)
lines = ',\n'.join(f'{json.dumps(name)}: {json.dumps(case, separators=(",", ":"))}' for name, case in cases.items())
OUT.write_text('{"torch": "%s", "cases": {\n%s\n}}\n' % (torch.__version__, lines))
print(f'{len(cases)} cases, {OUT.stat().st_size} bytes, torch {torch.__version__}')
