"""Cases of transform_fixtures.py: transforms of whole images, mixtures of samples, and whole pipelines."""
import numpy as np

from transform_cases import IMAGE, case, person, picture, rng


def crowd(count=3, keypoints=5, dtype=np.float32, image=None):
    sample = person(count, keypoints, dtype)
    sample['area'] = np.prod(sample['bbox'][:, 2:] - sample['bbox'][:, :2], 1)
    sample['category_id'] = np.arange(count) % 3 + 1
    sample['flip_indices'] = [0, 2, 1, 4, 3]
    if image is not None:
        sample['img'] = image
        sample['img_shape'] = sample['ori_shape'] = image.shape[:2]
    return sample


# ---- whole images

for name, extra in {'fit': {'input_size': (48, 64)}, 'expand': {'input_size': (32, 32), 'resize_mode': 'expand'},
                    'padded': {'input_size': (64, 48), 'pad_val': (114, 100, 90)},
                    'udp': {'input_size': (32, 64), 'use_udp': True},
                    'udp_expand': {'input_size': (32, 32), 'use_udp': True, 'resize_mode': 'expand'}}.items():
    case('resize_' + name, [{'type': 'BottomupResize', 'size_factor': 16, **extra}], crowd())

turned = {'shift': [.11, -.07], 'scale': .83, 'rotation': 21.7, 'shear': [0., 0.]}
sheared = {'shift': [-.08, .05], 'scale': 1.21, 'rotation': -12.3, 'shear': [1.7, -1.1]}
for name, (extra, draw) in {
        'affine': ({}, turned), 'long': ({'scale_type': 'long', 'pad_val': 114}, turned),
        'udp': ({'transform_mode': 'affine_udp'}, turned),
        'upright': ({'bbox_keep_corner': False, 'clip_border': True}, turned),
        'still': ({'bbox_keep_corner': False, 'clip_border': True, 'scale_type': 'long'},
                  {'shift': [0., 0.], 'scale': 1., 'rotation': 0., 'shear': [0., 0.]}),
        'perspective': ({'transform_mode': 'perspective', 'pad_val': 114, 'bbox_keep_corner': False,
                         'clip_border': True}, sheared),
        'uniform': ({'transform_mode': 'perspective', 'distribution': 'uniform'}, sheared)}.items():
    for dtype in (np.float32, np.float64):
        case(f'affine_{name}_{np.dtype(dtype).name}',
             [{'type': 'BottomupRandomAffine', 'input_size': (40, 32), **extra}], crowd(dtype=dtype), tolerance=1e-6,
             BottomupRandomAffine=draw)
for name, (size, x, y) in {'inside': ((30, 25), 11, 7), 'corner': ((20, 47), 41, 0), 'none': ((9, 8), 0, 39)}.items():
    sample = crowd()
    # MMPose asks whether arrays are true and leaves areas of cut-off instances: without those.
    del sample['category_id'], sample['bbox_score'], sample['area']
    if name == 'none':
        sample['bbox'] += 20
        sample['bbox'] = np.minimum(sample['bbox'], 45)
    case('crop_' + name, [{'type': 'BottomupRandomCrop', 'crop_size': size}], sample,
         BottomupRandomCrop={'size': size, 'x': x, 'y': y})
for name, (extra, size) in {'free': ({}, (40, 30)), 'ratio': ({'keep_ratio': True}, (50, 31)),
                            'unclipped': ({'clip_object_border': False}, (90, 20))}.items():
    case('choice_resize_' + name, [{'type': 'BottomupRandomChoiceResize', 'scales': [size], **extra}], crowd(),
         BottomupRandomChoiceResize=size)

# ---- mixtures

others = [crowd(2, image=picture(50, 30)), crowd(1, image=picture(20, 44)), crowd(4, image=picture(33, 33))]
for name, (x, y) in {'even': (40, 33), 'low': (57, 20), 'left': (22, 46)}.items():
    case('mosaic_' + name, [{'type': 'Mosaic', 'img_scale': (40, 32)}], crowd(), others, Mosaic={'x': x, 'y': y})
for name, draw in {'small': {'scale': .61, 'flips': False, 'x': 0, 'y': 0},
                   'large': {'scale': 1.53, 'flips': True, 'x': 17, 'y': 9},
                   'same': {'scale': 1.0, 'flips': True, 'x': 0, 'y': 4}}.items():
    case('mixup_' + name, [{'type': 'YOLOXMixUp', 'img_scale': (56, 56)}], crowd(), [others[0]], YOLOXMixUp=draw)

# ---- three dimensions


def lifted(frames=3, target=1, keypoints=5):
    return {'keypoints': (rng.random((frames, keypoints, 2)) * 900).astype(np.float32),
            'keypoints_visible': (rng.random((frames, keypoints)) > .3).astype(np.float32),
            'lifting_target': rng.normal(size=(target, keypoints, 3)).astype(np.float32),
            'lifting_target_visible': (rng.random((target, keypoints)) > .3).astype(np.float32),
            'flip_indices': [0, 2, 1, 4, 3],
            'camera_param': {'w': 1000, 'h': 1002, 'f': np.array([[1145.05], [1143.78]], np.float32),
                             'c': np.array([[512.54], [515.45]], np.float32)}}


root = {'center_mode': 'root', 'center_index': 0}
for name, (extra, frames, target) in {
        'static': ({'keypoints_flip_cfg': {'center_x': 450.25}, 'target_flip_cfg': {'center_x': 0.}}, 3, 2),
        'root': ({'keypoints_flip_cfg': root, 'target_flip_cfg': {**root, 'center_index': [1, 2]},
                  'flip_camera': True}, 1, 1)}.items():
    case('around_root_' + name, [{'type': 'RandomFlipAroundRoot', 'flip_prob': 1., **extra}], lifted(frames, target))
bert = {'type': 'GenerateTarget', 'encoder': {'type': 'MotionBERTLabel', 'num_keypoints': 5, 'mode': 'train'}}
still = {'keypoints_flip_cfg': {'center_x': 0.}, 'target_flip_cfg': {'center_x': 0.}, 'flip_label': True}
case('packed_lifting', [bert, {'type': 'RandomFlipAroundRoot', 'flip_prob': 1., **still},
                        {'type': 'PackPoseInputs', 'meta_keys': ('flip_indices', 'factor')}], lifted(3, 3))

# ---- whole pipelines

SIZE, MAP = (24, 32), (6, 8)
msra = {'type': 'MSRAHeatmap', 'input_size': SIZE, 'heatmap_size': MAP}
regression = {'type': 'RegressionLabel', 'input_size': SIZE}
weights = (.5 + np.arange(5) / 4).astype(np.float32)
keys = ('id', 'img_id', 'img_path', 'category_id', 'crowd_index', 'ori_shape', 'img_shape', 'input_size',
        'input_center', 'input_scale', 'flip', 'flip_direction', 'flip_indices', 'dataset_name')


def topdown(encoder, name, pack=(), target=(), **more):
    sample = {**person(), 'flip_indices': [0, 2, 1, 4, 3], 'id': 7, 'img_id': 42, 'img_path': 'a/b.jpg',
              'category_id': 1, 'crowd_index': .25, 'dataset_name': 'coco', 'dataset_keypoint_weights': weights}
    steps = [{'type': 'GetBBoxCenterScale'}, {'type': 'RandomFlip'}, {'type': 'TopdownAffine', 'input_size': SIZE},
             {'type': 'GenerateTarget', 'encoder': encoder, **dict(target)},
             {'type': 'PackPoseInputs', 'meta_keys': keys, **dict(pack)}]
    case('packed_' + name, more.get('before', []) + steps, sample, tolerance=1e-6, RandomFlip=more.get('flip'))


topdown({**msra, 'sigma': 1}, 'plain', {'pack_transformed': True})
topdown({**msra, 'sigma': 1}, 'flipped', flip='horizontal')
topdown({**msra, 'sigma': 1}, 'weights', target={'use_dataset_keypoint_weights': True})
topdown([{**msra, 'sigma': s} for s in (1, 2)], 'levels', target={'multilevel': True})
topdown({'type': 'SimCCLabel', 'input_size': SIZE, 'sigma': 3.}, 'simcc')
topdown(regression, 'regression')
convert = {'type': 'KeypointConverter', 'num_keypoints': 5, 'mapping': [[0, 0], [[1, 2], 2], [4, 3]]}
topdown({**msra, 'sigma': 1}, 'converted', {'meta_keys': ()}, before=[convert])  # flip indices: see differences.md
bottom = [{'type': 'BottomupResize', 'input_size': (64, 64)}]
for name, encoder in {'spr': {'type': 'SPR', 'sigma': 2}, 'tags': {'type': 'AssociativeEmbedding', 'sigma': 1}}.items():
    case('packed_' + name, bottom + [{'type': 'GenerateTarget', 'encoder': {
        'input_size': (64, 64), 'heatmap_size': (16, 16), **encoder}}, {'type': 'PackPoseInputs'}], crowd(),
        tolerance=1e-6)
case('packed_yolox', bottom + [{'type': 'GenerateTarget', 'encoder': {'type': 'YOLOXPoseAnnotationProcessor'}},
                               {'type': 'PackPoseInputs'}], crowd())

square = [[10., 5, 40, 8, 35, 30, 12, 28]]
thin = [[1., 40, 60, 41.5, 30, 46.9], [50., 1, 59, 1, 59, 12, 50, 12]]
for name, (extra, flip) in {'valid': ({}, None), 'invalid': ({'get_invalid': True}, 'horizontal'),
                            'heatmaps': ({}, 'horizontal')}.items():
    sample = {**crowd(), 'invalid_segs': [square, thin]}
    steps = [{'type': 'BottomupRandomAffine', 'input_size': (48, 48)}, {'type': 'RandomFlip'}]
    if name == 'heatmaps':
        steps.append({'type': 'GenerateTarget', 'encoder': {
            'type': 'AssociativeEmbedding', 'input_size': (48, 48), 'heatmap_size': (20, 12), 'sigma': 1}})
    steps += [{'type': 'BottomupGetHeatmapMask', **extra}, {'type': 'PackPoseInputs', 'meta_keys': ()}]
    case('packed_mask_' + name, steps, sample, tolerance=1e-6, RandomFlip=flip, BottomupRandomAffine=turned)
