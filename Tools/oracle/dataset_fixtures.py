"""usage: dataset_fixtures.py TESTDATA OUT

Records that MMPose reads from annotation files: `dataset.get_data_info(i)` of every dataset class, as JSON lines.

TESTDATA is MMPose's own test data (`tests/data`), or Fixtures/handmade (dataset_handmade.py). Paths in the
records are relative to it. Made with MMPose 1.3.2, mmengine 0.10.7, NumPy 1.26.
"""
import gzip
import json
import os
import sys
import warnings

warnings.filterwarnings('ignore')
import numpy as np
import mmengine
import mmpose
import mmpose.datasets  # noqa: F401
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS

init_default_scope('mmpose')
root, out = sys.argv[1], sys.argv[2]
os.chdir(root)

COCO_DET = 'coco/test_coco_det_AP_H_56.json'
CASES = [
    dict(type='CocoDataset', data_root='coco/', ann_file='test_coco.json'),
    dict(type='CocoDataset', data_root='coco/', ann_file='test_coco.json', test_mode=True),
    dict(type='CocoDataset', data_root='coco/', ann_file='test_coco.json', data_mode='bottomup'),
    dict(type='CocoDataset', data_root='coco/', ann_file='test_coco.json', data_mode='bottomup', test_mode=True),
    dict(type='CocoDataset', data_root='coco/', ann_file='test_coco.json', bbox_file=COCO_DET, test_mode=True),
    dict(type='CocoDataset', data_root='coco/', ann_file='test_coco.json', bbox_file=COCO_DET, test_mode=True,
         filter_cfg=dict(bbox_score_thr=0.3)),
    dict(type='CocoDataset', data_root='coco/', ann_file='test_coco.json', indices=3),
    dict(type='CocoDataset', data_root='coco/', ann_file='test_coco.json', indices=[4, 1, 2]),
    dict(type='CocoDataset', data_root='coco/', ann_file='test_coco.json', sample_interval=3),
    dict(type='AicDataset', data_root='aic/', ann_file='test_aic.json'),
    dict(type='CrowdPoseDataset', data_root='crowdpose/', ann_file='test_crowdpose.json'),
    dict(type='ExlposeDataset', data_root='exlpose/', ann_file='test_exlpose.json'),
    dict(type='HumanArtDataset', data_root='humanart/', ann_file='test_humanart.json'),
    dict(type='HumanArt21Dataset', data_root='humanart/', ann_file='test_humanart.json'),
    dict(type='JhmdbDataset', data_root='jhmdb/', ann_file='test_jhmdb_sub1.json'),
    dict(type='JhmdbDataset', data_root='jhmdb/', ann_file='test_jhmdb_sub1.json', data_mode='bottomup'),
    dict(type='MhpDataset', data_root='mhp/', ann_file='test_mhp.json'),
    dict(type='MpiiDataset', data_root='mpii/', ann_file='test_mpii.json'),
    dict(type='MpiiDataset', data_root='mpii/', ann_file='test_mpii.json', data_mode='bottomup'),
    dict(type='MpiiTrbDataset', data_root='mpii/', ann_file='test_mpii_trb.json'),
    dict(type='OCHumanDataset', data_root='ochuman/', ann_file='test_ochuman.json'),
    dict(type='PoseTrack18Dataset', data_root='posetrack18/annotations/', ann_file='test_posetrack18_val.json'),
    dict(type='PoseTrack18VideoDataset', data_root='posetrack18/annotations/', ann_file='test_posetrack18_val.json',
         frame_weights=[0.2, 0.8], frame_sampler_mode='fixed', frame_indices=[-1, 0]),
    dict(type='AFLWDataset', data_root='aflw/', ann_file='test_aflw.json', test_mode=True),
    dict(type='CocoWholeBodyFaceDataset', data_root='coco/', ann_file='test_coco_wholebody.json'),
    dict(type='COFWDataset', data_root='cofw/', ann_file='test_cofw.json'),
    dict(type='Face300VWDataset', data_root='300vw/', ann_file='anno_300vw.json'),
    dict(type='Face300WDataset', data_root='300w/', ann_file='test_300w.json'),
    dict(type='Face300WLPDataset', data_root='300wlp/', ann_file='test_300wlp.json'),
    dict(type='LapaDataset', data_root='lapa/', ann_file='test_lapa.json'),
    dict(type='WFLWDataset', data_root='wflw/', ann_file='test_wflw.json'),
    dict(type='CocoWholeBodyHandDataset', data_root='coco/', ann_file='test_coco_wholebody.json'),
    dict(type='FreiHandDataset', data_root='freihand/', ann_file='test_freihand.json'),
    dict(type='InterHand2DDoubleDataset', data_root='interhand2.6m/', ann_file='test_interhand2.6m_data.json',
         camera_param_file='test_interhand2.6m_camera.json', joint_file='test_interhand2.6m_joint_3d.json'),
    dict(type='InterHand3DDataset', data_root='interhand2.6m/', ann_file='test_interhand2.6m_data.json',
         camera_param_file='test_interhand2.6m_camera.json', joint_file='test_interhand2.6m_joint_3d.json'),
    dict(type='OneHand10KDataset', data_root='onehand10k/', ann_file='test_onehand10k.json'),
    dict(type='PanopticHand2DDataset', data_root='panoptic/', ann_file='test_panoptic.json'),
    dict(type='Rhd2DDataset', data_root='rhd/', ann_file='test_rhd.json'),
    dict(type='CocoWholeBodyDataset', data_root='coco/', ann_file='test_coco_wholebody.json'),
    dict(type='CocoWholeBodyDataset', data_root='coco/', ann_file='test_coco_wholebody.json', data_mode='bottomup',
         test_mode=True),
    dict(type='HalpeDataset', data_root='halpe/', ann_file='test_halpe.json'),
    dict(type='UBody2dDataset', data_root='coco/', ann_file='test_coco_wholebody.json'),
    dict(type='AnimalKingdomDataset', data_root='ak/', ann_file='test_animalkingdom.json'),
    dict(type='AnimalPoseDataset', data_root='animalpose/', ann_file='test_animalpose.json'),
    dict(type='AP10KDataset', data_root='ap10k/', ann_file='test_ap10k.json'),
    dict(type='ATRWDataset', data_root='atrw/', ann_file='test_atrw.json'),
    dict(type='FlyDataset', data_root='fly/', ann_file='test_fly.json'),
    dict(type='Horse10Dataset', data_root='horse10/', ann_file='test_horse10.json'),
    dict(type='LocustDataset', data_root='locust/', ann_file='test_locust.json'),
    dict(type='MacaqueDataset', data_root='macaque/', ann_file='test_macaque.json'),
    dict(type='ZebraDataset', data_root='zebra/', ann_file='test_zebra.json'),
    dict(type='DeepFashionDataset', data_root='fld/', ann_file='test_fld.json', subset='full'),
    dict(type='DeepFashion2Dataset', data_root='deepfasion2/', ann_file='deepfasion2.json'),
    dict(type='Human36mDataset', data_root='h36m/', ann_file='test_h36m_body3d.npz'),
    dict(type='Human36mDataset', data_root='h36m/', ann_file='test_h36m_body3d.npz', camera_param_file='cameras.pkl',
         keypoint_2d_src='detection', keypoint_2d_det_file='test_h36m_2d_detection.npy'),
    dict(type='Human36mDataset', data_root='h36m/', ann_file='test_h36m_body3d.npz', seq_len=5, causal=False,
         pad_video_seq=True, camera_param_file='cameras.pkl'),
    dict(type='UBody3dDataset', data_root='ubody3d/', ann_file='ubody3d_train.json', data_prefix=dict(img='images/')),
]

KEYS = ('img_id id img_path img_paths bbox bbox_score bbox_center bbox_scale num_keypoints keypoints keypoints_visible '
        'area iscrowd category_id head_size box_size crowd_index img_shape headbox hand_type hand_type_valid '
        'rel_root_depth rel_root_valid abs_depth focal principal_pt keypoints_cam frame_weights lifting_target '
        'lifting_target_visible factor target_img_path camera_param flip_indices dataset_name').split()


def plain(value):
    if isinstance(value, np.ndarray):
        return dict(shape=list(value.shape), dtype=str(value.dtype), values=value.flatten().tolist())
    if isinstance(value, (np.generic,)):
        return value.item()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


versions = dict(mmpose=mmpose.__version__, mmengine=mmengine.__version__, numpy=np.__version__)
with gzip.open(out, 'wt', compresslevel=9) if out.endswith('.gz') else open(out, 'w') as f:
    f.write(json.dumps(dict(versions=versions)) + '\n')
    for case in CASES:
        if not os.path.exists(case['data_root'] + case['ann_file']):
            print('absent', case['type'], case['data_root'] + case['ann_file'])
            continue
        np.random.seed(0)
        try:
            dataset = DATASETS.build(dict(case))
            count = len(dataset)
            wanted = sorted({0, count - 1} & set(range(count)))
            records = [dict(index=i, **{k: plain(v) for k, v in dataset.get_data_info(i).items() if k in KEYS})
                       for i in wanted]
        except Exception as e:
            print('FAILED', case, repr(e))
            continue
        if not case.get('indices'):
            case = dict(case)
        f.write(json.dumps(dict(dataset=case, count=count, records=records)) + '\n')
        print(case['type'], count)
