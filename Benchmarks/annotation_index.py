"""Times opening a COCO file of a million annotations beside xtcocotools (or pycocotools), in turn.

    python Benchmarks/annotation_index.py .build/release/pose ZOO [ANNOTATIONS]

ZOO is MMPose's configs. The Python needs xtcocotools or pycocotools. Each side runs in a process of its own: `pose` makes
the dataset of a training config, checks every annotation that it uses and writes the first sample; the peer only loads the
file and makes its index. Counted are the processor's time and the peak of the memory, starting the process included, the
least of the rounds. Memory-mapped pages of the file count as memory although the system may take them back at any time.
"""
import importlib.util, json, os, random, subprocess, sys, tempfile

ROUNDS, PEOPLE, KEY = 3, 4, 'train_dataloader.dataset'
CONFIG = 'body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w32_8xb64-210e_coco-256x192.py'
PEER = 'import sys\nfrom {0}.coco import COCO\nassert COCO(sys.argv[1]).anns'


def write(path, count, picture):
    """Entries one by one: the whole would not fit into a small machine's memory as Python objects."""
    rng = random.Random(0)
    with open(path, 'w') as out:
        out.write('{"categories":[{"id":1,"name":"person"}],"images":[')
        for image in range(1, count // PEOPLE + 1):
            entry = dict(id=image, file_name=picture, width=640, height=480)
            out.write(',' * (image > 1) + json.dumps(entry))
        out.write('],"annotations":[')
        for i in range(count):
            x, y, w, h = rng.randrange(300), rng.randrange(200), rng.randrange(40, 300), rng.randrange(40, 250)
            points = []
            for _ in range(17):
                points += [round(x + w * rng.random(), 1), round(y + h * rng.random(), 1), 2]
            out.write(',' * (i > 0) + json.dumps(dict(
                id=i + 1, image_id=i // PEOPLE + 1, category_id=1, iscrowd=0, num_keypoints=17, area=w * h,
                bbox=[x, y, w, h], keypoints=points)))
        out.write(']}')


def run(command):
    """Seconds of the processor and megabytes at the peak."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f'{command[0]} ended with {child.returncode}')
    # Linux counts kilobytes, macOS bytes.
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (1024 if sys.platform == 'linux' else 1024 ** 2)


def main():
    pose, zoo = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    peer = next((n for n in ('xtcocotools', 'pycocotools') if importlib.util.find_spec(n)), None)
    if peer is None:
        sys.exit('neither xtcocotools nor pycocotools is installed')
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [pose, 'dataset', 'synthesize', '--out', folder, '--images', '1', '--width', '640', '--height', '480'],
            check=True, stdout=subprocess.DEVNULL)
        path = os.path.join(folder, 'million.json')
        write(path, count, os.listdir(os.path.join(folder, 'images'))[0])
        megabytes = os.path.getsize(path) / 1024 ** 2
        ours = [pose, 'dataset', 'dump', os.path.join(zoo, CONFIG), '--index', '0', '--output', folder + '/s.npz',
                '--cfg-options', f'{KEY}.data_root=', f'{KEY}.ann_file={path}', f'{KEY}.data_prefix.img={folder}/images/']
        rounds = [(run(ours), run([sys.executable, '-c', PEER.format(peer), path])) for _ in range(ROUNDS)]
        (seconds, memory), (their_seconds, their_memory) = (
            [min(r[side][i] for r in rounds) for i in (0, 1)] for side in (0, 1))
        print(f'{count} annotations, {megabytes:.0f} MB')
        print(f'  seconds  pose {seconds:8.2f}   {peer} {their_seconds:8.2f}   {their_seconds / seconds:5.1f} times as fast')
        print(f'  MB       pose {memory:8.0f}   {peer} {their_memory:8.0f}   {memory / their_memory:5.2f} of it, '
              f'{memory / megabytes:.2f} of the file')


if __name__ == '__main__':
    main()
