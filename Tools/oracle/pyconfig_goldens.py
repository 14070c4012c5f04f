"""Writes what MMEngine makes of configs: expected values for Tests/PyConfigTests/Fixtures.

    python Tools/oracle/pyconfig_goldens.py FIXTURES ZOO

FIXTURES is Tests/PyConfigTests/Fixtures: `configs/` and `options.json` are read, `expected.json` and
`zoo-digests.json` are written. ZOO is the folder of MMPose's configs (`.deps/mmpose/configs`); it is read through
the installed package `mmpose`, whose `.mim/configs` must be the same files and importable as `mmpose.configs`.
"""
import json
import os
import sys
import types
import warnings
from pathlib import Path

os.environ['PYCONFIG_TEST_VARIABLE'] = 'from the environment'
os.environ['PYCONFIG_TEST_NUMBER'] = '12'
for name in list(os.environ):
    if name.startswith('PYCONFIG_UNSET'):
        del os.environ[name]
warnings.simplefilter('ignore')

import mmengine  # noqa: E402
import mmengine.config.config as config_file  # noqa: E402
import mmengine.config.utils as config_utils  # noqa: E402
from mmengine.config import Config, DictAction  # noqa: E402

# MMEngine tells Python's own modules from others by where their files lie, which fails in virtual environments and, from
# Python 3.11 on, for `os`, whose file is frozen into the interpreter. Here it goes by the list of names.
def _is_builtin_module(name):
    return name.startswith('mmengine.config') or name.split('.')[0] in sys.stdlib_module_names


config_utils._is_builtin_module = _is_builtin_module
config_file._is_builtin_module = _is_builtin_module


def plain(value):
    """The value for JSON: tuples as lists, functions and classes of Python by name."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset, range)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return f'<{value.__module__}.{value.__qualname__}>'


def resolved(path, options=()):
    config = Config.fromfile(path, import_custom_modules=False)
    if options:
        values = {}
        for option in options:
            key, value = option.split('=', maxsplit=1)
            values[key] = DictAction._parse_iterable(value)
        config.merge_from_dict(values)
    result = config.to_dict(keep_imported=True)
    return plain({key: value for key, value in result.items() if not isinstance(value, types.ModuleType)})


def fnv1a(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f'{value:016x}'


def main(fixtures, zoo):
    fixtures = Path(fixtures)
    versions = dict(mmengine=mmengine.__version__, python=sys.version.split()[0])
    configs = {}
    for path in sorted((fixtures / 'configs').rglob('*')):
        name = str(path.relative_to(fixtures / 'configs'))
        if path.suffix in ('.py', '.json') and '_base_' not in name and name != 'lazy/other/more.py':
            configs[name] = resolved(path)
    options = []
    for case in json.loads((fixtures / 'options.json').read_text()):
        options.append(dict(case, expected=resolved(fixtures / 'configs' / case['config'], case['options'])))
    expected = dict(versions=versions, configs=configs, options=options)
    (fixtures / 'expected.json').write_text(json.dumps(expected, indent=1, ensure_ascii=False) + '\n')

    digests = {}
    for path in sorted(Path(zoo).rglob('*.py')):
        name = str(path.relative_to(zoo))
        if not name.startswith('_base_'):
            digests[name] = fnv1a(json.dumps(resolved(path), ensure_ascii=False))
    text = json.dumps(dict(versions=versions, digests=digests), indent=0)
    (fixtures / 'zoo-digests.json').write_text(text + '\n')
    print(len(configs), 'configs,', len(options), 'option cases,', len(digests), 'zoo configs')


if __name__ == '__main__':
    main(*sys.argv[1:])
