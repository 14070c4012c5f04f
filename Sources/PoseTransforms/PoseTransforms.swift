// PoseTransforms
