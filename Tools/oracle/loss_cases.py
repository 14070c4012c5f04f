"""The cases of loss_fixtures.py, and what they are made of."""
INF, NAN = 'inf', 'nan'
# Three keypoints with a name for each; the losses need no more of a definition than the sigmas.
DEFINITION = dict(
    dataset_name='three', keypoint_info={
        i: dict(name=f'k{i}', id=i, color=[0, 0, 0], type='', swap='') for i in range(3)},
    skeleton_info={}, joint_weights=[1.0, 1.0, 1.0], sigmas=[0.026, 0.079, 0.107])
CASES = []


def drawn(name, shape, low=0.0, high=1.0, put=()):
    return dict(name=name, shape=shape, range=[low, high], **(dict(set=[list(p) for p in put]) if put else {}))


def given(shape, *values, whole=False):
    return dict(shape=shape, values=list(values), **(dict(whole=True) if whole else {}))


def case(label, kind, /, outputs, targets=(), weights=None, masking=None, areas=None, part=None, sharpness=None,
         iteration=None, **options):
    rest = dict(weights=weights, mask=masking, areas=areas, part=part, beta=sharpness, iteration=iteration)
    CASES.append(dict(name=f'{kind}: {label}', loss=dict(type=kind, **options), outputs=list(outputs), targets=list(targets),
                      **{k: v for k, v in rest.items() if v is not None}))


# MARK: heatmaps

MAPS = [2, 3, 3, 4]
out, truth = drawn('output', MAPS, -0.2, 1.2), drawn('target', MAPS)
# The middle channel of the first sample is empty; some pixels are exactly one.
peaks = drawn('target', MAPS, put=[(i, 0) for i in range(12, 24)] + [(3, 1), (30, 1), (65, 1)])
no_peaks = drawn('target', MAPS, 0, 0.9)
probability = drawn('output', MAPS, 0.05, 0.95)
nothing = drawn('nothing', MAPS, 0, 0)
some = given([2, 3], 1, 0, 0.5, 2, 1, 0)
none = given([2, 3], 0, 0, 0, 0, 0, 0)
pixels = drawn('weights', MAPS, put=[(0, 0), (5, 0), (40, 3)])
mask = drawn('mask', [2, 1, 3, 4], put=[(2, 0), (3, 0), (20, 1)])
whole_mask = drawn('mask', MAPS)

for kind, output in (('KeypointMSELoss', out), ('FocalHeatmapLoss', probability)):
    case('plain', kind, [output], [peaks])
    case('weights count though the argument is off', kind, [output], [peaks], some, loss_weight=3.0)
    case('weights of pixels, a mask for all channels', kind, [output], [peaks], pixels, mask, use_target_weight=True)
    case('a mask of every pixel, empty channels left out', kind, [output], [peaks], None, whole_mask, skip_empty_channel=True)
    case('everything', kind, [output], [peaks], some, mask, skip_empty_channel=True, use_target_weight=True, loss_weight=0.5)
    case('no weight at all', kind, [output], [peaks], none, use_target_weight=True)
    case('nothing to see in any image', kind, [output], [nothing], some, skip_empty_channel=True)
case('no peak', 'FocalHeatmapLoss', [probability], [no_peaks], some)
case('other exponents', 'FocalHeatmapLoss', [probability], [peaks], some, alpha=3, beta=2)
case('certainty, right and wrong', 'FocalHeatmapLoss', [drawn('output', MAPS, 0.05, 0.95, [(3, 1), (4, 0), (5, 1), (30, 0)])], [peaks])

COMBINED = [2, 6, 3, 4]
combined = [drawn('output', COMBINED, -1, 1)], [drawn('target', COMBINED, -1, 1)]
case('plain', 'CombinedTargetMSELoss', *combined)
case('weights', 'CombinedTargetMSELoss', *combined, given([2, 2], 1, 0, 0.5, 2), use_target_weight=True, loss_weight=2.0)
case('weights that do not count', 'CombinedTargetMSELoss', *combined, given([2, 2], 1, 0, 0.5, 2))
case('no weight at all', 'CombinedTargetMSELoss', *combined, given([2, 2], 0, 0, 0, 0), use_target_weight=True)
case('one sample', 'CombinedTargetMSELoss', [drawn('output', [1, 6, 2, 2])], [drawn('target', [1, 6, 2, 2])], given([1, 2], 1, 0.5),
     use_target_weight=True)

case('the worst two', 'KeypointOHKMMSELoss', [out], [truth], some, topk=2)
case('the worst with weights', 'KeypointOHKMMSELoss', [out], [truth], some, topk=2, use_target_weight=True, loss_weight=0.1)
case('all of them', 'KeypointOHKMMSELoss', [out], [truth], topk=3)
case('no weight at all', 'KeypointOHKMMSELoss', [out], [truth], none, topk=1, use_target_weight=True)
MANY = [1, 9, 2, 2]
case('the default keeps eight', 'KeypointOHKMMSELoss', [drawn('output', MANY)], [drawn('target', MANY)])

case('plain', 'AdaptiveWingLoss', [out], [truth])
case('weights', 'AdaptiveWingLoss', [out], [truth], some, use_target_weight=True, loss_weight=2.0)
case('weights of pixels', 'AdaptiveWingLoss', [out], [truth], pixels, use_target_weight=True)
case('no weight at all', 'AdaptiveWingLoss', [out], [truth], none, use_target_weight=True)
case('other shape', 'AdaptiveWingLoss', [out], [truth], alpha=1.9, omega=10, epsilon=0.7, theta=0.3)
case('nothing to learn', 'AdaptiveWingLoss', [truth], [truth])

# MARK: distributions

axes = [drawn('x', [2, 3, 6], -3, 3), drawn('y', [2, 3, 5], -3, 3)]
labels = [drawn('true x', [2, 3, 6]), drawn('true y', [2, 3, 5], put=[(0, 0), (7, 0)])]
far = [drawn('x', [2, 3, 6], -100, 100), drawn('y', [2, 3, 5], -100, 100)]
case('plain', 'KLDiscretLoss', axes, labels, some)
case('without weights', 'KLDiscretLoss', axes, labels, use_target_weight=False)
case('temperatures', 'KLDiscretLoss', axes, labels, some, beta=10.0, label_softmax=True)
case('temperature of labels', 'KLDiscretLoss', axes, labels, some, label_softmax=True, label_beta=2.5, use_target_weight=True)
case('temperature that labels do not use', 'KLDiscretLoss', axes, labels, some, label_beta=2.5)
case('masked keypoints', 'KLDiscretLoss', axes, labels, some, mask=[0, 2], mask_weight=0.25)
case('masked keypoints without weights', 'KLDiscretLoss', axes, labels, mask=[1], mask_weight=0.0, use_target_weight=False)
case('a mask that changes nothing', 'KLDiscretLoss', axes, labels, some, mask=[1])
case('no weight at all', 'KLDiscretLoss', axes, labels, none)
case('labels all zero', 'KLDiscretLoss', axes, [drawn('zero', [2, 3, 6], 0, 0), drawn('zero', [2, 3, 5], 0, 0)], some)
case('saturated', 'KLDiscretLoss', far, labels, some, beta=10.0, label_softmax=True)

HEAT = [2, 3, 2, 3]
heat = [drawn('output', HEAT)], [drawn('target', HEAT, put=[(0, 0), (9, 0)])]
case('plain', 'JSDiscretLoss', *heat, some)
case('weights of samples', 'JSDiscretLoss', *heat, given([2], 0.5, 1), use_target_weight=True)
case('without weights, not averaged', 'JSDiscretLoss', *heat, use_target_weight=False, size_average=False)
case('no weight at all', 'JSDiscretLoss', *heat, none)
case('both empty', 'JSDiscretLoss', [drawn('zero', HEAT, 0, 0)], [drawn('zero', HEAT, 0, 0)], some)

bins = [drawn('x', [3, 2, 4], 0, 0.5), drawn('y', [3, 2, 5], 0, 0.4)]
hits = [drawn('true x', [3, 2, 4]), drawn('true y', [3, 2, 5])]
third = given([3, 2], 1, 0, 0.5, 2, 0, 0)
case('plain', 'MLECCLoss', bins, hits)
case('weights', 'MLECCLoss', bins, hits, third, use_target_weight=True, loss_weight=0.01)
case('weights of instances, summed', 'MLECCLoss', bins, hits, given([3], 0, 1, 3), use_target_weight=True, reduction='sum')
case('linear, each', 'MLECCLoss', bins, hits, third, reduction='none', mode='linear')
case('square', 'MLECCLoss', bins, hits, third, mode='square', use_target_weight=True)
case('no probability', 'MLECCLoss', [drawn('zero', [3, 2, 4], 0, 0), bins[1]], hits, third, use_target_weight=True)
case('what is no number counts nothing', 'MLECCLoss', [drawn('x', [3, 2, 4], -0.5, 0), bins[1]], hits)
case('no instance', 'MLECCLoss', [drawn('x', [0, 2, 4]), drawn('y', [0, 2, 5])], [drawn('x', [0, 2, 4]), drawn('y', [0, 2, 5])])

# MARK: classes and features

logits, classes = drawn('logits', [4, 3], -4, 4), drawn('classes', [4, 3], put=[(0, 0), (1, 1), (5, 0), (8, 1)])
saturated = given([4, 3], 100, -100, 100, -100, 15, -15, 0, 1000, -1000, 30, -30, 9.999)
certain = given([4, 3], 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0)
row = given([4], 1, 0, 0.5, 2)
cells = drawn('weights', [4, 3], put=[(0, 0), (7, 2)])
empty = drawn('nobody', [0, 3])
for kind in ('BCELoss', 'VariFocalLoss'):
    case('plain', kind, [logits], [classes])
    case('weights', kind, [logits], [classes], cells, use_target_weight=True, loss_weight=2.0)
    case('weights of rows, summed', kind, [logits], [classes], row, use_target_weight=True, reduction='sum')
    case('weights that do not count, each', kind, [logits], [classes], row, reduction='none')
    case('saturated', kind, [saturated], [certain])
    case('no weight at all', kind, [logits], [classes], given([4], 0, 0, 0, 0), use_target_weight=True)
    case('nobody, summed', kind, [empty], [empty], reduction='sum')
case('probabilities', 'BCELoss', [drawn('p', [4, 3], 0.01, 0.99)], [classes], row, use_sigmoid=True, use_target_weight=True)
case('certain probabilities, right and wrong', 'BCELoss', [given([2, 3], 0, 1, 0, 1, 1e-30, 0.5)], [given([2, 3], 0, 1, 1, 0, 1, 0.5)],
     use_sigmoid=True)
case('other focus', 'VariFocalLoss', [logits], [classes], alpha=0.5, gamma=1.5)
case('what is no finite number counts nothing', 'VariFocalLoss', [given([2, 3], INF, '-inf', NAN, 1, 2, 3)],
     [given([2, 3], 0, 1, 1, 0, NAN, INF)])

case('plain', 'InfoNCELoss', [drawn('features', [4, 5], -1, 1)])
case('temperature', 'InfoNCELoss', [drawn('features', [4, 5], -1, 1)], temperature=0.05, loss_weight=0.01)
case('features without a direction, and alike', 'InfoNCELoss', [given([3, 2], 0, 0, 1, 1, 1, 1)])
case('one instance', 'InfoNCELoss', [drawn('features', [1, 5])])
case('no instance', 'InfoNCELoss', [drawn('features', [0, 5])])

# MARK: boxes and instances

boxes = given([5, 4], 0, 0, 10, 10, 5, 5, 15, 20, 0, 0, 1, 1, 3, 3, 3, 3, 2, 2, 8, 9.5)
others = given([5, 4], 2, 3, 12, 9, 5, 5, 15, 20, 4, 4, 6, 6, 3, 3, 3, 3, 4, 0, 7.5, 30)
five = given([5], 1, 0, 0.5, 2, 1)
case('plain', 'IoULoss', [boxes], [others])
case('square, summed', 'IoULoss', [boxes], [others], five, mode='square', reduction='sum', loss_weight=5.0, eps=1e-16)
case('linear, each', 'IoULoss', [boxes], [others], five, mode='linear', reduction='none')
case('another limit', 'IoULoss', [boxes], [others], eps=1e-3)
case('nobody, summed', 'IoULoss', [drawn('boxes', [0, 4])], [drawn('boxes', [0, 4])], mode='square', reduction='sum')

points, places = drawn('points', [4, 3, 2], 0, 20), drawn('places', [4, 3, 2], 0, 20)
sizes, seen = given([4], 400, 2500, 900, 0), given([4, 3], 1, 1, 1, 1, 0, 0.5, 0, 0, 0, 1, 1, 1)
small, close = drawn('points', [4, 3, 2], 0, 3), drawn('places', [4, 3, 2], 0, 3)
case('plain', 'OKSLoss', [small], [close])
case('areas and sigmas, each', 'OKSLoss', [small], [close], seen, None, sizes, metainfo=DEFINITION, reduction='none')
case('weights by their sum', 'OKSLoss', [small], [close], seen, None, sizes, metainfo=DEFINITION, norm_target_weight=True,
     loss_weight=30.0, mode='linear')
case('square, summed', 'OKSLoss', [small], [close], seen, None, given([4], 40, 25, 90, 10), reduction='sum', mode='square')
case('logarithm', 'OKSLoss', [small], [close], given([4, 3], 1, 1, 1, 1, 0, 0.5, 0, 1, 0, 1, 1, 1), None, given([4], 40, 25, 90, 10),
     mode='log', norm_target_weight=True)
case('far away', 'OKSLoss', [points], [places], seen, None, given([4], 1, 1, 1, 1), mode='log', metainfo=DEFINITION)
case('the very place, and a limit of sizes', 'OKSLoss', [small], [small], seen, None, sizes, eps=2.0)
case('nobody', 'OKSLoss', [drawn('points', [0, 3, 2])], [drawn('points', [0, 3, 2])], drawn('w', [0, 3]), None, drawn('a', [0]),
     metainfo=DEFINITION, reduction='none')

tags = drawn('tags', [3, 2, 3, 4], -2, 2)
two_tags = drawn('tags', [1, 4, 3, 4], -2, 2)
people = [given([2, 2, 2], 3, 1, 5, 1, 7, 1, 11, 0, whole=True), given([1, 2, 2], 0, 0, 0, 0, whole=True),
          given([3, 2, 2], 2, 1, 2, 1, 2, 1, 2, 1, 0, 0, 6, 1, whole=True)]
case('people, nobody, people at one place', 'AssociativeEmbeddingLoss', [tags], people)
case('weights', 'AssociativeEmbeddingLoss', [tags], people, loss_weight=0.001, push_loss_factor=2.0)
case('tags of two numbers', 'AssociativeEmbeddingLoss', [two_tags], [people[0]])
case('one person', 'AssociativeEmbeddingLoss', [two_tags], [given([1, 2, 2], 3, 1, 9, 1, whole=True)])
case('no people in any image', 'AssociativeEmbeddingLoss', [two_tags], [given([0, 2, 2], whole=True)])

# MARK: coordinates

coords, goals = drawn('coords', [4, 3, 2], -1.5, 1.5), drawn('goals', [4, 3, 2], -1.5, 1.5)
joints = drawn('weights', [4, 3], put=[(0, 0), (5, 0), (7, 2)])
parts = drawn('weights', [4, 3, 2], put=[(0, 0), (5, 0), (9, 2)])
padded = drawn('weights', [4, 3, 1], put=[(0, 0), (5, 0)])
zeros = drawn('zero', [4, 3, 2], 0, 0)
for kind in ('SmoothL1Loss', 'L1Loss', 'MSELoss', 'WingLoss', 'SoftWingLoss', 'MPJPELoss', 'SoftWeightSmoothL1Loss'):
    case('plain', kind, [coords], [goals])
    case('weights of numbers', kind, [coords], [goals], parts, use_target_weight=True, loss_weight=10.0)
    case('weights of keypoints', kind, [coords], [goals], padded, use_target_weight=True)
    case('weights that do not count', kind, [coords], [goals], parts)
    case('no weight at all', kind, [coords], [goals], zeros, use_target_weight=True)
    case('the very place', kind, [coords], [coords])
for kind in ('SmoothL1Loss', 'L1Loss', 'SoftWeightSmoothL1Loss'):
    case('weights with fewer dimensions', kind, [coords], [goals], joints, use_target_weight=True)
    case('nobody', kind, [drawn('c', [0, 3, 2])], [drawn('c', [0, 3, 2])])
for reduction in ('sum', 'none'):
    case(f'reduction {reduction}', 'L1Loss', [coords], [goals], joints, reduction=reduction, use_target_weight=True)
case('nobody, summed', 'L1Loss', [drawn('c', [0, 3, 2])], [drawn('c', [0, 3, 2])], reduction='sum')
wide = drawn('coords', [4, 3, 2], -30, 30), drawn('goals', [4, 3, 2], -30, 30)
case('far and near', 'WingLoss', [wide[0]], [wide[1]])
case('other shape', 'WingLoss', [wide[0]], [wide[1]], omega=5.0, epsilon=0.5)
case('far and near', 'SoftWingLoss', [wide[0]], [wide[1]])
case('other shape', 'SoftWingLoss', [wide[0]], [wide[1]], omega1=5.0, omega2=12.0, epsilon=0.7)
soft = [coords], [goals], parts
case('only what has a weight', 'SoftWeightSmoothL1Loss', *soft, use_target_weight=True, supervise_empty=False)
case('nothing has a weight', 'SoftWeightSmoothL1Loss', [coords], [goals], zeros, use_target_weight=True, supervise_empty=False)
case('weights of keypoints, not supervised when empty', 'SoftWeightSmoothL1Loss', [coords], [goals], joints, use_target_weight=True,
     supervise_empty=False)
case('another bend', 'SoftWeightSmoothL1Loss', *soft, use_target_weight=True, beta=1 / 9, loss_weight=0.03)
case('another bend without weights', 'SoftWeightSmoothL1Loss', [coords], [goals], beta=2.0)

deviations = drawn('deviation', [4, 3, 2], -2, 2)
case('plain', 'RLELoss', [coords, deviations], [goals])
case('weights', 'RLELoss', [coords, deviations], [goals], parts, use_target_weight=True)
case('weights of keypoints, summed', 'RLELoss', [coords, deviations], [goals], padded, use_target_weight=True, size_average=False)
case('normal', 'RLELoss', [coords, deviations], [goals], q_distribution='gaussian')
case('the flow alone', 'RLELoss', [coords, deviations], [goals], parts, residual=False)
case('no weight at all', 'RLELoss', [coords, deviations], [goals], zeros, use_target_weight=True)
case('hardly any deviation', 'RLELoss', [coords, drawn('deviation', [4, 3, 2], -20, -10)], [goals])

# MARK: poses in space

poses, spaces = drawn('poses', [2, 4, 3, 3], -1, 1), drawn('spaces', [2, 4, 3, 3], -1, 1)
case('plain', 'MPJPEVelocityJointLoss', [poses], [spaces])
case('weights', 'MPJPEVelocityJointLoss', [poses], [spaces], given([1, 1, 3, 1], 1, 0, 0.5), use_target_weight=True, loss_weight=2.0)
case('other parts', 'MPJPEVelocityJointLoss', [poses], [spaces], lambda_scale=2.0, lambda_3d_velocity=1.0)
case('one frame has no velocity', 'MPJPEVelocityJointLoss', [drawn('poses', [2, 1, 3, 3])], [drawn('spaces', [2, 1, 3, 3])])
parents = [0, 0, 1, 1]
bodies, truths = drawn('poses', [3, 4, 3], -1, 1), drawn('spaces', [3, 4, 3], -1, 1)
case('plain', 'BoneLoss', [bodies], [truths], joint_parents=parents)
case('weights', 'BoneLoss', [bodies], [truths], drawn('weights', [3, 4]), joint_parents=parents, use_target_weight=True, loss_weight=3.0)
case('weights that do not count', 'BoneLoss', [bodies], [truths], drawn('weights', [3, 4]), joint_parents=parents)
case('no weight at all', 'BoneLoss', [bodies], [truths], drawn('zero', [3, 4], 0, 0), joint_parents=parents, use_target_weight=True)
case('the same bones', 'BoneLoss', [bodies], [bodies], joint_parents=parents)
unlabeled = [bodies, drawn('unlabeled', [2, 4, 3], -1, 1), drawn('roots', [2, 1, 3], 1, 4)]
pictures = drawn('pictures', [2, 4, 2], -1, 1)
simple, distorted = drawn('camera', [2, 4], 0.5, 1.5), drawn('camera', [2, 9], -0.3, 1.5)
case('plain', 'SemiSupervisionLoss', unlabeled, [pictures, simple], joint_parents=parents)
case('distortion and weights', 'SemiSupervisionLoss', unlabeled, [pictures, distorted], joint_parents=parents,
     projection_loss_weight=0.5, bone_loss_weight=2.0)
case('behind the camera', 'SemiSupervisionLoss', unlabeled[:2] + [drawn('roots', [2, 1, 3], -0.5, 0.5)], [pictures, distorted],
     joint_parents=parents)
case('the last iteration without', 'SemiSupervisionLoss', unlabeled, [pictures, simple], iteration=2, joint_parents=parents,
     warmup_iterations=3)
case('the first iteration with', 'SemiSupervisionLoss', unlabeled, [pictures, simple], iteration=3, joint_parents=parents,
     warmup_iterations=3)

# MARK: distillation

student, teacher = drawn('student', [2, 3, 2, 2], -1, 1), drawn('teacher', [2, 3, 2, 2], -1, 1)
case('plain', 'FeaLoss', [student], [teacher], name='loss_fea', use_this=True, student_channels=3, teacher_channels=3)
case('channels aligned', 'FeaLoss', [student], [drawn('teacher', [2, 4, 2, 2], -1, 1)], name='loss_fea', use_this=True,
     student_channels=3, teacher_channels=4, alpha_fea=0.5)
taught = [drawn('true x', [2, 3, 6], -3, 3), drawn('true y', [2, 3, 5], -3, 3)]
case('plain', 'KDLoss', axes, taught, sharpness=1.0, name='loss_logit', use_this=True)
case('temperature', 'KDLoss', axes, taught, sharpness=10.0, name='loss_logit', use_this=True, weight=0.1)
case('saturated', 'KDLoss', far, [drawn('true x', [2, 3, 6], -100, 100), drawn('true y', [2, 3, 5], -100, 100)], sharpness=10.0,
     name='loss_logit', use_this=True)

# MARK: several at once

both = [dict(type='SmoothL1Loss', use_target_weight=True), dict(type='JSDiscretLoss', use_target_weight=True)]
case('coordinates and heatmaps', 'MultipleLossWrapper', [drawn('coords', [2, 3, 2]), heat[0][0]],
     [drawn('goals', [2, 3, 2]), heat[1][0]], some, losses=both)
case('one of several', 'CombinedLoss', [out], [peaks], some, part='heatmap',
     losses=dict(heatmap=dict(type='KeypointMSELoss', loss_weight=2.0), other=dict(type='L1Loss')))
