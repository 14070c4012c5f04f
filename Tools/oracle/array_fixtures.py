"""Files of arrays as NumPy writes them, read by Tests/PoseCoreTests/ArrayFileTests.swift.

Run: python Tools/oracle/array_fixtures.py Tests/PoseCoreTests/Fixtures/arrays
Made with NumPy 1.26.
"""
import sys
from pathlib import Path

import numpy as np

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)

grid = np.arange(24).reshape(2, 3, 4)
types = ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float16', 'float32', 'float64']
arrays = {name: (grid - (0 if name[0] == 'u' else 7)).astype(name) for name in types}
arrays['bool'] = grid % 2 == 0
arrays['scalar'] = np.float64(2.5)
arrays['empty'] = np.zeros((0, 17, 3), np.float32)
arrays['text'] = np.array([['left_wrist', 'née'], ['', '骨']])
arrays['bytes'] = np.array([b'S1_Directions', b'x'])
arrays['half'] = np.array([0.0, -0.0, 6e-8, 6.1e-5, 1.0, -2.5, 65504.0, np.inf, -np.inf], np.float16)
arrays['nested/name 1'] = np.array([1, 2, 3])
np.savez(out / 'stored.npz', **arrays)
# Long enough for dynamic codes and long references.
noise = np.random.RandomState(0).randint(0, 50, 6000).astype(np.int32)
np.savez_compressed(out / 'deflated.npz', noise=noise, zeros=np.zeros((70, 90), np.float32), **arrays)

np.save(out / 'fortran.npy', np.asfortranarray(grid.astype(np.float32)))
np.save(out / 'big_endian.npy', grid.astype('>f8'))
np.save(out / 'objects.npy', np.array([{'a': 1}, None], dtype=object), allow_pickle=True)
np.save(out / 'records.npy', np.array([(1, 2.0)], dtype=[('a', 'i4'), ('b', 'f4')]))
np.save(out / 'complex.npy', np.array([1 + 2j]))
with open(out / 'version2.npy', 'wb') as file:
    np.lib.format.write_array(file, grid.astype(np.uint8), version=(2, 0))
