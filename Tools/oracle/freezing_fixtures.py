"""usage: freezing_fixtures.py OUT.jsonl

What `frozen_stages` and `norm_eval` do to MMPose's backbones: one JSON object a line with the config as text, the names of
the parameters that do not learn, those of batch normalisations whose statistics a forward pass in training moves (counted by
`num_batches_tracked`), each as number, hash of the lines in order, and the first and last. Made with MMPose 1.3.2, mmpretrain 1.2.0, PyTorch 2.13.
"""
import json
import sys
import warnings

warnings.filterwarnings('ignore')
import mmengine
import mmpose.models  # noqa: F401
import torch
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS

from formula import fnv

init_default_scope('mmpose')
BN = dict(type='BN')


def hrnet(kind='HRNet', block='BASIC', **more):
    def stage(blocks, channels, block=block, **more):
        return dict(num_modules=1, num_branches=len(channels), block=block, num_blocks=(blocks,) * len(channels),
                    num_channels=channels, **(more if block == 'HRFORMERBLOCK' else {}))

    def attention(n):
        return dict(num_heads=(1,) * n, window_sizes=(3,) * n, mlp_ratios=(2,) * n)
    extra = dict(stage1=stage(1, (8,), 'BOTTLENECK'), **{
        f'stage{n}': stage(1, (8, 16, 32, 64)[:n], **attention(n)) for n in (2, 3, 4)}, **more)
    return dict(type=kind, extra=extra)


LITE = dict(type='LiteHRNet', extra=dict(
    stem=dict(stem_channels=16, out_channels=16, expand_ratio=1), num_stages=1, with_head=True,
    stages_spec=dict(num_modules=(1,), num_branches=(2,), num_blocks=(1,), module_type=('LITE',), with_fuse=(True,),
                     reduce_ratios=(8,), num_channels=((16, 32),))))
VIPNAS = dict(type='ViPNAS_ResNet', depth=50, wid=[16, 32, 48, 64, 96], dep=[None, 1, 1, 1, 1])
SMALL = dict(depth=50, base_channels=16, stem_channels=16)
CASES = [
    (dict(type='ResNet', depth=18, base_channels=8, stem_channels=8), 4), (dict(type='ResNetV1d', **SMALL), 4),
    (dict(type='ResNeXt', depth=50, groups=4, width_per_group=4), 1), (dict(type='ResNeSt', depth=50), 1),
    (dict(type='SCNet', depth=50), 1), (dict(type='SEResNet', depth=50), 1), (dict(type='SEResNeXt', depth=50), 1),
    (dict(type='RegNet', arch='regnetx_400mf'), 4), (VIPNAS, 4), (dict(VIPNAS, deep_stem=True), 1),
    (dict(type='ViPNAS_MobileNetV3'), 6), (dict(type='MobileNetV2', widen_factor=0.35), 7),
    (dict(type='MobileNetV3'), 10), (dict(type='MobileNetV3', arch='big'), 1),
    (dict(type='ShuffleNetV1', widen_factor=0.5), 2), (dict(type='ShuffleNetV2', widen_factor=0.5), 3),
    (dict(type='VGG', depth=11, norm_cfg=BN), 5), (dict(type='VGG', depth=11), 1),
    (dict(type='CSPNeXt', widen_factor=0.125, deepen_factor=0.33), 4),
    (dict(type='CSPDarknet', widen_factor=0.125, deepen_factor=0.33), 4),
    (hrnet(), 4), (hrnet('HRFormer', 'HRFORMERBLOCK', drop_path_rate=0.0), 2), (LITE, None),
    (dict(type='SwinTransformer', embed_dims=12, depths=(1, 1, 1, 1), num_heads=(1, 1, 1, 1), drop_path_rate=0.0), 4),
    (dict(type='SwinTransformer', embed_dims=12, depths=(1, 1, 1, 1), num_heads=(1, 1, 1, 1), use_abs_pos_embed=True,
          pretrain_img_size=64, out_indices=(1, 3), drop_path_rate=0.0), 3),
    (dict(type='mmpretrain.VisionTransformer', arch='deit-tiny', img_size=(64, 64), patch_size=16, qkv_bias=True,
          with_cls_token=False, out_type='featmap'), 12),
]


def digest(lines):
    return dict(count=len(lines), fnv=f'{fnv(chr(10).join(lines)):016x}', some=lines[:1] + lines[-1:])


def policies(kind, last):
    """Every policy that a backbone of a kind takes."""
    norms = kind not in ('SwinTransformer', 'mmpretrain.VisionTransformer')
    yield {}
    if norms:
        yield dict(norm_eval=True)
    if last is not None:
        for stages in sorted({0, 1, 2, last} if last > 2 else {0, 1, last}):
            yield dict(frozen_stages=stages)
        if norms:
            yield dict(frozen_stages=1, norm_eval=True)


def row(config):
    model = MODELS.build(mmengine.Config(dict(model=config)).model)
    model.train()
    side = 128 if config['type'] == 'SCNet' else 64
    model(torch.zeros(2, 3, side, side))
    moving = [k for k, v in model.state_dict().items() if k.endswith('num_batches_tracked') and v > 0]
    return dict(text=repr(config), side=side, moving=digest(moving),
                frozen=digest([k for k, v in model.named_parameters() if not v.requires_grad]))


with open(sys.argv[1], 'w') as out:
    for config, last in CASES:
        for policy in policies(config['type'], last):
            out.write(json.dumps(row(dict(config, **policy))) + '\n')
