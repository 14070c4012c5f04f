_base_ = 'mmpose::hand_2d_keypoint/rtmpose/hand5/rtmpose-m_8xb256-210e_hand5-256x256.py'
model = dict(backbone=dict(deepen_factor=1.0))
