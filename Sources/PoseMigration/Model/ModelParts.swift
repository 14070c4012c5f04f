import PyConfig

/// What a family of models contributes: the parts of the new config that depend on how keypoints are represented.
struct ModelParts {
    /// The shared `codec`, a dictionary or a list of them.
    var codec: ConfigValue
    var head: ConfigDict
    /// A neck that the head of 0.x did itself, such as joining feature maps.
    var neck: ConfigDict?
    /// What 0.x put into the head and 1.x reads from the backbone's config.
    var backbone: ConfigDict = [:]
    var trainConfig: ConfigDict?
    var testConfig: ConfigDict?
    /// `topdown` or `bottomup`; nil for lifters.
    var dataMode: String?
}

/// A family of models.
protocol ModelFamily {
    /// Translates codec, head and test-time options.
    ///
    /// - Throws: `MigrationError.invalid` for values 0.29 would not accept either.
    func parts(of project: OldProject) throws -> ModelParts

    /// Translates the steps of one pipeline.
    func pipeline(_ steps: [OldDict], of project: OldProject, isTraining: Bool, at place: String) throws -> [ConfigDict]
}

extension OldProject {
    /// The family by the type of head.
    var family: any ModelFamily {
        switch head.type {
        case "DeepposeRegressionHead": RegressionFamily()
        case "AESimpleHead": AssociativeEmbeddingFamily()
        case "DEKRHead": DEKRFamily()
        case "CIDHead": CIDFamily()
        case "TemporalRegressionHead": LifterFamily()
        case "Interhand3DHead": HandFamily()
        default: HeatmapFamily()
        }
    }

    /// The size of the network's input, `(w, h)`.
    ///
    /// - Throws: `MigrationError.invalid` when there is none.
    func inputSize() throws -> ConfigValue {
        guard let size = data.given("image_size")?.sizePair else {
            throw MigrationError.invalid(
                path: data.path(of: "image_size"), reason: "a size [w, h] or one number is needed")
        }
        data.keep("image_size", at: "codec.input_size")
        return size
    }

    /// The size of heatmaps `(w, h)`: a pair, or in bottom-up models a list with the side for each scale, of which
    /// 1.x has the first.
    ///
    /// - Throws: `MigrationError.invalid` when there is none.
    func heatmapSize(isBottomup: Bool = false) throws -> ConfigValue {
        let value = data.given("heatmap_size")
        let first = value?.arrayValue?.first?.sizePair
        let size = isBottomup ? first ?? value?.sizePair : value?.sizePair ?? first
        guard let size else {
            throw MigrationError.invalid(path: data.path(of: "heatmap_size"), reason: "a size [w, h] is needed")
        }
        data.keep("heatmap_size", at: "codec.heatmap_size")
        return size
    }
}
