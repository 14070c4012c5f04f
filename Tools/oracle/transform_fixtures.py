"""usage: transform_fixtures.py OUT_DIR
What MMPose's transforms make of small samples: OUT_DIR/transforms.json (cases, in order) and OUT_DIR/transforms.npz
(arrays CASE/NAME before, CASE/out.NAME after)."""
import json
import os
import platform
import sys
import warnings

import cv2
import mmcv
import mmpose
import numpy as np

from transform_cases import CASES, IMAGE, run

warnings.filterwarnings('ignore')


def arrays(prefix, values):
    for name, value in values.items():
        if isinstance(value, np.ndarray):
            yield prefix + name, value
        elif isinstance(value, (bool, int, float, tuple)) and name != 'img_path':
            yield prefix + name, np.asarray(value)
        elif isinstance(value, list):
            for index, element in enumerate(value):
                yield f'{prefix}{name}.{index}', np.asarray(element)


def main(folder):
    stored, cases = {'picture': IMAGE}, []
    for case in CASES:
        before = dict(arrays(f"{case['name']}/", case['sample']))
        after = dict(arrays(f"{case['name']}/out.", run(case)))
        # Most samples start with the same picture.
        stored.update({k: v for k, v in before.items() if v.shape != IMAGE.shape or (v != IMAGE).any()})
        # Only what the steps changed or added.
        for key, value in after.items():
            same = before.get(key.replace('/out.', '/'))
            if same is None or same.shape != value.shape or same.dtype != value.dtype or (same != value).any():
                stored[key] = value
        cases.append({'name': case['name'], 'steps': case['steps'], 'draws': case.get('draws', {})})
    os.makedirs(folder, exist_ok=True)
    np.savez_compressed(os.path.join(folder, 'transforms.npz'), **stored)
    versions = {'python': platform.python_version(), 'mmpose': mmpose.__version__, 'mmcv': mmcv.__version__,
                'numpy': np.__version__, 'opencv': cv2.__version__}
    with open(os.path.join(folder, 'transforms.json'), 'w') as file:
        json.dump({'versions': versions, 'cases': cases}, file, indent=1)
        file.write('\n')


if __name__ == '__main__':
    main(sys.argv[1])
