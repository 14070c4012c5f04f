dataset_info = dict(
    dataset_name='screws',
    paper_info=dict(author='us', title='Screws', container='-', year='2022', homepage=''),
    keypoint_info={
        0: dict(name='head', id=0, color=[255, 0, 0], type='', swap=''),
        1: dict(name='shaft', id=1, color=[0, 255, 0], type='', swap=''),
        2: dict(name='tip', id=2, color=[0, 0, 255], type='', swap=''),
    },
    skeleton_info={0: dict(link=('head', 'shaft'), id=0, color=[0, 0, 0])},
    joint_weights=[1.0, 1.0, 2.0],
    sigmas=[0.05, 0.05, 0.05],
)
