"""Cases of codec_fixtures.py: codecs for one instance, and how MMPose's codecs are called."""
import random
import sys

import numpy as np
import torch
from mmpose.codecs import *  # noqa: F401,F403 (fills the registry)
from mmpose.codecs.utils import refine_keypoints_dark_udp
from mmpose.datasets.transforms import PackPoseInputs
from mmpose.registry import KEYPOINT_CODECS

rng = np.random.default_rng(20)


def build(config):
    return KEYPOINT_CODECS.build(dict(config))


ENCODE_INPUTS = {'bbox', 'category_id', 'area', 'bboxes', 'img_shape', 'lifting_target', 'lifting_target_visible',
                 'camera_param', 'factor', 'rel_root_depth', 'rel_root_valid', 'hand_type', 'hand_type_valid', 'focal',
                 'principal_pt', 'dataset_keypoint_weights'}
METADATA = ('target_root', 'target_root_removed', 'target_root_index', 'factor')


def camera(inputs):
    """Arrays camera.NAME as the dictionary that codecs take."""
    found = {k[7:]: v for k, v in inputs.items() if k.startswith('camera.')}
    return {'camera_param': {k: v if k in 'fc' else v.item() for k, v in found.items()}} if found else {}


def encode(config, inputs):
    """What PackPoseInputs would find: labels/NAME, fields/NAME, instances/NAME, inputs, metadata/NAME."""
    codec = build(config)
    given = {k: np.copy(v) for k, v in {**inputs, **camera(inputs)}.items()
             if k in codec.auxiliary_encode_keys and k != 'camera_param'}
    if 'camera_param' in codec.auxiliary_encode_keys:
        given.update(camera(inputs))
    if 'img_shape' in given:
        given['img_shape'] = tuple(given['img_shape'][::-1])  # MMPose reads (h, w) as (w, h)
    if config['type'] == 'DecoupledHeatmap':
        replay_draws(inputs)
    keypoints, visible = inputs['keypoints'].copy(), inputs['keypoints_visible'].copy()
    encoded = codec.encode(keypoints=keypoints, keypoints_visible=visible, **given)
    tables = {'labels': codec.label_mapping_table or PackPoseInputs.label_mapping_table,
              'fields': codec.field_mapping_table or PackPoseInputs.field_mapping_table,
              'instances': codec.instance_mapping_table or PackPoseInputs.instance_mapping_table}
    result = {}
    for group, table in tables.items():
        for key, packed in table.items():
            # Labels also take the annotation's own arrays; in `instances` those are the sample's business.
            source = {**inputs, **encoded} if group == 'labels' else encoded
            if source.get(key) is not None:
                result[f'{group}/{packed}'] = np.asarray(source[key])
    if 'lifting_target' in inputs:
        result['inputs'] = np.asarray(encoded['keypoint_labels'])
    if config['type'] == 'AssociativeEmbedding':
        result['labels/keypoint_indices'] = encoded['keypoint_indices']  # lost in MMPose
    result.update({'metadata/' + k: np.asarray(encoded[k]) for k in METADATA if k in encoded})
    for key, value in encoded.get('camera_param', {}).items():
        if key in 'fc':
            result['metadata/camera_param/' + key] = np.asarray(value)
    return result


def replay_draws(inputs):
    """Makes DecoupledHeatmap draw the steps (S, 2) and then the indices that the inputs give."""
    steps = iter(inputs['draw.steps'])
    np.random.randint = lambda low, high, size: next(steps)
    random.sample = lambda population, count: [int(i) for i in inputs['draw.indices'][:count]]


def decode(config, inputs):
    codec = build(config)
    copies = {k: v.copy() for k, v in inputs.items()}
    if config['type'] == 'AssociativeEmbedding':
        tensors = [torch.from_numpy(copies[k])[None] for k in ('heatmaps', 'tags')]
        # MMPose's Taylor expansion spoils the maps that lost key points are then looked up in.
        module = sys.modules[type(codec).__module__]
        module.refine_keypoints_dark_udp = lambda k, h, **more: refine_keypoints_dark_udp(k, h.copy(), **more)
        keypoints, scores, instances = (part[0] for part in codec.batch_decode(*tensors))
        return {'keypoints': keypoints, 'scores': scores, 'instance_scores': instances}
    if config['type'] == 'SPR':
        keypoints, (roots, scores) = codec.decode(*(torch.from_numpy(copies[k]) for k in ('heatmaps', 'displacements')))
        scores = roots[:, None].expand(keypoints.shape[:2]) if scores is None else scores
        return {'keypoints': keypoints.numpy(), 'scores': scores.numpy(), 'instance_scores': roots.numpy()}
    if config['type'] == 'EDPoseLabel':
        boxes, keypoints, scores = codec.decode(**copies)
        return {'keypoints': keypoints, 'scores': scores, 'boxes': boxes}
    if config['type'] == 'Hand3DHeatmap':
        keypoints, scores, depth, kind = codec.decode(**copies)
        return {'keypoints': keypoints, 'scores': scores, 'root_depth': depth, 'hand_type': kind}
    names = {'heatmaps', 'regression', 'lifted'} & set(copies)
    result = codec.decode(copies.pop(names.pop()), **copies) if names else codec.decode(**copies)
    keypoints, scores = result
    named = {'keypoints': keypoints}
    if isinstance(scores, tuple):
        named['scores'], named['visibility'] = scores
    else:
        named['scores'] = scores
    return named


# ---- inputs of single-instance codecs


def points(size, dtype):
    """Key points in and around an input: inside, on borders, on half pixels, near enough outside to leave a trace,
    too far for that, absurd, unannotated."""
    w, h = size
    inside = rng.random((6, 2)) * [w, h]
    special = [[0, 0], [w - 1, h - 1], [w, h], [w / 2 - .5, h / 2 + .5], [10.5, 11.5], [6, 22], [-1.9, -1.2],
               [-4.5, 5.5], [w + 3.25, 2.75], [5, -9], [w * 2, h / 2], [-w, 3], [1e9, -1e9], [w * .3, h * .7],
               [2.499999, 2.5]]
    keypoints = np.concatenate([inside, special]).astype(dtype)[None]
    visible = np.ones(keypoints.shape[:2], dtype)
    visible[0, 2], visible[0, 3], visible[0, 4], visible[0, 5] = 0, .4, .5, 2
    return {'keypoints': keypoints, 'keypoints_visible': visible}


def bump(size, center, sigma=2., height=1.):
    w, h = size
    x, y = np.arange(w), np.arange(h)[:, None]
    return height * np.exp(-((x - center[0])**2 + (y - center[1])**2) / (2 * sigma**2))


def maps(size, odd=True):
    """Maps as networks give them, and (odd) as they should not."""
    w, h = size
    result = [bump(size, rng.random(2) * [w - 1, h - 1], 1 + 2 * rng.random()) for _ in range(5)]
    result += [bump(size, c) for c in ([0, 0], [w - 1, h - 1], [1, 1], [w - 2, h - 3], [w / 2, 0], [1.6, h / 2])]
    result += [bump(size, [w * .4, h * .6]) + .02 * rng.normal(size=(h, w)) for _ in range(2)]
    result += [rng.random((h, w)), rng.normal(size=(h, w)), 300 * bump(size, [w * .3, h * .3], 2.5)]
    if odd:
        ties, spike = np.zeros((h, w)), np.zeros((h, w))
        ties[h // 2, w // 2:w // 2 + 2] = ties[h // 3, w // 3] = .7
        spike[min(3, h - 1), min(4, w - 1)] = 1
        nan = bump(size, [w * .5, h * .5])
        nan[h // 2, w // 4] = np.nan
        result += [np.zeros((h, w)), np.ones((h, w)), -rng.random((h, w)) - .1, ties, spike, nan,
                   np.full((h, w), np.nan), bump(size, [w * .6, h * .4]) - .5]
    return {'heatmaps': np.stack(result).astype(np.float32)}


def rows(count, length, height=1.):
    x = np.arange(length)
    centers = rng.random(count) * (length - 1)
    centers[:3] = 0, length - 1, length / 2
    result = height * np.exp(-(x - centers[:, None])**2 / (2 * 4.9**2)) + .01 * rng.normal(size=(count, length))
    result[3] = 0
    result[4] = -rng.random(length) - .1
    result[5] = np.round(result[5], 1)
    result[6] = rng.normal(size=length)
    return result.astype(np.float32)


def simcc(size, ratio, count=9, dimensions=2, odd=True):
    w, h = int(np.around(size[0] * ratio)), int(np.around(size[1] * ratio))
    x, y = rows(count, w), rows(count, h, .8)
    if odd:
        x[7, 5] = np.nan
        y[8, 2] = np.nan
    return {'simcc_x': x[None] if dimensions == 3 else x, 'simcc_y': y[None] if dimensions == 3 else y}


def both(size):
    return [points(size, np.float32), points(size, np.float64)]


INPUT, MAP = (48, 64), (12, 16)
CASES = []


def case(name, config, encode=(), decode=()):
    CASES.append({'name': name, 'config': config, 'encode': list(encode), 'decode': list(decode)})


for name, extra in {'plain': {'sigma': 2}, 'sigma15': {'sigma': 1.5}, 'sigma17': {'sigma': 1.7},
                    'dark': {'sigma': 2, 'unbiased': True},
                    'dark17': {'sigma': 1.3, 'unbiased': True, 'blur_kernel_size': 17}}.items():
    case('msra_' + name, {'type': 'MSRAHeatmap', 'input_size': INPUT, 'heatmap_size': MAP, **extra}, both(INPUT),
         [maps(MAP)])
for name, size in {'wide': (20, 7), 'odd': (13, 17), 'dot': (1, 1)}.items():
    config = {'type': 'MSRAHeatmap', 'input_size': (48, 64), 'heatmap_size': size, 'sigma': 2}
    case('msra_' + name, config, both((48, 64)), [maps(size)])
    if name != 'dot':
        case('msra_dark_' + name, {**config, 'unbiased': True}, [], [maps(size)])
for name, extra in {'gaussian': {}, 'sigma25': {'sigma': 2.5}, 'combined': {'heatmap_type': 'combined'},
                    'radius': {'heatmap_type': 'combined', 'radius_factor': .11, 'blur_kernel_size': 3}}.items():
    config = {'type': 'UDPHeatmap', 'input_size': INPUT, 'heatmap_size': MAP, **extra}
    if 'heatmap_type' in extra:
        decoded = maps(MAP)
        third = decoded['heatmaps']
        offsets = rng.normal(size=(2, *third.shape)).astype(np.float32)
        stacked = np.stack([third, offsets[0], offsets[1]], 1).reshape(-1, *third.shape[1:])
        decoding = [{'heatmaps': stacked}, {'heatmaps': stacked[9:12].copy()}]
        case('udp_' + name, config, [points(INPUT, np.float32)], decoding)
        case('udp_%s_double' % name, {**config, 'heatmap_size': (4, 5)}, [points(INPUT, np.float64)], [])
    else:
        case('udp_' + name, config, both(INPUT), [maps(MAP), {'heatmaps': maps(MAP)['heatmaps'][-6:-5]}])
for size in (3, 5, 7, 9, 11):
    config = {'type': 'MegviiHeatmap', 'input_size': INPUT, 'heatmap_size': MAP, 'kernel_size': size}
    case('megvii_%d' % size, config, [points(INPUT, np.float32)], [maps(MAP)])
case('megvii_double', {**config, 'heatmap_size': (7, 5)}, [points(INPUT, np.float64)], [maps((7, 5))])
for name, extra in {'plain': {}, 'rtm': {'sigma': (4.9, 5.66), 'normalize': False},
                    'ratio3': {'simcc_split_ratio': 3.0, 'sigma': 2}, 'ratio_part': {'simcc_split_ratio': 1.3},
                    'onehot': {'smoothing_type': 'standard'},
                    'smooth': {'smoothing_type': 'standard', 'label_smooth_weight': .1},
                    'visibility': {'sigma': (4.9, 5.66), 'decode_visibility': True, 'normalize': False},
                    'beta': {'decode_visibility': True, 'decode_beta': 1.5}}.items():
    case('simcc_' + name, {'type': 'SimCCLabel', 'input_size': (24, 32), **extra}, both((24, 32)),
         [simcc((24, 32), extra.get('simcc_split_ratio', 2.0))])
for name, sigma in {'dark': 6.0, 'dark_axes': (2.0, 3.0)}.items():
    case('simcc_' + name, {'type': 'SimCCLabel', 'input_size': (24, 32), 'use_dark': True, 'sigma': sigma}, [],
         [simcc((24, 32), 2.0, dimensions=3)])
