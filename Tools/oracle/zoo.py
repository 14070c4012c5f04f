"""Makes Tests/Fixtures/zoo.jsonl: what the real MMPose 1.3.2 builds and computes for the configs of its zoo.

usage: python zoo.py OUT.jsonl [PART_OF_CONFIG_NAME ...]

Run it with the Python that setup.sh prepares. Weights and inputs come from formula.py. One JSON object a line:
config, parameters, a hash and count of the state dict's keys, shapes and types in order, the input's shape, and of
every output its shape, mean magnitude and up to 32 values at evenly spaced flat positions; distillers have none.

What MMPose needs help with: deformable convolution and attention, which mmcv has only compiled, are plain PyTorch;
mmcls and its `output_cls_token`, which were renamed after MMPose's configs were written, become mmpretrain and `out_type`;
distillers do not download their teacher's weights. Configs that MMPose cannot build and run here are named and left out.
"""
import glob
import json
import os
import re
import sys
import warnings

import numpy as np
import torch
from mmengine.config import Config, ConfigDict
from mmengine.registry import init_default_scope

import mmpose
import mmpose.models.distillers.dwpose_distiller as dwpose_distiller
import mmpose.models.heads.hybrid_heads.dekr_head as dekr_head
import edpose_fixtures  # Gives MMPose deformable attention in plain operators.
from deformable import PlainDeformConv2d
from formula import fill, fnv, uniform
from mmpose.registry import MODELS

warnings.filterwarnings('ignore')
dekr_head.DeformConv2d = PlainDeformConv2d
dwpose_distiller.load_checkpoint = lambda *_, **__: None
ROOT = os.path.join(os.path.dirname(mmpose.__file__), '.mim/configs/')
KEPT = ('relative_coords', 'anchors', 'sigmas')
SAMPLES = 32


def without_initialisation(node):
    if isinstance(node, dict):
        return {k: without_initialisation(v) for k, v in node.items() if k not in ('init_cfg', 'pretrained')}
    if isinstance(node, (list, tuple)):
        return type(node)(without_initialisation(v) for v in node)
    return node


def build(config, kept=KEPT):
    """The model of a config with formula weights, in evaluation mode."""
    backbone = config.model.get('backbone', {})
    if 'output_cls_token' in backbone:
        backbone.type = backbone.type.replace('mmcls.', 'mmpretrain.')
        backbone.out_type = 'cls_token' if backbone.pop('output_cls_token') else 'featmap'
    model = MODELS.build(ConfigDict(without_initialisation(config.model.to_dict()))).eval()
    with torch.no_grad():
        for key, value in model.state_dict().items():
            if value.is_floating_point() and not any(k in key for k in kept):
                value.copy_(torch.from_numpy(fill(key, tuple(value.shape))))
    return model


def image_size(config):
    codec = config.get('codec') or {}
    codec = codec[-1] if isinstance(codec, (list, tuple)) else codec
    size = codec.get('input_size') or codec.get('image_size')
    for transform in config.get('val_pipeline', []):
        size = size or transform.get('input_size')
    # ED-Pose takes any size.
    return size or (256, 192)


def lifter_shape(config):
    backbone = config.model.backbone
    if backbone.type == 'DSTFormer':
        return 1, backbone.get('seq_len', 243), 17, 3
    frames = re.search(r'-(\d+)frm-', config.filename)
    return 1, backbone.in_channels, int(frames.group(1)) if frames else 1


def input_for(config, batch=1):
    if config.model.type == 'PoseLifter':
        shape, low, high = lifter_shape(config), -1, 1
    else:
        width, height = image_size(config)
        shape, low, high = (batch, 3, height, width), -2, 2
    values = low + (high - low) * uniform('input', int(np.prod(shape)))
    return torch.from_numpy(values.astype(np.float32)).reshape(shape)


def named(node, path=''):
    if torch.is_tensor(node):
        yield path or '0', node
    elif isinstance(node, (list, tuple)):
        for index, value in enumerate(node):
            yield from named(value, f'{path}.{index}' if path else str(index))


def outputs_of(config, model, inputs):
    if config.model.type == 'PoseLifter':
        return model(inputs, None, mode='tensor')
    # A transformer asks how far images fill the input: wholly.
    samples = [[edpose_fixtures.sample(*inputs.shape[:1:-1])]] if 'EDPose' in type(model.head).__name__ else []
    return model.head.forward(model.extract_feat(inputs), *samples)


def record(name):
    config = Config.fromfile(ROOT + name)
    model = build(config)
    entries = [f'{k} {list(v.shape)} {str(v.dtype).replace("torch.", "")}' for k, v in model.state_dict().items()]
    result = dict(config=name, parameters=sum(p.numel() for p in model.parameters()), entries=len(entries),
                  entries_fnv=f'{fnv(chr(10).join(entries)):016x}', input=[], outputs=[])
    if config.model.type == 'DWPoseDistiller':
        return result
    inputs = input_for(config)
    result['input'] = list(inputs.shape)
    with torch.inference_mode():
        outputs = outputs_of(config, model, inputs)
    for path, value in named(outputs):
        flat = value.float().numpy().astype(np.float64).ravel()
        at = np.linspace(0, flat.size - 1, min(SAMPLES, flat.size)).astype(int)
        result['outputs'].append(dict(name=path, shape=list(value.shape), absmean=float(np.abs(flat).mean()),
                                      at=at.tolist(), values=[float(f'{v:.7g}') for v in flat[at]]))
    return result


def configs_of(parts):
    """The zoo's configs whose path contains one of the parts, or all."""
    files = sorted(f[len(ROOT):] for f in glob.glob(ROOT + '**/*.py', recursive=True) if '/_base_/' not in f)
    return [name for name in files if not parts or any(part in name for part in parts)]


def main():
    init_default_scope('mmpose')
    torch.set_num_threads(2)
    out_file = os.path.abspath(sys.argv[1])
    # Distillers name their teacher's config relative to the folder above `configs`.
    os.chdir(os.path.dirname(os.path.normpath(ROOT)))
    with open(out_file, 'w') as out:
        for name in configs_of(sys.argv[2:]):
            try:
                out.write(json.dumps(record(name), separators=(',', ':')) + '\n')
                print(name, flush=True)
            except Exception as error:
                print(f'left out: {name}: {error!r}', flush=True)


if __name__ == '__main__':
    main()
