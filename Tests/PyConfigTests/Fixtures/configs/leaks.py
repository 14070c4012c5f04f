# Loop variables stay as keys, comprehension variables do not; modules and functions go, private names stay.
import copy
import os.path as osp
from copy import deepcopy
total = 0
for index, item in enumerate(['a', 'b']):
    total += index
squares = [j * j for j in range(3)]
if total:
    inside = copy.copy(squares)
_private = deepcopy(inside)
__dunder = 1
kind = dict
caster = int
root = osp
numbers = dict(r=list(range(2)))
