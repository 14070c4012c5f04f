import PyConfig

/// `data` and `evaluation`: pipelines, data sets, loaders and evaluators.
struct DataTranslation {
    let project: OldProject
    let family: any ModelFamily
    let parts: ModelParts
    let companion: (ConfigDict) -> String

    /// The new top-level entries, in order.
    ///
    /// - Throws: `MigrationError`.
    func translate() throws -> ConfigDict {
        var result = ConfigDict()
        guard let data = project.root.dict("data") else { return result }
        let hasTraining = isTrainable(data)
        var pipelines: [String: ConfigValue] = [:]
        for (part, steps) in [("train", project.train), ("val", project.val), ("test", project.testSteps)] {
            if part == "train", !hasTraining { continue }
            let name = "\(part)_pipeline"
            let list = ConfigValue.list(
                try family.pipeline(steps, of: project, isTraining: part == "train", at: name).map { .dict(fill($0)) })
            pipelines[part] = list
            if part == "test", list == pipelines["val"] { continue }
            result[name] = list
        }
        var kinds: [String: DatasetTranslation.Result] = [:]
        for part in ["train", "val", "test"] {
            guard part != "train" || hasTraining, let pipeline = pipelines[part] else { continue }
            if let loader = try loader(part, data, pipeline, &kinds) { result["\(part)_dataloader"] = .dict(loader) }
        }
        enterRest(data)
        try evaluators(kinds, data, &result)
        return result
    }

    private func fill(_ step: ConfigDict) -> ConfigDict {
        var result = step
        if step["encoder"] == .codecPlaceholder { result["encoder"] = parts.codec }
        if step["input_size"] == .inputSizePlaceholder {
            let codec = parts.codec.arrayValue?.first ?? parts.codec
            result["input_size"] = codec["input_size"] ?? codec["image_size"]
        }
        return result
    }

    /// Semi-supervised training and models without a training set have no loader for it in 1.x.
    private func isTrainable(_ data: OldDict) -> Bool {
        guard let train = data.dict("train") else { return !data.dicts("train").isEmpty }
        guard train.type == "Body3DSemiSupervisionDataset" else { return true }
        project.ledger.enter(
            .dropped, train.path, .dict(train.values), to: nil, nil,
            "1.x has no data set for semi-supervised training; the model and its loss are there, testing works")
        for name in ["labeled_data_cfg", "unlabeled_data_cfg", "train_labeled_pipeline", "train_unlabeled_pipeline"] {
            project.root.drop(name, "for semi-supervised training, which 1.x has no data set for")
        }
        for name in ["optimizer", "optimizer_config", "lr_config", "total_epochs"] {
            project.root.drop(name, "there is no training without a training set")
        }
        return false
    }

    // MARK: loaders

    private func loader(
        _ part: String, _ data: OldDict, _ pipeline: ConfigValue, _ kinds: inout [String: DatasetTranslation.Result]
    ) throws -> ConfigDict? {
        let own = data.dict("\(part)_dataloader")
        let samples = own?["samples_per_gpu"] ?? data["samples_per_gpu"] ?? 1
        let workers = own?["workers_per_gpu"] ?? data["workers_per_gpu"] ?? 1
        let place = "\(part)_dataloader"
        var result: ConfigDict = ["batch_size": samples, "num_workers": workers]
        own?.keep("samples_per_gpu", at: "\(place).batch_size")
        own?.keep("workers_per_gpu", at: "\(place).num_workers")
        // PyTorch refuses persistent workers where there are none.
        result["persistent_workers"] = .bool((workers.intValue ?? 1) > 0)
        if part == "train" {
            if let drop = own?.keep("drop_last", at: "\(place).drop_last") { result["drop_last"] = drop }
            result["sampler"] = ["type": "DefaultSampler", "shuffle": true]
        } else {
            result["drop_last"] = false
            result["sampler"] = ["type": "DefaultSampler", "shuffle": false, "round_up": false]
        }
        for name in ["shuffle", "drop_last", "pin_memory", "num_gpus", "dist", "seed", "persistent_workers"] {
            own?.drop(name, "the sampler and the loader of 1.x have their own")
        }
        guard let dataset = try dataset(part, data, pipeline, &kinds) else { return nil }
        result["dataset"] = .dict(dataset)
        return result
    }

    private func dataset(
        _ part: String, _ data: OldDict, _ pipeline: ConfigValue, _ kinds: inout [String: DatasetTranslation.Result]
    ) throws -> ConfigDict? {
        let translation = DatasetTranslation(project: project, dataMode: parts.dataMode, companion: companion)
        let isTest = part != "train"
        let place = "\(part)_dataloader.dataset"
        let list = data.dicts(part)
        if !list.isEmpty { return try combined(list, translation, pipeline, isTest, place, part, &kinds) }
        guard let old = data.dict(part) else { return nil }
        switch old.type {
        case "RepeatDataset":
            guard let inner = old.dict("dataset") else { return nil }
            let result = try translation.translate(inner, pipeline: pipeline, isTest: isTest, at: "\(place).dataset")
            kinds[part] = result
            var wrapper: ConfigDict = ["type": "RepeatDataset", "dataset": .dict(result.dataset)]
            old.apply(["type": .keep, "times": .keep], at: place, to: &wrapper)
            return wrapper
        case "ConcatDataset":
            old.compute("type", at: "\(place).type", "CombinedDataset", "the class's name in 1.x")
            return try combined(old.dicts("datasets"), translation, pipeline, isTest, place, part, &kinds)
        default:
            let result = try translation.translate(old, pipeline: pipeline, isTest: isTest, at: place)
            kinds[part] = result
            return result.dataset
        }
    }

    private func combined(
        _ list: [OldDict], _ translation: DatasetTranslation, _ pipeline: ConfigValue, _ isTest: Bool, _ place: String,
        _ part: String, _ kinds: inout [String: DatasetTranslation.Result]
    ) throws -> ConfigDict {
        var results: [ConfigDict] = []
        for (index, old) in list.enumerated() {
            var result = try translation.translate(
                old, pipeline: .list([]), isTest: isTest, at: "\(place).datasets.\(index)")
            if kinds[part] == nil { kinds[part] = result }
            result.dataset["pipeline"] = .list([])
            results.append(result.dataset)
        }
        let names = list.first?.dict("dataset_info").map { StockDefinitions.names(of: $0.values) } ?? []
        let rule = kinds[part]?.rule
        let own = names.contains(rule?.definition ?? "") ? rule?.definition : names.first
        let info: ConfigValue =
            results.first?["metainfo"] ?? [
                "from_file": .string("configs/_base_/datasets/\(own ?? rule?.definition ?? "coco").py")
            ]
        return [
            "type": "CombinedDataset", "metainfo": info, "datasets": .list(results.map { .dict($0) }),
            "pipeline": pipeline,
        ]
    }

    private func enterRest(_ data: OldDict) {
        data.keep("samples_per_gpu", at: "train_dataloader.batch_size")
        data.keep("workers_per_gpu", at: "train_dataloader.num_workers")
        for name in ["pin_memory", "persistent_workers"] { data.drop(name, "set it in the loaders") }
    }

    // MARK: evaluators

    private func evaluators(
        _ kinds: [String: DatasetTranslation.Result], _ data: OldDict, _ result: inout ConfigDict
    ) throws {
        let evaluation = project.root.dict("evaluation")
        let metric = evaluation?["metric"]
        let names = metric?.arrayValue?.compactMap(\.stringValue) ?? metric?.stringValue.map { [$0] } ?? []
        for part in ["val", "test"] {
            guard let kind = kinds[part] else { continue }
            let options = (data.dict(part) ?? data.dicts(part).first)?.dict("data_cfg") ?? project.data
            let value = Metrics.evaluators(
                kind.rule.metric, names: names, annotations: kind.annotations, data: options,
                isBottomup: parts.dataMode == "bottomup", headType: project.head.type ?? "",
                isRLE: evaluation?.bool("rle_score", default: false) ?? false)
            result["\(part)_evaluator"] = value
        }
        guard let evaluation else { return }
        evaluation.compute("metric", at: "val_evaluator", result["val_evaluator"], "metrics are objects")
        evaluation.compute("rle_score", at: "val_evaluator.score_mode", "bbox_rle", "a score mode of CocoMetric")
        evaluation.drop("recall_threshold", "for VoxelPose only")
        let missing = names.filter { ["3dpck", "3dauc", "pcp"].contains($0.lowercased()) }
        if !missing.isEmpty {
            project.ledger.enter(
                .dropped, evaluation.path(of: "metric") + " (\(missing.joined(separator: ", ")))",
                metric ?? ConfigValue.none, to: nil,
                nil, "1.x has no such metric")
        }
    }
}
