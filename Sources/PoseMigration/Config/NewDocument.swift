import PyConfig

/// The new file: its entries in the order a reader wants them, and how they are set out.
struct NewDocument {
    let project: OldProject
    let parts: ModelParts
    let model: ConfigDict
    let data: ConfigDict
    let schedule: ConfigDict
    let runtime: RuntimeTranslation

    var root: ConfigDict {
        var result = ConfigDict()
        let add = { (entries: ConfigDict) in for (key, value) in entries { result[key: key] = value } }
        add(schedule)
        result["default_hooks"] = .dict(runtime.hooks())
        result["codec"] = parts.codec
        result["model"] = .dict(model)
        if let dataset = sharedDataset {
            result["dataset_type"] = dataset["type"]
            if let mode = dataset["data_mode"] { result["data_mode"] = mode }
            if let folder = dataset["data_root"] { result["data_root"] = folder }
        }
        add(data)
        add(runtime.runtime())
        return result
    }

    /// A data set whose type, mode and folder are worth a name.
    private var sharedDataset: ConfigDict? {
        for part in ["train", "val", "test"] {
            if let dataset = data["\(part)_dataloader"]?["dataset"]?.dictValue, dataset["ann_file"] != nil {
                return dataset
            }
        }
        return nil
    }

    static let layout = PythonLayout(
        shared: [
            "codec", "dataset_type", "data_mode", "data_root", "train_pipeline", "val_pipeline", "test_pipeline",
            "val_dataloader", "val_evaluator", "vis_backends",
        ],
        headings: [
            "train_cfg": "length of the run", "optim_wrapper": "optimizer", "param_scheduler": "learning rate",
            "default_hooks": "hooks", "codec": "codec: keypoints to targets and back", "model": "model",
            "dataset_type": "data set", "train_pipeline": "pipelines", "train_dataloader": "data loaders",
            "val_evaluator": "evaluators", "default_scope": "runtime",
        ], keepsPlaceholders: true)
}

/// Finds the new place of each comment.
struct CommentTransfer {
    let ledger: Ledger
    let root: ConfigDict

    /// Puts comments whose line survives into the layout.
    ///
    /// - Returns: the others, as `line: text`.
    func place(_ notes: [SourceNotes], into layout: inout PythonLayout) -> [String] {
        var lost: [String] = []
        for comment in notes.flatMap(\.comments) where !comment.text.isEmpty {
            let known = ledger.place(of: comment.path) ?? (root[comment.path] == nil ? nil : comment.path)
            guard !comment.path.isEmpty, let place = known, let entry = nearest(place) else {
                lost.append("\(comment.line): \(comment.text)")
                continue
            }
            if layout.headings[entry]?.lowercased() == comment.text.lowercased() { continue }
            layout.comments[entry, default: []].append(comment.text)
        }
        return lost
    }

    /// The path itself, or the nearest one around it that the new config has.
    private func nearest(_ path: String) -> String? {
        var path = path
        let config = Config(root)
        while config[path] == nil {
            guard let dot = path.lastIndex(of: ".") else { return nil }
            path = String(path[..<dot])
        }
        return path
    }
}
