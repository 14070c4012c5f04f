public import Foundation
import PoseCodecs
public import PoseCore
import PoseTransforms
import PyConfig

/// A deployed top-down model: a folder with a network and what surrounds it. Runs on OpenVINO, without LibTorch.
///
///     image ─ transforms ─ normalise ─ network ─ codec ─ people
///
/// Threads may share it.
public final class PosePackage: Sendable {
    public let description: PackageDescription
    /// The keypoints that predictions have.
    public let skeleton: Skeleton
    private let network: InferenceModel
    private let transforms: [any Transform]
    private let codec: any KeypointCodec
    private let writer: CropWriter
    private let mirror: MirrorMean?
    private let batchSize: Int

    /// Whether a folder holds a package.
    public static func isPackage(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(PackageDescription.fileName).path)
    }

    /// Compiles a package's network for this machine, inside the package, which makes later starts faster.
    ///
    /// - Throws: as the initialiser.
    public static func compile(_ folder: URL, options: InferenceOptions = InferenceOptions()) throws {
        var options = options
        options.cacheDirectory = folder.appendingPathComponent(compiledName)
        _ = try PosePackage(contentsOf: folder, options: options)
    }

    /// Where compiled networks are, within the package.
    private static let compiledName = "compiled"

    /// - Parameters:
    ///   - flips: whether predictions are averaged with those of the mirror image; nil as the config has it.
    ///   - batchSize: people in one run of the network, where it takes batches of any size.
    /// - Throws: `ConfigError` or `SkeletonError` for fields of `pipeline.json`, `OpenVINOError` for the network,
    ///   `PackageError` when the two do not belong together.
    public init(
        contentsOf folder: URL, options: InferenceOptions = InferenceOptions(), flips: Bool? = nil, batchSize: Int = 8
    ) throws {
        let description = try PackageDescription(
            contentsOf: folder.appendingPathComponent(PackageDescription.fileName))
        self.description = description
        codec = try Codecs.make(Arguments(description.codec, at: "codec"))
        transforms = try description.transforms.enumerated().map { index, step in
            try Transforms.make(Arguments(step, at: "transforms.\(index)"))
        }
        writer = CropWriter(description)
        if flips ?? (description.flipTest != nil) {
            let test = PackageDescription.FlipTest(mode: "heatmap", shiftsHeatmap: false, shiftsCoordinates: true)
            mirror = MirrorMean(
                description.flipTest ?? test, indices: description.skeleton.flipIndices,
                inputWidth: description.inputSize.width)
        } else {
            mirror = nil
        }
        let indices = description.outputIndices
        if let index = indices?.first(where: { !description.skeleton.joints.indices.contains($0) }) {
            throw PackageError("output_keypoint_indices names keypoint \(index) of \(description.skeleton.count)")
        }
        skeleton = indices.map { description.skeleton.selecting($0) } ?? description.skeleton
        self.batchSize = description.batchSize ?? max(batchSize, 1)
        let url = folder.appendingPathComponent(PackageDescription.networkName)
        var options = options
        let compiled = folder.appendingPathComponent(Self.compiledName)
        if options.cacheDirectory == nil, FileManager.default.fileExists(atPath: compiled.path) {
            options.cacheDirectory = compiled
        }
        network = try InferenceEngine().load(contentsOf: url, options: options)
        let expected = [3, description.inputSize.height, description.inputSize.width]
        guard network.inputs.count == 1, network.inputs[0].shape.count == 4,
            Array(network.inputs[0].shape.dropFirst()) == expected,
            network.outputs.count == (description.output == .simcc ? 2 : 1)
        else {
            throw PackageError(
                "\(url.path): not the network of \(PackageDescription.fileName): it takes \(network.inputs.map(\.shape))"
                    + " and gives \(network.outputs.count) outputs")
        }
    }

    /// The people in `detections`, in their order.
    ///
    /// - Parameter image: 8-bit B, G, R as decoded.
    /// - Throws: what a transform, OpenVINO or the codec throws.
    public func callAsFunction(_ image: Image, at detections: [DetectedPerson]) throws -> [Person] {
        var people: [Person] = []
        people.reserveCapacity(detections.count)
        for start in stride(from: 0, to: detections.count, by: batchSize) {
            let batch = detections[start..<min(start + batchSize, detections.count)]
            let samples = try batch.map { try crop(image, around: $0) }
            let poses = try poses(in: samples.compactMap(\.image))
            for (sample, (pose, detection)) in zip(samples, zip(poses.joined(), batch)) {
                people.append(try person(pose, in: sample, detection))
            }
        }
        return people
    }

    private func crop(_ image: Image, around person: DetectedPerson) throws -> PoseSample {
        var sample = try PoseSample(image: image, box: person.box)
        var generator = SeededGenerator(seed: 0)
        for transform in transforms { try transform(&sample, using: &generator) }
        return sample
    }

    private func person(_ pose: DecodedPose, in sample: PoseSample, _ detection: DetectedPerson) throws -> Person {
        var keypoints = try sample.inImage(pose.keypoints)
        if let indices = description.outputIndices { keypoints = keypoints.selecting(indices) }
        return Person(
            box: detection.box, boxScore: detection.score, keypoints: keypoints,
            confidence: keypoints.scores.map(codec.confidence), hands: pose.hands)
    }

    private func poses(in crops: [Image]) throws -> [[DecodedPose]] {
        let threads = ProcessInfo.processInfo.activeProcessorCount
        return try network.withRequest { request in
            try run(request, crops, mirrored: false)
            guard let mirror else {
                return try withOutput(request) { try codec.decodeBatch($0, threads: threads) }
            }
            var first = try network.outputs.indices.map { index in
                try request.withOutput(index, as: Float.self) { values, shape in (values: Array(values), shape: shape) }
            }
            try run(request, crops, mirrored: true)
            for index in first.indices {
                try request.withOutput(index, as: Float.self) { values, shape in
                    try mirror.merge(
                        &first[index].values, with: values, shape: shape, kind: description.output, position: index)
                }
            }
            let arrays = try first.map { try NDArray($0.values, shape: $0.shape) }
            return try arrays[0].withBorrowed { x in
                guard arrays.count > 1 else { return try codec.decodeBatch(output(x), threads: threads) }
                return try arrays[1].withBorrowed { try codec.decodeBatch(.simcc(x: x, y: $0), threads: threads) }
            }
        }
    }

    private func run(_ request: InferenceRequest, _ crops: [Image], mirrored: Bool) throws {
        // A network of one size gets its last batch filled up; what it says of the rest is not asked for.
        let count = description.batchSize ?? crops.count
        let shape = [count, 3, description.inputSize.height, description.inputSize.width]
        try request.withInput(0, shape: shape, as: Float.self) { buffer in
            for (index, crop) in crops.enumerated() {
                let range = index * writer.count..<(index + 1) * writer.count
                try writer.write(crop, mirrored: mirrored, into: UnsafeMutableBufferPointer(rebasing: buffer[range]))
            }
        }
        try request.infer()
    }

    private func withOutput<R>(_ request: InferenceRequest, _ body: (HeadOutput) throws -> R) throws -> R {
        try request.withOutput(0, as: Float.self) { values, shape in
            let first = try BorrowedArray(values, shape: shape)
            guard description.output == .simcc else { return try body(output(first)) }
            return try request.withOutput(1, as: Float.self) { values, shape in
                try body(.simcc(x: first, y: BorrowedArray(values, shape: shape)))
            }
        }
    }

    private func output(_ array: BorrowedArray) -> HeadOutput {
        description.output == .regression ? .regression(array) : .heatmaps(array)
    }
}
