"""Trains RTMPose-t on the same synthetic batches with pose and with the real MMPose: loss by iteration, and images a second.

    python Benchmarks/training_iterations.py .build/release/pose ZOO [--iterations 200] [--batch 16] [--rounds 3]

ZOO is MMPose's configs; the Python needs mmpose 1.3.2. Both begin with the same weights and take the same samples in the same
order, without anything random. The curves part by what rounding grows into; --control trains MMPose again with one thread,
which shows how much that is with nothing else changed. Speed is measured in turn, in short runs: the median iteration of
each, the best of the rounds.
"""
import argparse, glob, json, os, statistics, subprocess, sys, tempfile

ZOO_CONFIG = 'body_2d_keypoint/rtmpose/coco/rtmpose-t_8xb256-420e_coco-256x192.py'
CONFIG = """_base_ = [{base!r}]
model = dict(backbone=dict(init_cfg=None))
data = dict(type='CocoDataset', data_root={data!r}, data_mode='topdown', ann_file='annotations.json',
    metainfo=dict(from_file={meta!r}), data_prefix=dict(img='images/'))
codec = dict(type='SimCCLabel', input_size=(192, 256), sigma=(4.9, 5.66), simcc_split_ratio=2.0, normalize=False,
    use_dark=False)
pipeline = [dict(type='LoadImage'), dict(type='GetBBoxCenterScale'), dict(type='TopdownAffine', input_size=(192, 256)),
    dict(type='GenerateTarget', encoder=codec), dict(type='PackPoseInputs')]
train_dataloader = dict(_delete_=True, batch_size={batch}, num_workers=2, drop_last=True, persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False), dataset=dict(**data, pipeline=pipeline))
val_dataloader = None
val_evaluator = None
val_cfg = None
custom_hooks = []
param_scheduler = []
optim_wrapper = dict(optimizer=dict(lr=1e-3))
train_cfg = dict(_delete_=True, type='IterBasedTrainLoop', max_iters=1, val_interval=1000000)
default_hooks = dict(logger=dict(interval=1), checkpoint=dict(_delete_=True, type='CheckpointHook', by_epoch=False,
    interval=-1, save_last=False))
log_processor = dict(by_epoch=False, window_size=1, num_digits=6)
load_from = {weights!r}
"""


def with_mmpose(config, folder, iterations, threads):
    """Runs in a process of its own."""
    import torch
    from mmengine.config import Config
    from mmengine.registry import init_default_scope
    from mmengine.runner import Runner
    if threads:
        torch.set_num_threads(threads)
    init_default_scope('mmpose')
    cfg = Config.fromfile(config)
    cfg.work_dir, cfg.launcher, cfg.train_cfg.max_iters = folder, 'none', iterations
    for name in ('val', 'test'):
        for part in ('dataloader', 'cfg', 'evaluator'):
            cfg.pop(f'{name}_{part}', None)
    Runner.from_cfg(cfg).train()


def first_weights(zoo, path):
    import torch
    from mmengine.config import Config
    from mmengine.registry import init_default_scope
    from mmpose.registry import MODELS
    init_default_scope('mmpose')
    model = Config.fromfile(os.path.join(zoo, ZOO_CONFIG)).model
    model.backbone.init_cfg = None
    torch.manual_seed(0)
    model = MODELS.build(model)
    model.init_weights()
    torch.save(dict(state_dict=model.state_dict(), meta={}), path)


def run(command, folder):
    """Losses and seconds of every iteration."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        sys.exit(result.stdout[-3000:])
    file = sorted(glob.glob(f'{folder}/*/vis_data/scalars.json'))[-1]
    lines = [json.loads(line) for line in open(file)]
    return [l['loss'] for l in lines if 'loss' in l], [l['time'] for l in lines if 'loss' in l]


class Contest:
    def __init__(self, options, folder):
        self.options, self.folder, self.count = options, folder, 0
        data, weights = os.path.join(folder, 'data'), os.path.join(folder, 'first.pth')
        subprocess.run([options.pose, 'dataset', 'synthesize', '--out', data, '--images', '800', '--seed', '9'], check=True)
        first_weights(options.zoo, weights)
        self.config = os.path.join(folder, 'bench.py')
        zoo = os.path.abspath(options.zoo)
        with open(self.config, 'w') as file:
            file.write(CONFIG.format(base=os.path.join(zoo, ZOO_CONFIG), data=data, batch=options.batch, weights=weights,
                                     meta=os.path.join(zoo, '_base_/datasets/coco.py')))

    def work(self):
        self.count += 1
        return os.path.join(self.folder, f'run{self.count}')

    def pose(self, iterations, *flags):
        folder = self.work()
        return run([self.options.pose, 'train', self.config, '--work-dir', folder, '--seed', '0', *flags, '--cfg-options',
                    f'train_cfg.max_iters={iterations}'], folder)

    def mmpose(self, iterations, threads=0):
        folder = self.work()
        return run([sys.executable, __file__, '--mmpose', self.config, folder, str(iterations), str(threads)], folder)


def difference(first, second):
    return [abs(a - b) / max(abs(b), 1e-9) for a, b in zip(first, second)]


def show(name, first, second):
    gaps = difference(first, second)
    parts = [f'{n}: {max(gaps[:n]):.1e}' for n in (1, 10, 50, 100, 200) if n <= len(gaps)]
    late = slice(-max(len(first) // 10, 1), None)
    print(f'{name}: largest relative difference of the loss up to iteration {", ".join(parts)};'
          f' mean of the last tenth {statistics.mean(first[late]):.5f} and {statistics.mean(second[late]):.5f}', flush=True)


def main():
    if sys.argv[1:2] == ['--mmpose']:
        return with_mmpose(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('pose')
    parser.add_argument('zoo')
    parser.add_argument('--iterations', type=int, default=200)
    parser.add_argument('--batch', type=int, default=16)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--control', action='store_true')
    options = parser.parse_args()
    options.pose = os.path.abspath(options.pose)
    with tempfile.TemporaryDirectory() as folder:
        contest = Contest(options, folder)
        best = {}
        for _ in range(options.rounds):
            for name, seconds in (('MMPose', contest.mmpose(30)[1]), ('pose', contest.pose(30)[1]),
                                  ('pose bf16', contest.pose(30, '--amp')[1])):
                best[name] = min(statistics.median(seconds[8:]), best.get(name, 1e9))
        for name, seconds in best.items():
            print(f'{name:10} {options.batch / seconds:6.1f} images/s  {best["MMPose"] / seconds:5.2f}', flush=True)
        if not options.iterations:
            return
        ours, theirs = contest.pose(options.iterations)[0], contest.mmpose(options.iterations)[0]
        show('pose and MMPose', ours, theirs)
        if options.control:
            show('MMPose with one thread, and MMPose', contest.mmpose(options.iterations, 1)[0], theirs)


if __name__ == '__main__':
    main()
