"""MMPose's own test loop on a small model with weights by formula: Tests/poseTests/Fixtures/test_loop.json.

    test_loop_fixtures.py PHOTO     (.deps/samples/astronaut.png)

The annotations are the model's own predictions, moved a little, so that the numbers say something.
"""
import contextlib
import importlib.metadata
import io
import json
import os
import re
import sys
import tempfile

import numpy as np
import torch
from mmengine.config import Config
from mmengine.evaluator import Evaluator
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
import mmpose.datasets  # noqa: F401
import mmpose.evaluation  # noqa: F401
import mmpose.models  # noqa: F401
from mmpose.registry import MODELS

from formula import fill

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, '../../Tests/poseTests/Fixtures/test_loop.json')
EVALUATORS = dict(
    coco="dict(type='CocoMetric', ann_file='truth.json')",
    modes="dict(type='CocoMetric', ann_file='truth.json', score_mode='bbox_rle', nms_mode='soft_oks_nms', nms_thr=0.5)",
    several="[dict(type='PCKAccuracy', thr=0.1), dict(type='AUC', norm_factor=60), dict(type='EPE', prefix='px')]")


def config(folder, evaluator, detections):
    source = open(os.path.join(HERE, '../../Tests/poseTests/Support.swift')).read()
    text = re.search(r'static let text = """\n(.*?)"""', source, re.S).group(1)
    text = '\n'.join(line[8:] for line in text.splitlines())
    boxes = f", bbox_file='{folder}/detections.json'" if detections else ''
    text = text.replace(
        "test_dataloader = dict(dataset=dict(type='CocoDataset',",
        "test_dataloader = dict(batch_size=2, num_workers=0, sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),"
        f" dataset=dict(type='CocoDataset', data_root='{folder}', ann_file='truth.json', data_prefix=dict(img=''),"
        f" test_mode=True{boxes},")
    path = f'{folder}/config.py'
    open(path, 'w').write(text + '\ntest_evaluator = ' + evaluator.replace("'truth.json'", f"'{folder}/truth.json'") + '\n')
    return Config.fromfile(path)


def run(folder, evaluator, detections=False, keep=None):
    cfg = config(folder, evaluator, detections)
    model = MODELS.build(cfg.model).eval()
    state = model.state_dict()
    for name, value in state.items():
        if value.is_floating_point():
            state[name] = torch.from_numpy(np.asarray(fill(name, tuple(value.shape)), np.float32)).reshape(value.shape)
    model.load_state_dict(state)
    loader = Runner.build_dataloader(cfg.test_dataloader, seed=0)
    measure = Evaluator(cfg.test_evaluator)
    measure.dataset_meta = loader.dataset.metainfo
    with torch.no_grad(), contextlib.redirect_stdout(io.StringIO()):
        for batch in loader:
            outputs = model.test_step(batch)
            if keep is not None:
                keep += [o.pred_instances.keypoints[0] for o in outputs]
            measure.process(data_samples=outputs, data_batch=batch)
        return {k: float(v) for k, v in measure.evaluate(len(loader.dataset)).items()}


def main():
    init_default_scope('mmpose')
    folder = tempfile.mkdtemp()
    os.symlink(os.path.abspath(sys.argv[1]), f'{folder}/astronaut.png')
    rng = np.random.default_rng(0)
    boxes = [[60, 10, 300, 420], [150, 60, 130, 160], [10, 250, 200, 250], [300, 5, 180, 400], [200, 200, 300, 300],
             [30, 30, 90, 100], [256, 128, 128, 256]]
    truth = dict(
        images=[dict(id=7, file_name='astronaut.png', width=512, height=512)],
        categories=[dict(id=1, name='person', keypoints=[f'k{i}' for i in range(17)], skeleton=[])], annotations=[])
    for number, box in enumerate(boxes):
        truth['annotations'].append(dict(
            id=number + 1, image_id=7, category_id=1, iscrowd=0, bbox=box, area=box[2] * box[3] * .6, num_keypoints=17,
            keypoints=[1, 1, 2] * 17))
    json.dump(truth, open(f'{folder}/truth.json', 'w'))
    found = []
    run(folder, EVALUATORS['several'], keep=found)
    for ann, points, box in zip(truth['annotations'], found, boxes):
        points = np.round(points + rng.normal(0, .05 * np.sqrt(box[2] * box[3]), points.shape), 1)
        seen = rng.choice([0, 2], 17, p=[.15, .85])
        ann['keypoints'] = np.concatenate([points * (seen > 0)[:, None], seen[:, None]], 1).flatten().tolist()
        ann['num_keypoints'] = int((seen > 0).sum())
    json.dump(truth, open(f'{folder}/truth.json', 'w'))
    detections = [dict(image_id=7, category_id=1, bbox=[float(v) for v in np.round(np.array(b) + rng.normal(0, 4, 4), 1)],
                       score=float(np.round(rng.uniform(.3, 1), 3))) for b in boxes for _ in range(2)]
    json.dump(detections, open(f'{folder}/detections.json', 'w'))
    cases = [dict(evaluator=EVALUATORS[n], detections=d, values=run(folder, EVALUATORS[n], d))
             for n, d in [('coco', False), ('modes', False), ('several', False), ('coco', True)]]
    versions = {p: importlib.metadata.version(p) for p in ('mmpose', 'mmengine', 'torch', 'numpy')}
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    json.dump(dict(versions=versions, truth=truth, detections=detections, cases=cases), open(OUT, 'w'), indent=0)
    for case in cases:
        print(case['evaluator'], {k: round(v, 4) for k, v in list(case['values'].items())[:4]})


main()
