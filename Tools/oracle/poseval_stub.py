"""A stand-in for `poseval`, which is not published as a package: what MMPose's PoseTrack18Metric calls of it.

Written from the protocol (https://posetrack.net: a pose belongs to the annotated one with the most joints within half a head;
average precision of each joint over all labelled frames), plainly and without regard to speed.
"""
import glob
import json
import os
import sys
import types

import numpy as np

JOINTS = ['right_ankle', 'right_knee', 'right_hip', 'left_hip', 'left_knee', 'left_ankle', 'right_wrist', 'right_elbow',
          'right_shoulder', 'left_shoulder', 'left_elbow', 'left_wrist', 'head_bottom', 'nose', 'head_top']
GROUPS = [[14, 12, 13], [8, 9], [7, 10], [6, 11], [2, 3], [1, 4], [0, 5]]


def inside(point, polygon):
    hit, (px, py) = False, polygon[-1]
    for x, y in polygon:
        if (y > point[1]) != (py > point[1]) and point[0] < (px - x) * (point[1] - y) / (py - y) + x:
            hit = not hit
        px, py = x, y
    return hit


def people(data, image, regions):
    names = data['categories'][0]['keypoints']
    result = []
    for entry in data['annotations']:
        if entry['image_id'] != image['id']:
            continue
        points = np.array(entry['keypoints'], float).reshape(-1, 3)
        joints = {}
        for index, name in enumerate(names):
            if name not in JOINTS or not points[index].any():
                continue
            if any(inside(points[index, :2], r) for r in regions):
                continue
            joints[JOINTS.index(name)] = (points[index, :2], entry['scores'][index] if entry.get('scores') else None)
        if joints or not regions:
            head = 0.6 * np.hypot(*entry['bbox_head'][2:]) if 'bbox_head' in entry else None
            result.append((joints, head))
    return result


def load_data_dir(argv):
    truth, found = [], []
    for file in sorted(glob.glob(argv[1] + '/*.json')):
        gt, pr = json.load(open(file)), json.load(open(argv[2] + os.path.basename(file)))
        for image in gt['images']:
            if not any(a['image_id'] == image['id'] for a in gt['annotations']):
                continue
            regions = [list(zip(x, y)) for x, y in
                       zip(image.get('ignore_regions_x', []), image.get('ignore_regions_y', [])) if x]
            truth.append(people(gt, image, regions))
            found.append(people(pr, image, regions))
    return truth, found


def evaluateAP(truth, found, *_):
    lists, totals = [[] for _ in JOINTS], np.zeros(len(JOINTS))
    for gts, prs in zip(truth, found):
        for joints, _ in gts:
            for j in joints:
                totals[j] += 1
        close = np.zeros((len(prs), len(gts), len(JOINTS)), bool)
        for p, (pj, _) in enumerate(prs):
            for g, (gj, head) in enumerate(gts):
                for j in pj.keys() & gj.keys():
                    close[p, g, j] = np.linalg.norm(pj[j][0] - gj[j][0]) / head <= 0.5
        owner = {}
        if len(prs) and len(gts):
            part = close.sum(2) / np.maximum([len(g[0]) for g in gts], 1)
            for p in range(len(prs)):
                keep = part[p].argmax()
                part[p, np.arange(len(gts)) != keep] = 0
            for g in range(len(gts)):
                if part[:, g].max() > 0:
                    owner[part[:, g].argmax()] = g
        for p, (pj, _) in enumerate(prs):
            for j, (_, score) in pj.items():
                lists[j].append((score, p in owner and close[p, owner[p], j]))
    ap = np.zeros((len(JOINTS) + 1, 1))
    for j, entries in enumerate(lists):
        if not entries:
            continue
        right = np.array([e[1] for e in entries], float)[np.array([e[0] for e in entries]).argsort(kind='stable')[::-1]]
        hits = right.cumsum()
        with np.errstate(all='ignore'):
            recall = np.r_[0, hits / totals[j], 1]
        precision = np.r_[0, hits / np.arange(1, len(hits) + 1), 0]
        precision = np.maximum.accumulate(precision[::-1])[::-1]
        ap[j] = 100 * np.sum(np.diff(recall) * precision[1:])
    ap[-1] = np.nanmean(ap[:-1])
    return ap, None, None


def install():
    helpers, module = types.ModuleType('poseval.eval_helpers'), types.ModuleType('poseval.evaluateAP')
    helpers.load_data_dir, helpers.printTable = load_data_dir, lambda *_: None
    helpers.getCum = lambda ap: [ap[g, 0].mean() for g in GROUPS] + [ap[-1, 0]]
    module.evaluateAP = evaluateAP
    package = types.ModuleType('poseval')
    package.eval_helpers, package.evaluateAP = helpers, module
    sys.modules.update({'poseval': package, 'poseval.eval_helpers': helpers, 'poseval.evaluateAP': module})
