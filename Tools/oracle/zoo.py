"""Makes Tests/Fixtures/zoo.jsonl: what the real MMPose 1.3.2 builds and computes for the configs of its zoo.

usage: python zoo.py OUT.jsonl [PART_OF_CONFIG_NAME ...]

Run it with the Python that setup.sh prepares. Weights and inputs come from formula.py. One JSON object a line:
config, parameters, a hash and count of the state dict's keys, shapes and types in order, the input's shape, and of
every output its shape, mean magnitude and up to 32 values at evenly spaced flat positions.
"""
import glob
import json
import os
import sys
import warnings

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

import mmpose
import edpose_fixtures  # Gives MMPose deformable attention in plain operators.
from formula import fill, fnv, uniform
from mmpose.registry import MODELS

warnings.filterwarnings('ignore')
ROOT = os.path.join(os.path.dirname(mmpose.__file__), '.mim/configs/')
KEPT = ('relative_coords', 'anchors', 'sigmas')
SAMPLES = 32


def without_initialisation(node):
    if isinstance(node, dict):
        return {k: without_initialisation(v) for k, v in node.items() if k not in ('init_cfg', 'pretrained')}
    if isinstance(node, (list, tuple)):
        return type(node)(without_initialisation(v) for v in node)
    return node


def build(config):
    """The model of a config with formula weights, in evaluation mode."""
    model = MODELS.build(without_initialisation(config.model.to_dict())).eval()
    with torch.no_grad():
        for key, value in model.state_dict().items():
            if value.is_floating_point() and not any(k in key for k in KEPT):
                value.copy_(torch.from_numpy(fill(key, tuple(value.shape))))
    return model


def image_for(config):
    codec = config.get('codec')
    codec = codec[-1] if isinstance(codec, (list, tuple)) else codec
    # ED-Pose takes any size.
    width, height = codec.get('input_size') or codec.get('image_size') or (256, 192)
    return torch.from_numpy((4 * uniform('input', 3 * height * width) - 2).astype(np.float32)).reshape(
        1, 3, height, width)


def named(node, path=''):
    if torch.is_tensor(node):
        yield path or '0', node
    elif isinstance(node, (list, tuple)):
        for index, value in enumerate(node):
            yield from named(value, f'{path}.{index}' if path else str(index))


def record(name):
    config = Config.fromfile(ROOT + name)
    model = build(config)
    entries = [f'{k} {list(v.shape)} {str(v.dtype).replace("torch.", "")}' for k, v in model.state_dict().items()]
    image = image_for(config)
    with torch.inference_mode():
        # A transformer asks how far images fill the input: wholly.
        samples = [[edpose_fixtures.sample(*image.shape[:1:-1])]] if 'EDPose' in type(model.head).__name__ else []
        outputs = model.head.forward(model.extract_feat(image), *samples)
    result = dict(config=name, parameters=sum(p.numel() for p in model.parameters()), entries=len(entries),
                  entries_fnv=f'{fnv(chr(10).join(entries)):016x}', input=list(image.shape), outputs=[])
    for path, value in named(outputs):
        flat = value.float().numpy().astype(np.float64).ravel()
        at = np.linspace(0, flat.size - 1, min(SAMPLES, flat.size)).astype(int)
        result['outputs'].append(dict(name=path, shape=list(value.shape), absmean=float(np.abs(flat).mean()),
                                      at=at.tolist(), values=[float(f'{v:.7g}') for v in flat[at]]))
    return result


def main():
    init_default_scope('mmpose')
    torch.set_num_threads(2)
    parts = sys.argv[2:]
    files = sorted(f[len(ROOT):] for f in glob.glob(ROOT + '**/*.py', recursive=True) if '/_base_/' not in f)
    with open(sys.argv[1], 'w') as out:
        for name in files:
            if parts and not any(p in name for p in parts):
                continue
            out.write(json.dumps(record(name)) + '\n')
            print(name, flush=True)


if __name__ == '__main__':
    main()
