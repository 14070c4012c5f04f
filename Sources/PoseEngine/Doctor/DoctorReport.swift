import Foundation
public import PoseRuntime

/// What this machine has to run poses with, what is missing, and the command that puts it right.
public struct DoctorReport: Sendable, Encodable {
    /// The operating system and its version.
    public let system: String
    public let processor: Processor
    /// Bytes of memory.
    public let memory: UInt64
    /// The libraries this process has loaded.
    public let engines: [Engine]
    /// Those on this machine.
    public let models: [Model]
    public let zoo: Zoo
    /// Where models are looked for, in order.
    public let modelFolders: [String]
    public let problems: [Problem]

    /// A library that computes.
    public struct Engine: Sendable, Hashable, Encodable {
        public let name: String
        public let version: String
        public let use: String
        /// What it can compute on, such as `CPU` or `GPU`.
        public let devices: [String]
    }

    /// A model on this machine.
    public struct Model: Sendable, Hashable, Encodable {
        public let name: String
        public let files: [String]
    }

    /// MMPose's configs.
    public struct Zoo: Sendable, Hashable, Encodable {
        /// Nil when they are not on this machine.
        public let folder: String?
        /// How many models its index describes.
        public let models: Int
    }

    /// Something that is missing or not as it should be.
    public struct Problem: Sendable, Hashable, Encodable {
        public let what: String
        /// The command or action that puts it right.
        public let remedy: String
    }

    /// Looks at this machine. Nothing is changed and nothing asked of the network.
    public init(locations: ModelLocations = ModelLocations()) {
        let (engines, problems) = Engine.loaded()
        self.init(
            locations: locations, processor: .current(), memory: ProcessInfo.processInfo.physicalMemory,
            engines: engines, problems: problems)
    }

    init(
        locations: ModelLocations, processor: Processor, memory: UInt64, engines: [Engine], problems found: [Problem]
    ) {
        var problems = found
        system = ProcessInfo.processInfo.operatingSystemVersionString
        self.processor = processor
        self.memory = memory
        self.engines = engines
        modelFolders = locations.folders.map(\.path)

        var known = ModelZoo.builtIn
        do {
            known = try ModelZoo.find(locations)
        } catch .notFound {
            problems.append(.init(what: "MMPose's zoo configs are not on this machine", remedy: "scripts/bootstrap"))
        } catch {
            problems.append(.init(what: "\(error)", remedy: "scripts/bootstrap"))
        }
        zoo = Zoo(folder: known.folder?.path, models: known.entries.count - ModelZoo.builtIn.entries.count)
        models = known.entries.compactMap { entry in
            entry.installed(in: locations.folders).map { Model(name: entry.name, files: $0.map(\.path)) }
        }
        if !models.contains(where: { $0.name == ModelZooEntry.blazePose.name }) {
            let remedy = "scripts/bootstrap or `pose models get \(ModelZooEntry.blazePose.name)`"
            problems.append(.init(what: "the built-in model is not on this machine", remedy: remedy))
        }
        if memory < 4_000_000_000 {
            let what = "less than 4 GB of memory: training and large models may not fit"
            problems.append(.init(what: what, remedy: "use a smaller --batch-size"))
        }
        self.problems = problems
    }

    /// An object with these fields; they stay.
    ///
    /// - Throws: `EncodingError`.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
