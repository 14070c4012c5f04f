"""Inputs of transform_fixtures.py and how MMPose's transforms are run on them."""
import copy
import sys
import types

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


def case(name, steps, sample, others=(), tolerance=0, **draws):
    """`draws`: by type of step, what MMPose is made to draw."""
    CASES.append({'name': name, 'steps': steps, 'sample': sample, 'others': list(others), 'draws': draws,
                  'tolerance': tolerance})


def drawing(step, transform, draws):
    """Replaces the methods of a transform that draw."""
    single = lambda value: np.asarray(value, np.float32)  # noqa: E731
    kind = step['type']
    if kind not in draws:
        return
    draw = draws[kind]
    if kind in ('RandomFlip', 'HandRandomFlip'):
        transform._choose_direction = lambda: draw
    elif kind == 'RandomHalfBody':
        transform._random_select_half_body = lambda **_: draw
    elif kind == 'RandomBBoxTransform':
        transform._get_transform_params = lambda _: (
            single(draw['shifts']), single(draw['scales'])[:, None], single(draw['rotations']))
    elif kind == 'PhotometricDistortion':
        transform._random_flags = lambda: (
            int('contrast' in draw), int('brightness' in draw), int('contrast' in draw), draw['mode'],
            int('channels' in draw), draw.get('brightness'), draw.get('contrast'), draw.get('saturation'),
            draw.get('hue'), draw.get('channels'))
    elif kind == 'YOLOXHSVRandomAug':
        transform._get_hsv_gains = lambda: np.array(draw, np.int16)
    elif kind == 'BottomupRandomAffine':
        number = single if transform.distribution == 'trunc_norm' else np.asarray
        transform._get_transform_params = lambda: (
            number(draw['shift']), number([draw['scale']]), draw['rotation'], number(draw['shear']))
    elif kind == 'BottomupRandomCrop':
        transform._get_crop_size = lambda _: tuple(draw['size'][::-1])
        transform._rand_offset = lambda _: (draw['y'], draw['x'])
    elif kind == 'BottomupRandomChoiceResize':
        transform._random_select = lambda: (tuple(draw), 0)
    elif kind == 'Albumentation':
        numbers = iter(dropout_draws(draw))
        for name in ('coarse_dropout', 'grid_dropout'):
            module = sys.modules['albumentations.augmentations.dropout.' + name]
            module.random = types.SimpleNamespace(randint=lambda *_: next(numbers))


def dropout_draws(draw):
    """The whole numbers in the order in which albumentations draws them."""
    if 'holes' in draw:
        return [len(draw['holes'])] + [n for x, y, width, height in draw['holes'] for n in (height, width, y, x)]
    return draw.get('cell', [])[:1] + draw['offset']


def mix(step, transform, sample, case):
    """Mosaic and YOLOXMixUp draw from the module `random`."""
    draw = case['draws'][step['type']]
    if step['type'] == 'Mosaic':
        width, height = transform.img_scale
        uniform = iter([(draw['x'] + .5) / width, (draw['y'] + .5) / height])
        integers = iter([])
    else:
        uniform = iter([draw['scale'], 1. if draw['flips'] else 0.])
        integers = iter([draw['y'], draw['x']])
    module = sys.modules[type(transform).__module__]
    module.random = types.SimpleNamespace(uniform=lambda *_: next(uniform), randint=lambda *_: next(integers))
    sample['mixed_data_list'] = copy.deepcopy(case['others'])
    return transform.apply_mix(sample)


def packed(results):
    """The arrays of a packed sample under the names of a dump."""
    found = {'packed/inputs': results['inputs'].numpy()}
    sample = results['data_samples']
    for group in ('gt_instances', 'gt_instance_labels', 'gt_fields'):
        for key, value in (sample.get(group).items() if group in sample else ()):
            levels = {f'{key}.{i}': v for i, v in enumerate(value)} if isinstance(value, (list, tuple)) else {key: value}
            for name, array in levels.items():
                found[f'packed/{group}/{name}'] = np.asarray(array)
    for key, value in sample.metainfo.items():
        if isinstance(value, (bool, int, float, str, tuple, list, np.ndarray)):
            found['packed/metainfo/' + key] = np.asarray(value)
    return found


def run(case):
    sample = copy.deepcopy(case['sample'])
    for step in case['steps']:
        transform = TRANSFORMS.build(copy.deepcopy(step))
        drawing(step, transform, case['draws'])
        if step['type'] in ('Mosaic', 'YOLOXMixUp'):
            sample = mix(step, transform, sample, case)
        else:
            sample = transform(sample)
        if sample is None:
            return {'rejected': True}
    if 'data_samples' in sample:
        return packed(sample)
    visible = sample.get('keypoints_visible')
    if visible is not None and visible.ndim == 3:
        sample['keypoints_visible'], sample['keypoints_visible_weights'] = visible[..., 0].copy(), visible[..., 1].copy()
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

# ---- augmentation of one instance

indices = [0, 2, 1, 4, 3]
for direction in ('horizontal', 'vertical', 'diagonal', None):
    for dtype in (np.float32, np.float64):
        sample = {**person(2, dtype=dtype), 'flip_indices': indices}
        sample['bbox_center'] = np.asarray([[30.3, 21.7], [.1, 40.9]], dtype)
        case(f'flip_{direction}_{np.dtype(dtype).name}', [{'type': 'RandomFlip'}], sample, RandomFlip=direction)
hand = {**person(), 'flip_indices': indices, 'hand_type': np.array([[1, 0]], np.float32),
        'rel_root_depth': np.float32(3.25), 'rel_root_valid': np.float32(1), 'hand_type_valid': np.ones(1, np.float32)}
for direction in ('horizontal', None):
    case(f'hand_flip_{direction}', [{'type': 'HandRandomFlip'}], hand, HandRandomFlip=direction)

region = [{'type': 'GetBBoxCenterScale'}]
for dtype in (np.float32, np.float64):
    sample = {**person(3, 9, dtype), 'upper_body_ids': [0, 1, 2, 3], 'lower_body_ids': [4, 5, 6, 7, 8]}
    case(f'half_body_{np.dtype(dtype).name}', region + [{'type': 'RandomHalfBody', 'padding': 1.45}], sample,
         RandomHalfBody=[[0, 1, 3], None, [5, 7]])
    case(f'box_transform_{np.dtype(dtype).name}', region + [{'type': 'RandomBBoxTransform'}], person(3, dtype=dtype),
         RandomBBoxTransform={'shifts': [[.1, -.07], [0, 0], [.159, .02]], 'scales': [1.3, .55, 1],
                              'rotations': [33.3, 0, -79.9]})
    case(f'augmented_{np.dtype(dtype).name}',
         region + [{'type': 'RandomBBoxTransform'}, {'type': 'TopdownAffine', 'input_size': (24, 32)}], person(dtype=dtype),
         RandomBBoxTransform={'shifts': [[.1, -.07]], 'scales': [.8], 'rotations': [33.3]})

for name, draw in {'none': {'mode': 0}, 'brightness': {'mode': 0, 'brightness': -21.7},
                   'contrast': {'mode': 0, 'contrast': 1.37}, 'hsv': {'mode': 2, 'hue': -17},
                   'hue': {'mode': 2, 'hue': 17}, 'saturation': {'mode': 1, 'saturation': .61},
                   'all': {'mode': 3, 'brightness': 30.1, 'contrast': .71, 'saturation': 1.43, 'hue': 9,
                           'channels': [2, 0, 1]}}.items():
    case('photometric_' + name, [{'type': 'PhotometricDistortion'}], {'img': IMAGE.copy()}, PhotometricDistortion=draw)
for name, draw in {'up': [4, 29, 11], 'down': [-5, -30, -13], 'none': [0, 0, 0]}.items():
    case('hsv_' + name, [{'type': 'YOLOXHSVRandomAug'}], {'img': IMAGE.copy()}, YOLOXHSVRandomAug=draw)

# ---- annotations

for name, extra in {'points': {'min_kpt_vis': 4}, 'boxes': {'by_box': True, 'min_gt_bbox_wh': (20, 15)},
                    'areas': {'by_area': True, 'min_gt_area': 400, 'by_kpt': False},
                    'nothing': {'min_kpt_vis': 99}}.items():
    sample = {**person(6), 'category_id': np.arange(1, 7)}
    sample['area'] = np.prod(sample['bbox'][:, 2:] - sample['bbox'][:, :2], 1)
    case('filter_' + name, [{'type': 'FilterAnnotations', **extra}], sample)
for name, mapping in {'single': [[0, 3], [2, 0], [4, 6]], 'middle': [[[0, 1], 2], [3, 0], [[4, 2], 5]],
                      'none': []}.items():
    for dtype in (np.float32, np.float64):
        case(f'converter_{name}_{np.dtype(dtype).name}',
             [{'type': 'KeypointConverter', 'num_keypoints': 7, 'mapping': mapping}], person(2, dtype=dtype))
