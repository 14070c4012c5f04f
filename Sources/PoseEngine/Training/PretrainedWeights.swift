import Checkpoint
import Foundation
import PoseModels
import PoseRuntime
import Torch

extension InitialWeights.Pretrained {
    /// The file: a path, or a file of that name among the models that were downloaded. Names such as
    /// `torchvision://resnet50` stand for files that begin with their last part.
    ///
    /// - Throws: `TrainingError.cannotTrain` saying where it would have to be.
    func file(_ locations: ModelLocations) throws -> URL {
        if FileManager.default.fileExists(atPath: checkpoint) { return URL(fileURLWithPath: checkpoint) }
        let name = checkpoint.split(separator: "/").last.map(String.init) ?? checkpoint
        for folder in locations.folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            if let found = names.sorted().first(where: {
                $0 == name || $0.hasPrefix("\(name)-") && $0.hasSuffix(".pth")
            }) {
                return folder.appendingPathComponent(found)
            }
        }
        let place = part.isEmpty ? "model.init_cfg" : "model.\(part).init_cfg"
        let folder = locations.folders.last?.path ?? "models"
        throw TrainingError.cannotTrain(
            "\(place): the weights '\(checkpoint)' are not here; put the file into \(folder), or name another with"
                + " --cfg-options \(place).checkpoint=FILE, or begin without it: --cfg-options \(place)=None")
    }

    /// Fills the part of a model.
    ///
    /// - Throws: `CheckpointError`, `TrainingError.cannotTrain` when nothing in the file is for the part.
    func load(into model: any PoseEstimator, _ locations: ModelLocations) throws -> LoadingReport {
        let url = try file(locations)
        let stored = try CheckpointFile.open(url).stateDict()
        let start = prefix.map { $0.hasSuffix(".") ? $0 : "\($0)." } ?? ""
        let own = stored.filter { $0.name.hasPrefix(start) }.map { entry in
            let name = entry.name.dropFirst(start.count)
            return entry.renamed(part.isEmpty ? String(name) : "\(part).\(name)")
        }
        let report = try model.load(StateDict(own))
        guard !report.loaded.isEmpty else {
            throw TrainingError.cannotTrain(
                "\(url.path): nothing in it is for the model's \(part.isEmpty ? "parts" : part); is init_cfg.prefix right?"
            )
        }
        return report
    }
}
