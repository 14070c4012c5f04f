// PoseModels
