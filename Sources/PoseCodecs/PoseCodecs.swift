// PoseCodecs
