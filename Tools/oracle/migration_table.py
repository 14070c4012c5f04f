"""usage: migration_table.py MIGRATED PAIRS.tsv OFFICIAL DOC.md   (any Python with mmengine)

Compares configs that `pose migrate project` wrote for MMPose 0.29's zoo (folder MIGRATED) with their official 1.x
counterparts (folder OFFICIAL; PAIRS.tsv: 0.x path, 1.x path) in codec, preprocessor, neck, head, test_cfg, pipelines and
schedule, and writes the table between the marks in DOC.md. Every difference needs a cause in CAUSES."""
import collections
import json
import re
import sys

from mmengine.config import Config

# Option (pattern), config (pattern), cause. All but the last kind are changes in the official 1.x config.
CAUSES = [
    (r'codec\.blur_kernel_size', '', '`modulate_kernel=17` was not carried over'),
    (r'codec\.type', 'deepfashion', 'an MSRA codec for models trained with UDP'),
    (r'^train_pipeline$', 'deepfashion', 'a half-body step was added'),
    (r'codec\.sigma', 'posetrack18', 'sigma 3 instead of 2 at 384x288'),
    (r'use_udp', 'onehand10k', 'the UDP way of cropping was forgotten'),
    (r'test_cfg\.(shift_coords|flip_mode|shift_heatmap)', 'onehand10k|rhd2d|panoptic', 'the options of a heatmap head for a regression head'),
    (r'test_cfg\.shift_coords', '', 'the mirror image is shifted, which 0.29 did not do'),
    (r'min_total_keypoints', 'crowdpose', '`num_joints_half_body=6` became the default, 8'),
    (r'flip_cfg', 'h36m', 'the centre of the flip is left to 1.x\'s default, x = 0.5'),
    (r'size_factor', 'dekr', 'sizes are multiples of 32, not 64'),
    (r'train_pipeline\.3\.shift_prob', 'wflw', 'a random shift was added'),
    (r'train_pipeline\.3\.scale_factor', 'interhand3d', '`scale_factor=0.25` became the default, 0.5'),
    (r'train_pipeline\.[23]\.', 'coco_wholebody_hand', 'flip and box step change places, which changes nothing'),
    (r'file_client_args', '', 'the former way to name a storage backend was left in'),
    (r'^train_pipeline$', 'associative_embedding', 'no training pipeline is given'),
    (r'^train_pipeline$', 'dekr', 'the step that masks crowds was left out'),
    (r'(keypoints|target)_mean', 'simplebaseline3d', 'a comma too many makes a tuple of one; the numbers are the same'),
    (r'nms_joints_thr', 'dekr', 'left to 1.x\'s default, half of the keypoints'),
    (r'optim_wrapper\.(type|loss_scale)', 'hrformer', 'mixed precision was not carried over'),
    (r'param_scheduler\.\d\.end', 'h36m', 'the end is not that of the run; ours counts iterations without an end where 0.29 did'),
    (r'param_scheduler\.\d\.end', '', 'the end is not that of the run'),
    (r'^param_scheduler$', 'wholebody', 'a warm-up was added'),
    (r'train_cfg\.val_interval', '', 'another interval of validation'),
    (r'^train_cfg$', 'semi-supervised', 'a runtime file adds an empty entry; neither config trains'),
    (r'^model\.train_cfg', 'regress', 'training accuracy is turned off'),
    (r'^model\.train_cfg', '', 'an empty entry'),
]


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return int(value)
    return value


def differences(a, b, path):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            yield from differences(a.get(key, '–'), b.get(key, '–'), f'{path}.{key}')
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (x, y) in enumerate(zip(a, b)):
            yield from differences(x, y, f'{path}.{index}')
    elif a != b:
        yield path, a, b


def short(value):
    text = value if value == '–' else json.dumps(value)
    return text if len(text) <= 48 else text[:47] + '…'


def main(migrated, pairs, official, doc):
    rows, total, equal = collections.defaultdict(list), 0, 0
    for line in open(pairs):
        if line.startswith('#'):
            continue
        old, new = line.split('\t')[:2]
        a = plain(Config.fromfile(f'{migrated}/{old}').to_dict())
        b = plain(Config.fromfile(f'{official}/{new}').to_dict())
        found = []
        for key in ('codec', 'train_pipeline', 'val_pipeline', 'param_scheduler', 'optim_wrapper', 'train_cfg'):
            found += differences(a.get(key, '–'), b.get(key, '–'), key)
        for key in ('data_preprocessor', 'neck', 'head', 'train_cfg', 'test_cfg', 'traj_head', 'semi_loss'):
            found += differences(a['model'].get(key, '–'), b['model'].get(key, '–'), f'model.{key}')
        total, equal = total + 1, equal + (not found)
        for path, x, y in found:
            rows[re.sub(r'model\.head\.decoder\.', 'codec.', re.sub(r'(train|val)_pipeline\.\d+\.encoder\.', 'codec.', path)),
                 short(x), short(y)].append(old)
    lines = [f'Of {total} pairs {equal} are equal in everything compared. The others:', '',
             '| option | migrated | official | configs | what the official config changed | for example |', '|---|---|---|---|---|---|']
    for (path, x, y), configs in sorted(rows.items(), key=lambda item: (-len(set(item[1])), item[0])):
        cause = next(
            (text for option, config, text in CAUSES if re.search(option, path) and re.search(config, configs[0])), None)
        if cause is None:
            sys.exit(f'no cause for {path}: {x} {y} {configs[:2]}')
        example = configs[0].split('/')[-1][:-3]
        lines.append(f'| `{path}` | `{x}` | `{y}` | {len(set(configs))} | {cause} | {example} |')
    text = open(doc).read()
    begin, end = '<!-- table: begin -->\n', '<!-- table: end -->'
    before, rest = text.split(begin)
    open(doc, 'w').write(before + begin + '\n'.join(lines) + '\n' + end + rest.split(end)[1])
    print(total, equal, len(rows))


main(*sys.argv[1:])
