"""Inputs of codec_fixtures.py and how MMPose's codecs are called with them."""
import numpy as np
from mmpose.codecs import *  # noqa: F401,F403 (fills the registry)
from mmpose.registry import KEYPOINT_CODECS

rng = np.random.default_rng(20)


def build(config):
    return KEYPOINT_CODECS.build(dict(config))


def encode(config, inputs):
    codec = build(config)
    keypoints, visible = inputs['keypoints'].copy(), inputs['keypoints_visible'].copy()
    result = codec.encode(keypoints=keypoints, keypoints_visible=visible)
    return {k: np.asarray(v) for k, v in result.items()}


def decode(config, inputs):
    codec = build(config)
    copies = {k: v.copy() for k, v in inputs.items()}
    result = codec.decode(**copies) if 'simcc_x' in copies else codec.decode(copies['heatmaps'])
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
