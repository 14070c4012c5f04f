"""Image files under every colour type and backend of MMCV's `imfrombytes`, for
Tests/PoseCoreTests/ImageDecodingTests.swift.

Run: python Tools/oracle/image_kind_fixtures.py Tests/PoseCoreTests/Fixtures
Made with mmcv 2.x, opencv-python-headless 4.10.0.84, Pillow 13.0, NumPy 1.26; the files of `tifffile` with tifffile
2026.3. TurboJPEG is recorded as what it is documented to be: OpenCV's decoding, which uses it, without EXIF.

Reads images/ (image_fixtures.py), writes tiff/ and image_kinds.npz with BACKEND/COLOR_TYPE/FILE for every pair that
the backend reads.
"""
import sys
from pathlib import Path

import cv2
import mmcv
import numpy as np
import tifffile  # noqa: F401 (that MMCV finds it)

fixtures = Path(sys.argv[1])
TYPES = ('color', 'grayscale', 'unchanged', 'color_ignore_orientation', 'grayscale_ignore_orientation')
random = np.random.RandomState(5)
rgb = cv2.resize(random.randint(0, 256, (4, 6, 3), dtype=np.uint8), (24, 16), interpolation=cv2.INTER_CUBIC)
tiffs = fixtures / 'tiff'
tiffs.mkdir(exist_ok=True)
for name, array in {'plain': rgb, 'gray': rgb[..., 1], 'gray16': rgb[..., 2].astype(np.uint16) * 250 + 9,
                    'float': rgb[..., 0].astype(np.float32) / 7}.items():
    tifffile.imwrite(tiffs / f'{name}.tiff', np.ascontiguousarray(array))
tifffile.imwrite(tiffs / 'double.tiff', rgb[..., 0].astype(np.float64))

expected = {}
for file in sorted((fixtures / 'images').iterdir()) + sorted(tiffs.iterdir()):
    if file.suffix == '.npz':
        continue
    content = file.read_bytes()
    backends = ['cv2', 'pillow'] + ['tifffile'] * (file.parent == tiffs)
    for backend in backends:
        for kind in TYPES:
            try:
                image = mmcv.imfrombytes(content, flag=kind, backend=backend)
            except Exception:  # what the backend does not read
                continue
            if image is not None:
                expected[f'{backend}/{kind}/{file.name}'] = image.astype(np.uint8) if image.dtype == bool else image
np.savez_compressed(fixtures / 'image_kinds.npz', **expected)
