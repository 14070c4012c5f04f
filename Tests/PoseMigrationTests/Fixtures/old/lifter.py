_base_ = ['runtime.py']
evaluation = dict(interval=10, metric=['mpjpe', 'p-mpjpe'], save_best='MPJPE')
optimizer = dict(type='Adam', lr=1e-3)
optimizer_config = dict(grad_clip=dict(max_norm=35))
lr_config = dict(policy='exp', by_epoch=True, gamma=0.98)
total_epochs = 80
model = dict(
    type='PoseLifter', pretrained=None,
    backbone=dict(type='TCN', in_channels=2 * 17, stem_channels=64, num_blocks=2, kernel_sizes=(3, 3, 3), dropout=0.25),
    keypoint_head=dict(type='TemporalRegressionHead', in_channels=64, num_joints=17, loss_keypoint=dict(type='MPJPELoss')),
    train_cfg=dict(), test_cfg=dict(restore_global_position=True))
data_cfg = dict(num_joints=17, seq_len=27, seq_frame_interval=2, causal=False, temporal_padding=True, joint_2d_src='gt',
                need_camera_param=True, camera_param_file='data/h36m/cameras.pkl')
train_pipeline = [
    dict(type='GetRootCenteredPose', item='target', visible_item='target_visible', root_index=0, root_name='root_position',
         remove_root=False),
    dict(type='ImageCoordinateNormalization', item='input_2d'),
    dict(type='RelativeJointRandomFlip', item=['input_2d', 'target'],
         flip_cfg=[dict(center_mode='static', center_x=0.), dict(center_mode='root', center_index=0)],
         visible_item=['input_2d_visible', 'target_visible'], flip_prob=0.5),
    dict(type='PoseSequenceToTensor', item='input_2d'),
    dict(type='Collect', keys=[('input_2d', 'input'), 'target'], meta_name='metas', meta_keys=['root_position']),
]
val_pipeline = train_pipeline[:2] + train_pipeline[3:]
test_pipeline = val_pipeline
data = dict(
    samples_per_gpu=128, workers_per_gpu=0,
    train=dict(type='Body3DH36MDataset', ann_file='data/h36m/train.npz', img_prefix='data/h36m/images/', data_cfg=data_cfg, pipeline=train_pipeline),
    val=dict(type='Body3DH36MDataset', ann_file='data/h36m/test.npz', img_prefix='data/h36m/images/', data_cfg=data_cfg, pipeline=val_pipeline),
    test=dict(type='Body3DH36MDataset', ann_file='data/h36m/test.npz', img_prefix='data/h36m/images/', data_cfg=data_cfg, pipeline=test_pipeline))
