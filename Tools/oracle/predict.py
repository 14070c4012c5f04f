"""Makes Tests/Fixtures/predict.jsonl: what MMPose 1.3.2 finds with formula weights on a photo.

usage: python predict.py PHOTO OUT.jsonl [PART_OF_CONFIG_NAME ...]

The photo is the public-domain portrait that scripts/bootstrap brings, .deps/samples/astronaut.png. One JSON object a
line: config, boxes (none for bottom-up models), and of every person keypoints in image pixels and scores; of bottom-up
models the first people, and how many there are. Configs that MMPose cannot run here are named and left out.
"""
import json
import sys

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmpose.apis import inference_bottomup, inference_topdown
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import DATASETS
from zoo import ROOT, build, configs_of

BOXES = np.array([[94.5, 2.25, 391.0, 511.0], [-20.0, 300.5, 200.25, 470.0]], np.float32)
KEPT_PEOPLE = 2


def person(instances, index):
    points = np.asarray(instances.keypoints[index], float).round(2)
    return dict(keypoints=[[float(v) if np.isfinite(v) else None for v in point] for point in points],
                scores=[float(f'{s:.5g}') for s in instances.keypoint_scores[index]])


def record(name, photo):
    config = Config.fromfile(ROOT + name)
    dataset = config.test_dataloader.dataset
    metainfo = config.model.get('metainfo') or dataset.get('metainfo') or DATASETS.get(dataset.type).METAINFO
    config.model.train_cfg = None
    model = build(config)
    model.cfg = config
    model.dataset_meta = parse_pose_metainfo(dict(metainfo))
    if config.model.type == 'BottomupPoseEstimator':
        found = inference_bottomup(model, photo)[0].pred_instances
        count = len(found.keypoints)
        return dict(config=name, boxes=[], people=[person(found, i) for i in range(min(KEPT_PEOPLE, count))],
                    people_total=count)
    people = [person(sample.pred_instances, 0) for sample in inference_topdown(model, photo, BOXES)]
    return dict(config=name, boxes=BOXES.tolist(), people=people)


def main():
    init_default_scope('mmpose')
    torch.set_num_threads(2)
    photo, out, parts = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(out, 'w') as lines:
        for name in configs_of(parts):
            try:
                lines.write(json.dumps(record(name, photo), separators=(',', ':')) + '\n')
                print(name, flush=True)
            except Exception as error:
                print(f'left out: {name}: {error!r}', flush=True)


if __name__ == '__main__':
    main()
