_base_ = ['mmpose::_base_/default_runtime.py', 'mmpose::hand_2d_keypoint/rtmpose/hand5/rtmpose-m_8xb256-210e_hand5-256x256.py'][:1]
default_hooks = dict(logger=dict(interval=1), new=dict(type='Hook'))
visualizer = dict(_delete_=True, type='Other')
own = _base_.visualizer.type
custom_hooks = _base_.custom_hooks + [dict(type='Mine')]
