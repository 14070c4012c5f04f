"""Tiny image files of many kinds and what cv2.imread makes of them, for Tests/PoseCoreTests/ImageFileTests.swift.

Run: python Tools/oracle/image_fixtures.py Tests/PoseCoreTests/Fixtures/images
Made with opencv-python-headless 4.10.0.84, Pillow and NumPy 1.26.
"""
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

assert cv2.__version__.startswith('4.10.'), cv2.__version__
out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
random = np.random.RandomState(3)
rgb = cv2.resize(random.randint(0, 256, (4, 6, 3), dtype=np.uint8), (24, 16), interpolation=cv2.INTER_CUBIC)
gray = rgb[..., 0]
picture = Image.fromarray(rgb)


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


for orientation in range(1, 9):
    picture.save(out / f'exif_{orientation}.jpg', quality=90, exif=exif(orientation))
picture.save(out / 'exif_6.png', exif=exif(6))
picture.save(out / 'progressive.jpg', quality=85, progressive=True)
picture.save(out / 'subsampled.jpg', quality=40, subsampling=2)
picture.save(out / 'full_color.jpg', quality=95, subsampling=0)
picture.convert('CMYK').save(out / 'cmyk.jpg', quality=90)
Image.fromarray(gray).save(out / 'gray.jpg', quality=90)
Image.fromarray(gray).save(out / 'gray.png')
picture.save(out / 'rgb.png')
picture.convert('P', palette=Image.ADAPTIVE, colors=16).save(out / 'palette.png')
Image.fromarray(gray > 128).save(out / 'bits.png')
alpha = np.dstack([rgb, (gray.astype(int) * 7 % 256).astype(np.uint8)])
Image.fromarray(alpha).save(out / 'alpha.png')
Image.fromarray(alpha[..., [0, 3]], 'LA').save(out / 'gray_alpha.png')
cv2.imwrite(str(out / 'gray16.png'), gray.astype(np.uint16) * 257 + 100 * (gray < 200).astype(np.uint16))
cv2.imwrite(str(out / 'rgb16.png'), rgb.astype(np.uint16) * 251 + 77)
picture.save(out / 'rgb.bmp')
picture.save(out / 'lossless.webp', lossless=True)
picture.save(out / 'lossy.webp', quality=80)
picture.save(out / 'rgb.tiff', compression='tiff_lzw')
picture.save(out / 'rgb.ppm')
Image.fromarray(rgb[:1, :1]).save(out / 'one.png')
Image.fromarray(rgb[:1, :1]).save(out / 'one.jpg', quality=90)

expected = {}
for file in sorted(out.iterdir()):
    if file.suffix != '.npz':
        image = cv2.imread(str(file), cv2.IMREAD_COLOR)
        assert image is not None, file
        expected[file.name] = image
np.savez_compressed(out / 'expected.npz', **expected)
