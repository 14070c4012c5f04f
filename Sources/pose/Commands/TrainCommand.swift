import ArgumentParser
import Foundation
import PoseEngine
import Torch

/// `pose train`
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train the model of a config.",
        discussion: """
            Annotations, pictures and weights are looked for before the first iteration. The working folder gets \
            checkpoints that MMPose reads, too, last_checkpoint, and for every run a folder with its log and \
            vis_data/scalars.json.

            Under `pose launch` or torchrun several processes train together, each on batches of the config's size.

            A run that was interrupted, however, goes on with --resume as if it had not been.

            Example: pose train configs/….py --work-dir work_dirs/mine --seed 0
            """)

    @Argument(help: "The config, a .py file.")
    var config: String

    @Option(help: "Where to write (default: the config's work_dir, or work_dirs/NAME).")
    var workDir: String?

    @Option(help: "Go on from a checkpoint: a file, or auto for the newest of the working folder.")
    var resume: String?

    @Flag(help: "Run matrix products in bfloat16.")
    var amp = false

    @Option(help: "Seed of everything random (default: the config's, or one drawn now).")
    var seed: UInt64?

    @OptionGroup var options: ConfigOverrides

    func run() throws {
        let group = try DistributedEnvironment().map { try ProcessGroup($0) }
        do { try run(group) } catch { throw DistributedError.explaining(error, rank: group?.rank ?? 0) }
    }

    /// Several processes train together; the first one writes.
    private func run(_ group: ProcessGroup?) throws {
        let isMain = group?.isMain ?? true
        let model = try options.model(config)
        let settings = try TrainingSettings(model.config)
        let name = model.url.deletingPathExtension().lastPathComponent
        let folder = URL(fileURLWithPath: workDir ?? settings.workDirectory ?? "work_dirs/\(name)")
        let checkpoint = try resumed(folder)
        var seed = seed ?? settings.seed ?? UInt64.random(in: 0..<1 << 31)
        // One seed for all, also when each has drawn its own.
        if let group { seed = try group.shared(seed) }
        let trainer = try Trainer(model, workDirectory: folder, seed: seed, isMixedPrecision: amp, group: group)
        if let checkpoint {
            try trainer.resume(from: checkpoint)
            if isMain { Console.note("goes on from \(checkpoint.path)") }
        } else {
            let weights = settings.initialWeights.map { URL(fileURLWithPath: $0) }
            let notes = try trainer.begin(with: weights)
            if isMain { notes.forEach(Console.note) }
        }
        guard isMain else { return try trainer.run { _ in } }
        let log = try TrainingFolder(folder, config: model, seed: seed)
        Console.note("seed \(seed), writes to \(folder.path)")
        try trainer.run { event in
            for line in try log.write(event) { Console.line(line) }
        }
        print(folder.path)
    }

    /// - Returns: the checkpoint to go on from; nil to begin anew.
    private func resumed(_ folder: URL) throws -> URL? {
        guard let resume else { return nil }
        guard resume == "auto" else { return URL(fileURLWithPath: resume) }
        let found = Trainer.newestCheckpoint(in: folder, report: Console.warning)
        if found == nil { Console.note("\(folder.path) has no checkpoint yet: begins anew") }
        return found
    }
}
