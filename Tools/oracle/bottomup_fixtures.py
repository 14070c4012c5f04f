"""usage: bottomup_fixtures.py OUT.jsonl

The people MMPose's bottom-up heads find on small feature maps, and what the necks compute: one JSON object a line.

`head` (or `neck`) is the config as text; `features` are lists of maps, for every scale those of the image and, with a flip
test, those of its mirror image: name and shape, values by formula times `gain`. Weights are by formula but for the tables
in KEPT. `people` have keypoints, scores, and box and score where the head gives them; numbers that are none are null.
Made with MMPose 1.3.2, mmengine 0.10.7, PyTorch 2.13. DeformConv2d, which mmcv only has compiled, is `PlainDeformConv2d`;
averaging scales, which fails for want of an argument, gets the default its documentation gives it. Keypoints are
grouped with munkres 1.1.4; from version 2 on it orders equally good assignments otherwise.
"""
import json
import sys
import warnings

warnings.filterwarnings('ignore')
import mmcv_ops_stub  # noqa: F401
import mmengine
import mmpose
import mmpose.models  # noqa: F401
import mmpose.models.heads.heatmap_heads.ae_head as ae_head
import mmpose.models.heads.hybrid_heads.dekr_head as dekr_head
import numpy as np
import torch
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample

from deformable import PlainDeformConv2d
from formula import fill, fnv

init_default_scope('mmpose')
KEPT = ('x_bins', 'y_bins', 'dim_t', 'regular_matrix', 'sigmas')

dekr_head.DeformConv2d = PlainDeformConv2d
_aggregate = ae_head.aggregate_heatmaps
ae_head.aggregate_heatmaps = lambda heatmaps, size=None, **more: _aggregate(heatmaps, size, **more)
BN = dict(type='BN', momentum=0.03, eps=0.001)
LINKS = [[0, 1], [1, 2], [2, 3], [0, 3]]
AE = dict(type='AssociativeEmbeddingHead', in_channels=8, num_keypoints=4, deconv_out_channels=None,
          decoder=dict(type='AssociativeEmbedding', input_size=(64, 64), heatmap_size=(64, 64), sigma=2,
                       decode_topk=6, decode_keypoint_order=[2, 0, 1, 3], decode_max_instances=10, decode_center_shift=0.5))
CID = dict(type='CIDHead', in_channels=8, num_keypoints=4, gfd_channels=6,
           decoder=dict(type='DecoupledHeatmap', input_size=(64, 96), heatmap_size=(16, 24)))
DEKR = dict(type='DEKRHead', in_channels=8, num_keypoints=4, num_heatmap_filters=5,
            num_displacement_filters_per_keypoint=3,
            decoder=dict(type='SPR', input_size=(96, 64), heatmap_size=(24, 16), sigma=(4, 2),
                         generate_keypoint_heatmaps=True, decode_max_instances=12))
YOLOX = dict(type='YOLOXPoseHead', num_keypoints=4, featmap_strides=[8, 16],
             head_module_cfg=dict(num_classes=1, in_channels=16, feat_channels=8, widen_factor=0.5, norm_cfg=BN,
                                  act_cfg=dict(type='Swish')),
             prior_generator=dict(type='MlvlPointGenerator', offset=0, strides=[8, 16]),
             assigner=dict(type='SimOTAAssigner'), loss_cls=dict(type='BCELoss'), loss_obj=dict(type='BCELoss'),
             loss_bbox=dict(type='IoULoss'), loss_oks=dict(type='OKSLoss'), loss_vis=dict(type='BCELoss'))
RTMO = dict(type='RTMOHead', num_keypoints=4, featmap_strides=[16, 32],
            head_module_cfg=dict(num_classes=1, in_channels=16, cls_feat_channels=16, channels_per_group=4,
                                 num_groups=2, pose_vec_channels=12, widen_factor=0.5, norm_cfg=BN,
                                 act_cfg=dict(type='Swish')),
            prior_generator=dict(type='MlvlPointGenerator', centralize_points=True, strides=[16, 32]),
            dcc_cfg=dict(in_channels=12, feat_channels=8, num_bins=(12, 16), spe_channels=8,
                         gau_cfg=dict(s=8, expansion_factor=2, act_fn='SiLU', pos_enc='add')),
            assigner=dict(type='SimOTAAssigner'), loss_cls=dict(type='VariFocalLoss'), loss_bbox=dict(type='IoULoss'),
            loss_oks=dict(type='OKSLoss'), loss_vis=dict(type='BCELoss'))


def rescore(head):
    return dict(head, rescore_cfg=dict(in_channels=16, norm_indexes=(0, 2)))


def rope(head):
    dcc = dict(head['dcc_cfg'], gau_cfg=dict(s=8, expansion_factor=2, act_fn='ReLU', pos_enc='rope'))
    return dict(head, dcc_cfg=dcc)


def maps(head, *sizes):
    channels = 16 if head['type'] == 'RTMOHead' else 8
    return [[1, channels, h, w] for h, w in sizes]


# Without aligned corners the borders of enlarged maps are flat, and PyTorch's order of equal maxima is its own.
# name, head, input size (w, h), one list of maps for each scale, gain, test_cfg
HEADS = [
    ('ae flip', AE, (64, 64), [maps(AE, (16, 16))], 20, dict(flip_test=True)),
    ('ae flip, restored', AE, (80, 48), [maps(AE, (12, 20))], 20,
     dict(flip_test=True, restore_heatmap_size=True, shift_heatmap=True, align_corners=True)),
    ('ae flip, scales', AE, (64, 64), [maps(AE, (16, 16)), maps(AE, (24, 24)), maps(AE, (8, 8))], 20,
     dict(flip_test=True, multiscale_test=True, align_corners=True)),
    ('cid', CID, (64, 96), [maps(CID, (24, 16))], 9, dict(max_instances=5)),
    ('cid flip', CID, (64, 96), [maps(CID, (24, 16))], 9,
     dict(flip_test=True, blur_kernel_size=5, max_instances=7, score_threshold=0.4)),
    ('cid, nobody', CID, (64, 96), [maps(CID, (24, 16))], 9, dict(score_threshold=1.5)),
    ('dekr', DEKR, (96, 64), [maps(DEKR, (16, 24))], 9, dict()),
    ('dekr flip', DEKR, (96, 64), [maps(DEKR, (16, 24))], 9,
     dict(flip_test=True, shift_heatmap=True, nms_dist_thr=0.4, nms_joints_thr=1)),
    ('dekr rescored', rescore(DEKR), (96, 64), [maps(DEKR, (16, 24))], 9,
     dict(flip_test=True, nms_dist_thr=0.5, nms_joints_thr=0, max_num_people=3)),
    ('yoloxpose', YOLOX, (64, 96), [maps(YOLOX, (12, 8), (6, 4))], 30,
     dict(score_thr=0.2, nms_thr=0.65, nms_pre=20)),
    ('yoloxpose, all', YOLOX, (64, 96), [maps(YOLOX, (12, 8), (6, 4))], 30, dict(nms_pre=9)),
    ('yoloxpose, nobody', YOLOX, (64, 96), [maps(YOLOX, (12, 8), (6, 4))], 30, dict(score_thr=1.0, nms_thr=0.65)),
    ('rtmo', RTMO, (96, 64), [maps(RTMO, (4, 6), (2, 3))], 30, dict(score_thr=0.1, nms_thr=0.65)),
    ('rtmo, rotating positions', rope(RTMO), (96, 64), [maps(RTMO, (4, 6), (2, 3))], 30,
     dict(score_thr=0.1, nms_thr=0.3)),
]
NECKS = [
    dict(type='FPN', in_channels=[8, 16, 24], out_channels=6, num_outs=5),
    dict(type='FPN', in_channels=[8, 16, 24], out_channels=6, num_outs=4, start_level=1,
         add_extra_convs='on_output', relu_before_extra_convs=True, norm_cfg=dict(type='BN'),
         no_norm_on_lateral=True, act_cfg=dict(type='ReLU'), upsample_cfg=dict(mode='bilinear', scale_factor=2)),
    dict(type='FPN', in_channels=[8, 16, 24], out_channels=6, num_outs=4, add_extra_convs=True),
    dict(type='FPN', in_channels=[8, 16, 24], out_channels=6, num_outs=4, add_extra_convs='on_lateral'),
    dict(type='FPN', in_channels=[8, 16, 24], out_channels=6, num_outs=2, end_level=1),
    dict(type='ChannelMapper', in_channels=[8, 16, 24], out_channels=6, num_outs=5, kernel_size=1,
         norm_cfg=dict(type='GN', num_groups=2), act_cfg=None, bias=True),
    dict(type='ChannelMapper', in_channels=[8, 16, 24], out_channels=6),
    dict(type='HybridEncoder', in_channels=[8, 16, 24], hidden_dim=8, widen_factor=0.5, deepen_factor=0.5,
         num_encoder_layers=2, use_encoder_idx=[1, 2], spe_learnable=True, output_indices=[0, 2],
         encoder_cfg=dict(self_attn_cfg=dict(embed_dims=8, num_heads=2, dropout=0.0),
                          ffn_cfg=dict(embed_dims=8, feedforward_channels=12))),
]


def fill_weights(module):
    module.eval()
    with torch.no_grad():
        for key, value in module.state_dict().items():
            if value.is_floating_point() and not key.endswith(KEPT):
                value.copy_(torch.from_numpy(fill(key, tuple(value.shape))))


def tensor(name, shape, gain):
    return torch.from_numpy(fill(name, tuple(shape)) * np.float32(gain))


def clean(value):
    value = np.asarray(value, np.float64)
    return np.where(np.isfinite(value), value, None).tolist()


def keys(module):
    lines = [f'{k} {list(v.shape)} {str(v.dtype)[6:]}' for k, v in module.state_dict().items()]
    return dict(entries=len(lines), entries_fnv='%016x' % fnv('\n'.join(lines)))


def head_case(name, head, size, scales, gain, test_cfg):
    import copy
    module = MODELS.build(copy.deepcopy(head))
    fill_weights(module)
    named = [[[f'scale{s}.map{m}', shape] for m, shape in enumerate(shapes)] for s, shapes in enumerate(scales)]
    feats = []
    for levels in named:
        original = tuple(tensor(n, shape, gain) for n, shape in levels)
        mirrored = tuple(tensor('mirrored.' + n, shape, gain) for n, shape in levels)
        feats.append([original, mirrored] if test_cfg.get('flip_test') else original)
    # CID keeps the maps in a list of its own.
    feats = feats if test_cfg.get('multiscale_test') else feats[0]
    w, h = size
    sample = PoseDataSample(metainfo=dict(
        input_size=size, img_shape=(h, w), flip_indices=[1, 0, 3, 2], skeleton_links=LINKS, aug_scales=[1.5, 0.5]))
    with torch.no_grad():
        predicted = module.predict(feats, [sample], test_cfg)[0]
    people = []
    for i in range(len(predicted.keypoints)):
        people.append(dict(
            keypoints=clean(predicted.keypoints[i]), scores=clean(predicted.keypoint_scores[i]),
            box=clean(predicted.bboxes[i]) if 'bboxes' in predicted else None,
            score=float(predicted.bbox_scores[i]) if 'bbox_scores' in predicted else None))
    print(name, len(people), file=sys.stderr)
    return dict(name=name, head=repr(head), test_cfg=repr(test_cfg), size=size, features=named, gain=gain,
                flip_indices=[1, 0, 3, 2], links=LINKS, people=people, **keys(module))


def neck_case(neck):
    import copy
    module = MODELS.build(copy.deepcopy(neck))
    fill_weights(module)
    named = [[f'scale0.map{m}', [2, c, s, s + 4]] for m, (c, s) in enumerate(((8, 16), (16, 8), (24, 4)))]
    named = [[n, [2, shape[1], 16 >> m, 24 >> m]] for m, (n, shape) in enumerate(named)]
    with torch.no_grad():
        outputs = module(tuple(tensor(n, shape, 10) for n, shape in named))
    result = []
    for index, output in enumerate(outputs):
        flat = output.reshape(-1).double()
        at = [int(i) for i in np.unique(np.linspace(0, len(flat) - 1, 24).astype(int))]
        result.append(dict(name=str(index), shape=list(output.shape), absmean=float(flat.abs().mean()), at=at,
                           values=[float(flat[i]) for i in at]))
    return dict(neck=repr(neck), features=[named], gain=10, outputs=result, **keys(module))


with open(sys.argv[1], 'w') as file:
    versions = dict(mmpose=mmpose.__version__, mmengine=mmengine.__version__, torch=torch.__version__)
    file.write(json.dumps(dict(versions=versions)) + '\n')
    for case in HEADS:
        file.write(json.dumps(head_case(*case)) + '\n')
    for neck in NECKS:
        file.write(json.dumps(neck_case(neck)) + '\n')
