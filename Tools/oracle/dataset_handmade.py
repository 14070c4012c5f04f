"""usage: dataset_handmade.py TESTDATA OUT

Small annotation files in the format of every dataset class, at the paths that dataset_fixtures.py reads. MMPose's own test
data (TESTDATA) say which fields there are and of what type; every coordinate, size and name is made up.
"""
import copy
import json
import os
import pickle
import sys

import numpy as np

source, out = sys.argv[1], sys.argv[2]
random = np.random.RandomState(11)
WIDTH, HEIGHT = 640, 480
# Files that MMPose's test data lack, and one of the same fields.
LACKING = {'wflw/test_wflw.json': ('300w/test_300w.json', 98), 'crowdpose/test_crowdpose.json': ('coco/test_coco.json', 14),
           'freihand/test_freihand.json': ('onehand10k/test_onehand10k.json', 21)}


def number(low, high):
    return round(float(random.uniform(low, high)), 2)


def points(values, flags):
    """`values` with other coordinates; every third is the visibility or, without `flags`, kept as it is.

    RHD's are lists of three within the list.
    """
    if values and isinstance(values[0], list):
        flat = points([part for value in values for part in value], flags)
        return [flat[index:index + 3] for index in range(0, len(flat), 3)]
    result = []
    for index, value in enumerate(values):
        if index % 3 == 2:
            result.append(int(random.randint(0, 3)) if flags else value)
        else:
            result.append(number(-20, WIDTH))
    for index in range(2, len(result), 3):
        if flags and result[index] == 0:
            result[index - 2] = result[index - 1] = 0
    return result


def zeros(values):
    return [zeros(value) if isinstance(value, list) else 0 for value in values]


def box(values):
    return [number(-30, 400), number(-30, 300), number(40, 300), number(40, 260)] + values[4:]


def annotation(record):
    record = dict(record)
    for key, value in record.items():
        if key.endswith('_valid') and isinstance(value, bool):
            record[key] = bool(random.rand() < .7)
        elif 'keypoints' in key and isinstance(value, list) or key.endswith('_kpts'):
            record[key] = points(value, key != 'keypoints_3d')
        elif key in ('bbox', 'bbox_head', 'headbox') or key.endswith('_box') and isinstance(value, list):
            record[key] = box(value)
        elif key in ('center',):
            record[key] = [number(50, 500), number(50, 400)]
        elif key in ('area', 'scale', 'head_size', 'box_size') and not isinstance(value, list):
            record[key] = number(.5, 3) if key == 'scale' else number(20, 9000)
        elif key == 'segmentation':
            record[key] = []
    return record


def coco(data, keypoints=None):
    images = data['images'][:3]
    names = {image['id'] for image in images}
    records = [a for a in data['annotations'] if a['image_id'] in names][:7] or data['annotations'][:3]
    images = [i for i in data['images'] if i['id'] in {a['image_id'] for a in records}]
    result = {'images': [], 'annotations': [], 'categories': data.get('categories', [])}
    for index, image in enumerate(images):
        kept = {k: v for k, v in image.items() if k in (
            'id', 'width', 'height', 'frame_id', 'vid_id', 'nframes', 'crowdIndex', 'capture', 'camera', 'frame_idx',
            'seq_name', 'is_labeled')}
        result['images'].append({**kept, 'file_name': f'frames/{index:06d}.jpg', 'width': WIDTH, 'height': HEIGHT})
    for index, record in enumerate(records):
        record = copy.deepcopy(record)
        if keypoints:
            record['keypoints'] = [0, 0, 1] * keypoints
        record.pop('images', None)
        record = annotation(record)
        if 'num_keypoints' in record:
            listed = record.get('keypoints', [1] * 3)
            flags = [v[2] for v in listed] if listed and isinstance(listed[0], list) else listed[2::3]
            record['num_keypoints'] = max(1, sum(v > 0 for v in flags))
        result['annotations'].append(record)
    if len(records) > 2:
        result['annotations'][1]['iscrowd'] = 1
        if 'num_keypoints' in result['annotations'][2]:
            result['annotations'][2]['keypoints'] = zeros(result['annotations'][2]['keypoints'])
            result['annotations'][2]['num_keypoints'] = 0
    return result


def mpii(data):
    return [{**record, 'image': f'{index:05d}.jpg', 'scale': number(1, 5), 'center': [number(90, 500), number(90, 400)],
             'joints': [[number(0, 600), number(0, 400)] for _ in record['joints']],
             'joints_vis': [int(random.rand() < .8) for _ in record['joints_vis']]}
            for index, record in enumerate(data[:3])]


def shaken(value):
    """The same structure with other fractions."""
    if isinstance(value, dict):
        return {key: shaken(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shaken(part) for part in value]
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind not in 'f' else (value * random.uniform(.8, 1.2, value.shape)).astype(value.dtype)
    return round(value * random.uniform(.8, 1.2), 3) if isinstance(value, float) else value


def interhand(folder):
    data, cameras, joints = (json.load(open(f'{source}/{folder}/test_interhand2.6m_{n}.json'))
                             for n in ('data', 'camera', 'joint_3d'))
    data = {**data, 'images': data['images'][:3]}
    names = {i['id'] for i in data['images']}
    data['annotations'] = [annotation(a) for a in data['annotations'] if a['image_id'] in names]
    for image in data['images']:
        image['file_name'] = f"frames/{image['id']}.jpg"
    captures = {str(i['capture']) for i in data['images']}
    views = {str(i['camera']) for i in data['images']}
    frames = {str(i['frame_idx']) for i in data['images']}
    cameras = {c: {k: {v: x for v, x in part.items() if v in views} for k, part in cameras[c].items()} for c in captures}
    joints = {c: {f: x for f, x in joints[c].items() if f in frames} for c in captures}
    return {'data': data, 'camera': shaken(cameras), 'joint_3d': shaken(joints)}


def ubody(data):
    images = data['images'][:3]
    names = {i['id'] for i in images}
    return {**{k: v for k, v in data.items() if k not in ('images', 'annotations')}, 'images': images,
            'annotations': shaken([a for a in data['annotations'] if a['image_id'] in names][:4])}


def write(path, value):
    os.makedirs(os.path.dirname(f'{out}/{path}'), exist_ok=True)
    with open(f'{out}/{path}', 'w') as file:
        json.dump(value, file, separators=(',', ':'))
        file.write('\n')


def human36m(folder):
    arrays = dict(np.load(f'{source}/{folder}/test_h36m_body3d.npz', allow_pickle=True))
    count = len(arrays['imgname'])
    kept = range(min(count, 8))
    small = {k: (shaken(v[list(kept)]) if len(v) == count else v) for k, v in arrays.items()}
    os.makedirs(f'{out}/{folder}', exist_ok=True)
    np.savez_compressed(f'{out}/{folder}/test_h36m_body3d.npz', **small)
    detected = np.load(f'{source}/{folder}/test_h36m_2d_detection.npy')
    np.save(f'{out}/{folder}/test_h36m_2d_detection.npy', shaken(detected[list(kept)]))
    cameras = pickle.load(open(f'{source}/{folder}/cameras.pkl', 'rb'))
    pickle.dump(shaken(cameras), open(f'{out}/{folder}/cameras.pkl', 'wb'))


fixtures = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'dataset_fixtures.py')).read()
scope = {}
exec(fixtures[fixtures.index('COCO_DET'):fixtures.index('KEYS =')], scope)
done = set()
for case in scope['CASES']:
    path = case['data_root'] + case['ann_file']
    if path in done:
        continue
    done.add(path)
    template, keypoints = LACKING.get(path, (path, None))
    if path.endswith('.npz'):
        human36m(case['data_root'].rstrip('/'))
    elif case['type'].startswith('InterHand'):
        for name, value in interhand('interhand2.6m').items():
            write(f'interhand2.6m/test_interhand2.6m_{name}.json', value)
    else:
        data = json.load(open(f'{source}/{template}'))
        special = {'MpiiDataset': mpii, 'UBody3dDataset': ubody}.get(case['type'])
        made = special(data) if special else coco(data, keypoints)
        if case['type'] == 'CrowdPoseDataset':
            for image in made['images']:
                image['crowdIndex'] = number(0, 1)
        if case['type'] == 'WFLWDataset':
            for record in made['annotations']:
                record.update(center=[number(50, 500), number(50, 400)], scale=number(.5, 3))
        write(path, made)
images = [i['id'] for i in json.load(open(f'{out}/coco/test_coco.json'))['images']]
write('coco/test_coco_det_AP_H_56.json', [
    {'image_id': images[i % len(images)], 'category_id': 1 + (i == 3), 'score': number(0, 1), 'bbox': box([0] * 4)}
    for i in range(7)])
