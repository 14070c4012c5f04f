import PyConfig

/// Top-down models that regress coordinates: DeepPose, and RLE when the head predicts deviations too.
struct RegressionFamily: ModelFamily {
    func parts(of project: OldProject) throws -> ModelParts {
        let head = project.head
        let isLikelihood = head.bool("out_sigma", default: false)
        let type: ConfigValue = isLikelihood ? "RLEHead" : "RegressionHead"
        head.compute(
            "type", at: "model.head.type", type,
            isLikelihood ? "out_sigma=True is a class of its own" : "the class's name in 1.x")
        head.compute("out_sigma", at: "model.head.type", type, "RLEHead predicts deviations, RegressionHead does not")
        var result: ConfigDict = ["type": type]
        head.apply(["in_channels": .keep, "num_joints": .keep], at: "model.head", to: &result)
        result["loss"] = try Losses.translate("loss_keypoint", of: head, to: "model.head.loss")
        HeadLayers.enterUnused(head)
        let codec: ConfigDict = ["type": "RegressionLabel", "input_size": try project.inputSize()]
        project.data.drop("heatmap_size", "regression has no heatmaps")
        result["decoder"] = .dict(codec)
        var parts = ModelParts(codec: .dict(codec), head: result)
        parts.testConfig = TestConfig.regression(project)
        parts.dataMode = "topdown"
        return parts
    }

    func pipeline(
        _ steps: [OldDict], of project: OldProject, isTraining: Bool, at place: String
    ) throws -> [ConfigDict] {
        try TopdownPipeline(project: project, place: place).translate(steps)
    }
}
