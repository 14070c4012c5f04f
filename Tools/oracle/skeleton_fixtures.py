"""What MMPose makes of every keypoint definition of its zoo, for Tests/PoseCoreTests/ZooSkeletonTests.swift.

Run: python Tools/oracle/skeleton_fixtures.py CONFIGS/_base_/datasets Tests/PoseCoreTests/Fixtures/skeletons.json
Made with MMPose 1.3.2 and mmengine 0.10.7.
"""
import json
import sys
from pathlib import Path

from mmpose.datasets.datasets.utils import parse_pose_metainfo

result = {}
for file in sorted(Path(sys.argv[1]).glob('*.py')):
    meta = parse_pose_metainfo(dict(from_file=str(file)))
    result[file.stem] = dict(
        name=meta['dataset_name'],
        keypoints=meta['num_keypoints'],
        flip_indices=meta['flip_indices'],
        flip_pairs=len(meta['flip_pairs']),
        upper=len(meta['upper_body_ids']),
        lower=len(meta['lower_body_ids']),
        links=[list(link) for link in meta['skeleton_links']],
        joint_colors=[sum(int(c) << 8 * i for i, c in enumerate(rgb)) for rgb in meta['keypoint_colors']],
        link_colors=[sum(int(c) << 8 * i for i, c in enumerate(rgb)) for rgb in meta['skeleton_link_colors']],
        weights=[round(float(w), 4) for w in meta['dataset_keypoint_weights']],
        sigmas=[round(float(s), 6) for s in meta['sigmas']])
text = json.dumps(result, indent=0, separators=(',', ':'))
Path(sys.argv[2]).write_text(text.replace('\n', '').replace('},"', '},\n"') + '\n')
