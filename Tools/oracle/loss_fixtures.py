"""usage: loss_fixtures.py OUT.jsonl

What each loss of MMPose gives, and the gradients of its inputs: one JSON object a line with

- `loss`: the config as text; a `metainfo` is the definition itself, which MMPose gets as a file
- `outputs`, `targets`, and where there are some `weights`, `mask`, `areas`: tensors, each with a `shape` and either
  `values`, or a `name` whose formula (formula.py) gives numbers from `range`, of which `set` then puts some [index, value];
  with `whole` they are integers. What the lists mean is the loss's own: the axes of SimCC, coordinates and deviations of RLE ...
- `results`: name, shape and values of everything the loss returns
- `gradients` of the sum of all results, for each output, and `parameters`: the norms of those of the loss's own parameters

Parameters are filled by formula. Numbers that are not finite are written as text. Made with MMPose 1.3.2, PyTorch 2.13.
"""
import copy
import inspect
import json
import math
import os
import sys
import tempfile
import warnings

warnings.filterwarnings('ignore')
import mmpose.models  # noqa: F401
import torch
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS

from formula import fill, uniform
from loss_cases import CASES

init_default_scope('mmpose')


def tensor(spec):
    if 'values' in spec:
        values = torch.tensor([float(v) for v in spec['values']], dtype=torch.float64)
    else:
        low, high = spec['range']
        values = low + (high - low) * torch.from_numpy(uniform(spec['name'], math.prod(spec['shape'])))
        for index, value in spec.get('set', []):
            values[index] = float(value)
    return values.to(torch.int64 if spec.get('whole') else torch.float32).reshape(spec['shape'])


def numbers(value):
    return [x if isinstance(x, int) else float(f'{x:.9g}') if math.isfinite(x) else str(x)
            for x in value.detach().flatten().tolist()]


def with_files(config, folder):
    """The config with every definition written to a file."""
    if isinstance(config, list):
        return [with_files(item, folder) for item in config]
    if not isinstance(config, dict):
        return config
    result = {key: with_files(value, folder) for key, value in config.items()}
    if isinstance(result.get('metainfo'), dict):
        path = os.path.join(folder, 'definition.py')
        open(path, 'w').write(f'dataset_info = {config["metainfo"]!r}\n')
        result['metainfo'] = path
    return result


def call(module, case, outputs, targets, extra):
    """Everything the loss returns, by name."""
    kind, weights = case['loss']['type'], extra.get('weights')
    if kind == 'CombinedLoss':
        child = getattr(module, case['part'])
        return dict(loss=child(outputs[0], targets[0], weights))
    if kind == 'MultipleLossWrapper':
        return {f'loss{i}': value for i, value in enumerate(module(outputs, targets, weights))}
    if kind == 'AssociativeEmbeddingLoss':
        return dict(zip(('pull', 'push'), module(outputs[0], targets)))
    if kind == 'SemiSupervisionLoss':
        module.num_iterations = case.get('iteration', 0)
        return module(dict(zip(('labeled_pose', 'unlabeled_pose', 'unlabeled_traj'), outputs)),
                      dict(zip(('unlabeled_target_2d', 'intrinsics'), targets)))
    if kind == 'InfoNCELoss':
        return dict(loss=module(outputs[0]))
    if kind == 'RLELoss':
        return dict(loss=module(*outputs, targets[0], weights))
    if kind == 'KDLoss':
        return dict(loss=module(outputs, targets, case['beta'], None))
    if kind in ('KLDiscretLoss', 'MLECCLoss'):
        return dict(loss=module(outputs, targets, weights))
    if kind == 'FeaLoss':
        return dict(loss=module(outputs[0], targets[0]))
    rest = [extra[n] for n in ('mask', 'areas') if n in extra]
    return dict(loss=module(outputs[0], targets[0], weights, *rest))


def row(case):
    with tempfile.TemporaryDirectory() as folder:
        module = MODELS.build(with_files(copy.deepcopy(case['loss']), folder))
    for name, parameter in module.named_parameters():
        parameter.data = torch.from_numpy(fill(name, list(parameter.shape)))
    outputs = [tensor(spec).requires_grad_() for spec in case['outputs']]
    extra = {name: tensor(case[name]) for name in ('weights', 'mask', 'areas') if name in case}
    # Not the leaves themselves: some losses write into what they are given.
    results = call(module, case, [x * 1 for x in outputs], [tensor(spec) for spec in case.get('targets', [])], extra)
    total = sum(value.sum() for value in results.values())
    if torch.is_tensor(total) and total.requires_grad:
        total.backward()
    return dict(
        case, loss=repr(case['loss']),
        results=[dict(name=n, shape=list(v.shape), values=numbers(v)) for n, v in results.items()],
        gradients=[None if x.grad is None else numbers(x.grad) for x in outputs],
        parameters={n: float(p.grad.norm()) for n, p in module.named_parameters() if p.grad is not None})


def unvaried():
    """Arguments of MMPose's losses, other than the default's, that no case gives."""
    used = {}

    def visit(config):
        if isinstance(config, dict):
            if 'type' in config:
                used.setdefault(config['type'], set()).update(k for k in config if k != 'type')
            for value in config.values():
                visit(value)
        elif isinstance(config, list):
            for item in config:
                visit(item)

    for case in CASES:
        visit(case['loss'])
    for name, kind in MODELS.module_dict.items():
        if kind.__module__.startswith('mmpose.models.losses'):
            missing = set(inspect.signature(kind).parameters) - used.get(name, set()) - {'loss_name'}
            if missing or name not in used:
                yield name, sorted(missing)


assert not list(unvaried()), list(unvaried())
with open(sys.argv[1], 'w') as file:
    for case in CASES:
        file.write(json.dumps(row(case)) + '\n')
