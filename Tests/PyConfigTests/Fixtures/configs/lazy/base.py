from torch.optim import SGD
from mmengine.dataset import DefaultSampler as Sampler
import torch.nn as nn
train_cfg = dict(by_epoch=True, max_epochs=10, nested=dict(a=1, b=2))
optim = dict(type=SGD, lr=0.1)
sampler = dict(type=Sampler, shuffle=True)
act = dict(type=nn.ReLU, layers=[nn.Conv2d, nn.modules.Linear])
shared = dict(x=1)
user = dict(shared=shared)
