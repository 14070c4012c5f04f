"""Random annotations and results with crowds, ties, duplicates and empty images, and what xtcocotools makes of them.

Writes Tests/PoseMetricsTests/Fixtures/coco_evaluation.json. Run with the Python of Tools/oracle/setup.sh.
"""
import contextlib, importlib.metadata, io, json, os, sys, tempfile

import numpy as np
from xtcocotools.coco import COCO
from xtcocotools.cocoeval import COCOeval

OUT = os.path.join(os.path.dirname(__file__), '../../Tests/PoseMetricsTests/Fixtures/coco_evaluation.json')
COCO_SIGMAS = [.026, .025, .025, .035, .035, .079, .079, .072, .072, .062, .062, .107, .107, .087, .087, .089, .089]
CROWD_SIGMAS = [.079, .079, .072, .072, .062, .062, .107, .107, .087, .087, .089, .089, .079, .079]


def dataset(rng, k, images, categories, crowd, ties, boxes):
    gt = dict(images=[], annotations=[], categories=[dict(id=c, name=str(c)) for c in categories])
    results = []
    for image in rng.permutation(images) + 1:
        gt['images'].append(dict(id=int(image), crowdIndex=round(float(rng.random()), 3)))
        for _ in range(rng.integers(0, 5) if rng.random() > .15 else 0):
            w, h = (float(v) for v in np.round(rng.uniform(15, 220, 2), 2))
            x, y = (float(v) for v in np.round(rng.uniform(0, 300, 2), 2))
            p = np.round(rng.random((k, 2)) * [w, h] + [x, y], 1)
            v = rng.integers(0, 3, k) * (0 if rng.random() < .1 else 1)
            category = int(rng.choice(categories))
            gt['annotations'].append(dict(
                id=len(gt['annotations']) + 1, image_id=int(image), category_id=category, bbox=[x, y, w, h],
                area=round(w * h * .6, 2), iscrowd=int(rng.random() < .08), num_keypoints=int((v > 0).sum()),
                keypoints=np.concatenate([p, v[:, None]], 1).ravel().tolist()))
            for _ in range(rng.integers(0, 4)):
                scale = rng.choice([0, .01, .03, .08])
                d = np.round(p + rng.normal(0, 1, (k, 2)) * scale * np.sqrt(w * h), 2)
                s = np.round(rng.random(k), 2) * (0 if rng.random() < .03 else 1)
                result = dict(image_id=int(image), category_id=category, score=float(
                    rng.choice([.3, .6, .9]) if ties else np.round(rng.random(), 6)),
                    keypoints=np.concatenate([d, s[:, None]], 1).ravel().tolist())
                if boxes:
                    result['bbox'] = [x, y, w, h]
                results.append(result)
                if rng.random() < .2:
                    results.append(result)
        # More than the twenty that count.
        if rng.random() < .1:
            for _ in range(25):
                results.append(dict(image_id=int(image), category_id=int(categories[0]), score=float(rng.random()),
                                    keypoints=np.round(rng.random((k, 3)) * 200, 1).ravel().tolist(),
                                    **({'bbox': [0, 0, 50, 50]} if boxes else {})))
    rng.shuffle(results)
    if crowd:
        for ann in gt['annotations']:
            del ann['area']
    return gt, results


def evaluate(gt, results, kind, sigmas, use_area):
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        for name, value in (('gt', gt), ('dt', results)):
            json.dump(value, open(f'{folder}/{name}.json', 'w'))
        coco = COCO(f'{folder}/gt.json')
        e = COCOeval(coco, coco.loadRes(f'{folder}/dt.json'), kind, np.array(sigmas), use_area)
        e.evaluate(), e.accumulate(), e.summarize()
        return [float(v) for v in e.stats]


def main():
    cases = []
    for seed, (name, kind, sigmas, area, images, cats, ties, boxes) in enumerate([
            ('scores', 'keypoints', COCO_SIGMAS, True, 14, [1], False, False),
            ('ties', 'keypoints', COCO_SIGMAS, True, 14, [1], True, False),
            ('boxes', 'keypoints', COCO_SIGMAS, True, 12, [1], True, True),
            ('categories', 'keypoints', COCO_SIGMAS, True, 14, [1, 3, 7], True, False),
            ('boxes for areas', 'keypoints', COCO_SIGMAS, False, 12, [1], False, False),
            ('crowd', 'keypoints_crowd', CROWD_SIGMAS, False, 16, [1], True, False),
            ('three images of a crowd', 'keypoints_crowd', CROWD_SIGMAS, False, 3, [1], False, False),
            ('no results', 'keypoints', COCO_SIGMAS, True, 5, [1], False, False)]):
        gt, results = dataset(np.random.default_rng(seed), len(sigmas), images, cats, 'crowd' in kind, ties, boxes)
        if name == 'no results':
            results = []
        cases.append(dict(name=name, kind=kind, sigmas=sigmas, use_area=area, gt=gt, results=results,
                          stats=evaluate(gt, results, kind, sigmas, area)))
    versions = {p: importlib.metadata.version(p) for p in ('xtcocotools', 'numpy')}
    json.dump(dict(versions=versions, python=sys.version.split()[0], cases=cases), open(OUT, 'w'),
              separators=(',', ':'))


main()
