_base_ = ['runtime.py']
shop = 4
evaluation = dict(interval=5, metric='mAP', save_best='AP')
optimizer = dict(type='Adam', lr=5e-4)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='step', warmup='linear', warmup_iters=500, warmup_ratio=0.001, step=[17, 20])
total_epochs = 21

# the network
model = dict(
    type='TopDown',
    pretrained='torchvision://resnet18',
    backbone=dict(type='ResNet', depth=18),
    keypoint_head=dict(
        type='TopdownHeatmapSimpleHead', in_channels=512, out_channels=3,
        # weights hide what annotators could not see
        loss_keypoint=dict(type='JointsMSELoss', use_target_weight=True)),
    train_cfg=dict(), test_cfg=dict(flip_test=True, post_process='unbiased', shift_heatmap=True, modulate_kernel=17))

# three points on a screw
dataset_info = dict(
    dataset_name='screws',
    paper_info=dict(author='us', title='Screws', container='-', year='2022', homepage=''),
    keypoint_info={
        0: dict(name='head', id=0, color=[255, 0, 0], type='', swap=''),
        1: dict(name='shaft', id=1, color=[0, 255, 0], type='', swap=''),
        2: dict(name='tip', id=2, color=[0, 0, 255], type='', swap='')},
    skeleton_info={0: dict(link=('head', 'shaft'), id=0, color=[0, 0, 0])},
    joint_weights=[1., 1., 2.],
    sigmas=[0.05, 0.05, 0.05])

data_cfg = dict(
    image_size=[192, 256], heatmap_size=[48, 64], num_output_channels=3, num_joints=3,
    dataset_channel=[list(range(3))], inference_channel=list(range(3)),
    soft_nms=False, nms_thr=1.0, oks_thr=0.9, vis_thr=0.2, use_gt_bbox=True, bbox_file='')
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='TopDownGetBboxCenterScale', padding=1.25),
    dict(type='TopDownRandomShiftBboxCenter', shift_factor=0.2, prob=0.3),
    dict(type='TopDownRandomFlip', flip_prob=0.4),
    dict(type='TopDownHalfBodyTransform', num_joints_half_body=6, prob_half_body=0.3),
    # people stand upright here
    dict(type='TopDownGetRandomScaleRotation', rot_factor=30, scale_factor=0.25),
    dict(type='TopDownAffine'),
    dict(type='ToTensor'),
    dict(type='NormalizeTensor', mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    dict(type='TopDownGenerateTarget', sigma=3, unbiased_encoding=True),
    dict(type='Collect', keys=['img', 'target', 'target_weight'], meta_keys=['image_file', 'center']),
]
val_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='TopDownGetBboxCenterScale', padding=1.25),
    dict(type='TopDownAffine'),
    dict(type='ToTensor'),
    dict(type='NormalizeTensor', mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    dict(type='Collect', keys=['img'], meta_keys=['image_file', 'center']),
]
test_pipeline = val_pipeline
data_root = 'data/set'
data = dict(
    samples_per_gpu=8, workers_per_gpu=1,
    train=dict(type='TopDownCocoDataset', ann_file=f'{data_root}/train.json', img_prefix=f'{data_root}/images/',
               data_cfg=data_cfg, pipeline=train_pipeline, dataset_info=dataset_info),
    val=dict(type='TopDownCocoDataset', ann_file=f'{data_root}/val.json', img_prefix=f'{data_root}/images/',
             data_cfg=data_cfg, pipeline=val_pipeline, dataset_info=dataset_info),
    test=dict(type='TopDownCocoDataset', ann_file=f'{data_root}/val.json', img_prefix=f'{data_root}/images/',
              data_cfg=data_cfg, pipeline=test_pipeline, dataset_info=dataset_info))
