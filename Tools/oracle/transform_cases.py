"""Inputs of transform_fixtures.py and how MMPose's transforms are run on them."""
import copy

import cv2
import mmpose.datasets.transforms  # noqa: F401 (fills the registry)
import numpy as np
from mmpose.registry import TRANSFORMS

rng = np.random.default_rng(4)
CASES = []


def picture(width=61, height=47):
    """Soft colour patches with some noise: every pixel tells its place."""
    coarse = rng.integers(0, 256, (6, 8, 3)).astype(np.uint8)
    fine = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).astype(int)
    return np.clip(fine + rng.integers(-9, 10, fine.shape), 0, 255).astype(np.uint8)


IMAGE = picture()


def person(count=1, keypoints=5, dtype=np.float32):
    """A sample as MMPose's datasets start one."""
    height, width = IMAGE.shape[:2]
    low = rng.random((count, 2)) * [width / 3, height / 3]
    size = 8 + rng.random((count, 2)) * [width / 2, height / 2]
    points = low[:, None] + rng.random((count, keypoints, 2)) * size[:, None]
    visible = (rng.random((count, keypoints)) > .2).astype(dtype)
    return {'img': IMAGE.copy(), 'img_shape': (height, width), 'ori_shape': (height, width),
            'bbox': np.concatenate([low, low + size], 1).astype(dtype), 'bbox_score': np.ones(count, dtype),
            'keypoints': points.astype(dtype), 'keypoints_visible': visible}


def case(name, steps, sample, **draws):
    CASES.append({'name': name, 'steps': steps, 'sample': sample, 'draws': draws})


def run(case):
    sample = copy.deepcopy(case['sample'])
    for step in case['steps']:
        sample = TRANSFORMS.build(dict(step))(sample)
    return sample


# ---- regions

for name, size, padding in [('tall', (24, 32), 1.25), ('wide', (32, 24), 1.15), ('square', (20, 20), 1.0)]:
    for udp in (False, True):
        for dtype in (np.float32, np.float64):
            sample = person(dtype=dtype)
            if name == 'wide':
                sample['bbox_rotation'] = np.array([37.3], np.float32)
            if name == 'square':
                sample['bbox'] += np.array([-30, 25, -30, 25], dtype)  # mostly outside the image
            case(f"topdown_{name}_{'udp' if udp else 'plain'}_{np.dtype(dtype).name}",
                 [{'type': 'GetBBoxCenterScale', 'padding': padding},
                  {'type': 'TopdownAffine', 'input_size': size, 'use_udp': udp}], sample)
sample = person()
sample['bbox_center'], sample['bbox_scale'] = np.float32([[30.3, 21.7]]), np.float32([[25.1, 31.3]])
case('topdown_given_scale', [{'type': 'GetBBoxCenterScale', 'padding': 1.1},
                             {'type': 'TopdownAffine', 'input_size': (24, 32)}], sample)
