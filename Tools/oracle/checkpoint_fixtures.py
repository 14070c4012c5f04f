"""Checkpoints written by the real PyTorch and MMEngine, with what they hold, for Tests/CheckpointTests.

    python Tools/oracle/checkpoint_fixtures.py Tests/CheckpointTests/Fixtures

Needs torch, numpy and mmengine. `expected.json` records their versions and, for every file and tensor, dtype, shape,
strides and the row-major values as numbers.
"""
import copy
import datetime
import json
import pathlib
import sys
from collections import OrderedDict, defaultdict

import mmengine
import numpy as np
import torch
from mmengine.config import ConfigDict
from mmengine.logging import MessageHub
from mmengine.model import ExponentialMovingAverage

OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
torch.manual_seed(0)
expected = {"versions": {"torch": torch.__version__, "numpy": np.__version__, "mmengine": mmengine.__version__}}


def describe(tensors):
    return {
        key: {
            "dtype": str(t.dtype).removeprefix("torch."),
            "shape": list(t.shape),
            "strides": list(t.stride()),
            "values": t.detach().to(torch.float64).reshape(-1).tolist(),
        }
        for key, t in tensors.items()
    }


def save(name, value, tensors, **options):
    torch.save(value, OUT / name, **options)
    expected[name] = describe(tensors)


def both_layouts(name, value, tensors):
    save(f"{name}.pth", value, tensors)
    save(f"{name}_legacy.pth", value, tensors, _use_new_zipfile_serialization=False)


numbers = torch.tensor([-3.5, 0.0, 1.25, 96.0])
dtypes = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8]
every = OrderedDict((str(d).removeprefix("torch."), numbers.to(d)) for d in dtypes)
every["uint8"] = torch.tensor([0, 1, 128, 255], dtype=torch.uint8)
every["bool"] = torch.tensor([True, False, True, True])
both_layouts("dtypes", every, every)

base = torch.arange(24, dtype=torch.float32)
views = OrderedDict(
    base=base, grid=base.view(4, 6), transposed=base.view(4, 6).t(), part=base[3:9], strided=base[1::5],
    expanded=base[:4].view(4, 1).expand(4, 3), cube=base.view(2, 3, 4).permute(2, 0, 1), scalar=torch.tensor(7.5),
    element=base[10], empty=torch.zeros(0, 3), parameter=torch.nn.Parameter(base[:2].clone()))
both_layouts("views", views, views)


class Net(torch.nn.Module):
    _version = 2

    def __init__(self):
        super().__init__()
        self.backbone = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU())
        self.head = torch.nn.Linear(4, 2)


net = Net()
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
net.head(net.backbone(torch.rand(2, 3, 8, 8)).mean((2, 3))).sum().backward()
optimizer.step()
ema = ExponentialMovingAverage(net)
net.head.weight.data += 1
ema.update_parameters(net)
net.head.weight.data += 1

hub = MessageHub.get_instance("fixture")
for loss in (0.5, 0.25):
    hub.update_scalar("train/loss", loss)
hub.update_info("iter", 2)
hub.update_info("score", np.float64(3.5))
meta = dict(
    epoch=1, iter=2, cfg="model = dict(type='Net')", seed=None, time="20260101_000000",
    dataset_meta=dict(
        dataset_name="tiny", num_keypoints=2, flip_indices=[1, 0], sigmas=np.array([0.25, 0.5], np.float32),
        links=np.array([[0, 1]], np.int64), keypoint_id2name={0: "left", 1: "right"}, upper={"left"}),
    options=ConfigDict(a=1, b=dict(c=[1, 2])), when=datetime.datetime(2026, 1, 1), where=pathlib.PurePosixPath("/tmp"),
    counts=defaultdict(int, x=1), device=torch.device("cpu"), dtype=torch.float32, big=1 << 100, raw=b"\xff\x00",
    number=2 + 1j, fortran=np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)),
    big_endian=np.array([1, 258], ">i4"), names=np.array(["a", "bc"]))
checkpoint = dict(
    meta=meta, state_dict=copy.copy(net.state_dict()), message_hub=hub.state_dict(), optimizer=optimizer.state_dict())
both_layouts("openmmlab", checkpoint, checkpoint["state_dict"])

# What mmengine's EMAHook does before it saves: the averages go under `state_dict`.
swapped = dict(state_dict=copy.copy(net.state_dict()), ema_state_dict=copy.copy(ema.state_dict()))
for key in list(swapped["ema_state_dict"]):
    if key.startswith("module."):
        plain = key[7:]
        swapped["ema_state_dict"][key], swapped["state_dict"][plain] = (
            swapped["state_dict"][plain], swapped["ema_state_dict"][key])
save("ema.pth", swapped, swapped["state_dict"])

parallel = torch.nn.DataParallel(net).state_dict()
save("parallel.pth", dict(model=parallel), {k.removeprefix("module."): v for k, v in parallel.items()})
save("protocol4.pth", checkpoint, checkpoint["state_dict"], pickle_protocol=4)
save("protocol5.pth", checkpoint, checkpoint["state_dict"], pickle_protocol=5)
save("complex.pth", dict(a=torch.zeros(2, dtype=torch.complex64)), {})

(OUT / "expected.json").write_text(json.dumps(expected))
