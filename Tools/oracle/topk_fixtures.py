"""usage: topk_fixtures.py OUT.json
Which places torch.topk finds, and in which order, in lists of few different numbers: the order of equal ones is that of
the C++ library's sorting. Values are indices into `levels`."""
import json
import platform
import sys

import numpy as np
import torch


def main(path):
    rng = np.random.default_rng(8)
    levels = [0.0, 1.0, 0.5, 2.0, -1.0, 3.0, 0.25, 4.0, 5.0, 6.0]
    cases = []
    for count, length, kinds, filled in ((30, 2200, 2, 1), (30, 2000, 9, .02), (30, 1919, 3, 1), (30, 400, 9, 1),
                                         (5, 321, 3, .5), (5, 319, 3, .5), (20, 20, 4, 1), (1, 70, 2, 1),
                                         (30, 1000, 2, .01), (3, 3, 1, 1)):
        places = rng.integers(0, kinds + 1, length) * (rng.random(length) < filled)
        values = torch.tensor([levels[i] for i in places])
        cases.append({'count': count, 'values': ''.join(map(str, places)), 'indices': values.topk(count)[1].tolist()})
    versions = {'python': platform.python_version(), 'torch': torch.__version__}
    with open(path, 'w') as file:
        json.dump({'versions': versions, 'levels': levels, 'cases': cases}, file, indent=1)
        file.write('\n')


if __name__ == '__main__':
    main(sys.argv[1])
