// PoseVisual
