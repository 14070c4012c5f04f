_base_ = ['runtime.py']
evaluation = dict(interval=5, metric='mAP', save_best='AP')
optimizer = dict(type='Adam', lr=5e-4)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='step', warmup='linear', warmup_iters=500, warmup_ratio=0.001, step=[17, 20])
total_epochs = 21

model = dict(
    type='DisentangledKeypointRegressor', pretrained=None, backbone=dict(type='HRNet', in_channels=3, extra=dict(
        stage1=dict(num_modules=1, num_branches=1, block='BOTTLENECK', num_blocks=(1, ), num_channels=(16, )),
        stage2=dict(num_modules=1, num_branches=2, block='BASIC', num_blocks=(1, 1), num_channels=(8, 16)),
        stage3=dict(num_modules=1, num_branches=3, block='BASIC', num_blocks=(1, 1, 1), num_channels=(8, 16, 32)),
        stage4=dict(num_modules=1, num_branches=4, block='BASIC', num_blocks=(1, 1, 1, 1),
                    num_channels=(8, 16, 32, 64), multiscale_output=True))),
    keypoint_head=dict(
        type='DEKRHead', in_channels=(8, 16, 32, 64), in_index=(0, 1, 2, 3), num_heatmap_filters=16, num_joints=17,
        input_transform='resize_concat', heatmap_loss=dict(type='JointsMSELoss', use_target_weight=True, loss_weight=1.0),
        offset_loss=dict(type='SoftWeightSmoothL1Loss', use_target_weight=True, supervise_empty=False, loss_weight=0.002, beta=1 / 9.0)),
    train_cfg=dict(),
    test_cfg=dict(num_joints=17, max_num_people=30, project2image=False, align_corners=False, max_pool_kernel=7, use_nms=True,
                  nms_dist_thr=0.05, nms_joints_thr=8, keypoint_threshold=0.01,
                  rescore_cfg=dict(in_channels=74, norm_indexes=(5, 6), pretrained='rescore.pth'), flip_test=True))
data_cfg = dict(image_size=512, base_size=256, base_sigma=2, heatmap_size=[128], num_joints=17,
                dataset_channel=[list(range(17))], inference_channel=list(range(17)),
                num_scales=1, scale_aware_sigma=False)
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='BottomUpRandomAffine', rot_factor=30, scale_factor=[0.75, 1.5], scale_type='short', trans_factor=20),
    dict(type='BottomUpRandomFlip', flip_prob=0.5),
    dict(type='ToTensor'),
    dict(type='NormalizeTensor', mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    dict(type='GetKeypointCenterArea'),
    dict(type='BottomUpGenerateHeatmapTarget', sigma=(2, 4), gen_center_heatmap=True, bg_weight=0.1),
    dict(type='BottomUpGenerateOffsetTarget', radius=4),
    dict(type='Collect', keys=['img', 'heatmaps', 'masks', 'offsets', 'offset_weights'], meta_keys=[]),
]
val_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='BottomUpGetImgSize', test_scale_factor=[1]),
    dict(type='BottomUpResizeAlign', transforms=[
    dict(type='ToTensor'),
    dict(type='NormalizeTensor', mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    ]),
    dict(type='Collect', keys=['img'], meta_keys=['image_file', 'aug_data']),
]
test_pipeline = val_pipeline
data_root = 'data/crowd'
data = dict(
    workers_per_gpu=2, train_dataloader=dict(samples_per_gpu=6), val_dataloader=dict(samples_per_gpu=1),
    test_dataloader=dict(samples_per_gpu=1),
    train=dict(type='BottomUpCrowdPoseDataset', ann_file=f'{data_root}/train.json', img_prefix=f'{data_root}/images/',
               data_cfg=data_cfg, pipeline=train_pipeline),
    val=dict(type='BottomUpCrowdPoseDataset', ann_file=f'{data_root}/val.json', img_prefix=f'{data_root}/images/',
             data_cfg=data_cfg, pipeline=val_pipeline),
    test=dict(type='BottomUpCrowdPoseDataset', ann_file=f'{data_root}/val.json', img_prefix=f'{data_root}/images/',
              data_cfg=data_cfg, pipeline=test_pipeline))
