"""Times `pose evaluate` beside xtcocotools (and faster-coco-eval, where installed) on 5,000 images with 20 results each.

    python Benchmarks/evaluate_results.py .build/release/pose

The Python needs numpy and xtcocotools. Each runs in a process of its own, from files to numbers, in turn; the least of
three times counts.
"""
import importlib.util, json, os, subprocess, sys, tempfile, time

import numpy as np

PEER = '''
import sys
{imports}
import numpy as np
gt = COCO(sys.argv[1])
e = {evaluation}
e.evaluate(); e.accumulate(); e.summarize()
print(np.mean(e.stats))
'''
PEERS = {
    'xtcocotools': PEER.format(
        imports='from xtcocotools.coco import COCO\nfrom xtcocotools.cocoeval import COCOeval',
        evaluation='COCOeval(gt, gt.loadRes(sys.argv[2]), "keypoints")'),
    'faster_coco_eval': PEER.format(
        imports='from faster_coco_eval import COCO, COCOeval_faster as COCOeval',
        evaluation='COCOeval(gt, gt.loadRes(sys.argv[2]), "keypoints")'),
}


def write(folder):
    rng = np.random.default_rng(0)
    gt = dict(images=[], annotations=[], categories=[dict(id=1, name='person')])
    results = []
    for image in range(1, 5001):
        gt['images'].append(dict(id=image, width=640, height=480))
        people = []
        for _ in range(rng.integers(1, 5)):
            (w, h), (x, y) = rng.uniform(30, 250, 2), rng.uniform(0, 380, 2)
            points, visible = rng.random((17, 2)) * [w, h] + [x, y], rng.integers(0, 3, (17, 1))
            people.append((points, np.sqrt(w * h)))
            gt['annotations'].append(dict(
                id=len(gt['annotations']) + 1, image_id=image, category_id=1, bbox=[x, y, w, h], area=w * h * .6,
                iscrowd=0, num_keypoints=int((visible > 0).sum()),
                keypoints=np.concatenate([points.round(2), visible], 1).ravel().tolist()))
        for _ in range(20):
            points, size = people[rng.integers(len(people))]
            found = points + rng.normal(0, 1, (17, 2)) * size * rng.choice([.02, .06, .2])
            results.append(dict(
                image_id=image, category_id=1, score=float(rng.random()),
                keypoints=np.concatenate([found, rng.random((17, 1))], 1).round(3).ravel().tolist()))
    paths = [os.path.join(folder, name) for name in ('gt.json', 'results.json')]
    for path, value in zip(paths, (gt, results)):
        json.dump(value, open(path, 'w'))
    return paths


def main():
    with tempfile.TemporaryDirectory() as folder:
        truth, results = write(folder)
        commands = {'pose evaluate': [sys.argv[1], 'evaluate', '--metric', 'coco', '--annotations', truth,
                                      '--predictions', results]}
        for name, code in PEERS.items():
            if importlib.util.find_spec(name):
                commands[name] = [sys.executable, '-c', code, truth, results]
        times = {name: [] for name in commands}
        for _ in range(3):
            for name, command in commands.items():
                start = time.perf_counter()
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                times[name].append(time.perf_counter() - start)
        for name, values in times.items():
            print(f'{name:18} {min(values):6.2f} s   {min(values) / min(times["pose evaluate"]):5.1f}')


main()
