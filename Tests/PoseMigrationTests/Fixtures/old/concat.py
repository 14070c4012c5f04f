_base_ = ['runtime.py']
evaluation = dict(interval=5, metric=['NME'], save_best='NME')
optimizer = dict(type='Adam', lr=5e-4)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='step', warmup='linear', warmup_iters=500, warmup_ratio=0.001, step=[17, 20])
total_epochs = 21

# the network
model = dict(
    type='TopDown', pretrained=None,
    backbone=dict(type='HRNet', in_channels=3, extra=dict(
        stage1=dict(num_modules=1, num_branches=1, block='BOTTLENECK', num_blocks=(1, ), num_channels=(16, )),
        stage2=dict(num_modules=1, num_branches=2, block='BASIC', num_blocks=(1, 1), num_channels=(8, 16)),
        stage3=dict(num_modules=1, num_branches=3, block='BASIC', num_blocks=(1, 1, 1), num_channels=(8, 16, 32)),
        stage4=dict(num_modules=1, num_branches=4, block='BASIC', num_blocks=(1, 1, 1, 1),
                    num_channels=(8, 16, 32, 64), multiscale_output=True))),
    keypoint_head=dict(
        type='TopdownHeatmapSimpleHead', in_channels=[8, 16, 32, 64], in_index=(0, 1, 2, 3),
        input_transform='resize_concat', out_channels=17, num_deconv_layers=0,
        extra=dict(final_conv_kernel=1, num_conv_layers=1, num_conv_kernels=(1, )),
        loss_keypoint=dict(type='AdaptiveWingLoss', use_target_weight=True)),
    train_cfg=dict(), test_cfg=dict(flip_test=True, post_process='default', shift_heatmap=True))

data_cfg = dict(
    image_size=[192, 256], heatmap_size=[48, 64], num_output_channels=17, num_joints=17,
    dataset_channel=[list(range(17))], inference_channel=list(range(17)),
    soft_nms=False, nms_thr=1.0, oks_thr=0.9, vis_thr=0.2, use_gt_bbox=True, bbox_file='')
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='TopDownGetBboxCenterScale', padding=1.25),
    dict(type='TopDownAffine'),
    dict(type='ToTensor'),
    dict(type='NormalizeTensor', mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    dict(type='TopDownGenerateTarget', sigma=2),
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
    train=dict(type='FaceWFLWDataset', ann_file=f'{data_root}/train.json', img_prefix=f'{data_root}/images/',
               data_cfg=data_cfg, pipeline=train_pipeline),
    val=dict(type='FaceWFLWDataset', ann_file=f'{data_root}/val.json', img_prefix=f'{data_root}/images/',
             data_cfg=data_cfg, pipeline=val_pipeline),
    test=dict(type='FaceWFLWDataset', ann_file=f'{data_root}/val.json', img_prefix=f'{data_root}/images/',
              data_cfg=data_cfg, pipeline=test_pipeline))
