"""Random predictions and what MMPose's metric classes make of them: Tests/PoseMetricsTests/Fixtures/metrics.json.

Every sample is what a data loader and a model would hand to a metric: `pred_instances`, `gt_instances` and meta keys.
"""
import contextlib
import importlib.metadata
import io
import json
import os
import tempfile

import numpy as np

import poseval_stub

poseval_stub.install()
from mmengine.evaluator import Evaluator  # noqa: E402
from mmengine.registry import init_default_scope  # noqa: E402
import mmpose.datasets  # noqa: E402,F401
import mmpose.evaluation  # noqa: E402,F401
from mmpose.evaluation.metrics import coco_wholebody_metric  # noqa: E402
from mmpose.registry import EVALUATORS  # noqa: E402
from mmpose.datasets.datasets.utils import parse_pose_metainfo  # noqa: E402

init_default_scope('mmpose')
PARTS_FOUND = {}
NAMES = ['AP', 'AP .5', 'AP .75', 'AP (M)', 'AP (L)', 'AR', 'AR .5', 'AR .75', 'AR (M)', 'AR (L)']


class PartsKept(coco_wholebody_metric.COCOeval):
    """MMPose evaluates every part of a whole body and reports the whole alone."""

    def summarize(self):
        super().summarize()
        part = self.params.iouType.removeprefix('keypoints_')
        if part != 'wholebody':
            PARTS_FOUND.update({f'coco-wholebody/{part}/{n}': float(v) for n, v in zip(NAMES, self.stats)})


coco_wholebody_metric.COCOeval = PartsKept
OUT = os.path.join(os.path.dirname(__file__), '../../Tests/PoseMetricsTests/Fixtures/metrics.json')
PARTS = [('keypoints', 17), ('foot_kpts', 6), ('face_kpts', 68), ('lefthand_kpts', 21), ('righthand_kpts', 21)]


def r1(a, digits=1):
    return np.round(a, digits)


def coco_world(rng, k, images, parts=None, crowd=False):
    """An annotation file, and top-down samples for its people, some twice and some badly placed."""
    truth = dict(images=[], annotations=[], categories=[dict(id=1, name='person')])
    samples, number = [], 0
    for image in range(1, images + 1):
        info = dict(id=image, width=640, height=480)
        if crowd:
            info['crowdIndex'] = float(r1(rng.random(), 2))
        truth['images'].append(info)
        for person in range(rng.integers(1, 5)):
            size = rng.uniform(40, 200)
            corner = rng.uniform(0, 300, 2)
            points = r1(corner + rng.uniform(0, size, (k, 2)))
            seen = rng.choice([0, 1, 2], k, p=[.2, .2, .6])
            if person == 3:
                seen[:] = 0
            flat = np.concatenate([points * (seen > 0)[:, None], seen[:, None]], 1)
            number += 1
            ann = dict(id=number * 3, image_id=image, category_id=1, iscrowd=int(rng.random() < .1),
                       bbox=[float(v) for v in r1([*corner, size, size])], area=float(r1(size * size * .6)),
                       num_keypoints=int((seen > 0).sum()))
            start = 0
            for field, count in parts or [('keypoints', k)]:
                ann[field] = flat[start:start + count].flatten().tolist()
                start += count
            truth['annotations'].append(ann)
            for copy in range(1 if rng.random() < .7 else 2):
                noise = rng.choice([.005, .02, .08]) * size
                samples.append(dict(
                    id=number * 3 if copy == 0 or rng.random() < .3 else 1000 + number, img_id=image, category_id=1,
                    pred_instances=dict(
                        keypoints=r1(points + rng.normal(0, noise, (k, 2)))[None].astype(np.float32),
                        keypoint_scores=r1(rng.uniform(0, 1, (1, k)), 3).astype(np.float32),
                        bboxes=r1(np.array([[*corner, *(corner + size)]])).astype(np.float32),
                        bbox_scores=r1(rng.uniform(.3, 1, 1), 3).astype(np.float32)),
                    gt_instances=dict(
                        keypoints=points[None].astype(np.float32), keypoints_visible=(seen > 0)[None].astype(np.float32),
                        bboxes=r1(np.array([[*corner, *(corner + size)]])).astype(np.float32),
                        bbox_scales=r1(np.array([[size * 1.25, size * 1.25]])).astype(np.float32),
                        head_size=r1(np.array([[size * .2]])))))
    return truth, samples


def bottomup(samples):
    """The same people, all of an image in one sample."""
    result = []
    for image in sorted({s['img_id'] for s in samples}):
        own = [s for s in samples if s['img_id'] == image]
        result.append(dict(
            id=[s['id'] for s in own], img_id=image,
            pred_instances={n: np.concatenate([s['pred_instances'][n] for s in own])
                            for n in ('keypoints', 'keypoint_scores', 'bbox_scores')},
            gt_instances=dict(keypoints=own[0]['gt_instances']['keypoints'],
                              keypoints_visible=own[0]['gt_instances']['keypoints_visible'])))
    return result


def posetrack_world(rng, folder):
    names = mmpose_names('posetrack18')
    truth, samples = dict(images=[], annotations=[], categories=[dict(id=1, name='person')]), []
    videos = {}
    for video in range(2):
        data = dict(images=[], annotations=[], categories=[dict(id=1, name='person', keypoints=names)])
        for frame in range(5):
            image = dict(id=(video + 1) * 100 + frame, file_name=f'images/val/{video}_x/{frame}.jpg')
            if frame == 2:
                image.update(ignore_regions_x=[[0, 150, 150, 0]], ignore_regions_y=[[0, 0, 480, 480]])
            data['images'].append(image)
            for person in range(0 if frame == 4 else rng.integers(1, 4)):
                size = rng.uniform(80, 200)
                corner = rng.uniform(0, 250, 2)
                points = r1(corner + rng.uniform(0, size, (17, 2)))
                seen = (rng.random(17) > .2).astype(int)
                seen[3:5] = 0
                ann = dict(id=image['id'] * 10 + person, image_id=image['id'], category_id=1, track_id=person, iscrowd=0,
                           bbox=[float(v) for v in r1([*corner, size, size])], area=float(r1(size * size)),
                           bbox_head=[float(v) for v in r1([*corner, size * .3, size * .4])],
                           keypoints=np.concatenate([points * seen[:, None], seen[:, None]], 1).flatten().tolist())
                data['annotations'].append(ann)
                noise = rng.choice([.02, .1, .3]) * size
                samples.append(dict(
                    id=ann['id'], img_id=image['id'], category_id=1,
                    pred_instances=dict(
                        keypoints=r1(points + rng.normal(0, noise, (17, 2)))[None].astype(np.float32),
                        keypoint_scores=r1(rng.uniform(0, 1, (1, 17)), 4).astype(np.float32)),
                    gt_instances=dict(
                        keypoints=points[None].astype(np.float32), keypoints_visible=seen[None].astype(np.float32),
                        bbox_scores=np.ones(1, np.float32),
                        bbox_scales=r1(np.array([[size, size * 1.3]])).astype(np.float32))))
        videos[f'{video}_x.json'] = data
        truth['images'] += data['images']
        truth['annotations'] += data['annotations']
    os.makedirs(folder + '/val', exist_ok=True)
    for name, data in videos.items():
        json.dump(data, open(f'{folder}/val/{name}', 'w'))
    return truth, samples, videos


def lifted(rng, frames):
    samples = []
    for subject, action in [('S9', 'Walking_1'), ('S9', 'Greet'), ('S11', 'Walking'), ('S11', 'Sitting_2')]:
        for number in range(2):
            gt = r1(rng.uniform(-1, 1, (frames, 17, 3)), 3)
            visible = (rng.random((frames, 17)) > .1).astype(float)
            pred = r1(1.3 * gt + rng.normal(0, .1, gt.shape), 3)
            if subject == 'S11' and number:
                # Mirrored, which no rotation undoes; and flat, which leaves a direction open.
                pred = pred * [-1, 1, 1] if action == 'Walking' else pred * [1, 1, 0]
            # In double precision, so that the alignments agree to more digits than float32 has.
            samples.append(dict(
                target_img_path=[f'x/{subject}_{action}.5501_{number:06}.jpg'],
                pred_instances=dict(keypoints=pred),
                gt_instances=dict(lifting_target=gt, lifting_target_visible=visible)))
    return samples


def hands(rng):
    samples = []
    for number in range(8):
        kind = np.array([[1, 1], [1, 0], [0, 1], [1, 1]][number % 4], np.float32)[None]
        cam = r1(np.concatenate([rng.uniform(-200, 200, (42, 2)), rng.uniform(600, 900, (42, 1))], 1))
        focal, center = np.array([1200., 1250.]), np.array([250., 260.])
        pixels = np.concatenate([cam[:, :2] / cam[:, 2:] * focal + center, cam[:, 2:]], 1)
        depth = np.array([cam[20, 2], cam[41, 2]])
        pixels[:21, 2] -= depth[0]
        pixels[21:, 2] -= depth[1]
        pred_kind = kind.copy()
        if number in (1, 6):
            pred_kind = 1 - pred_kind
        samples.append(dict(
            hand_type=kind, hand_type_valid=np.array([float(number != 5)]), abs_depth=depth, focal=focal,
            principal_pt=center,
            pred_instances=dict(
                keypoints=r1(pixels + rng.normal(0, 3, pixels.shape))[None],
                hand_type=pred_kind, rel_root_depth=np.array(r1(cam[41, 2] - cam[20, 2] + rng.normal(0, 9)))),
            gt_instances=dict(keypoints_cam=cam[None], keypoints=pixels[None, :, :2],
                              keypoints_visible=(rng.random((1, 42)) > .1).astype(np.float32))))
    return samples


def mmpose_names(name):
    meta = parse_pose_metainfo(dict(from_file=f'configs/_base_/datasets/{name}.py'))
    return [meta['keypoint_id2name'][i] for i in range(meta['num_keypoints'])]


def plain(value):
    if isinstance(value, np.ndarray):
        value = value.astype(float).round(4).tolist() if value.dtype.kind == 'f' else value.tolist()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return value


def run(config, meta, samples, folder, files):
    for name, content in files.items():
        json.dump(content, open(f'{folder}/{name}', 'w'))
    here = json.loads(json.dumps(config))
    if isinstance(here.get('ann_file'), str):
        here['ann_file'] = f"{folder}/{here['ann_file']}"
    if config['type'] == 'PoseTrack18Metric':
        here['outfile_prefix'] = f'{folder}/out/results'
        os.makedirs(f'{folder}/out', exist_ok=True)
    if config['type'] == 'MultiDatasetEvaluator':
        evaluator = EVALUATORS.build(here)
    else:
        evaluator = Evaluator(here)
    evaluator.dataset_meta = json.loads(json.dumps(meta)) | (dict(sigmas=np.array(meta['sigmas'])) if 'sigmas' in meta else {})
    import copy
    with contextlib.redirect_stdout(io.StringIO()):
        evaluator.process(copy.deepcopy(samples), dict(inputs=[None] * len(samples), data_samples=[None] * len(samples)))
        values = evaluator.evaluate(len(samples))
    return {k: float(v) for k, v in values.items()}


def main():
    folder = tempfile.mkdtemp()
    files, sets, cases = {}, {}, []

    def case(config, meta, data, **extra):
        values = run(config, meta, sets[data], folder, files)
        cases.append(dict(config=config, dataset=meta, samples=data, values=values, **extra))

    coco = parse_pose_metainfo(dict(from_file='configs/_base_/datasets/coco.py'))
    meta = dict(dataset_name='coco', num_keypoints=17, sigmas=coco['sigmas'].tolist())
    files['coco.json'], sets['coco'] = coco_world(np.random.default_rng(1), 17, 6, crowd=True)
    sets['coco_bottomup'] = bottomup(sets['coco'])
    base = dict(type='CocoMetric', ann_file='coco.json')
    for options in [
            dict(), dict(score_mode='bbox'), dict(score_mode='bbox_rle', nms_mode='soft_oks_nms'),
            dict(score_mode='keypoint', nms_thr=.5), dict(nms_mode='none', keypoint_score_thr=.5),
            dict(use_area=False, prefix='mine'),
            dict(iou_type='keypoints_crowd', use_area=False, prefix='crowdpose'),
            dict(pred_converter=dict(type='KeypointConverter', num_keypoints=17,
                                     mapping=[[1, 2], [2, 1]] + [[i, i] for i in range(3, 17)])),
            dict(gt_converter=dict(type='KeypointConverter', num_keypoints=17,
                                   mapping=[[i, i] for i in range(2, 17)]))]:
        case(base | options, meta, 'coco')
    case(base | dict(nms_mode='none', score_mode='bbox'), meta, 'coco_bottomup')
    case(base | dict(nms_mode='oks_nms', score_mode='keypoint'), meta, 'coco_bottomup')

    whole = parse_pose_metainfo(dict(from_file='configs/_base_/datasets/coco_wholebody.py'))
    files['wholebody.json'], sets['wholebody'] = coco_world(np.random.default_rng(2), 133, 3, PARTS)
    case(dict(type='CocoWholeBodyMetric', ann_file='wholebody.json'),
         dict(dataset_name='coco_wholebody', num_keypoints=133, sigmas=whole['sigmas'].tolist()), 'wholebody',
         details=PARTS_FOUND)

    # MMPose takes the truth of a partition from the samples; here every annotation is one.
    own = [s for s in sets['coco'] if s['id'] < 1000]
    seen = set()
    own = [s for s in own if not (s['id'] in seen or seen.add(s['id']))]
    anns = {a['id']: a for a in files['coco.json']['annotations']}
    sets['partition'] = [s | dict(raw_ann_info=anns[s['id']], ori_shape=(480, 640)) for s in own]
    parts = dict(head=[0, 1, 2, 3, 4], legs=[16, 15, 14, 13, 12, 11], all=list(range(17)))
    partition_meta = meta | dict(CLASSES=[dict(id=1, name='person')])
    for metric in [dict(type='CocoMetric', score_mode='bbox', nms_mode='none'), dict(type='PCKAccuracy', thr=.1),
                   dict(type='NME', norm_mode='use_norm_item', norm_item='head_size'), dict(type='EPE'),
                   dict(type='AUC', norm_factor=20)]:
        case(dict(type='KeypointPartitionMetric', metric=metric, partitions=parts), partition_meta, 'partition',
             annotations='coco.json')

    track = parse_pose_metainfo(dict(from_file='configs/_base_/datasets/posetrack18.py'))
    files['posetrack18_val.json'], sets['posetrack'], videos = posetrack_world(np.random.default_rng(3), folder)
    case(dict(type='PoseTrack18Metric', ann_file='posetrack18_val.json'),
         dict(dataset_name='posetrack18', num_keypoints=17, sigmas=track['sigmas'].tolist()), 'posetrack')

    sets['lifted'], sets['lifted_frames'] = lifted(np.random.default_rng(4), 1), lifted(np.random.default_rng(5), 3)
    space = dict(dataset_name='h36m', num_keypoints=17)
    for mode in ('mpjpe', 'p-mpjpe', 'n-mpjpe'):
        case(dict(type='MPJPE', mode=mode), space, 'lifted')
        case(dict(type='SimpleMPJPE', mode=mode, prefix='x'), space, 'lifted_frames')
    case(dict(type='MPJPE', mode='p-mpjpe', skip_list=['S9_Greet', 'S11_Sitting_2']), space, 'lifted_frames')

    sets['hands'] = hands(np.random.default_rng(6))
    hand_meta = dict(dataset_name='interhand3d', num_keypoints=42)
    case(dict(type='InterHandMetric'), hand_meta, 'hands')
    case(dict(type='InterHandMetric', modes=['MRRPE'], prefix='h'), hand_meta, 'hands')

    _, first = coco_world(np.random.default_rng(7), 17, 3)
    _, second = coco_world(np.random.default_rng(8), 21, 3)
    sets['two'] = [s | dict(dataset_name='coco') for s in first] + [s | dict(dataset_name='onehand10k') for s in second]
    case(dict(type='MultiDatasetEvaluator',
              metrics=[dict(type='PCKAccuracy', thr=.1, prefix='body'), dict(type='EPE', prefix='hand')],
              datasets=[dict(type='CocoDataset'), dict(type='OneHand10KDataset')]), meta, 'two')

    for c in cases:
        c['dataset'].pop('CLASSES', None)
    for data in sets.values():
        for sample in data:
            sample.pop('raw_ann_info', None)
    versions = {p: importlib.metadata.version(p) for p in ('mmpose', 'mmengine', 'numpy', 'xtcocotools')}
    json.dump(dict(versions=versions, files=files, videos=videos, sets={n: [plain(s) for s in d] for n, d in sets.items()},
                   cases=cases), open(OUT, 'w'), separators=(',', ':'))
    for c in cases:
        print(c['config']['type'], {k: round(v, 3) for k, v in list(c['values'].items())[:4]})


main()
