"""usage: backbone_fixtures.py OUT.jsonl

What MMPose's backbones compute on small inputs with formula weights: one JSON object a line with the config as text, the hash
and number of the state dict's keys, shapes and types in order, and of every output its shape, mean magnitude and values
at evenly spaced flat positions. `training` has the same for a forward pass in training mode, where batch statistics
count, and the running statistics after it. Made with MMPose 1.3.2, mmengine 0.10.7, PyTorch 2.13.
"""
import json
import sys
import warnings

warnings.filterwarnings('ignore')
import mmengine
import mmpose
import mmpose.models  # noqa: F401
import numpy as np
import torch
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS

from formula import fill, fnv, uniform

init_default_scope('mmpose')


def hr_stage(modules, blocks, channels, block='BASIC', **more):
    count = len(channels)
    return dict(num_modules=modules, num_branches=count, block=block, num_blocks=(blocks,) * count,
                num_channels=channels, **more)


def attention(count, window):
    return dict(num_heads=(2,) * count, window_sizes=(window,) * count, mlp_ratios=(2,) * count)


def hrformer(**more):
    return dict(type='HRFormer', extra=dict(
        drop_path_rate=0.0, stage1=hr_stage(1, 1, (16,), 'BOTTLENECK'),
        stage2=hr_stage(1, 1, (8, 16), 'HRFORMERBLOCK', **attention(2, 5)),
        stage3=hr_stage(2, 1, (8, 16, 32), 'HRFORMERBLOCK', **attention(3, 5)),
        stage4=hr_stage(1, 2, (8, 16, 32, 64), 'HRFORMERBLOCK', multiscale_output=True, **attention(4, 3)), **more))


def lite(types, head, stem=32):
    return dict(type='LiteHRNet', extra=dict(
        stem=dict(stem_channels=32, out_channels=stem, expand_ratio=1), num_stages=2, with_head=head,
        stages_spec=dict(num_modules=(2, 1), num_branches=(2, 3), num_blocks=(2, 1), module_type=types,
                         with_fuse=(True, True), reduce_ratios=(8, 4), num_channels=((16, 32), (16, 32, 64)))))


CASES = [
    dict(config=hrformer(with_pad_mask=True)),
    dict(config=hrformer(with_rpe=False, upsample=dict(mode='nearest', align_corners=None)), training=True),
    dict(config=lite(('LITE', 'NAIVE'), True), training=True),
    dict(config=lite(('NAIVE', 'LITE'), False, stem=48)),
    dict(config=dict(type='MobileNetV2', widen_factor=0.35, out_indices=(0, 2, 7), act_cfg=dict(type='ReLU'))),
    dict(config=dict(type='MobileNetV2', frozen_stages=1), training=True),
    dict(config=dict(type='MobileNetV3', out_indices=(0, 4, -1))),
    dict(config=dict(type='MobileNetV3', arch='big', norm_cfg=dict(type='BN', eps=1e-3))),
    dict(config=dict(type='MSPN', unit_channels=16, num_stages=2, num_units=3, num_blocks=[1, 2, 1])),
    dict(config=dict(type='RSN', unit_channels=16, num_stages=2, num_units=3, num_blocks=[1, 2, 1], num_steps=3)),
    dict(config=dict(type='RegNet', arch='regnetx_400mf', out_indices=(0, 1, 2, 3))),
    dict(config=dict(type='RegNet', arch=dict(w0=24, wa=24.0, wm=2.5, group_w=16, depth=6, bot_mul=2.0),
                     strides=(2, 2, 2), dilations=(1, 1, 1), out_indices=(2,), style='caffe')),
    dict(config=dict(type='ShuffleNetV1', groups=2, widen_factor=0.5, out_indices=(0, 1, 2))),
    dict(config=dict(type='ShuffleNetV1', groups=1, norm_cfg=dict(type='GN', num_groups=2))),
    dict(config=dict(type='ShuffleNetV2', widen_factor=0.5, out_indices=(0, 3))),
    dict(config=dict(type='V2VNet', input_channels=3, output_channels=2, mid_channels=8), shape=[2, 3, 8, 12, 4]),
    dict(config=dict(type='ViPNAS_MobileNetV3', wid=[16, 16, 24], expan=[None, 1, 3], dep=[None, 1, 2], ks=[3, 3, 5],
                     group=[None, 4, 24], att=[None, True, False], stride=[2, 1, 2], act=['HSwish', 'ReLU', 'HSwish'])),
    dict(config=dict(type='ViPNAS_ResNet', depth=50, wid=[16, 32, 48, 64, 96], expan=[None, 1, 1, 1, 1],
                     dep=[None, 2, 1, 1, 1], deep_stem=True, avg_down=True, out_indices=(0, 3)), training=True),
    dict(config=dict(type='SEResNeXt', depth=50, base_channels=64, num_stages=2, strides=(1, 2), dilations=(1, 1),
                     out_indices=(1,))),
    dict(config=dict(type='HourglassAENet', num_stacks=2, downsample_times=2, stage_channels=(16, 24, 32),
                     feat_channels=16, out_channels=6)),
    dict(config=dict(type='ResNet', depth=18, norm_cfg=dict(type='GN', num_groups=4), out_indices=(0, 1, 2, 3))),
]


def samples(name, value):
    flat = value.detach().float().numpy().astype(np.float64).ravel()
    at = np.linspace(0, flat.size - 1, min(12, flat.size)).astype(int)
    return dict(name=name, shape=list(value.shape), absmean=float(np.abs(flat).mean()), at=at.tolist(),
                values=[float(f'{v:.7g}') for v in flat[at]])


def tensors(node, path=''):
    if torch.is_tensor(node):
        yield path, node
    else:
        for index, value in enumerate(node):
            yield from tensors(value, f'{path}.{index}' if path else str(index))


def record(config, shape=(2, 3, 96, 64), training=False):
    model = MODELS.build(mmengine.Config(dict(model=config)).model)
    for key, value in model.state_dict().items():
        if value.is_floating_point():
            value.copy_(torch.from_numpy(fill(key, tuple(value.shape))))
    entries = [f'{k} {list(v.shape)} {str(v.dtype).replace("torch.", "")}' for k, v in model.state_dict().items()]
    x = torch.from_numpy((4 * uniform('input', int(np.prod(shape))) - 2).astype(np.float32)).reshape(tuple(shape))
    model.eval()
    with torch.inference_mode():
        outputs = [samples(*pair) for pair in tensors(model(x))]
    result = dict(text=repr(config), entries=len(entries), entries_fnv=f'{fnv(chr(10).join(entries)):016x}',
                  input=list(shape), outputs=outputs)
    if training:
        model.train()
        with torch.no_grad():
            result['training'] = [samples(*pair) for pair in tensors(model(x))]
        state = [(k, v) for k, v in model.state_dict().items() if k.endswith(('running_mean', 'running_var'))]
        result['statistics'] = [samples(*pair) for pair in state]
        result['statistics'] = result['statistics'][::max(1, len(state) // 8)]
    return result


with open(sys.argv[1], 'w') as out:
    for case in CASES:
        out.write(json.dumps(record(**case)) + '\n')
