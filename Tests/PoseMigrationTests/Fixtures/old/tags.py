_base_ = ['runtime.py']
evaluation = dict(interval=5, metric='mAP', save_best='AP')
optimizer = dict(type='Adam', lr=5e-4)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='step', warmup='linear', warmup_iters=500, warmup_ratio=0.001, step=[17, 20])
total_epochs = 21

model = dict(
    type='AssociativeEmbedding', pretrained=None, backbone=dict(type='HRNet', in_channels=3, extra=dict(
        stage1=dict(num_modules=1, num_branches=1, block='BOTTLENECK', num_blocks=(1, ), num_channels=(16, )),
        stage2=dict(num_modules=1, num_branches=2, block='BASIC', num_blocks=(1, 1), num_channels=(8, 16)),
        stage3=dict(num_modules=1, num_branches=3, block='BASIC', num_blocks=(1, 1, 1), num_channels=(8, 16, 32)),
        stage4=dict(num_modules=1, num_branches=4, block='BASIC', num_blocks=(1, 1, 1, 1),
                    num_channels=(8, 16, 32, 64)))),
    keypoint_head=dict(
        type='AESimpleHead', in_channels=8, num_joints=14, num_deconv_layers=0, tag_per_joint=True, with_ae_loss=[True],
        extra=dict(final_conv_kernel=1),
        loss_keypoint=dict(type='MultiLossFactory', num_joints=14, num_stages=1, ae_loss_type='exp', with_ae_loss=[True],
                           push_loss_factor=[0.002], pull_loss_factor=[0.001], with_heatmaps_loss=[True],
                           heatmaps_loss_factor=[1.0])),
    train_cfg=dict(),
    test_cfg=dict(num_joints=14, max_num_people=20, scale_factor=[1], with_heatmaps=[True], with_ae=[True], project2image=True,
                  align_corners=False, nms_kernel=5, nms_padding=2, tag_per_joint=True, detection_threshold=0.2, tag_threshold=1,
                  use_detection_val=True, ignore_too_much=False, adjust=True, refine=False, flip_test=True, use_udp=True))
data_cfg = dict(image_size=512, base_size=256, base_sigma=2, heatmap_size=[128], num_joints=14,
                dataset_channel=[list(range(14))], inference_channel=list(range(14)),
                num_scales=1, scale_aware_sigma=False)
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='BottomUpRandomAffine', rot_factor=30, scale_factor=[0.75, 1.5], scale_type='short', trans_factor=20),
    dict(type='BottomUpRandomFlip', flip_prob=0.5),
    dict(type='ToTensor'),
    dict(type='NormalizeTensor', mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    dict(type='BottomUpGenerateTarget', sigma=2, max_num_people=20, use_udp=True),
    dict(type='Collect', keys=['img', 'joints', 'targets', 'masks'], meta_keys=[]),
]
val_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='BottomUpGetImgSize', test_scale_factor=[1], use_udp=True),
    dict(type='BottomUpResizeAlign', transforms=[
    dict(type='ToTensor'),
    dict(type='NormalizeTensor', mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    ], use_udp=True),
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
