"""Times the training pipelines of RTMPose-m and HRNet-w32 on COCO beside the real MMPose, in turn, on the same images.

    python Benchmarks/training_samples.py .build/release/pose ZOO FOLDER

ZOO is MMPose's configs, FOLDER has an annotation file in COCO's format (annotations.json, test_coco.json or the only .json)
and its pictures (in images/ or beside it). The Python needs mmpose 1.3.2 with mmdet and albumentations below 1.4; without
the latter, that step is left out on both sides, and the output says so. One thread is measured by the time that the
processor worked for it, all cores by the clock; the better of the rounds counts.
"""
import glob, importlib.util, json, os, subprocess, sys, time

CONFIGS = {
    'RTMPose-m': 'body_2d_keypoint/rtmpose/coco/rtmpose-m_8xb256-420e_coco-256x192.py',
    'HRNet-w32': 'body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w32_8xb64-210e_coco-256x192.py',
}
SECONDS, ROUNDS, KEY = 3.0, 3, 'train_dataloader.dataset'
CORES = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()


def find_data(folder):
    names = [os.path.join(folder, n) for n in ('annotations.json', 'test_coco.json')] + glob.glob(folder + '/*.json')
    annotations = next((n for n in names if os.path.exists(n)), None)
    if annotations is None:
        sys.exit(f'{folder}: no annotation file')
    images = os.path.join(folder, 'images')
    return os.path.abspath(annotations), os.path.abspath(images if os.path.isdir(images) else folder) + '/'


def our_rates(pose, config, data, drop):
    overrides = [f'{KEY}.data_root=', f'{KEY}.ann_file={data[0]}', f'{KEY}.data_prefix.img={data[1]}']
    if drop is not None:
        overrides.append(f'{KEY}.pipeline.{drop}.transforms=[]')
    command = [pose, 'dataset', 'bench', config, '--seconds', str(SECONDS), '--json', '--cfg-options', *overrides]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {(r['threads'] > 1 or CORES == 1 and i % 2 == 1, r['decodes']): r['samplesPerSecond']
            for i, r in enumerate(json.loads(output)['rates'])}


def albumentation_step(config):
    from mmengine.config import Config
    steps = Config.fromfile(config).train_dataloader.dataset.pipeline
    return next((i for i, step in enumerate(steps) if step.type == 'Albumentation'), None)


def their_dataset(config, data, drop):
    from mmengine.config import Config
    from mmengine.registry import init_default_scope
    import mmdet.datasets.transforms  # registers YOLOXHSVRandomAug
    from mmpose.registry import DATASETS
    init_default_scope('mmpose')
    settings = Config.fromfile(config).train_dataloader.dataset
    settings.update(data_root='', ann_file=data[0], data_prefix=dict(img=data[1]))
    if drop is not None:
        del settings.pipeline[drop]
    return DATASETS.build(settings)


class Repeated:
    """A dataset over and over; the pictures decoded before, if asked for."""

    def __init__(self, dataset, count, decodes):
        self.dataset, self.count, self.images = dataset, count, {}
        if not decodes:
            import cv2
            for i in range(len(dataset)):
                path = dataset.get_data_info(i)['img_path']
                self.images.setdefault(path, cv2.imread(path, cv2.IMREAD_COLOR))

    def __len__(self):
        return self.count

    def __getitem__(self, i):
        info = self.dataset.get_data_info(i % len(self.dataset))
        if self.images:
            info['img'] = self.images[info['img_path']]
        return self.dataset.pipeline(info)


def their_rates(config, data, drop):
    import cv2
    import torch
    from mmengine.dataset import pseudo_collate
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    dataset, rates = their_dataset(config, data, drop), {}
    for decodes in (True, False):
        repeated = Repeated(dataset, 0, decodes)
        for i in range(8):
            repeated[i]
        start, made = time.thread_time(), 0
        while time.thread_time() - start < SECONDS:
            repeated[made]
            made += 1
        rates[False, decodes] = made / (time.thread_time() - start)
        repeated.count = max(int(rates[False, decodes] * CORES * SECONDS), 64)
        loader = torch.utils.data.DataLoader(repeated, batch_size=32, num_workers=CORES, collate_fn=pseudo_collate)
        start, made = None, 0
        for batch in loader:
            # Starting the processes does not count.
            if start is None:
                start = time.perf_counter()
            else:
                made += len(batch['inputs'])
        rates[True, decodes] = made / (time.perf_counter() - start)
    return rates


def main():
    pose, zoo, folder = sys.argv[1:4]
    data = find_data(folder)
    has_albumentations = importlib.util.find_spec('albumentations') is not None
    for name, path in CONFIGS.items():
        config = os.path.join(zoo, path)
        drop = None if has_albumentations else albumentation_step(config)
        ours, theirs = {}, {}
        for _ in range(ROUNDS):
            for best, rates in ((theirs, their_rates(config, data, drop)), (ours, our_rates(pose, config, data, drop))):
                for key, rate in rates.items():
                    best[key] = max(rate, best.get(key, 0))
        print(f'{name}, samples a second' + ('' if drop is None else ' (without albumentations, which is not installed)'))
        for together, decodes in ((False, True), (True, True), (False, False), (True, False)):
            label = (f'{CORES} cores' if together else 'one thread') + (', with decoding' if decodes else ', without')
            our, their = ours[together, decodes], theirs[together, decodes]
            print(f'  {label:28} pose {our:8.0f}   MMPose {their:8.0f}   {our / their:5.1f}', flush=True)


if __name__ == '__main__':
    main()
