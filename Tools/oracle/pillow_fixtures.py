"""Pictures as Pillow resizes them, compared by Tests/PoseCoreTests/PillowParityTests.swift.

Run: python Tools/oracle/pillow_fixtures.py Tests/PoseCoreTests/Fixtures/pillow.npz
Made with Pillow 13.0 and NumPy 1.26; `resize/SOURCE/WIDTHxHEIGHT` are bilinear, rows before columns, which is
what Pillow does up to 12; from 13 on it begins with the columns where they shrink much more than the rows.
"""
import sys

import numpy as np
import PIL
from PIL import Image

random = np.random.RandomState(11)
photo = random.randint(0, 256, (31, 43, 3), dtype=np.uint8)
gray = random.randint(0, 256, (17, 9), dtype=np.uint8)
out = dict(photo=photo, gray=gray, version=np.array([int(v) for v in PIL.__version__.split('.')]))
for name, image in dict(photo=photo, gray=gray).items():
    for size in (61, 44), (20, 13), (43, 50), (5, 31), (3, 2), (1, 1):
        resized = Image.fromarray(image)
        for step in (size[0], image.shape[0]), size:
            resized = resized.resize(step, Image.Resampling.BILINEAR)
        out[f'resize/{name}/{size[0]}x{size[1]}'] = np.array(resized)
np.savez_compressed(sys.argv[1], **out)
