"""usage: bottomup_training_fixtures.py OUT.jsonl

Losses of MMPose's bottom-up heads on small feature maps and random targets, with the norm of every parameter's gradient:
one JSON object a line. Features and weights are as in bottomup_fixtures.py, which this uses; `samples` have the targets by
their packed names, each as type, shape and values. Heads are in training mode.
"""
import copy
import json
import sys

import numpy as np
import torch
from mmengine.structures import InstanceData, PixelData
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample

sys.argv, out = ['', '/dev/null'], sys.argv[1]
from bottomup_fixtures import AE, CID, DEKR, RTMO, YOLOX, fill_weights, tensor  # noqa: E402

rng = np.random.default_rng(3)


def maps(*shape):
    values = np.round(rng.uniform(0, 1, shape), 3)
    if values.size:
        values.reshape(-1)[rng.integers(0, values.size, 5)] = 1
    return values.astype(np.float32)


def mask(*shape):
    return (rng.uniform(0, 1, shape) > 0.2).astype(np.float32)


def visible(*shape):
    return (rng.uniform(0, 1, shape) > 0.3).astype(np.float32)


def ae():
    indices = np.stack([rng.integers(0, 100, (1, 4)), rng.integers(0, 2, (1, 4))], -1)
    return (dict(keypoint_weights=visible(1, 4), keypoint_indices=indices),
            dict(heatmaps=maps(4, 10, 10), heatmap_mask=mask(1, 10, 10)))


def cid(people):
    return (dict(instance_coords=rng.integers(0, 8, (people, 2)).astype(np.int32), keypoint_weights=visible(people, 4)),
            dict(heatmaps=maps(5, 12, 8), instance_heatmaps=maps(people * 4, 12, 8), heatmap_mask=mask(1, 12, 8)))


def dekr():
    return (dict(), dict(heatmaps=maps(5, 8, 12), heatmap_weights=maps(5, 8, 12), displacements=maps(8, 8, 12) * 4,
                         displacement_weights=mask(8, 8, 12), heatmap_mask=mask(1, 8, 12)))


def people(count, size=(96, 64), invalid=True):
    low = rng.uniform(0, 30, (count, 2))
    boxes = np.concatenate([low, low + rng.uniform(20, 50, (count, 2))], 1).astype(np.float32)
    kpts = (boxes[:, None, :2] + rng.uniform(0, 40, (count, 4, 2))).astype(np.float32)
    fields = dict(heatmap_mask=1 - mask(1, size[1], size[1])) if invalid else dict()
    return (dict(bboxes=boxes, labels=np.zeros(count, np.int8), keypoints=kpts, keypoints_visible=np.ones((count, 4), np.float32)
                 if count == 1 else visible(count, 4), areas=rng.uniform(200, 2000, count).astype(np.float32)), fields)


OTA = dict(type='SimOTAAssigner', dynamic_k_indicator='oks', oks_calculator=dict(type='PoseOKS', metainfo=None))
LOSSES = dict(loss_bbox=dict(type='IoULoss', mode='square', reduction='sum', loss_weight=5.0),
              loss_oks=dict(type='OKSLoss', reduction='none', norm_target_weight=True, loss_weight=30.0),
              loss_vis=dict(type='BCELoss', use_target_weight=True), overlaps_power=0.5,
              loss_bbox_aux=dict(type='L1Loss', reduction='sum'), use_aux_loss=True)
YOLOX = dict(YOLOX, **LOSSES, loss_cls=dict(type='BCELoss', reduction='sum'),
             loss_obj=dict(type='BCELoss', use_target_weight=True, reduction='sum'),
             loss_kpt_aux=dict(type='SmoothL1Loss', use_target_weight=True), assigner=OTA)
RTMO = dict(RTMO, **LOSSES, loss_cls=dict(type='VariFocalLoss', use_target_weight=True, reduction='sum'),
            loss_mle=dict(type='MLECCLoss', use_target_weight=True),
            assigner=dict(OTA, dynamic_k_indicator='iou', vis_weight=0.5, use_keypoints_for_center=True))
AE_MAPS, CID_MAPS, DEKR_MAPS = [[2, 8, 10, 10]], [[2, 8, 12, 8]], [[2, 8, 8, 12]]
YOLOX_MAPS, RTMO_MAPS = [[2, 8, 8, 12], [2, 8, 4, 6]], [[2, 16, 4, 6], [2, 16, 2, 3]]
# With auxiliary losses MMPose fails on a batch without people.
CASES = [
    ('ae', AE, AE_MAPS, [ae(), ae()]),
    ('cid', CID, CID_MAPS, [cid(2), cid(1)]),
    ('cid, one image without people', CID, CID_MAPS, [cid(0), cid(3)]),
    ('cid, nobody', CID, CID_MAPS, [cid(0), cid(0)]),
    ('dekr', DEKR, DEKR_MAPS, [dekr(), dekr()]),
    ('yoloxpose', YOLOX, YOLOX_MAPS, [people(2), people(3)]),
    ('yoloxpose, one image without people', YOLOX, YOLOX_MAPS, [people(0), people(2)]),
    ('yoloxpose, nobody', dict(YOLOX, use_aux_loss=False), YOLOX_MAPS, [people(0), people(0)]),
    ('rtmo', RTMO, RTMO_MAPS, [people(2, invalid=False), people(1, invalid=False)]),
    ('rtmo, learning from the classifier', dict(RTMO, proxy_target_cc=True), RTMO_MAPS, [people(2), people(1)]),
    ('rtmo, nobody', dict(RTMO, use_aux_loss=False), RTMO_MAPS, [people(0), people(0)]),
]


def array(value):
    return dict(type=str(value.dtype), shape=list(value.shape), values=[json.loads(str(x)) for x in value.reshape(-1)])


def case(name, head, shapes, samples):
    module = MODELS.build(copy.deepcopy(head))
    fill_weights(module)
    module.train()
    named = [[f'scale0.map{m}', shape] for m, shape in enumerate(shapes)]
    feats = tuple(tensor(n, shape, 9) for n, shape in named)
    data = []
    for labels, fields in samples:
        sample = PoseDataSample()
        sample.gt_instance_labels = InstanceData(**{k: torch.from_numpy(v) for k, v in labels.items()})
        sample.gt_fields = PixelData(**{k: torch.from_numpy(v) for k, v in fields.items() if k != 'instance_heatmaps'})
        if 'instance_heatmaps' in fields:
            sample.gt_fields.set_field(torch.from_numpy(fields['instance_heatmaps']), 'instance_heatmaps')
        data.append(sample)
    losses = module.loss(feats, data, train_cfg={})
    total = sum(v.mean() for k, v in losses.items() if 'loss' in k)
    if total.requires_grad:
        total.backward()
    print(name, {k: float(torch.as_tensor(v).float().mean()) for k, v in losses.items()}, file=sys.stderr)
    return dict(
        name=name, head=repr(head), features=[named], gain=9,
        samples=[dict(labels={k: array(v) for k, v in labels.items()}, fields={k: array(v) for k, v in fields.items()})
                 for labels, fields in samples],
        losses={k: float(torch.as_tensor(v).float().mean()) for k, v in losses.items()},
        gradients={k: float(p.grad.norm()) for k, p in module.named_parameters() if p.grad is not None})


with open(out, 'w') as file:
    for arguments in CASES:
        file.write(json.dumps(case(*arguments)) + '\n')
