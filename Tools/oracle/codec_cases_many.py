"""Cases of codec_fixtures.py: codecs for several instances, for coordinates and for three dimensions."""
import numpy as np

from codec_cases import both, bump, case, maps, points, rng


def people(size, count, keypoints=6, dtype=np.float32, spread=.35):
    """Instances of different sizes, some cut by the border, some key points not annotated, one instance without any."""
    centers = rng.random((count, 1, 2)) * size
    extents = (.05 + spread * rng.random((count, 1, 1))) * max(size)
    instances = centers + extents * rng.normal(size=(count, keypoints, 2)) / 2
    visible = (rng.random((count, keypoints)) > .25).astype(dtype)
    visible[0], visible[-1] = 1, 0
    visible[0, 1] = .6
    low, high = instances.min(1), instances.max(1)
    return {'keypoints': instances.astype(dtype), 'keypoints_visible': visible,
            'bbox': np.concatenate([low, high], 1).astype(dtype),
            'area': np.prod(high - low, 1).astype(dtype), 'category_id': 1 + np.arange(count) % 3}


def corners(sample, turn=.3):
    """Boxes as four corners, turned about their middle."""
    x1, y1, x2, y2 = sample['bbox'].T
    box = np.stack([np.stack([x1, y1], 1), np.stack([x1, y2], 1), np.stack([x2, y1], 1), np.stack([x2, y2], 1)], 1)
    middle = box.mean(1, keepdims=True)
    turned = (box - middle) @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) + middle
    return {**sample, 'bbox': turned.astype(sample['bbox'].dtype)}


def select(sample, *names):
    return {k: v for k, v in sample.items() if k in ('keypoints', 'keypoints_visible', *names)}


SIZE, MAP = (44, 32), (22, 16)
codec = {'input_size': SIZE, 'heatmap_size': MAP}

# ---- coordinates

predicted = {'regression': rng.random((1, 7, 2)).astype(np.float32)}
uncertain = {'regression': (rng.random((1, 7, 4)) * 1.4 - .2).astype(np.float32)}
case('regression', {'type': 'RegressionLabel', 'input_size': SIZE}, both(SIZE), [predicted, uncertain])
for name, extra in {'plain': {}, 'raw': {'normalize': False}, 'dark': {'unbiased': True}}.items():
    case('integral_' + name, {'type': 'IntegralRegressionLabel', **codec, 'sigma': 2.0, **extra}, both(SIZE), [predicted])
for name, extra in {'plain': {}, 'expanded': {'expand_bbox': True}}.items():
    case('yolox_' + name, {'type': 'YOLOXPoseAnnotationProcessor', **extra},
         [select(people(SIZE, 4, dtype=d), 'bbox', 'category_id', 'area') for d in (np.float32, np.float64)])

sample = select(people(SIZE, 3, 5), 'area')
sample['bboxes'], sample['img_shape'] = people(SIZE, 3)['bbox'], np.array([32, 44])
count = 9
queries = {'input_shapes': np.array([32, 44]), 'pred_logits': rng.random((count, 2)).astype(np.float32),
           'pred_boxes': rng.random((count, 4)).astype(np.float32),
           'pred_keypoints': rng.random((count, 15)).astype(np.float32)}
case('edpose', {'type': 'EDPoseLabel', 'num_select': 7, 'num_keypoints': 5}, [sample], [queries])

# ---- several instances

for name, extra in {'plain': {}, 'box': {'root_type': 'bbox_center', 'heatmap_min_overlap': .4}}.items():
    samples = []
    for dtype in (np.float32, np.float64):
        sample = select(people(SIZE, 4, dtype=dtype), 'bbox')
        sample = corners(sample) if dtype == np.float32 else sample
        if sample['bbox'].ndim == 2:
            del sample['bbox']
        samples.append({**sample, 'draw.steps': rng.integers(-1, 2, (8, 2)), 'draw.indices': np.array([1, 0, 2])})
    scored = {'instance_heatmaps': np.stack([maps(MAP)['heatmaps'] for _ in range(2)]),
              'instance_scores': np.array([[.9], [.35]], np.float32)}
    case('decoupled_' + name, {'type': 'DecoupledHeatmap', **codec, **extra}, samples, [scored])
sample = {**corners(select(people(SIZE, 7), 'bbox')), 'draw.steps': rng.integers(-1, 2, (8, 2)),
          'draw.indices': np.array([2, 0])}
case('decoupled_few', {'type': 'DecoupledHeatmap', **codec, 'encode_max_instances': 2}, [sample])


def roots(keypoints, with_maps):
    channels = [bump(MAP, rng.random(2) * MAP, 2, .9) for _ in range(keypoints)] if with_maps else []
    root = sum(bump(MAP, c, 1.5, h) for c, h in (([5, 5], .8), ([15, 8], .6), ([21, 15], .4), ([8, 13], .3)))
    channels.append(np.maximum(root + .004 * rng.normal(size=root.shape), 0))
    return {'heatmaps': np.stack(channels).astype(np.float32),
            'displacements': (4 * rng.normal(size=(2 * keypoints, *root.shape))).astype(np.float32)}


for name, extra in {'roots': {}, 'keypoints': {'generate_keypoint_heatmaps': True, 'sigma': (3, 1.5)},
                    'box': {'root_type': 'bbox_center', 'minimal_diagonal_length': 9, 'sigma': 2.5}}.items():
    case('spr_' + name, {'type': 'SPR', **codec, 'sigma': 2, **extra},
         [select(people(SIZE, 5, dtype=d)) for d in (np.float32, np.float64)], [roots(6, name == 'keypoints')])
case('spr_default', {'type': 'SPR', 'input_size': (128, 192), 'heatmap_size': (64, 96),
                     'decode_max_instances': 3, 'decode_thr': .35}, [], [roots(4, False)])


def tagged(keypoints, instances, length=1, lost=.2, noise=.05):
    """Maps with a peak per instance and key point, tags around the instance's, some peaks missing."""
    w, h = MAP
    heat, tags = np.zeros((keypoints, h, w)), rng.normal(size=(length, keypoints, h, w)) * 3
    own = rng.normal(size=(instances, length)) * 4
    for k in range(keypoints):
        for i in range(instances):
            if rng.random() < lost:
                continue
            x, y = rng.integers(0, w), rng.integers(0, h)
            heat[k] = np.maximum(heat[k], bump(MAP, [x, y], 1.2, .3 + .6 * rng.random()))
            near = np.s_[max(0, y - 1):y + 2, max(0, x - 1):x + 2]
            for d in range(length):
                tags[(d, k, *near)] = own[i, d] + noise * rng.normal(size=tags[(d, k, *near)].shape)
    heat += .01 * rng.random(heat.shape)
    return {'heatmaps': heat.astype(np.float32), 'tags': tags.reshape(-1, h, w).astype(np.float32)}


order = [2, 0, 1, 3, 5, 4]
for name, extra in {'plain': {}, 'udp': {'use_udp': True}, 'shift': {'decode_center_shift': .5, 'sigma': 1.3},
                    'few': {'decode_max_instances': 2, 'decode_topk': 4, 'decode_keypoint_thr': .3}}.items():
    length = 2 if name == 'shift' else 1
    decoding = [tagged(6, 3, length), tagged(6, 5, length, noise=1.5), tagged(6, 6, length, .5, 2.5)]
    decoding.append({k: v * 0 for k, v in decoding[0].items()})
    config = {'type': 'AssociativeEmbedding', **codec, 'decode_keypoint_order': order, **extra}
    case('ae_' + name, config, [select(people(SIZE, 3, dtype=d)) for d in (np.float32, np.float64)], decoding)

# ---- three dimensions

size = (32, 24, 16)
depths = (rng.random((1, 8, 1)) * 500 - 250).astype(np.float32)
hands = {'keypoints': np.concatenate([rng.random((1, 8, 2)).astype(np.float32) * 80 - 8, depths], -1),
         'keypoints_visible': (rng.random((1, 8)) > .2).astype(np.float32), 'rel_root_depth': np.float32(37.5),
         'rel_root_valid': np.float32(1), 'hand_type': np.array([[1, 0]], np.float32),
         'hand_type_valid': np.array([1], np.float32), 'focal': np.ones(2, np.float32),
         'principal_pt': np.ones(2, np.float32),
         'dataset_keypoint_weights': (.5 + np.arange(8) / 8).astype(np.float32)}
hands = {k: np.asarray(v) for k, v in hands.items()}
volumes = {'heatmaps': rng.normal(size=(5, 6, 7, 8)).astype(np.float32),
           'root_depth': np.array([41.3], np.float32), 'hand_type': np.array([[.3, -.2]], np.float32)}
volumes['heatmaps'][1], volumes['heatmaps'][2, 3, 4, 5] = -1, np.nan
for name, extra in {'plain': {}, 'joints': {'joint_indices': [1, 3, 4], 'max_bound': 255, 'sigma': 1.5},
                    'weights': {'use_different_joint_weights': True, 'root_depth_bound': 50.0}}.items():
    case('hand3d_' + name, {'type': 'Hand3DHeatmap', 'image_size': (64, 64), 'heatmap_size': size, 'depth_size': 16,
                            **extra}, [hands, {**hands, 'rel_root_depth': np.asarray(np.float32(900))}], [volumes])

K = 5


def pose(frames, target_frames=None, scale=1.):
    target = rng.normal(size=(target_frames or frames, K, 3)) * .4 * scale
    target[..., 2] += 4 * scale
    return {'keypoints': (rng.random((frames, K, 2)) * 900).astype(np.float32),
            'keypoints_visible': np.ones((frames, K), np.float32),
            'lifting_target': target.astype(np.float32),
            'lifting_target_visible': (rng.random(target.shape[:2]) > .2).astype(np.float32)}


lens = {'camera.w': np.array(1000), 'camera.h': np.array(1002)}
full = {**lens, 'camera.f': np.array([[1145.05], [1143.78]], np.float32),
        'camera.c': np.array([[512.54], [515.45]], np.float32)}
lifted = {'lifted': rng.normal(size=(1, K, 3)).astype(np.float32)}
rooted = {**lifted, 'target_root': rng.normal(size=(1, 3)).astype(np.float32)}
short = {'lifted': rooted['lifted'][:, 1:].copy(), 'target_root': rooted['target_root']}
statistics = {'keypoints_mean': rng.random((K, 2)).tolist(), 'keypoints_std': (1 + rng.random((K, 2))).tolist()}
target = {'target_mean': rng.random((K - 1, 3)).tolist(), 'target_std': (1 + rng.random((K - 1, 3))).tolist()}
lifter = {'type': 'ImagePoseLifting', 'num_keypoints': K}
case('image_lifting_plain', lifter, [pose(1)], [lifted, rooted])
case('image_lifting_removed', {**lifter, 'remove_root': True, 'save_index': True, **statistics, **target}, [pose(1)],
     [short])
case('image_lifting_mean', {**lifter, 'root_index': [1, 2], 'remove_root': True, 'reshape_keypoints': False,
                            'concat_vis': True}, [pose(1)], [rooted])
video = {'type': 'VideoPoseLifting', 'num_keypoints': K}
case('video_lifting_plain', video, [{**pose(3, 1), **lens}], [lifted, rooted])
case('video_lifting_removed', {**video, 'remove_root': True, 'save_index': True, 'concat_vis': True},
     [{**pose(3, 1), **lens}], [short])
case('video_lifting_camera', {**video, 'normalize_camera': True, 'reshape_keypoints': False, 'zero_center': False},
     [{**pose(3, 1), **full}], [])
case('video_lifting_mean', {**video, 'root_index': [0, 3]}, [{**pose(3, 1), **lens}], [])
bert = {'type': 'MotionBERTLabel', 'num_keypoints': K}
frames = {'lifted': rng.normal(size=(4, K, 3)).astype(np.float32)}
sized = {**frames, 'w': np.full(4, 1000), 'h': np.full(4, 1002),
         'factor': (3 + rng.random((4, 1))).astype(np.float32)}
given = {**pose(4), **full, 'factor': (3 + rng.random(4)).astype(np.float32)}
case('motionbert_test', bert, [{**pose(4), **lens}, {**pose(4), **full}, {**pose(4, scale=1000.), **full}, given],
     [frames, sized])
case('motionbert_train', {**bert, 'mode': 'train', 'concat_vis': True, 'root_index': 2},
     [{**pose(4), **full}, {**pose(4, scale=1000.), **full}], [])
case('motionbert_rootrel', {**bert, 'rootrel': True}, [], [sized])
