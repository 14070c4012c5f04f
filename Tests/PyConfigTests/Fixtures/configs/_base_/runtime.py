default_scope = 'mmpose'
log_level = 'INFO'
env_cfg = dict(cudnn_benchmark=False, mp_cfg=dict(start='fork', threads=0))
hooks = dict(
    timer=dict(type='Timer'), logger=dict(type='Logger', interval=50), checkpoint=dict(type='Checkpoint', interval=10))
backend_args = dict(backend='local')
load_from = None
tuple_value = (1, 2, [3, dict(k='v')])
