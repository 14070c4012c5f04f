import Checkpoint
import Foundation
import PoseEngine
import PoseModels
import PoseParity
import PyConfig
import Torch

/// What a run of the command line gave.
struct CommandResult {
    let status: Int32
    let output: String
    let errors: String
}

/// Runs the built `pose` with these arguments.
func pose(_ arguments: String...) throws -> CommandResult { try pose(arguments) }

/// Runs the built `pose` with these arguments.
func pose(_ arguments: [String]) throws -> CommandResult {
    let process = Process()
    process.executableURL = Place.products.appendingPathComponent("pose")
    process.arguments = arguments
    process.currentDirectoryURL = Place.root
    let output = Pipe()
    let errors = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return CommandResult(
        status: process.terminationStatus, output: String(decoding: data, as: UTF8.self),
        errors: try String(contentsOf: errors, encoding: .utf8))
}

/// Folders the tests use.
enum Place {
    /// The package.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// Where the build puts programs: beside the tests themselves.
    static let products = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent()
    /// A public-domain portrait, brought by scripts/bootstrap.
    static let photo = root.appendingPathComponent(".deps/samples/astronaut.png")
}

/// A folder that is gone when the test is over.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("pose-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    @discardableResult
    func write(_ text: String, to name: String) throws -> URL {
        let url = file(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
        return url
    }

    /// Names of all files below, sorted.
    var contents: [String] {
        let files = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
        return files.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: file(name).path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }
}

/// A small top-down model: its config and a checkpoint with weights by formula.
struct SmallModel {
    let config, checkpoint: URL

    static let text = """
        codec = dict(type='MSRAHeatmap', input_size=(64, 64), heatmap_size=(16, 16), sigma=2)
        model = dict(
            type='TopdownPoseEstimator',
            data_preprocessor=dict(
                type='PoseDataPreprocessor', mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375],
                bgr_to_rgb=True),
            backbone=dict(type='ResNet', depth=18, base_channels=8, stem_channels=8),
            head=dict(
                type='HeatmapHead', in_channels=64, out_channels=17, deconv_out_channels=(16, 16, 16),
                deconv_kernel_sizes=(4, 4, 4), decoder=codec),
            test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True))
        test_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[
            dict(type='LoadImage'),
            dict(type='GetBBoxCenterScale'),
            dict(type='TopdownAffine', input_size=codec['input_size']),
            dict(type='PackPoseInputs')]))
        """

    /// - Parameter leavingOut: keys that the checkpoint lacks.
    init(in folder: TemporaryFolder, leavingOut: Set<String> = []) throws {
        config = try folder.write(Self.text, to: "small.py")
        checkpoint = folder.file("small.pth")
        let model = try LoadedModel(contentsOf: config)
        let entries = try model.estimator.store.entries.filter { !leavingOut.contains($0.name) }.map { entry in
            let isFloat = entry.parameter.dtype.isFloatingPoint
            let values = isFloat ? FormulaWeights.values(name: entry.name, shape: entry.parameter.shape) : [0]
            let bytes = isFloat ? values.withUnsafeBytes { Array($0) } : [UInt8](repeating: 0, count: 8)
            return try TensorEntry(
                name: entry.name, dtype: isFloat ? .float32 : .int64, shape: entry.parameter.shape,
                storage: TensorStorage(bytes))
        }
        try CheckpointWriter.pth(StateDict(entries), to: checkpoint)
    }
}
