dataset_info = dict(name='coco', names=['a', 'b'], sigmas=[0.1, 0.2], pairs={0: dict(swap='b'), 1: dict(swap='a')})
data_root = 'data/coco'
pipeline = [dict(type='Load'), dict(type='Resize', size=(4, 8)), dict(type='Pack')]
