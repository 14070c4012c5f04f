_base_ = ['_base_/runtime.py', './_base_/datasets/../datasets/coco.py']
# Access in three ways.
batch = 4
info = _base_.dataset_info
root = '{{_base_.data_root}}'.strip('"')
plain_root = {{_base_.data_root}}
names = _base_.dataset_info.names + ['c']
deep = {{ _base_.env_cfg.mp_cfg }}
in_list = [{{_base_.log_level}}, ({{_base_.env_cfg.mp_cfg.threads}}, 1)]
in_dict = dict(x=dict(y={{_base_.dataset_info.sigmas}}))
env_cfg = dict(mp_cfg=dict(threads=8, extra=1.5))
hooks = dict(logger=dict(_delete_=True, type='Other'), extra=dict(type='New', _delete_=True, a=1), timer=None)
backend_args = None
load_from = dict(now='a dict') if False else 'file.pth'
train = dict(pipeline=_base_.pipeline[:2] + [dict(type='Mine', root=_base_.data_root)], size=_base_['pipeline'][1]['size'][0] * 2)
val = _base_.pipeline
val.insert(1, dict(type='Inserted'))
got = _base_.get('nothing', 5)
has = 'log_level' in _base_
popped = _base_.hooks.pop('nothing')
for h in _base_.hooks.values():
    h.seen = True
dataset_info = dict(sigmas=[0.5])
new = dict(a=dict(_delete_=True, b=1))
