# Names share objects, and copies do not.
import copy
import os.path as osp
import os
from copy import deepcopy as clone
from os.path import join
import math
a = [1, dict(x=1)]
b = a
c = a.copy()
e = copy.deepcopy(a)
g = clone(a)
h = copy.copy(a)
i = list(a)
a.append(2)
a[1]['x'] = 99
norm = dict(type='BN')
model = dict(backbone=dict(norm_cfg=norm), head=dict(norm_cfg=norm))
norm['requires_grad'] = True
pipeline = [dict(type='Load'), dict(type='Flip', prob=0.5)]
val_pipeline = pipeline[:1] + [dict(type='Pack')]
test_pipeline = val_pipeline
pipeline[0]['to'] = 'f32'
rows = [[0]] * 3
rows[0].append(1)
rows2 = [[0] for _ in range(3)]
rows2[0].append(1)
data_root = osp.join('data', 'coco', '/abs', 'x')
p2 = os.path.join('data/', 'coco')
p3 = join('a', '', 'b')
paths = [osp.basename('/a/b.py'), osp.dirname('/a/b.py'), osp.splitext('x/a.tar.gz'), osp.normpath('a/../b//c/.'), osp.dirname('a'), osp.splitext('.bashrc'), osp.join('a'), osp.dirname('/a')]
maths = [math.pi, math.sqrt(16), math.ceil(1.2), math.floor(-1.2), math.log(math.e), math.log2(8), math.cos(0), math.gcd(12, 18), math.prod([2, 3])]
d = dict(x=1)
f = dict(d, y=2)
f['x'] = 5
u = {**d}
u['x'] = 7
args = dict(d=d)
args['d']['new'] = [0]
