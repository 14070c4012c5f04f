"""Makes Tests/Fixtures/predict.jsonl: what MMPose 1.3.2's inference_topdown finds with formula weights on a photo.

usage: python predict.py PHOTO OUT.jsonl [PART_OF_CONFIG_NAME ...]

The photo is the public-domain portrait that scripts/bootstrap brings, .deps/samples/astronaut.png. One JSON object a
line: config, boxes, and of every person keypoints in image pixels and scores.
"""
import glob
import json
import sys

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmpose.apis import inference_topdown
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import DATASETS
from zoo import ROOT, build

BOXES = np.array([[94.5, 2.25, 391.0, 511.0], [-20.0, 300.5, 200.25, 470.0]], np.float32)


def record(name, photo):
    config = Config.fromfile(ROOT + name)
    dataset = config.test_dataloader.dataset
    metainfo = config.model.get('metainfo') or dataset.get('metainfo') or DATASETS.get(dataset.type).METAINFO
    config.model.train_cfg = None
    model = build(config)
    model.cfg = config
    model.dataset_meta = parse_pose_metainfo(dict(metainfo))
    people = []
    for sample in inference_topdown(model, photo, BOXES):
        found = sample.pred_instances
        people.append(dict(keypoints=np.asarray(found.keypoints[0], float).round(3).tolist(),
                           scores=[float(f'{s:.6g}') for s in found.keypoint_scores[0]]))
    return dict(config=name, boxes=BOXES.tolist(), people=people)


def main():
    init_default_scope('mmpose')
    torch.set_num_threads(2)
    photo, out, parts = sys.argv[1], sys.argv[2], sys.argv[3:]
    files = sorted(f[len(ROOT):] for f in glob.glob(ROOT + '**/*.py', recursive=True) if '/_base_/' not in f)
    with open(out, 'w') as lines:
        for name in files:
            if any(part in name for part in parts):
                lines.write(json.dumps(record(name, photo)) + '\n')
                print(name, flush=True)


if __name__ == '__main__':
    main()
