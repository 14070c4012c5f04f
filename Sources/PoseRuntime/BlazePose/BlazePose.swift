public import Foundation
public import PoseCore

/// BlazePose (Bazarevsky et al. 2020) as MediaPipe distributes it: finds the people of a photo and 33 landmarks of each.
///
///     photo ─ tiles ─ detector ─ merge ─ upright crop of each person ─ landmark model ─ distinct people
///
/// Works without any configuration; threads may share it.
public final class BlazePose: Sendable {
    /// As given when it was made.
    public let options: Options
    private let detector: InferenceModel
    private let landmarker: InferenceModel

    /// - Parameters:
    ///   - detector: `pose_detection.tflite`.
    ///   - landmarks: `pose_landmark_full.tflite`; the lite and heavy models fit as well.
    /// - Throws: `OpenVINOError` naming the file that is missing, damaged or another network.
    public init(detector: URL, landmarks: URL, options: Options = Options()) throws {
        let engine = try InferenceEngine()
        self.options = options
        self.detector = try engine.load(contentsOf: detector, options: options.inference)
        landmarker = try engine.load(contentsOf: landmarks, options: options.inference)
        try Self.require(
            self.detector, at: detector, input: DetectorOutput.inputSize,
            outputs: [DetectorOutput.anchors.count * DetectorOutput.valuesPerAnchor, DetectorOutput.anchors.count])
        try Self.require(
            landmarker, at: landmarks, input: LandmarkOutput.inputSize,
            outputs: [
                LandmarkOutput.count * LandmarkOutput.valuesPerLandmark, 1,
                LandmarkOutput.inputSize * LandmarkOutput.inputSize,
                LandmarkOutput.heatmapSize * LandmarkOutput.heatmapSize * LandmarkOutput.count,
            ])
    }

    /// Loads the weights from where `ModelLocations` finds them.
    ///
    /// - Throws: `ModelLocationError` when they are nowhere, `OpenVINOError` when they are damaged.
    public convenience init(locations: ModelLocations = ModelLocations(), options: Options = Options()) throws {
        try self.init(
            detector: try locations.url(of: .blazePoseDetector), landmarks: try locations.url(of: .blazePoseLandmarks),
            options: options)
    }

    /// The people of a picture, best first; empty when there is nobody.
    ///
    /// - Parameter image: 8-bit BGR as decoded; grey, BGRA, 16-bit and float (0 to 255) pictures are converted.
    /// - Throws: `ImageError`, `OpenVINOError`.
    public func people(in image: Image) throws -> [BlazePosePerson] {
        let pyramid = try ImagePyramid(image)
        let detections = Suppression.merge(try detect(in: pyramid, size: image.size))
        let people = try detections.compactMap { detection -> BlazePosePerson? in
            guard detection.points.count > 1,
                let region = PersonRegion(hips: detection.points[0], top: detection.points[1])
            else { return nil }
            let pose = try align(region, in: pyramid, times: options.refinements)
            guard pose.presence >= options.presenceThreshold else { return nil }
            return person(pose, detectionScore: detection.score, size: image.size)
        }
        let distinct = Suppression.distinct(people)
        return options.maximumPeople.map { Array(distinct.prefix(max(0, $0))) } ?? distinct
    }

    /// The person in each of some boxes (of whole bodies, in pixels), in the order of the boxes.
    ///
    /// - Returns: As many people as boxes; nil for a box without area. A low `presence` tells that nobody is there.
    /// - Throws: `ImageError`, `OpenVINOError`.
    public func people(in image: Image, boxes: [Box]) throws -> [BlazePosePerson?] {
        let pyramid = try ImagePyramid(image)
        return try boxes.map { box in
            guard let region = PersonRegion(around: box) else { return nil }
            // A box says less than a detection about where hips and head are.
            let pose = try align(region, in: pyramid, times: max(3, options.refinements))
            return person(pose, detectionScore: 1, size: image.size)
        }
    }

    private func person(_ pose: Pose, detectionScore: Double, size: ImageSize) -> BlazePosePerson {
        BlazePosePerson(
            region: pose.region, landmarks: Array(pose.landmarks.prefix(LandmarkOutput.bodyCount)),
            detectionScore: detectionScore, presence: pose.presence, imageSize: size)
    }
}

extension BlazePose {
    /// What the landmark model sees in a region.
    private struct Pose {
        var region: PersonRegion
        /// All 39, in pixels of the picture.
        var landmarks: [PoseLandmark]
        var presence: Double
    }

    /// Everyone the detector sees in the picture and its tiles, most of them several times.
    private func detect(in pyramid: ImagePyramid, size: ImageSize) throws -> [PersonDetection] {
        try detector.withRequest { request in
            try Tile.cover(size, search: options.search).flatMap { tile in
                try request.withInput(0, as: Float.self) { buffer in
                    try pyramid.crop(
                        tile.region, size: DetectorOutput.inputSize, normalize: Self.minusOneToOne, into: buffer)
                }
                try request.infer()
                let threshold = tile.level < 2 ? options.detectionThreshold : options.farThreshold
                let detections = try request.withOutput(0, as: Float.self) { values, _ in
                    try request.withOutput(1, as: Float.self) { logits, _ in
                        DetectorOutput.decode(values: values, logits: logits, threshold: threshold)
                    }
                }
                return detections.map { $0.mapped(tile.toImage) }
            }
        }
    }

    /// Finds the landmarks in a region; then takes the region these ask for, as long as a person is in it.
    private func align(_ region: PersonRegion, in pyramid: ImagePyramid, times: Int) throws -> Pose {
        var pose = try landmarks(in: region, of: pyramid)
        for _ in 0..<max(0, times) {
            let (hips, top) = (LandmarkOutput.bodyCount, LandmarkOutput.bodyCount + 1)
            guard pose.presence >= options.presenceThreshold, pose.landmarks.count > top,
                let better = PersonRegion(hips: pose.landmarks[hips].position, top: pose.landmarks[top].position)
            else { break }
            let next = try landmarks(in: better, of: pyramid)
            guard next.presence >= options.presenceThreshold else { break }
            pose = next
        }
        return pose
    }

    private func landmarks(in region: PersonRegion, of pyramid: ImagePyramid) throws -> Pose {
        try landmarker.withRequest { request in
            let size = LandmarkOutput.inputSize
            try request.withInput(0, as: Float.self) { buffer in
                try pyramid.crop(region, size: size, normalize: Self.zeroToOne, into: buffer)
            }
            try request.infer()
            let coarse = try request.withOutput(0, as: Float.self) { values, _ in LandmarkOutput.decode(values) }
            let presence = try request.withOutput(1, as: Float.self) { values, _ in Double(values.first ?? 0) }
            let fine = try request.withOutput(3, as: Float.self) { values, _ in
                LandmarkOutput.refine(coarse, heatmaps: values)
            }
            let toImage = region.cropToImage(size: size)
            let landmarks = fine.map { landmark in
                var landmark = landmark
                landmark.position = toImage.apply(landmark.position)
                landmark.z *= region.side / Double(size)
                return landmark
            }
            let isFinite =
                presence.isFinite && landmarks.allSatisfy { $0.position.x.isFinite && $0.position.y.isFinite }
            return Pose(region: region, landmarks: landmarks, presence: isFinite ? presence : 0)
        }
    }

    /// Values of bytes as the detector takes them.
    private static let minusOneToOne = (0...255).map { Float($0) / 127.5 - 1 }
    /// Values of bytes as the landmark model takes them.
    private static let zeroToOne = (0...255).map { Float($0) / 255 }

    /// Tells early that a file is a network, but not the right one.
    private static func require(_ model: InferenceModel, at url: URL, input: Int, outputs: [Int]) throws {
        let expected = [1, input, input, 3]
        let counts = model.outputs.map { $0.shape.reduce(1) { $0 * ($1 ?? 0) } }
        let hasInput = model.inputs.count == 1 && model.inputs[0].shape == expected
        guard hasInput, counts.count >= outputs.count, Array(counts.prefix(outputs.count)) == outputs else {
            let message = """
                not the network of BlazePose expected here: it takes \(model.inputs.map(\.shape)) and gives \
                \(model.outputs.map(\.shape))
                """
            throw OpenVINOError(path: url.path, .unexpectedNetwork(message))
        }
    }
}
