"""Random predictions and what MMPose's 2D metrics make of them: Tests/PoseMetricsTests/Fixtures/keypoint_metrics.json."""
import importlib.metadata, json, os

import numpy as np
from mmpose.evaluation.metrics import (AUC, EPE, NME, JhmdbPCKAccuracy, MpiiPCKAccuracy, PCKAccuracy)

OUT = os.path.join(os.path.dirname(__file__), '../../Tests/PoseMetricsTests/Fixtures/keypoint_metrics.json')


def samples(rng, k, count):
    result = []
    for _ in range(count):
        gt = np.round(rng.uniform(0, 200, (1, k, 2)), 1).astype(np.float32)
        visible = (rng.random((1, k)) > .2).astype(np.float32)
        visible[:, min(3, k - 1)] = 0
        size = float(rng.uniform(20, 90))
        result.append(dict(
            pred_instances=dict(keypoints=np.round(gt + rng.normal(0, 6, gt.shape), 1).astype(np.float32)),
            gt_instances=dict(
                keypoints=gt, keypoints_visible=visible, head_size=np.array([[size]], np.float32),
                box_size=np.array([size * 2], np.float32),
                bboxes=np.array([[3, 5, 3 + size * 3, 5 + size * 2]], np.float32))))
    return result


def main():
    cases = []
    for seed, (cls, k, arguments, dataset) in enumerate([
            (PCKAccuracy, 21, dict(thr=.1), 'x'), (PCKAccuracy, 17, dict(thr=.2, norm_item=['torso', 'bbox', 'head']), 'x'),
            (MpiiPCKAccuracy, 16, dict(), 'mpii'),
            (JhmdbPCKAccuracy, 15, dict(thr=.2, norm_item=['bbox', 'torso']), 'jhmdb'),
            (AUC, 21, dict(), 'x'), (AUC, 9, dict(norm_factor=12, num_thrs=7), 'x'), (EPE, 21, dict(prefix='hand'), 'x'),
            (NME, 98, dict(norm_mode='keypoint_distance'), 'wflw'),
            (NME, 19, dict(norm_mode='use_norm_item', norm_item='box_size'), 'aflw'),
            (NME, 19, dict(norm_mode='use_norm_item', norm_item='bbox_size'), 'aflw'),
            (NME, 12, dict(norm_mode='keypoint_distance', keypoint_indices=[2, 5]), 'x')]):
        data = samples(np.random.default_rng(seed), k, 12)
        metric = cls(**arguments)
        metric.dataset_meta = dict(dataset_name=dataset, keypoint_id2name={i: str(i) for i in range(k)})
        metric.process([], data)
        values = {n: float(v) for n, v in metric.evaluate(len(data)).items()}
        cases.append(dict(
            type=cls.__name__, arguments=arguments, dataset=dataset, values=values,
            samples=[dict(
                predicted=s['pred_instances']['keypoints'].astype(float).round(1).tolist(),
                annotated=s['gt_instances']['keypoints'].astype(float).round(1).tolist(),
                visible=s['gt_instances']['keypoints_visible'].tolist(), box=s['gt_instances']['bboxes'].astype(float).tolist(),
                head_size=float(s['gt_instances']['head_size'][0, 0]), box_size=float(s['gt_instances']['box_size'][0]))
                for s in data]))
    versions = {p: importlib.metadata.version(p) for p in ('mmpose', 'mmengine', 'numpy')}
    json.dump(dict(versions=versions, cases=cases), open(OUT, 'w'), separators=(',', ':'))


main()
