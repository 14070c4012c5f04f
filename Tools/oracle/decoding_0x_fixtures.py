"""usage: decoding_0x_fixtures.py OUT.json   (with the Python of MMPose 0.29)

Heatmaps and what MMPose 0.29 decodes from them, for the codec options that keep its numbers."""
import json
import sys

import mmpose
import numpy as np
from mmpose.core.evaluation.top_down_eval import keypoints_from_heatmaps

WIDTH, HEIGHT, SCALE = 9, 12, 4
# Maxima inside, on the last but one and the last rows and columns, and in the corners.
PEAKS = [(4.3, 5.6), (1.2, 6.8), (7.1, 3.4), (0.2, 4.7), (8.0, 8.3), (3.6, 1.1), (5.5, 10.2), (0.0, 0.3), (7.4, 11.0)]


def maps(generator, peaks, sigma=1.2):
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    result = [np.exp(-((x - a)**2 + (y - b)**2) / (2 * sigma**2)) for a, b in peaks]
    return (np.stack(result) + 0.02 * generator.random((len(peaks), HEIGHT, WIDTH))).astype(np.float32)


def main(out):
    generator = np.random.default_rng(29)
    size = np.array([[WIDTH * SCALE, HEIGHT * SCALE]], np.float32)
    cases = []
    for name, codec, options in [
        ('no refinement', dict(type='MSRAHeatmap', sigma=2, refinement='none'), dict(post_process=None)),
        ('both axes', dict(type='MSRAHeatmap', sigma=2, refinement='both_axes'), dict(post_process='default')),
        ('udp', dict(type='UDPHeatmap', sigma=2, blur_border='reflect'), dict(use_udp=True)),
        ('udp kernel 7', dict(type='UDPHeatmap', sigma=2, blur_border='reflect', blur_kernel_size=7),
         dict(use_udp=True, kernel=7)),
        ('udp combined', dict(type='UDPHeatmap', heatmap_type='combined', blur_border='reflect', blur_kernel_size=5),
         dict(use_udp=True, target_type='CombinedTarget', kernel=5)),
    ]:
        heatmaps = maps(generator, PEAKS)
        if options.get('target_type'):
            offsets = generator.uniform(-1, 1, (len(PEAKS), 2, HEIGHT, WIDTH)).astype(np.float32)
            heatmaps = np.concatenate([heatmaps[:, None], offsets], 1).reshape(-1, HEIGHT, WIDTH)
        points, scores = keypoints_from_heatmaps(
            heatmaps[None].copy(), size / 2, size / 200, **options)
        codec.update(input_size=[WIDTH * SCALE, HEIGHT * SCALE], heatmap_size=[WIDTH, HEIGHT])
        cases.append(dict(
            name=name, codec=codec, shape=list(heatmaps.shape),
            heatmaps=[float(f'{v:.8g}') for v in heatmaps.ravel()],
            points=[[float(v) for v in p] for p in points[0]], scores=[float(s) for s in scores[0, :, 0]]))
    json.dump(dict(mmpose=mmpose.__version__, numpy=np.__version__, cases=cases), open(out, 'w'))


main(sys.argv[1])
