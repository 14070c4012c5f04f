import Foundation
import Yams

/// Reads MMPose's model index: `model-index.yml` names metafiles, and each of those describes models.
struct ModelIndex {
    let folder: URL

    /// Every model once, in the order of the index.
    ///
    /// Some are described in two tables with the same weights; their results are joined. Where two different models
    /// were given one name, the one whose config is called otherwise goes by its config's name.
    func entries() throws(ModelZooError) -> [ModelZooEntry] {
        let index = try document("model-index.yml")
        guard let files = index["Import"]?.array().compactMap(\.string), !files.isEmpty else {
            throw .malformed(file: "model-index.yml", reason: "it has no list `Import`")
        }
        var entries: [ModelZooEntry] = []
        var places: [String: Int] = [:]
        for file in files {
            for described in try models(in: file) {
                var entry = described
                if let place = places[entry.name], let config = entry.config {
                    if entries[place].config == config, entries[place].downloads == entry.downloads {
                        entries[place] = entries[place].joined(with: entry)
                        continue
                    }
                    entry = entry.renamed(URL(fileURLWithPath: config).deletingPathExtension().lastPathComponent)
                }
                if places[entry.name] == nil { places[entry.name] = entries.count }
                entries.append(entry)
            }
        }
        return entries
    }

    private func models(in file: String) throws(ModelZooError) -> [ModelZooEntry] {
        guard let models = try document(file)["Models"]?.sequence else {
            throw .malformed(file: file, reason: "it has no list `Models`")
        }
        var entries: [ModelZooEntry] = []
        for (index, model) in models.enumerated() {
            guard let name = model["Name"]?.string, let config = model["Config"]?.string else {
                throw .malformed(file: file, reason: "model \(index) of `Models` has no `Name` or no `Config`")
            }
            entries.append(entry(name: name, config: config, described: model))
        }
        return entries
    }

    private func entry(name: String, config: String, described model: Node) -> ModelZooEntry {
        let metadata = model["Metadata"]
        return ModelZooEntry(
            name: name, aliases: strings(model["Alias"]), family: model["In Collection"]?.string ?? "", config: config,
            downloads: download(model["Weights"]?.string).map { [$0] } ?? [],
            trainingData: strings(metadata?["Training Data"]), results: results(model["Results"]),
            license: "Apache-2.0 (MMPose); the training data has terms of its own", source: "OpenMMLab")
    }

    private func download(_ text: String?) -> ModelZooEntry.Download? {
        // Some addresses of the zoo have a bracket left over from a link.
        guard let text = text?.trimmingCharacters(in: CharacterSet(charactersIn: " ()")), let url = URL(string: text),
            url.scheme != nil, !url.lastPathComponent.isEmpty
        else {
            return nil
        }
        return .init(url: url, checksum: Checksum(inFileName: url.lastPathComponent))
    }

    private func results(_ node: Node?) -> [ModelZooEntry.Result] {
        list(node).map { result in
            let metrics = result["Metrics"]?.mapping.map(Array.init) ?? []
            return .init(
                dataset: result["Dataset"]?.string ?? "", task: result["Task"]?.string ?? "",
                metrics: metrics.compactMap { name, value in
                    guard let name = name.string, let value = value.float ?? value.int.map(Double.init) else {
                        return nil
                    }
                    return .init(name: name, value: value)
                })
        }
    }

    /// A single thing stands for a list of one throughout the index.
    private func list(_ node: Node?) -> [Node] {
        guard let node, node.null == nil else { return [] }
        return node.sequence.map(Array.init) ?? [node]
    }

    private func strings(_ node: Node?) -> [String] { list(node).compactMap(\.string) }

    private func document(_ file: String) throws(ModelZooError) -> Node {
        let url = folder.appendingPathComponent(file)
        let text: String
        do {
            text = try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw .malformed(file: url.path, reason: "it cannot be read")
        }
        do {
            guard let node = try Yams.compose(yaml: text), node.mapping != nil else {
                throw ModelZooError.malformed(file: url.path, reason: "it is not a YAML mapping")
            }
            return node
        } catch let error as ModelZooError {
            throw error
        } catch {
            throw .malformed(file: url.path, reason: "\(error)")
        }
    }
}

extension ModelZooEntry {
    /// The same model with the results and names of both descriptions.
    fileprivate func joined(with other: ModelZooEntry) -> ModelZooEntry {
        ModelZooEntry(
            name: name, aliases: aliases + other.aliases.filter { !aliases.contains($0) }, family: family,
            config: config,
            downloads: downloads, trainingData: trainingData + other.trainingData.filter { !trainingData.contains($0) },
            results: results + other.results.filter { !results.contains($0) }, license: license, source: source)
    }

    fileprivate func renamed(_ name: String) -> ModelZooEntry {
        ModelZooEntry(
            name: name, aliases: aliases, family: family, config: config, downloads: downloads,
            trainingData: trainingData,
            results: results, license: license, source: source)
    }
}
