"""usage: edpose_fixtures.py OUT.jsonl                 fixtures of deformable attention and of ED-Pose's head
          edpose_fixtures.py --model CONFIG IMAGE OUT.npz    the whole model of the zoo: outputs and predictions

What MMPose's ED-Pose computes with formula weights on small maps: one JSON object a line with `config` as text, the hash
and number of the state dict's keys, shapes and types in order, `features` (name and shape, values by formula) and `outputs`
as shape, mean magnitude and values at evenly spaced flat positions; of heads also the `people` decoded for `size`.

mmcv has multi-scale deformable attention only compiled; `PlainDeformableAttention` is the same in PyTorch, written after
the paper and mmcv's documentation. Where MMPose fixes the width of a query's code to 256 channels, it gets the
model's; learned queries' boxes, which it transposes once too often and then cannot use, are turned back. Made with MMPose 1.3.2, mmengine 0.10.7, PyTorch 2.13.
"""
import functools
import json
import sys
import warnings

warnings.filterwarnings('ignore')
import mmengine
import mmpose.models  # noqa: F401
import mmpose.models.heads.transformer_heads.edpose_head as edpose_head
import mmpose.models.heads.transformer_heads.transformers.deformable_detr_layers as layers
import numpy as np
import torch
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import nn

from formula import fill, fnv

init_default_scope('mmpose')


class PlainDeformableAttention(nn.Module):
    """Every query samples `points` places of each level for each head, bilinearly, and mixes them."""

    def __init__(self, embed_dims=256, num_heads=8, num_levels=4, num_points=4, dropout=0.1, batch_first=False,
                 value_proj_ratio=1.0):
        super().__init__()
        self.embed_dims, self.heads, self.levels, self.points = embed_dims, num_heads, num_levels, num_points
        samples = num_heads * num_levels * num_points
        inner = int(embed_dims * value_proj_ratio)
        self.sampling_offsets = nn.Linear(embed_dims, samples * 2)
        self.attention_weights = nn.Linear(embed_dims, samples)
        self.value_proj = nn.Linear(embed_dims, inner)
        self.output_proj = nn.Linear(inner, embed_dims)

    def forward(self, query, key=None, value=None, query_pos=None, key_padding_mask=None, reference_points=None,
                spatial_shapes=None, **kwargs):
        value = query if value is None else value
        placed = query if query_pos is None else query + query_pos
        B, Q, _ = query.shape
        projected = self.value_proj(value)
        if key_padding_mask is not None:
            projected = projected * (~key_padding_mask).unsqueeze(-1)
        offsets = self.sampling_offsets(placed).view(B, Q, self.heads, self.levels, self.points, 2)
        weights = self.attention_weights(placed).view(B, Q, self.heads, -1).softmax(-1).view(offsets.shape[:-1])
        result, start = 0, 0
        for level, (h, w) in enumerate(spatial_shapes.tolist()):
            map_ = projected[:, start:start + h * w].view(B, h, w, self.heads, -1).permute(0, 3, 4, 1, 2).flatten(0, 1)
            start += h * w
            reference = reference_points[:, :, level, None, None]
            shift = offsets[:, :, :, level]
            if reference.shape[-1] == 2:
                where = reference + shift / torch.tensor([w, h], dtype=shift.dtype)
            else:
                where = reference[..., :2] + shift / self.points * reference[..., 2:] * 0.5
            grid = (where * 2 - 1).transpose(1, 2).flatten(0, 1)
            sampled = torch.nn.functional.grid_sample(map_, grid, align_corners=False)
            share = weights[:, :, :, level].transpose(1, 2).flatten(0, 1).unsqueeze(1)
            result = result + (sampled * share).sum(-1)
        result = result.view(B, -1, Q).transpose(1, 2)
        return query + self.output_proj(result)


edpose_head.MultiScaleDeformableAttention = PlainDeformableAttention
layers.MultiScaleDeformableAttention = PlainDeformableAttention
_code = edpose_head.EDPoseDecoder.get_proposal_pos_embed
_start = edpose_head.EDPoseHead.pre_decoder


def _batch_first(self, *args, **kwargs):
    start, more = _start(self, *args, **kwargs)
    if not self.as_two_stage:
        start['reference_points'] = start['reference_points'].transpose(0, 1)
    return start, more


edpose_head.EDPoseHead.pre_decoder = _batch_first


def attention(width, heads, levels, points, **more):
    return dict(embed_dims=width, num_heads=heads, num_levels=levels, num_points=points, batch_first=True, **more)


def head(width=16, heads=2, levels=2, points=2, keypoints=3, queries=12, groups=4, boxes=1, depth=3, two_stage=True,
         positions=None, out=None, ffn=None, **more):
    perceptron = dict(embed_dims=width, feedforward_channels=24, ffn_drop=0.1, **(ffn or {}))
    return dict(
        type='EDPoseHead', num_queries=queries, num_feature_levels=levels, num_keypoints=keypoints,
        as_two_stage=two_stage,
        encoder=dict(num_layers=2, layer_cfg=dict(self_attn_cfg=attention(width, heads, levels, points),
                                                  ffn_cfg=perceptron)),
        decoder=dict(num_layers=depth, embed_dims=width, query_dim=4, num_feature_levels=levels, num_group=groups,
                     num_dn=4, num_box_decoder_layers=boxes, return_intermediate=True,
                     layer_cfg=dict(self_attn_cfg=dict(embed_dims=width, num_heads=heads, batch_first=True),
                                    cross_attn_cfg=attention(width, heads, levels, points), ffn_cfg=perceptron)),
        out_head=dict(num_classes=2, num_queries=queries, num_pred_layer=depth, **(out or {})),
        positional_encoding=dict(num_pos_feats=width // 2, **(positions or dict(temperatureH=20, temperatureW=30,
                                                                               normalize=True))),
        denosing_cfg=dict(dn_labelbook_size=5, dn_box_noise_scale=0.4, dn_label_noise_ratio=0.5,
                          dn_attn_mask_type_list=['match2dn', 'dn2dn', 'group2group']),
        data_decoder=dict(type='EDPoseLabel', num_select=5, num_keypoints=keypoints), **more)


# name, head, size of the input (w, h), maps
HEADS = [
    ('two stages', head(), (80, 64), [[1, 16, 8, 10], [1, 16, 4, 5]]),
    ('two stages, shared', head(out=dict(dec_pred_class_embed_share=True, dec_pred_bbox_embed_share=True,
                                         dec_pred_pose_embed_share=True), dec_pred_class_embed_share=True,
                                dec_pred_bbox_embed_share=True, boxes=2, depth=4), (64, 96),
     [[1, 16, 12, 8], [1, 16, 6, 4]]),
    ('17 keypoints, no bias', head(keypoints=17, levels=3, points=3, out=dict(cls_no_bias=True), ffn=dict(num_fcs=3)),
     (48, 64), [[1, 16, 8, 6], [1, 16, 4, 3], [1, 16, 2, 2]]),
    ('learned queries', head(two_stage=False, positions=dict()), (80, 64), [[2, 16, 8, 10], [2, 16, 4, 5]]),
]


def formula(name, shape):
    return torch.from_numpy(fill(name, tuple(shape)))


def load(model):
    for key, value in model.state_dict().items():
        if value.is_floating_point():
            value.copy_(formula(key, value.shape))
    return model.eval()


def samples(value):
    flat = value.detach().float().numpy().astype(np.float64).ravel()
    at = np.linspace(0, flat.size - 1, min(24, flat.size)).astype(int)
    return dict(name='', shape=list(value.shape), absmean=float(np.abs(flat).mean()), at=at.tolist(),
                values=[float(f'{v:.7g}') for v in flat[at]])


def described(name, config, model, features, outputs):
    entries = [f'{k} {list(v.shape)} {str(v.dtype).replace("torch.", "")}' for k, v in model.state_dict().items()]
    return dict(name=name, config=repr(config), entries=len(entries), entries_fnv=f'{fnv(chr(10).join(entries)):016x}',
                features=features, outputs=[samples(o) for o in outputs])


def sample(width, height):
    meta = dict(img_shape=(height, width), batch_input_shape=(height, width), input_size=(height, width))
    return PoseDataSample(metainfo=meta)


def head_record(name, config, size, shapes):
    width = config['decoder']['embed_dims']
    edpose_head.EDPoseDecoder.get_proposal_pos_embed = staticmethod(functools.partial(_code, num_pos_feats=width // 2))
    model = load(MODELS.build(mmengine.Config(dict(model=config)).model))
    features = [[f'map{i}', shape] for i, shape in enumerate(shapes)]
    maps = tuple(formula(n, s) for n, s in features)
    batch = [sample(*size) for _ in range(shapes[0][0])]
    with torch.inference_mode():
        outputs = model.forward(maps, batch)
        people = model.predict(maps, batch)[0]
    result = described(name, config, model, features, outputs)
    result['size'] = list(size)
    result['people'] = [dict(keypoints=np.round(k, 4).tolist(), scores=s.tolist(), box=np.round(b, 4).tolist())
                        for k, s, b in zip(people.keypoints, people.keypoint_scores, people.bboxes)]
    return result


def attention_record(name, config, dimensions, sizes):
    """Queries of the first map's pixels' number; references are by formula, shifted to 0…1."""
    model = load(PlainDeformableAttention(**config))
    tokens, queries, width = sum(h * w for h, w in sizes), 7, config['embed_dims']
    features = [['query', [2, queries, width]], ['positions', [2, queries, width]], ['values', [2, tokens, width]],
                ['references', [2, queries, dimensions]]]
    query, positions, values, references = (formula(n, s) for n, s in features)
    references = references * 0.5 + 0.5
    with torch.inference_mode():
        output = model(query, value=values, query_pos=positions, spatial_shapes=torch.tensor(sizes),
                       reference_points=references.unsqueeze(2).repeat(1, 1, len(sizes), 1))
    return dict(described(name, config, model, features, [output]), sizes=[list(s) for s in sizes])


def whole_model(config_path, image, out):
    from mmengine.config import Config
    from mmpose.apis import inference_bottomup
    from mmpose.datasets.datasets.utils import parse_pose_metainfo
    from mmpose.registry import DATASETS
    config = Config.fromfile(config_path)
    for part in config.model.values():
        if isinstance(part, dict):
            part.pop('init_cfg', None)
    model = load(MODELS.build(config.model))
    model.cfg = config
    dataset = config.test_dataloader['dataset']
    model.dataset_meta = parse_pose_metainfo(DATASETS.get(dataset['type'])('', pipeline=[], lazy_init=True).METAINFO
                                             if isinstance(dataset['type'], str) else dataset['type'].METAINFO)
    x = formula('input', (1, 3, 192, 256))
    meta = dict(img_shape=(192, 256), batch_input_shape=(192, 256), input_size=(192, 256))
    with torch.inference_mode():
        outputs = model.head.forward(model.extract_feat(x), [PoseDataSample(metainfo=meta)])
    found = inference_bottomup(model, image)[0].pred_instances
    np.savez(out, input=x.numpy(), keypoints=found.keypoints, scores=found.keypoint_scores, boxes=found.bboxes,
             **{str(i): o.numpy() for i, o in enumerate(outputs)})


def main():
    torch.set_num_threads(2)
    if sys.argv[1] == '--model':
        return whole_model(*sys.argv[2:])
    with open(sys.argv[1], 'w') as out:
        for record in HEADS:
            out.write(json.dumps(head_record(*record)) + '\n')
        for record in [('points', attention(16, 4, 2, 3), 2, [(5, 4), (3, 2)]),
                       ('boxes', attention(16, 2, 3, 2, value_proj_ratio=0.5), 4, [(6, 5), (3, 3), (1, 2)])]:
            out.write(json.dumps(attention_record(*record)) + '\n')


if __name__ == '__main__':
    main()
