"""usage: codec_fixtures.py OUT_DIR
What MMPose's codecs give for ordinary and for odd inputs: OUT_DIR/codecs.json (cases, in order) and OUT_DIR/codecs.npz
(arrays CASE/encode/I/NAME, CASE/decode/I/NAME; results have names that start with "out.").
Needs munkres 1.1.4, the version that MMPose was released with; later ones break ties differently."""
import json
import os
import platform
import sys
import warnings

import cv2
import mmpose
import munkres
import numpy as np
import torch

import codec_cases_many  # noqa: F401 (adds its cases)
from codec_cases import CASES, decode, encode

warnings.filterwarnings('ignore')


def main(folder):
    arrays, cases = {}, []
    for case in CASES:
        for part, run in (('encode', encode), ('decode', decode)):
            for index, inputs in enumerate(case.get(part, [])):
                outputs = run(case['config'], inputs)
                for name, value in {**inputs, **{'out.' + k: v for k, v in outputs.items()}}.items():
                    if isinstance(value, np.ndarray):
                        arrays[f"{case['name']}/{part}/{index}/{name}"] = value
        cases.append({'name': case['name'], 'config': case['config'],
                      'encode': len(case.get('encode', [])), 'decode': len(case.get('decode', []))})
    os.makedirs(folder, exist_ok=True)
    np.savez_compressed(os.path.join(folder, 'codecs.npz'), **arrays)
    versions = {'python': platform.python_version(), 'mmpose': mmpose.__version__, 'numpy': np.__version__,
                'torch': torch.__version__, 'opencv': cv2.__version__, 'munkres': munkres.__version__}
    with open(os.path.join(folder, 'codecs.json'), 'w') as file:
        json.dump({'versions': versions, 'cases': cases}, file, indent=1)
        file.write('\n')


if __name__ == '__main__':
    main(sys.argv[1])
