_base_ = ['runtime.py']
evaluation = dict(interval=5, metric='PCKh', save_best='PCKh')
optimizer = dict(type='Adam', lr=5e-4)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='CosineAnnealing', min_lr=1e-6)
total_epochs = 21

# the network
model = dict(
    type='TopDown', pretrained='torchvision://resnet50', backbone=dict(type='ResNet', depth=50, num_stages=4, out_indices=(3, )),
    neck=dict(type='GlobalAveragePooling'),
    keypoint_head=dict(type='DeepposeRegressionHead', in_channels=2048, num_joints=16, out_sigma=True,
                       loss_keypoint=dict(type='RLELoss', use_target_weight=True, size_average=True, residual=True)),
    train_cfg=dict(), test_cfg=dict(flip_test=True))

data_cfg = dict(
    image_size=[192, 256], heatmap_size=[48, 64], num_output_channels=16, num_joints=16,
    dataset_channel=[list(range(16))], inference_channel=list(range(16)),
    soft_nms=False, nms_thr=1.0, oks_thr=0.9, vis_thr=0.2, use_gt_bbox=True, bbox_file='')
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='TopDownGetBboxCenterScale', padding=1.25),
    dict(type='TopDownAffine'),
    dict(type='ToTensor'),
    dict(type='NormalizeTensor', mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    dict(type='TopDownGenerateTargetRegression'),
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
    train=dict(type='TopDownMpiiDataset', ann_file=f'{data_root}/train.json', img_prefix=f'{data_root}/images/',
               data_cfg=data_cfg, pipeline=train_pipeline),
    val=dict(type='TopDownMpiiDataset', ann_file=f'{data_root}/val.json', img_prefix=f'{data_root}/images/',
             data_cfg=data_cfg, pipeline=val_pipeline),
    test=dict(type='TopDownMpiiDataset', ann_file=f'{data_root}/val.json', img_prefix=f'{data_root}/images/',
              data_cfg=data_cfg, pipeline=test_pipeline))
