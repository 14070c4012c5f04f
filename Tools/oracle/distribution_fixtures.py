"""usage: distribution_fixtures.py OUT.json
How the random numbers of MMPose's transforms are distributed: of 40,000 draws each, up to 201 values that divide them in
equal parts, and the share of draws that are not greater."""
import json
import platform
import random
import sys
import warnings

import mmpose
import numpy as np
from mmpose.datasets.transforms import (BottomupRandomAffine, BottomupRandomCrop, RandomBBoxTransform, RandomFlip,
                                        RandomHalfBody, YOLOXHSVRandomAug)

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


def main(path):
    np.random.seed(3)
    random.seed(3)
    result = {}
    for name, values in draws():
        values = np.asarray(values, float)
        points = np.unique(np.quantile(values, np.arange(201) / 200, method='nearest'))
        result[name] = {'points': points.tolist(),
                        'shares': [round(float((values <= point).mean()), 6) for point in points]}
    versions = {'python': platform.python_version(), 'mmpose': mmpose.__version__, 'numpy': np.__version__}
    with open(path, 'w') as file:
        json.dump({'versions': versions, 'count': COUNT, 'draws': result}, file)
        file.write('\n')


if __name__ == '__main__':
    main(sys.argv[1])
