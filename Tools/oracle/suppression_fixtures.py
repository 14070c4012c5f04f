"""Non-maximum suppression of MMPose 1.3.2 on random poses and boxes: Tests/PoseCoreTests/Fixtures/suppression.json.

usage: suppression_fixtures.py OUT.json"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mmcv_ops_stub  # noqa: F401
import mmpose
import numpy as np
from mmpose.evaluation.functional.nms import (nearby_joints_nms, nms, oks_iou,
                                              oks_nms, soft_oks_nms)

rng = np.random.default_rng(7)
COCO = np.array([.26, .25, .25, .35, .35, .79, .79, .72, .72, .62, .62, 1.07, 1.07, .87, .87, .89, .89]) / 10
cases = []
for number in range(12):
    people = [1, 2, 5, 9][number % 4]
    base = rng.uniform(0, 300, (max(1, people // 2), 17, 2))
    kpts = base[rng.integers(0, len(base), people)] + rng.normal(0, [1, 6, 20][number % 3], (people, 17, 2))
    visible = rng.uniform(0, 1, (people, 17))
    scores = rng.uniform(0, 1, people)
    if people == 2 and number > 8:
        scores[:] = 0.5  # a tie; NumPy's order of several is not defined
    areas = rng.uniform(500, 40000, people)
    low = rng.uniform(0, 100, (people, 2))
    boxes = np.concatenate([low, low + rng.uniform(5, 80, (people, 2))], 1)
    db = [dict(keypoints=np.concatenate([k, v[:, None]], 1), score=s, area=a)
          for k, v, s, a in zip(kpts, visible, scores, areas)]
    flat = [d['keypoints'].flatten() for d in db]
    nearby = [dict(keypoints=k, score=s) for k, s in zip(kpts, scores)]
    cases.append(dict(
        keypoints=kpts.tolist(), visible=visible.tolist(), scores=scores.tolist(), areas=areas.tolist(),
        boxes=boxes.tolist(),
        similarity=[float(x) for x in oks_iou(flat[0], np.array(flat), areas[0], areas, COCO)],
        similarity_visible=[float(x) for x in oks_iou(flat[0], np.array(flat), areas[0], areas, COCO, 0.4)],
        oks_nms=[int(i) for i in oks_nms(db, 0.3, COCO)],
        oks_nms_visible=[int(i) for i in oks_nms(db, 0.3, COCO, 0.4)],
        soft_oks_nms=[int(i) for i in soft_oks_nms(db, 0.5, 4, COCO)],
        nearby=[int(i) for i in nearby_joints_nms(nearby, 0.05, None, max_dets=30)],
        nearby_few=[int(i) for i in nearby_joints_nms(nearby, 0.1, 3, max_dets=2)],
        nms=[int(i) for i in nms(np.concatenate([boxes, scores[:, None]], 1), 0.2)]))
json.dump(dict(mmpose=mmpose.__version__, numpy=np.__version__, sigmas=COCO.tolist(), cases=cases),
          open(sys.argv[1], 'w'))
