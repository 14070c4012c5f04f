"""Makes Tests/Fixtures/losses.jsonl: the losses of the zoo's configs and their gradients, by the real MMPose 1.3.2.

usage: python zoo_losses.py OUT.jsonl [PART_OF_CONFIG_NAME ...]

Weights, inputs and annotations come from formula.py. Models train, but drop nothing; codecs that draw integers get the
middle of their range. Targets are made by the GenerateTarget of the config's training pipeline and packed by its
PackPoseInputs. One JSON object a line: config, the input's shape, how many instances an image and keypoints an instance
have, every loss and measure by its name in the log, and the norm of all gradients together,
null where they are no number. Configs whose model has no
loss or cannot be run here are named and left out, as are lifters, whose annotations are of another kind.
"""
import gc
import json
import sys

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import init_default_scope

from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import DATASETS, TRANSFORMS
from mmpose.structures.bbox import bbox_xyxy2corner
from formula import uniform
from zoo import KEPT, ROOT, build, configs_of, input_for

BATCH = 2
# With wavelengths by formula, below two pixels, gradients in single precision are 4 % off those in double.
OWN = ('flow_model.loc', 'flow_model.cov', 'flow_model.mask', 'dim_t')
KEPT_STEPS = ('GenerateTarget', 'BottomupGetHeatmapMask', 'PackPoseInputs')


def without_dropping(model):
    for module in model.modules():
        if isinstance(module, torch.nn.modules.dropout._DropoutNd):
            module.p = 0.0
        for name in ('drop_prob', 'drop_out_rate', 'dropout_rate'):
            if isinstance(getattr(module, name, None), float):
                setattr(module, name, 0.0)


def steps_of(config):
    """The steps of the training pipeline that make and pack targets."""
    pipelines = [config.get(name) for name in ('train_pipeline', 'train_pipeline_stage2')]
    pipeline = next(p for p in pipelines if p)
    last = {step.type.split('.')[-1]: step for step in pipeline if isinstance(step.type, str)}
    return [TRANSFORMS.build(last[name]) for name in KEPT_STEPS if name in last]


def keypoints_of(config):
    dataset = config.train_dataloader.dataset
    metainfo = config.model.get('metainfo') or dataset.get('metainfo') or DATASETS.get(dataset.type).METAINFO
    return parse_pose_metainfo(dict(metainfo))['num_keypoints']


def annotated(index, width, height, instances, keypoints, depth, corners):
    """Instances side by side, each all over its column of the image."""
    def numbers(name, *shape):
        return uniform(f'{name}.{index}', int(np.prod(shape))).reshape(shape)

    points = numbers('keypoints', instances, keypoints, 2)
    columns = np.arange(instances)
    points[..., 0] = (points[..., 0] + columns[:, None]) / instances
    points = (points * (width, height)).astype(np.float32)
    boxes = np.stack([columns * width / instances, 0 * columns, (columns + 1) * width / instances,
                      0 * columns + height], 1).astype(np.float32)
    visible = (numbers('visible', instances, keypoints) < 0.75).astype(np.float32)
    if depth:
        points = np.concatenate([points, 64 * numbers('depths', instances, keypoints, 1)], 2)
    if corners:
        boxes = bbox_xyxy2corner(boxes)
    return dict(
        id=index, img_id=index, img=np.zeros((height, width, 3), np.uint8), img_shape=(height, width),
        ori_shape=(height, width), input_size=(width, height), input_center=np.array([width / 2, height / 2]),
        input_scale=np.array([width, height], float), bbox=boxes, bbox_score=np.ones(instances, np.float32),
        keypoints=points, transformed_keypoints=points.copy(), keypoints_visible=visible,
        category_id=np.ones(instances, int).tolist(), area=np.full(instances, width * height / instances, np.float32),
        flip_indices=list(range(keypoints)),
        warp_mat=np.eye(2, 3), rel_root_depth=10.0, rel_root_valid=1.0, hand_type=np.array([[1, 0]], np.float32),
        hand_type_valid=np.array([1], np.float32), focal=np.array([1000, 1000.0]), principal_pt=np.array([50, 50.0]),
        dataset_keypoint_weights=(0.5 + numbers('weights', keypoints)).astype(np.float32))


def number(value):
    """Eight digits; null for what is no number."""
    return float(f'{float(value):.8g}') if np.isfinite(float(value)) else None


def record(name):
    config = Config.fromfile(ROOT + name)
    model = build(config, KEPT + OWN).train()
    without_dropping(model)
    image = input_for(config, BATCH)
    height, width = image.shape[2:]
    instances = 3 if config.model.type == 'BottomupPoseEstimator' else 1
    keypoints = keypoints_of(config)
    codec = config.get('codec')
    kind = codec['type'] if isinstance(codec, dict) else ''
    samples = []
    for index in range(BATCH):
        results = annotated(index, width, height, instances, keypoints, kind == 'Hand3DHeatmap', kind == 'DecoupledHeatmap')
        for step in steps_of(config):
            results = step(results)
        samples.append(results)
    losses = model.loss(image, pseudo_collate(samples)['data_samples'])
    total, log = model.parse_losses(losses)
    total.backward()
    gradient = sum(float(p.grad.double().square().sum()) for p in model.parameters() if p.grad is not None) ** 0.5
    return dict(config=name, input=list(image.shape), instances=instances, keypoints=keypoints,
                losses={key: number(value) for key, value in log.items()}, gradient=number(gradient))


def middle(low, high, size):
    """In place of numpy's randint."""
    return np.full(size, (low + high - 1) // 2)


def main():
    np.random.randint = middle
    init_default_scope('mmpose')
    torch.set_num_threads(2)
    with open(sys.argv[1], 'w', buffering=1) as out:
        for name in configs_of(sys.argv[2:]):
            try:
                out.write(json.dumps(record(name), separators=(',', ':')) + '\n')
                print(name, flush=True)
            except Exception as error:
                print(f'left out: {name}: {error!r}', flush=True)
            # Models have cycles, which pile up to more than the memory.
            gc.collect()


if __name__ == '__main__':
    main()
