public import Foundation

/// Measures whole runs of the command line from outside, as a user meets them.
public struct ProcessBenchmark: Sendable, Encodable {
    /// From starting `pose infer` to its exit, keypoints written.
    public let coldStart: Timing
    /// Bytes of the checkpoint that is loaded.
    public let checkpointSize: Int
    /// The largest memory of a process that loads it into its model, in bytes.
    public let loadingPeak: Int

    /// Peak memory over the size of the checkpoint.
    public var loadingRatio: Double { Double(loadingPeak) / Double(checkpointSize) }

    /// - Parameters:
    ///   - pose: the command line.
    ///   - photo: what it infers.
    ///   - folder: where to put a checkpoint of 300 MB and results for the time being.
    /// - Throws: when a process fails, or the disk is full.
    public init(pose: URL, photo: URL, folder: URL, runs: Int) throws {
        let model = try LargeModel(in: folder)
        // First, since the system only tells the largest of all processes so far.
        try Self.run(pose, ["model", "inspect", model.config.path, "--checkpoint", model.checkpoint.path])
        loadingPeak = PeakMemory.ofLargestChild
        checkpointSize = try FileManager.default.attributesOfItem(atPath: model.checkpoint.path)[.size] as? Int ?? 0
        coldStart = try Timing.measure("cold start to keypoints", runs: runs) {
            try Self.run(pose, ["infer", photo.path, "--out", folder.path, "--no-visualization"])
        }
    }

    private static func run(_ program: URL, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw PipelineError(
                description: "\(program.lastPathComponent) \(arguments.joined(separator: " ")) ended with"
                    + " \(process.terminationStatus)")
        }
    }
}
