"""usage: transform_fixtures.py OUT_DIR
What MMPose's transforms make of small samples: OUT_DIR/transforms.json (cases, in order) and OUT_DIR/transforms.npz
(arrays CASE/NAME before, CASE/out.NAME after)."""
import json
import os
import platform
import sys
import warnings

import albumentations
import cv2
import mmcv
import mmpose
import numpy as np

import transform_cases_whole  # noqa: F401 (adds its cases)
import transform_cases_pixels  # noqa: F401 (adds its cases)
from transform_cases import CASES, IMAGE, run

warnings.filterwarnings('ignore')


def arrays(prefix, values):
    """All arrays and numbers in a sample; lists of lists as NAME.0, NAME.1, dictionaries as NAME/KEY."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from arrays(f'{prefix}{name}/', value)
        elif isinstance(value, list) and any(not np.isscalar(element) for element in value):
            yield from arrays(prefix, {f'{name}.{index}': element for index, element in enumerate(value)})
        elif isinstance(value, (np.ndarray, np.generic, bool, int, float, str, tuple)) or value and isinstance(value, list):
            yield prefix + name, np.asarray(value)


def main(folder):
    stored, cases = {'picture': IMAGE}, []
    for case in CASES:
        before = dict(arrays(f"{case['name']}/", case['sample']))
        for index, other in enumerate(case['others']):
            before.update(arrays(f"{case['name']}/other.{index}/", other))
        after = dict(arrays(f"{case['name']}/out.", run(case)))
        # Most samples start with the same picture.
        stored.update({k: v for k, v in before.items() if v.shape != IMAGE.shape or (v != IMAGE).any()})
        # Only what the steps changed or added.
        for key, value in after.items():
            same = before.get(key.replace('/out.', '/'))
            if same is None or same.shape != value.shape or same.dtype != value.dtype or (same != value).any():
                stored[key] = value
        cases.append({'name': case['name'], 'steps': case['steps'], 'draws': case['draws'],
                      'others': len(case['others']), 'tolerance': case['tolerance']})
    os.makedirs(folder, exist_ok=True)
    np.savez_compressed(os.path.join(folder, 'transforms.npz'), **stored)
    versions = {'python': platform.python_version(), 'mmpose': mmpose.__version__, 'mmcv': mmcv.__version__,
                'numpy': np.__version__, 'opencv': cv2.__version__, 'albumentations': albumentations.__version__}
    with open(os.path.join(folder, 'transforms.json'), 'w') as file:
        json.dump({'versions': versions, 'cases': cases}, file, indent=1)
        file.write('\n')


if __name__ == '__main__':
    main(sys.argv[1])
