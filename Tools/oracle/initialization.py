"""Makes Tests/PoseEngineTests/Fixtures/initialization.jsonl: how the parameters of models begin in MMPose 1.3.2.

usage: python initialization.py OUT.jsonl CONFIG [CONFIG ...]

Configs are relative to the zoo's folder. Files that parts would begin with are left out. A line holds of every parameter
the number of values, their mean and their deviation after `init_weights` with PyTorch's seed 0.
"""
import json
import sys

import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmpose.registry import MODELS
from zoo import ROOT


def without_files(value):
    if isinstance(value, dict):
        if isinstance(value.get('init_cfg'), dict) and value['init_cfg'].get('type') == 'Pretrained':
            value.pop('init_cfg')
        for member in value.values():
            without_files(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            without_files(member)


def record(name):
    init_default_scope('mmpose')
    config = Config.fromfile(ROOT + name)
    without_files(config.model)
    torch.manual_seed(0)
    model = MODELS.build(config.model)
    model.init_weights()
    rounded = lambda number: float(f'{number:.4g}')
    parameters = {
        key: [values.numel(), rounded(values.double().mean()),
              rounded(values.double().std()) if values.numel() > 1 else 0]
        for key, values in model.named_parameters()}
    return dict(config=name, parameters=parameters)


with open(sys.argv[1], 'w') as out:
    for name in sys.argv[2:]:
        out.write(json.dumps(record(name), separators=(',', ':')) + '\n')
