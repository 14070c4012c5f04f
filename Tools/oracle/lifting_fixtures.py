"""Makes Tests/PoseEngineTests/Fixtures/lifting.json: 3D poses that the real MMPose 1.3.2 lifts from fixed 2D poses.

usage: python lifting_fixtures.py OUT.json

Weights come from formula.py. An image's poses go through Pose3DInferencer, with a 2D model that gives the poses below; a
video's through extract_pose_sequence and inference_pose_lifter_model, as every frame of a whole video has its neighbours
on both sides. Keypoints of the results are as the codec decodes them, in the camera's axes.
"""
import json
import sys
from collections import defaultdict
from functools import partial
from types import SimpleNamespace

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData

import mmpose
from formula import uniform
from mmpose.apis import extract_pose_sequence, inference_pose_lifter_model
from mmpose.apis.inference_3d import convert_keypoint_definition
from mmpose.apis.inferencers import Pose3DInferencer
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.structures import PoseDataSample
from zoo import ROOT, build

FOLDER = 'body_3d_keypoint/'
CONFIGS = [
    'image_pose_lift/h36m/image-pose-lift_tcn_8xb64-200e_h36m.py',
    'video_pose_lift/h36m/video-pose-lift_tcn-1frm-supv-cpn-ft_8xb128-160e_h36m.py',
    'video_pose_lift/h36m/video-pose-lift_tcn-27frm-semi-supv_8xb64-200e_h36m.py',
    'motionbert/h36m/motionbert_dstformer-243frm_8xb32-240e_h36m.py',
]
WIDTH, HEIGHT = 640, 427
KEYPOINTS = dict(coco=17, aic=14, crowdpose=14, posetrack18=17, h36m=17)


def person(name, count, track):
    """Keypoints about a place of the image, and the box around them."""
    u = uniform(name, 2 * count + 2)
    center = np.array([WIDTH, HEIGHT]) * (0.25 + 0.5 * u[:2])
    points = (center + (u[2:].reshape(count, 2) - 0.5) * [90, 200]).round(2).astype(np.float32)
    box = np.concatenate([points.min(0) - 5, points.max(0) + 7]).round(2).astype(np.float32)
    return dict(keypoints=points, box=box, track=track)


def sample(person):
    result = PoseDataSample()
    result.pred_instances = InstanceData(
        keypoints=person['keypoints'][None], keypoint_scores=np.ones((1, len(person['keypoints'])), np.float32),
        bboxes=person['box'][None])
    result.gt_instances = InstanceData(bboxes=person['box'][None])
    result.set_metainfo(dict(ori_shape=(HEIGHT, WIDTH), img_path='photo.jpg'))
    result.set_field(person['track'], 'track_id')
    return result


def lifter(name):
    config = Config.fromfile(ROOT + FOLDER + name)
    config.model.train_cfg = None
    model = build(config)
    model.cfg = config
    dataset = Config.fromfile(ROOT + '_base_/datasets/h36m.py').dataset_info
    model.dataset_meta = parse_pose_metainfo(dataset)
    return model


def rounded(values):
    return [[float(f'{v:.7g}') for v in point] for point in np.asarray(values, float).reshape(-1, 3)]


def image(model, definition, people):
    """Pose3DInferencer's results before it turns the axes, in the order of the people."""
    inferencer = Pose3DInferencer.__new__(Pose3DInferencer)
    inferencer.model, inferencer.cfg = model, model.cfg
    inferencer.pipeline = Compose(model.cfg.test_dataloader.dataset.pipeline)
    tensors = []
    for each in people:
        found = sample(each)
        found.pred_instances.bboxes = torch.from_numpy(found.pred_instances.bboxes)
        found.pred_instances.keypoints = found.pred_instances.keypoints
        tensors.append(found)
    inferencer.pose2d_model = lambda *_, **__: iter([dict(predictions=tensors)])
    inferencer._keypoint_converter = partial(
        convert_keypoint_definition, pose_det_dataset=definition, pose_lift_dataset='h36m')
    loader = model.cfg.test_dataloader.dataset
    inferencer._pose_seq_extractor = partial(
        extract_pose_sequence, causal=loader.get('causal', False), seq_len=loader.get('seq_len', 1),
        step=loader.get('seq_step', 1))
    inferencer._video_input = False
    inferencer._buffer = defaultdict(list)
    data = inferencer.preprocess_single('photo.jpg', 0)
    with torch.no_grad():
        raw = [r.pred_instances.keypoints.reshape(-1, 3).copy() for r in model.test_step(pseudo_collate(data))]
    turned = inferencer.forward(pseudo_collate(inferencer.preprocess_single('photo.jpg', 0)))[0].pred_instances
    return [rounded(r) for r in raw], [rounded(r) for r in turned.keypoints]


def waiting(frames):
    """The frames with those who left standing still at the end of the list: MMPose takes zeros for their keypoints, since
    collate_pose_sequence copies the first frame without them where it means the last with them."""
    seen, result = {}, []
    for frame in frames:
        present = {p['track'] for p in frame}
        result.append(frame + [p for track, p in seen.items() if track not in present])
        seen.update({p['track']: p for p in frame})
    return result


def video(model, frames):
    loader = model.cfg.test_dataloader.dataset
    samples = [[sample(p) for p in frame] for frame in waiting(frames)]
    for frame in samples:
        for each in frame:
            each.pred_instances.keypoints = convert_keypoint_definition(each.pred_instances.keypoints, 'coco', 'h36m')
    result = []
    for index in range(len(frames)):
        window = extract_pose_sequence(
            samples, frame_idx=index, causal=loader.get('causal', False), seq_len=loader.get('seq_len', 1),
            step=loader.get('seq_step', 1))
        lifted = inference_pose_lifter_model(model, window, image_size=(WIDTH, HEIGHT), norm_pose_2d=True)
        result.append([rounded(each.pred_instances.keypoints) for each in lifted[:len(frames[index])]])
    return result


def described(person):
    return dict(keypoints=person['keypoints'].astype(float).round(2).tolist(),
                bbox=person['box'].astype(float).round(2).tolist(), track=person['track'])


def main():
    init_default_scope('mmpose')
    torch.set_num_threads(2)
    people = {name: [person(f'{name}{n}', count, n) for n in range(2)] for name, count in KEYPOINTS.items()}
    # The second person leaves, a third comes.
    frames = [[person(f'{n}.{f}', 17, n) for n in ((0, 1) if f < 3 else (0,) if f == 3 else (2, 0))] for f in range(5)]
    cases = []
    for name in CONFIGS:
        model = lifter(name)
        case = dict(config=FOLDER + name, images={}, standing={}, video=video(model, frames))
        for definition, found in people.items():
            case['images'][definition], case['standing'][definition] = image(model, definition, found)
        cases.append(case)
        print(name, flush=True)
    result = dict(versions=dict(mmpose=mmpose.__version__, torch=torch.__version__), width=WIDTH, height=HEIGHT,
                  people={name: [described(p) for p in found] for name, found in people.items()},
                  frames=[[described(p) for p in frame] for frame in frames], cases=cases)
    with open(sys.argv[1], 'w') as out:
        out.write(json.dumps(result).replace('"config"', '\n"config"') + '\n')


if __name__ == '__main__':
    main()
