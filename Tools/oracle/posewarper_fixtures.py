"""usage: posewarper_fixtures.py OUT.jsonl

What MMPose's PoseWarperNeck computes with formula weights: one JSON object a line with `config` as text, the hash and number
of the state dict's keys, shapes and types in order, the `shape` of every frame's map (values by formula under the
names `frame0`, …), `weights` of the frames, and the output's shape, mean magnitude and values at evenly spaced flat
positions.

mmcv has deformable convolution only compiled; `PlainDeformConv2d` is the same tap by tap in PyTorch, after the paper (Dai et
al. 2017) and mmcv's documentation. Made with MMPose 1.3.2, mmengine 0.10.7, PyTorch 2.13.
"""
import json
import sys
import warnings

warnings.filterwarnings('ignore')
import mmpose.models  # noqa: F401
import mmpose.models.necks.posewarper_neck as posewarper_neck
import numpy as np
import torch
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS

from formula import fill, fnv

init_default_scope('mmpose')


class PlainDeformConv2d(torch.nn.Module):
    """Every tap is read bilinearly at its own place; outside of the map there is nothing."""

    def __init__(self, in_channels, out_channels, kernel_size, stride, padding, dilation, deform_groups, im2col_step):
        super().__init__()
        assert stride == 1
        self.k, self.p, self.d, self.groups = kernel_size, padding, dilation, deform_groups
        self.weight = torch.nn.Parameter(torch.empty(out_channels, in_channels, kernel_size, kernel_size))

    def forward(self, x, offset):
        B, C, H, W = x.shape
        offset = offset.view(B, self.groups, self.k * self.k, 2, H, W)
        rows, columns = torch.meshgrid(torch.arange(H), torch.arange(W), indexing='ij')
        result = 0
        for tap in range(self.k * self.k):
            y = rows + tap // self.k * self.d - self.p + offset[:, :, tap, 0]
            z = columns + tap % self.k * self.d - self.p + offset[:, :, tap, 1]
            value = 0
            for dy in (0, 1):
                for dz in (0, 1):
                    yy, zz = y.floor() + dy, z.floor() + dz
                    share = (1 - (y - yy).abs()) * (1 - (z - zz).abs())
                    share = share * ((yy >= 0) & (yy < H) & (zz >= 0) & (zz < W))
                    at = (yy.clamp(0, H - 1) * W + zz.clamp(0, W - 1)).long().view(B, self.groups, 1, H * W)
                    parts = x.view(B, self.groups, C // self.groups, H * W)
                    read = parts.gather(3, at.expand(-1, -1, C // self.groups, -1)).view(B, self.groups, -1, H, W)
                    value = value + read * share.unsqueeze(2)
            result = result + torch.einsum('bchw,oc->bohw', value.reshape(B, C, H, W),
                                           self.weight[:, :, tap // self.k, tap % self.k])
        return result


posewarper_neck.DeformConv2d = PlainDeformConv2d
BASE = dict(type='PoseWarperNeck', in_channels=6, out_channels=4, inner_channels=8, deform_groups=2, dilations=(1, 3))
CASES = [
    (dict(BASE, res_blocks_cfg=dict(block='BASIC', num_blocks=2)), [2, 6, 9, 7], [0.5, 0.3, 0.2]),
    (dict(BASE, res_blocks_cfg=dict(block='BOTTLENECK', num_blocks=2), trans_conv_kernel=3, deform_groups=4),
     [1, 6, 8, 8], [0.6, 0, 0.4]),
    (dict(BASE, in_channels=4, trans_conv_kernel=0, dilations=(2,), res_blocks_cfg=dict(num_blocks=1)), [1, 4, 6, 10],
     [1.0]),
]


def formula(name, shape):
    return torch.from_numpy(fill(name, tuple(shape)))


with open(sys.argv[1], 'w') as out:
    for config, shape, weights in CASES:
        model = MODELS.build(config)
        model.eval()  # Returns nothing in this class.
        for key, value in model.state_dict().items():
            if value.is_floating_point():
                value.copy_(formula(key, value.shape))
        entries = [f'{k} {list(v.shape)} {str(v.dtype).replace("torch.", "")}' for k, v in model.state_dict().items()]
        frames = [formula(f'frame{i}', shape) for i in range(len(weights))]
        with torch.inference_mode():
            # Several frames are lists of maps; one frame is given by itself.
            output = model([[f] for f in frames] if len(frames) > 1 else [frames], weights)
        flat = output.numpy().astype(np.float64).ravel()
        at = np.linspace(0, flat.size - 1, min(32, flat.size)).astype(int)
        sampled = dict(name='0', shape=list(output.shape), absmean=float(np.abs(flat).mean()), at=at.tolist(),
                       values=[float(f'{v:.7g}') for v in flat[at]])
        out.write(json.dumps(dict(config=repr(config), entries=len(entries),
                                  entries_fnv=f'{fnv(chr(10).join(entries)):016x}', shape=shape, weights=weights,
                                  output=sampled)) + '\n')
