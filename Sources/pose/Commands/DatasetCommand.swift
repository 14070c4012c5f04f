public import ArgumentParser
import Foundation
import PoseCore
import PoseDatasets
import PoseEngine
import PyConfig

/// `pose dataset`
struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Check, look into and make datasets.",
        subcommands: [Check.self, Dump.self, Browse.self, Synthesize.self, DatasetSigmas.self, Bench.self])

    /// `pose dataset check CONFIG`
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find what breaks training later: every problem with file, annotation id, field and remedy.")

        @OptionGroup var source: DatasetSource

        @Flag(help: "Print the report as JSON.")
        var json = false

        @Flag(help: "Do not open the pictures: faster, but missing and broken ones go unnoticed.")
        var skipImages = false

        @Option(help: "Problems of one kind to print; all are counted.")
        var limit = 20

        func run() throws {
            let config = try source.options.load(source.config)
            let dataset = try source.dataset(in: config)
            let doctor = DatasetDoctor(
                metainfo: DatasetMetainfo(zooFolders: ConfigLocations().zooFolders), config: source.file(of: config),
                checksImages: !skipImages, limit: max(limit, 0))
            let report = doctor.examine(dataset, at: source.key, model: config["model"]?.dictValue)
            if json {
                print(String(decoding: try report.json(), as: UTF8.self))
            } else {
                for finding in report.findings { print(finding) }
                print(report.summary)
            }
            if !report.isClean { throw Failure.reported }
        }
    }

    /// `pose dataset dump CONFIG --index I --output s.npz`
    struct Dump: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write one sample after the pipeline as .npz.",
            discussion: "Arrays: inputs, gt_instances/…, gt_instance_labels/…, gt_fields/…, metainfo/….")

        @OptionGroup var source: DatasetSource

        @Option(help: "Number of the sample, from 0.")
        var index: Int

        @Option(help: "Where to write the .npz.")
        var output: String

        @Option(help: "Seed of random transforms.")
        var seed: UInt64 = 0

        func run() throws {
            let dataset = try source.make()
            try dataset.dump(index, to: URL(fileURLWithPath: output), seed: seed)
        }
    }

    /// `pose dataset browse CONFIG --out DIR`
    struct Browse: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw samples before and after the pipeline, with their targets.")

        @OptionGroup var source: DatasetSource

        @Option(help: "Folder for the pictures.")
        var out: String

        @Option(help: "How many samples to draw, from the first.")
        var count = 20

        @Option(help: "Seed of random transforms.")
        var seed: UInt64 = 0

        func run() throws {
            let dataset = try source.make()
            let folder = URL(fileURLWithPath: out)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let picture = SamplePicture(skeleton: dataset.skeleton)
            var failures = 0
            for index in 0..<min(max(count, 0), dataset.count) {
                do {
                    try draw(dataset, index, picture, folder)
                } catch {
                    failures += 1
                    Console.error("sample \(index) (\(dataset.origin(at: index))): \(error)")
                }
            }
            if failures > 0 { throw Failure.reported }
        }

        private func draw(
            _ dataset: any PoseDataset, _ index: Int, _ picture: SamplePicture, _ folder: URL
        ) throws {
            var generator = SeededGenerator(seed: seed, epoch: 0, index: index)
            var before = try dataset.annotation(at: index, using: &generator)
            guard let path = before.imagePath else { throw PoseSampleError.missing("image, nor a path to one") }
            before.image = try before.image ?? Image.decode(contentsOf: URL(fileURLWithPath: path))
            try picture.annotation(before).write(to: folder.appendingPathComponent("\(index)_original.jpg"))
            let after = try dataset.sample(at: index, seed: seed)
            if let rejection = after.rejection { return Console.note("sample \(index) is rejected: \(rejection)") }
            try picture.input(after).write(to: folder.appendingPathComponent("\(index)_input.jpg"))
        }
    }

    /// `pose dataset synthesize --out DIR --images N`
    struct Synthesize: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make pictures of drawn people with annotations in COCO format.")

        @Option(help: "Folder for images/ and annotations.json.")
        var out: String

        @Option(help: "How many pictures.")
        var images: Int

        @Option(help: "Most figures in a picture.")
        var people = 3

        @Option(help: "Width of the pictures in pixels.")
        var width = 320

        @Option(help: "Height of the pictures in pixels.")
        var height = 240

        @Option(help: "Another seed gives other pictures.")
        var seed: UInt64 = 0

        func run() throws {
            try Synthesis.write(
                to: URL(fileURLWithPath: out), images: images, size: ImageSize(width: width, height: height),
                people: people, seed: seed)
        }
    }
}

/// A dataset of a config, for every command that takes one.
struct DatasetSource: ParsableArguments {
    @Argument(help: "The config, a .py file.")
    var config: String

    @Option(help: "train, val or test.")
    var split = DatasetSelection.Split.train

    @Option(help: "Dotted path of the dataset in the config; stronger than --split.")
    var datasetKey: String?

    @Option(help: "Folder of the data, in place of the config's data_root.")
    var dataRoot: String?

    @OptionGroup var options: ConfigOverrides

    /// Where the dataset stands in the config.
    var key: String { datasetKey ?? split.key }

    func dataset(in config: Config) throws -> ConfigDict {
        try DatasetSelection.dataset(in: config, key: key, root: dataRoot)
    }

    func file(of config: Config) -> URL { config.file ?? ConfigLocations().url(of: self.config) }

    /// The dataset with its pipeline.
    func make() throws -> any PoseDataset {
        let config = try options.load(self.config)
        let builder = Datasets(
            metainfo: DatasetMetainfo(zooFolders: ConfigLocations().zooFolders), config: file(of: config))
        return try builder.make(Arguments(try dataset(in: config), at: key))
    }
}

extension DatasetSelection.Split: ExpressibleByArgument {}
