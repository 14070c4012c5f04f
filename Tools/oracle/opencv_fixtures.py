"""Numbers of OpenCV as MMPose uses it, compared by Tests/PoseCoreTests/OpenCVParityTests.swift.

Run: python Tools/oracle/opencv_fixtures.py Tests/PoseCoreTests/Fixtures/opencv.npz
Made with opencv-python-headless 4.10.0.84 (which has Intel IPP) and NumPy 1.26.
"""
import sys

import cv2
import numpy as np

assert cv2.__version__.startswith('4.10.'), cv2.__version__
random = np.random.RandomState(7)
photo = random.randint(0, 256, (29, 37, 3), dtype=np.uint8)
photo = np.ascontiguousarray(np.maximum(photo, cv2.blur(photo, (5, 5))))
heat = random.rand(17, 22).astype(np.float32)
color = (photo[:12, :18] / 255).astype(np.float32)
matrix = cv2.getRotationMatrix2D((20.3, 17.9), 33.7, 0.83)
matrix[:, 2] += (3.21, -4.57)
big = cv2.getRotationMatrix2D((20.3, 17.9), -14.2, 2.9)
big[:, 2] += (11.7, 23.4)
tilt = np.array([[0.9, 0.2, 3.3], [-0.13, 1.1, 2.2], [0.0013, -0.0021, 1]])
out = dict(photo=photo, heat=heat, color=color, matrix=matrix, big=big, tilt=tilt)

modes = dict(nearest=cv2.INTER_NEAREST, linear=cv2.INTER_LINEAR, cubic=cv2.INTER_CUBIC, area=cv2.INTER_AREA,
             lanczos4=cv2.INTER_LANCZOS4)
borders = dict(zero=cv2.BORDER_CONSTANT, replicate=cv2.BORDER_REPLICATE, reflect101=cv2.BORDER_REFLECT_101)
sources = dict(photo=photo, heat=heat, color=color)

for source, image in sources.items():
    for mode in ('nearest', 'linear', 'cubic', 'lanczos4'):
        for border, code in borders.items() if mode == 'linear' else [('zero', cv2.BORDER_CONSTANT)]:
            out[f'warp/{source}/{mode}/{border}/matrix'] = cv2.warpAffine(
                image, matrix, (34, 23), flags=modes[mode], borderMode=code)
    out[f'warp/{source}/linear/zero/big'] = cv2.warpAffine(image, big, (48, 64), flags=cv2.INTER_LINEAR)
    out[f'perspective/{source}/linear/zero/tilt'] = cv2.warpPerspective(image, tilt, (34, 23), flags=cv2.INTER_LINEAR)
    h, w = image.shape[:2]
    for mode, code in modes.items():
        for name, size in dict(up=(w + 9, h * 2 - 5), half=(w // 2, h // 2),
                               down=(w // 3 + 1, h // 2 - 1)).items():
            out[f'resize/{source}/{mode}/{name}'] = cv2.resize(image, size, interpolation=code)

for size in range(3, 19, 2):
    out[f'blur/heat/{size}/0'] = cv2.GaussianBlur(heat, (size, size), 0)
    out[f'blur/photo/{size}/0'] = cv2.GaussianBlur(photo, (size, size), 0)
    out[f'blur/heat/{size}/1.7'] = cv2.GaussianBlur(heat, (size, size), 1.7)
    out[f'kernel/{size}/0'] = cv2.getGaussianKernel(size, 0, cv2.CV_32F).ravel()
    out[f'kernel/{size}/1.7'] = cv2.getGaussianKernel(size, 1.7, cv2.CV_32F).ravel()
out['median/photo/5'] = cv2.medianBlur(photo, 5)
out['box/photo/5x3'] = cv2.blur(photo, (5, 3))
out['gray/photo'] = cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY)
out['hsv/photo'] = cv2.cvtColor(photo, cv2.COLOR_BGR2HSV)

triples = random.rand(12, 2, 3, 2).astype(np.float32) * 500
triples[11, 0] = [[0, 0], [1, 1], [2, 2]]  # On one line.
out['triples'] = triples
out['affine'] = np.stack([cv2.getAffineTransform(a, b) for a, b in triples])
out['inverse'] = np.stack([cv2.invertAffineTransform(m) for m in out['affine']])

np.savez_compressed(sys.argv[1], **out)
