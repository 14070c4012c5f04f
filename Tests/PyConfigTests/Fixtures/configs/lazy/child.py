from mmengine.config import read_base

with read_base():
    from .base import *
    from .base import optim as base_optim
    from .other.more import stage, depth as levels

from torch.optim import Adam
from mmpose.models import (HRNet,
                           ResNet)

train_cfg.update(max_epochs=20, nested=dict(b=3))
train_cfg.new = dict(c=[dict(d=1)])
train_cfg.new.c[0].d = 5
optim.merge(dict(type=Adam, paramwise=dict(_delete_=True, k=1)))
shared.x = 2
model = dict(type=HRNet, pretrain=dict(type=ResNet, depth=levels), act=act.type, sizes=(1, 2.0))
model['stage'] = stage
popped = train_cfg.pop('nothing')
stages = [dict(type=t, index=i) for i, t in enumerate([HRNet, ResNet])]
same = base_optim.type == SGD
