// PoseCore
