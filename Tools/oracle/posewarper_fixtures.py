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

from deformable import PlainDeformConv2d
from formula import fill, fnv

init_default_scope('mmpose')

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
