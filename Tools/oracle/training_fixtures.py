"""usage: training_fixtures.py OUT.json

What PyTorch and MMEngine compute in training: weights after steps of each optimizer, norms and clipped gradients,
learning rates of each scheduler, averages of parameters. Made with MMPose 1.3.2, MMEngine 0.10.7, PyTorch 2.13.
"""
import json
import sys
import warnings

warnings.filterwarnings('ignore')
import mmpose.engine  # noqa: F401
import torch
from mmengine.model import ExponentialMovingAverage, MomentumAnnealingEMA, StochasticWeightAverage
from mmengine.optim import build_optim_wrapper
from mmengine.registry import init_default_scope
from mmpose.engine.hooks.ema_hook import ExpMomentumEMA
from mmpose.registry import PARAM_SCHEDULERS

from formula import uniform

init_default_scope('mmpose')
SHAPES = {'a': [3, 4], 'b': [5], 'c': [2, 2, 2]}


def tensor(name, shape, scale=1.0):
    count = int(torch.tensor(shape).prod())
    return torch.tensor(scale * (2 * uniform(name, count) - 1), dtype=torch.float32).reshape(shape)


def parameters():
    return {name: torch.nn.Parameter(tensor(name, shape)) for name, shape in SHAPES.items()}


def optimizer_case(kind, **options):
    values = parameters()
    groups = [dict(params=[values['a'], values['b']]), dict(params=[values['c']], lr=0.05, weight_decay=0.0)]
    optimizer = getattr(torch.optim, kind)(groups, **options)
    result = dict(text=repr(dict(type=kind, **options)), weights=[])
    for step in range(4):
        for name, value in values.items():
            # 'b' has no gradient in the first step.
            value.grad = None if name == 'b' and step == 0 else tensor(f'{name}.{step}', SHAPES[name], 3.0)
        optimizer.step()
        result['weights'].append({n: v.detach().flatten().tolist() for n, v in values.items()})
    result['state'] = [
        {k: (v.flatten().tolist() if torch.is_tensor(v) else v) for k, v in optimizer.state[p].items() if v is not None}
        for group in optimizer.param_groups for p in group['params']]
    return result


def clip_case(**options):
    values = parameters()
    for name, value in values.items():
        value.grad = tensor(f'{name}.0', SHAPES[name], 3.0)
    if 'max_norm' in options:
        norm = torch.nn.utils.clip_grad_norm_(values.values(), **options).item()
    else:
        norm = None
        torch.nn.utils.clip_grad_value_(values.values(), **options)
    return dict(text=repr({k: 'inf' if v == float('inf') else v for k, v in options.items()}), norm=norm, gradients={n: v.grad.flatten().tolist() for n, v in values.items()})


def schedule_case(*schedulers, steps=30, epoch_length=3):
    values = parameters()
    groups = [dict(params=[values['a'], values['b']]), dict(params=[values['c']], lr=0.05)]
    optimizer = torch.optim.SGD(groups, lr=0.01, momentum=0.9)
    built = []
    for options in schedulers:
        options = dict(options)
        if options.pop('convert_to_iter_based', False):
            cls = PARAM_SCHEDULERS.get(options.pop('type'))
            built.append(cls.build_iter_from_epoch(optimizer, epoch_length=epoch_length, **options))
        else:
            built.append(PARAM_SCHEDULERS.build(options, default_args=dict(optimizer=optimizer)))
    rates = []
    for iteration in range(steps):
        rates.append([[g['lr'], g['momentum']] for g in optimizer.param_groups])
        optimizer.step()
        for scheduler in built:
            if not scheduler.by_epoch:
                scheduler.step()
        if (iteration + 1) % epoch_length == 0:
            for scheduler in built:
                if scheduler.by_epoch:
                    scheduler.step()
    return dict(text=repr(list(schedulers)), values=rates, epoch_length=epoch_length)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(tensor('weight', [4]))
        self.register_buffer('statistic', tensor('statistic', [3]))


def average_case(kind, name, **options):
    model = Model()
    average = kind(model, **options)
    values = []
    for step in range(5):
        model.weight.data.copy_(tensor(f'weight.{step}', [4]))
        model.statistic.copy_(tensor(f'statistic.{step}', [3]))
        average.update_parameters(model)
        values.append(dict(weight=average.module.weight.tolist(), statistic=average.module.statistic.tolist()))
    return dict(text=repr(dict(type='EMAHook', ema_type=name, **options)), values=values)




class Part(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.depthwise = torch.nn.Conv2d(4, 4, 3, groups=4)
        self.plain = torch.nn.Conv2d(4, 4, 3)
        self.bn = torch.nn.BatchNorm2d(4)
        self.ln = torch.nn.LayerNorm(4)
        self.scale = torch.nn.Parameter(torch.ones(4))


def grouping_case(**options):
    model = torch.nn.Module()
    model.backbone, model.head = Part(), Part()
    model.head.plain.weight.requires_grad = False
    options.setdefault('optimizer', dict(type='AdamW', lr=0.01, weight_decay=0.1))
    wrapper = build_optim_wrapper(model, options)
    names = {id(p): n for n, p in model.named_parameters()}
    values = {names[id(p)]: [g['lr'], g['weight_decay']] for g in wrapper.optimizer.param_groups for p in g['params']
              if p.requires_grad}
    return dict(text=repr(options), values=values)


def layer_case():
    vit = torch.nn.Module()
    vit.backbone, vit.head = torch.nn.Module(), torch.nn.Linear(2, 2)
    vit.backbone.pos_embed = torch.nn.Parameter(torch.ones(1, 3, 2))
    vit.backbone.patch_embed = torch.nn.Linear(2, 2)
    vit.backbone.layers = torch.nn.ModuleList([torch.nn.Linear(2, 2) for _ in range(3)])
    options = dict(optimizer=dict(type='AdamW', lr=5e-4, betas=(0.9, 0.999), weight_decay=0.1),
                   paramwise_cfg=dict(num_layers=3, layer_decay_rate=0.75, custom_keys={
                       'bias': dict(decay_multi=0.0), 'pos_embed': dict(decay_mult=0.0)}),
                   constructor='LayerDecayOptimWrapperConstructor', clip_grad=dict(max_norm=1., norm_type=2))
    wrapper = build_optim_wrapper(vit, options)
    names = {id(p): n for n, p in vit.named_parameters()}
    values = {names[id(p)]: [g['lr'], g['weight_decay']] for g in wrapper.optimizer.param_groups for p in g['params']}
    return dict(text=repr(options), values=values)


result = dict(
    groupings=[
        grouping_case(), grouping_case(paramwise_cfg=dict(norm_decay_mult=0, bias_decay_mult=0, bypass_duplicate=True)),
        grouping_case(paramwise_cfg=dict(bias_lr_mult=2.0, dwconv_decay_mult=0.5, flat_decay_mult=0.25)),
        grouping_case(paramwise_cfg=dict(bias_decay_mult=0.5, custom_keys={
            'backbone': dict(lr_mult=0.1), 'backbone.bn': dict(decay_mult=0.3), '.ln': dict(lr_mult=3, decay_mult=0)})),
        grouping_case(constructor='ForceDefaultOptimWrapperConstructor', paramwise_cfg=dict(
            norm_decay_mult=0, bias_decay_mult=0, force_default_settings=True,
            custom_keys=dict(backbone=dict(lr_mult=0.1, decay_mult=0.5)))),
        layer_case()],
    optimizers=[
        optimizer_case('SGD', lr=0.1), optimizer_case('SGD', lr=0.1, momentum=0.9, weight_decay=1e-2),
        optimizer_case('SGD', lr=0.1, momentum=0.9, nesterov=True),
        optimizer_case('SGD', lr=0.1, momentum=0.8, dampening=0.3),
        optimizer_case('Adam', lr=1e-2), optimizer_case('Adam', lr=1e-2, betas=(0.8, 0.99), weight_decay=0.1),
        optimizer_case('Adam', lr=1e-2, amsgrad=True, eps=1e-3),
        optimizer_case('AdamW', lr=1e-2, weight_decay=0.05), optimizer_case('AdamW', lr=1e-2, amsgrad=True),
        optimizer_case('Adagrad', lr=0.1, lr_decay=0.1, weight_decay=0.01)],
    clipping=[
        clip_case(max_norm=1.0), clip_case(max_norm=100.0), clip_case(max_norm=0.5, norm_type=1),
        clip_case(max_norm=0.5, norm_type=float('inf')), clip_case(clip_value=0.7)],
    schedules=[
        schedule_case(dict(type='LinearLR', begin=0, end=10, start_factor=0.001, by_epoch=False),
                      dict(type='MultiStepLR', begin=0, end=10, milestones=[4, 7], gamma=0.1, by_epoch=True)),
        schedule_case(dict(type='LinearLR', start_factor=1e-5, by_epoch=False, begin=0, end=9),
                      dict(type='CosineAnnealingLR', eta_min=0.0005, begin=5, end=10, T_max=5, by_epoch=True,
                           convert_to_iter_based=True)),
        schedule_case(dict(type='QuadraticWarmupLR', by_epoch=True, begin=0, end=2, convert_to_iter_based=True),
                      dict(type='CosineAnnealingLR', eta_min_ratio=0.05, begin=2, T_max=5, end=7, by_epoch=True,
                           convert_to_iter_based=True),
                      dict(type='ConstantLR', by_epoch=True, factor=2.5, begin=7, end=10)),
        schedule_case(dict(type='StepLR', step_size=2, gamma=0.5, by_epoch=True, end=9)),
        schedule_case(dict(type='ExponentialLR', gamma=0.97, by_epoch=False, begin=3)),
        schedule_case(dict(type='CosineAnnealingLR', T_max=4, by_epoch=False)),
        schedule_case(dict(type='PolyLR', power=0.9, eta_min=1e-4, begin=2, end=20, by_epoch=False)),
        schedule_case(dict(type='MultiStepLR', milestones=[2, 2, 5], gamma=0.3, by_epoch=False),
                      dict(type='LinearMomentum', start_factor=0.5, end=8, by_epoch=False)),
        schedule_case(dict(type='ConstantLR', factor=0.1, by_epoch=False, end=6))],
    averages=[
        average_case(ExponentialMovingAverage, 'ExponentialMovingAverage', momentum=0.1),
        average_case(ExponentialMovingAverage, 'ExponentialMovingAverage', momentum=0.1, interval=2,
                     update_buffers=True),
        average_case(ExpMomentumEMA, 'ExpMomentumEMA', momentum=0.0002, gamma=3, update_buffers=True),
        average_case(MomentumAnnealingEMA, 'MomentumAnnealingEMA', momentum=0.3, gamma=2),
        average_case(StochasticWeightAverage, 'StochasticWeightAverage', interval=2)])
json.dump(result, open(sys.argv[1], 'w'))
