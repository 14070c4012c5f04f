public import Foundation
public import PoseCore
public import PyConfig

/// What a package says of its network (`pipeline.json`): all that is needed to go from an image to keypoints and back.
///
/// Codec and transforms are as the config had them.
public struct PackageDescription: Sendable {
    /// The number of this layout. Fields are added, never renamed.
    public static let version = 1
    /// Names of a package's files.
    public static let fileName = "pipeline.json"
    public static let networkName = "model.onnx"

    /// What the network's outputs are.
    public enum Output: String, Sendable, CaseIterable {
        /// One map a keypoint, or three.
        case heatmaps
        /// Distributions along x, and along y.
        case simcc
        /// Coordinates as parts of the input.
        case regression
    }

    /// How the mirror image takes part in a prediction.
    public struct FlipTest: Sendable, Hashable {
        /// `heatmap`, `udp_combined` or `offset`: what the channels of a map mean.
        public var mode: String
        public var shiftsHeatmap: Bool
        public var shiftsCoordinates: Bool

        public init(mode: String, shiftsHeatmap: Bool, shiftsCoordinates: Bool) {
            self.mode = mode
            self.shiftsHeatmap = shiftsHeatmap
            self.shiftsCoordinates = shiftsCoordinates
        }
    }

    /// What predictions say they come from.
    public var name: String
    /// Where it was made from: config, checkpoint, their hashes, versions.
    public var source: [String: String]
    /// SHA-256 of the network's file, in hexadecimal.
    public var networkHash: String
    public var output: Output
    /// The only size of batches the network takes; nil for all.
    public var batchSize: Int?
    /// Of the network's input, in pixels.
    public var inputSize: ImageSize
    /// Of the channels as the network gets them; empty when values stay as they are.
    public var mean, deviation: [Double]
    /// Whether the network reads R, G, B.
    public var reversesChannels: Bool
    /// From a box to the network's input.
    public var transforms: [ConfigDict]
    public var codec: ConfigDict
    /// Nil when the config asks for no flip test.
    public var flipTest: FlipTest?
    /// The keypoints to report, when the network has more.
    public var outputIndices: [Int]?
    public var skeleton: Skeleton

    /// - Throws: `ConfigError` naming the field of `pipeline.json`, `SkeletonError`.
    public init(contentsOf url: URL) throws {
        let root = Arguments(try Config.load(contentsOf: url).root, at: "")
        let version = try root.int("version")
        guard version == Self.version else {
            throw root.invalid("version", "is \(version); this release reads \(Self.version)")
        }
        name = try root.string("name")
        let source = try root.child("source")?.all ?? ConfigDict()
        self.source = Dictionary(
            source.compactMap { key, value in
                key.stringValue.flatMap { key in value.stringValue.map { (key, $0) } }
            }
        ) { $1 }
        let network = try root.requiredChild("network")
        networkHash = try network.string("sha256")
        let kind = try network.string("output")
        guard let output = Output(rawValue: kind) else {
            throw network.invalid("output", "'\(kind)' is none of \(Output.allCases.map(\.rawValue))")
        }
        self.output = output
        batchSize = try network.optionalInt("batch_size")
        let size = try network.ints("input_size")
        guard size.count == 2, size.allSatisfy({ (1...1 << 14).contains($0) }), batchSize ?? 1 > 0 else {
            throw network.invalid("input_size", "width and height, from 1 to 16384, not \(size)")
        }
        inputSize = ImageSize(width: size[0], height: size[1])
        let normalization = try root.requiredChild("normalization")
        mean = try normalization.doubles("mean", default: [])
        deviation = try normalization.doubles("std", default: [])
        reversesChannels = try normalization.bool("bgr_to_rgb")
        guard mean.count == deviation.count, [0, 1, 3].contains(mean.count) else {
            throw normalization.invalid("mean", "mean and std need three numbers each, or one, or none")
        }
        transforms = try root.children("transforms").map(\.all)
        codec = try root.requiredChild("codec").all
        flipTest = try root.child("flip_test").map { flip in
            FlipTest(
                mode: try flip.string("mode"), shiftsHeatmap: try flip.bool("shift_heatmap"),
                shiftsCoordinates: try flip.bool("shift_coords"))
        }
        outputIndices = try root.optionalInts("output_keypoint_indices")
        skeleton = try Skeleton(metainfo: root.requiredChild("keypoints").all, at: "keypoints")
    }

    public init(
        name: String, source: [String: String], networkHash: String, output: Output, batchSize: Int?,
        inputSize: ImageSize, mean: [Double], deviation: [Double], reversesChannels: Bool, transforms: [ConfigDict],
        codec: ConfigDict, flipTest: FlipTest?, outputIndices: [Int]?, skeleton: Skeleton
    ) {
        self.name = name
        self.source = source
        self.networkHash = networkHash
        self.output = output
        self.batchSize = batchSize
        self.inputSize = inputSize
        self.mean = mean
        self.deviation = deviation
        self.reversesChannels = reversesChannels
        self.transforms = transforms
        self.codec = codec
        self.flipTest = flipTest
        self.outputIndices = outputIndices
        self.skeleton = skeleton
    }
}

extension PackageDescription {
    /// The description as `init(contentsOf:)` reads it.
    ///
    /// - Throws: `ConfigError.unwritable`.
    public func json() throws -> String {
        let source = source.sorted { $0.key < $1.key }.map { ($0.key, ConfigValue.string($0.value)) }
        var root: [(String, ConfigValue)] = [
            ("version", .int(Self.version)), ("name", .string(name)), ("source", Self.dict(source)),
            (
                "network",
                Self.dict([
                    ("file", .string(Self.networkName)), ("sha256", .string(networkHash)),
                    ("output", .string(output.rawValue)), ("batch_size", batchSize.map(ConfigValue.int) ?? .none),
                    ("input_size", .list([.int(inputSize.width), .int(inputSize.height)])),
                ])
            ),
            (
                "normalization",
                Self.dict([
                    ("mean", .list(mean.map(ConfigValue.float))), ("std", .list(deviation.map(ConfigValue.float))),
                    ("bgr_to_rgb", .bool(reversesChannels)),
                ])
            ),
            ("transforms", .list(transforms.map(ConfigValue.dict))), ("codec", .dict(codec)),
        ]
        if let flipTest {
            root.append(
                (
                    "flip_test",
                    Self.dict([
                        ("mode", .string(flipTest.mode)), ("shift_heatmap", .bool(flipTest.shiftsHeatmap)),
                        ("shift_coords", .bool(flipTest.shiftsCoordinates)),
                    ])
                ))
        }
        if let outputIndices {
            root.append(("output_keypoint_indices", .list(outputIndices.map(ConfigValue.int))))
        }
        root.append(("keypoints", .dict(skeleton.metainfo)))
        return try Self.dict(root).json() + "\n"
    }

    private static func dict(_ members: [(String, ConfigValue)]) -> ConfigValue {
        var result = ConfigDict()
        for (name, value) in members { result[name] = value }
        return .dict(result)
    }
}
