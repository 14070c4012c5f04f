"""usage: distribution_fixtures.py OUT.json
How the random numbers of MMPose's transforms are distributed: of 40,000 draws each, up to 201 values that divide them in
equal parts, and the share of draws that are not greater."""
import json
import platform
import random
import sys
import warnings

import albumentations
import mmpose
import numpy as np
from mmpose.datasets.transforms import (BottomupRandomAffine, BottomupRandomChoiceResize, BottomupRandomCrop, Mosaic,
                                        PhotometricDistortion, RandomBBoxTransform, RandomFlip, RandomHalfBody,
                                        YOLOXHSVRandomAug, YOLOXMixUp, mix_img_transforms)

warnings.filterwarnings('ignore')
COUNT = 40000


def half_bodies():
    visible = np.ones((COUNT, 17))
    visible[:, 12] = 0
    transform = RandomHalfBody()
    halves = transform._random_select_half_body(visible, list(range(11)), list(range(11, 17)))
    return [0 if half is None else 1 if 0 in half else 2 for half in halves]


def crops():
    transform = BottomupRandomCrop(crop_size=(0.3, 0.5), crop_type='relative_range')
    sizes = np.array([transform._get_crop_size((480, 640)) for _ in range(COUNT)])
    return {'crop.height': sizes[:, 0], 'crop.width': sizes[:, 1]}


class Recorder:
    """`numpy.random` for the module of mixtures, which remembers what it gave."""

    def __init__(self):
        self.given = []

    def uniform(self, *bounds):
        self.given.append(np.random.uniform(*bounds))
        return self.given[-1]

    def randint(self, *bounds):
        self.given.append(np.random.randint(*bounds))
        return self.given[-1]


def instance(width, height):
    return {'img': np.zeros((height, width, 3), np.uint8), 'bbox': np.array([[1., 1, 5, 5]]), 'bbox_score': np.ones(1),
            'category_id': np.ones(1), 'keypoints': np.array([[[2., 2]]]), 'keypoints_visible': np.ones((1, 1)),
            'keypoints_visible_weights': np.ones((1, 1)), 'area': np.array([16.]), 'flip_indices': [0],
            'img_shape': (height, width), 'id': [1]}


def mixtures():
    mosaic, mixup = Mosaic(img_scale=(64, 48)), YOLOXMixUp(img_scale=(64, 64))
    centers, mixed = [], []
    original, mix_img_transforms.random = mix_img_transforms.random, Recorder()
    for _ in range(COUNT):
        mix_img_transforms.random.given = given = []
        mosaic.apply_mix({**instance(12, 9), 'mixed_data_list': [instance(12, 9) for _ in range(3)]})
        centers.append([int(given[0] * 64), int(given[1] * 48)])
        mix_img_transforms.random.given = given = []
        mixup.apply_mix({**instance(30, 40), 'mixed_data_list': [instance(12, 12)]})
        mixed.append([given[0], given[1] > .5, given[2], given[3]])
    mix_img_transforms.random = original
    for column, name in enumerate(('mosaic.x', 'mosaic.y')):
        yield name, np.array(centers)[:, column]
    for column, name in enumerate(('mixup.scale', 'mixup.flip', 'mixup.y', 'mixup.x')):
        yield name, np.array(mixed, float)[:, column]


def photometric():
    transform = PhotometricDistortion()
    orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    rows = []
    for _ in range(COUNT):
        early, brightens, contrasts, mode, swaps, brightness, contrast, saturation, hue, order = transform._random_flags()
        rows.append([brightness if brightens else 0, contrast if early and contrasts else 1, mode,
                     saturation if mode in (1, 3) else 1, hue if mode in (2, 3) else 0,
                     orders.index(list(order)) if swaps else 0])
    for column, name in enumerate(('brightness', 'contrast', 'mode', 'saturation', 'hue', 'channels')):
        yield 'photometric.' + name, np.array(rows)[:, column]


def dropouts():
    image = {'image': np.zeros((200, 150, 3), np.uint8)}
    coarse = {'parts': albumentations.CoarseDropout(max_holes=5, min_holes=1, max_height=.4, max_width=.4,
                                                    min_height=.2, min_width=.2),
              'pixels': albumentations.CoarseDropout(max_holes=3, max_height=40, max_width=30, min_height=10,
                                                     min_width=5)}
    for kind, dropout in coarse.items():
        holes = [dropout.get_params_dependent_on_targets(image)['holes'] for _ in range(COUNT)]
        yield f'coarse.{kind}.count', [len(h) for h in holes]
        first = np.array([h[0] for h in holes])
        yield f'coarse.{kind}.x', first[:, 0]
        yield f'coarse.{kind}.y', first[:, 1]
        yield f'coarse.{kind}.width', first[:, 2] - first[:, 0]
        yield f'coarse.{kind}.height', first[:, 3] - first[:, 1]
    grid = albumentations.GridDropout(unit_size_min=10, unit_size_max=40, random_offset=True)
    holes = [grid.get_params_dependent_on_targets(image)['holes'] for _ in range(COUNT)]
    yield 'grid.x', [h[0][0] for h in holes]
    yield 'grid.y', [h[0][1] for h in holes]
    yield 'grid.cell', [h[1][1] - h[0][1] for h in holes]  # from one row to the next
    for name, blur in {'blur': albumentations.Blur(), 'median': albumentations.MedianBlur(blur_limit=(5, 11))}.items():
        yield name + '.size', [blur.get_params()['ksize'] for _ in range(COUNT)]


def choices():
    resize = BottomupRandomChoiceResize(scales=[(10, 20), (20, 30), (30, 40)])
    yield 'choice', [resize._random_select()[1] for _ in range(COUNT)]
    crop = BottomupRandomCrop(crop_size=(30, 50), crop_type='absolute_range')
    sizes = np.array([crop._get_crop_size((48, 64)) for _ in range(COUNT)])
    yield 'crop.range.height', sizes[:, 0]
    yield 'crop.range.width', sizes[:, 1]
    offsets = np.array([crop._rand_offset((7, 21)) for _ in range(COUNT)])
    yield 'crop.y', offsets[:, 0]
    yield 'crop.x', offsets[:, 1]


def draws():
    boxes = RandomBBoxTransform()  # its draws are lost when nobody holds it
    offset, scale, rotation = boxes._get_transform_params(COUNT)
    yield 'box.shift', offset[:, 0]
    yield 'box.scale', scale[:, 0]
    yield 'box.rotation', rotation
    yield 'half', half_bodies()
    colors = YOLOXHSVRandomAug()
    gains = np.array([colors._get_hsv_gains() for _ in range(COUNT)])
    for index, name in enumerate(('hue', 'saturation', 'value')):
        yield 'hsv.' + name, gains[:, index]
    flip = RandomFlip(prob=[.3, .2, .1], direction=['horizontal', 'vertical', 'diagonal'])
    names = [None, 'horizontal', 'vertical', 'diagonal']
    yield 'flip', [names.index(flip._choose_direction()) for _ in range(COUNT)]
    yield from crops().items()
    for kind in ('trunc_norm', 'uniform'):
        random_affine = BottomupRandomAffine(input_size=(512, 512), distribution=kind)
        rows = [random_affine._get_transform_params() for _ in range(COUNT)]
        for column, name in enumerate(('shift', 'scale', 'rotation')):
            values = [row[column] for row in rows]
            yield f'affine.{kind}.{name}', [np.ravel(value)[0] for value in values]
    for part in (photometric, dropouts, choices, mixtures):
        yield from part()


def main(path):
    np.random.seed(3)
    random.seed(3)
    result = {}
    for name, values in draws():
        values = np.asarray(values, float)
        points = np.unique(np.quantile(values, np.arange(201) / 200, method='nearest'))
        result[name] = {'points': points.tolist(),
                        'shares': [round(float((values <= point).mean()), 6) for point in points]}
    versions = {'python': platform.python_version(), 'mmpose': mmpose.__version__, 'numpy': np.__version__,
                'albumentations': albumentations.__version__}
    with open(path, 'w') as file:
        json.dump({'versions': versions, 'count': COUNT, 'draws': result}, file)
        file.write('\n')


if __name__ == '__main__':
    main(sys.argv[1])
