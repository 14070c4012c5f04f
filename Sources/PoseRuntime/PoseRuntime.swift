// PoseRuntime
