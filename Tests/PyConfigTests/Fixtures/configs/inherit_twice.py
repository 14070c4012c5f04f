_base_ = 'inherit.py'
env_cfg = dict(_delete_=True, only='this')
train = dict(size=[1])
hooks = dict(logger=dict(interval=1), checkpoint=dict(interval=20))
pipeline = [{{_base_.train}}, _base_.pipeline[-1]]
__hidden = 1
_shown = 2
_deprecation_ = dict(expected='other.py', reference='nowhere')
