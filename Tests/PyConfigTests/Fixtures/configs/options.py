model = dict(type='Estimator', backbone=dict(type='ResNet', depth=50, out_indices=(0, 1, 2, 3)), head=dict(loss=[dict(type='A', w=1.0), dict(type='B')]))
pipeline = [dict(type='Load'), dict(type='Flip', prob=0.5, direction=['h', 'v'])]
lr = 0.1
nothing = None
numbered = {'0': dict(a=1)}
