// PoseEngine
