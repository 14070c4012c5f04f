import Foundation
public import PoseCore

/// The formats `pose infer` writes.
public enum PredictionFormat: String, Sendable, CaseIterable {
    /// Our own, a file for each image; see docs/predictions.md.
    case json
    /// COCO's keypoint results, one list for all images.
    case coco
    /// A row for each keypoint.
    case csv
    /// What OpenPose's `--write_json` gives, a file for each image.
    case openpose
    /// What MMPose's inferencer gives, a file for each image.
    case mmpose

    /// Suffix of the file of one image; `nil` where all images share one file.
    var suffix: String? {
        switch self {
        case .json, .mmpose: ".json"
        case .openpose: "_keypoints.json"
        case .csv: ".csv"
        case .coco: nil
        }
    }
}

/// What inference found in one image.
public struct InferenceResult: Sendable {
    /// The decoded image.
    public var image: Image
    /// Name of the model, for the record.
    public var model: String
    public var skeleton: Skeleton
    public var people: [Person]
    /// What of the request could not be done, such as a box that is none.
    public var problems: [String]

    public init(image: Image, model: String, skeleton: Skeleton, people: [Person], problems: [String] = []) {
        self.image = image
        self.model = model
        self.skeleton = skeleton
        self.people = people
        self.problems = problems
    }
}

/// The text of a prediction file.
enum PredictionText {
    static func data(_ result: InferenceResult, for input: InferenceInput, as format: PredictionFormat) throws -> Data {
        switch format {
        case .json: try prediction(result, for: input).json()
        case .mmpose: try encode(result.people.map(MMPoseInstance.init))
        case .openpose: try encode(OpenPoseDocument(people: result.people.map(OpenPosePerson.init)))
        case .csv: Data(table(result, for: input).utf8)
        case .coco: try encode([COCOResult]())
        }
    }

    private static func prediction(_ result: InferenceResult, for input: InferenceInput) -> Prediction {
        Prediction(
            image: input.url.path, size: result.image.size, model: result.model, keypointNames: result.skeleton.names,
            people: result.people)
    }

    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A broken network may give NaN; the file stays valid JSON and the reader sees what happened.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return try encoder.encode(value) + Data("\n".utf8)
    }

    /// A value on one line.
    static func line(_ value: some Encodable) throws -> String {
        String(decoding: try encode(value).dropLast(), as: UTF8.self)
    }

    /// What the fields of `rows` are.
    static let columns = "person,keypoint,name,x,y,score,confidence"

    /// The fields of a table, a row for each keypoint.
    static func rows(_ result: InferenceResult) -> [[String]] {
        let names = result.skeleton.names
        return result.people.enumerated().flatMap { number, person in
            person.keypoints.points.enumerated().map { index, point in
                [
                    "\(number)", "\(index)", quoted(names.indices.contains(index) ? names[index] : ""), "\(point.x)",
                    "\(point.y)", "\(person.keypoints.scores[index])", "\(person.confidence[index])",
                ]
            }
        }
    }

    private static func table(_ result: InferenceResult, for input: InferenceInput) -> String {
        let image = quoted(input.url.path)
        let lines = rows(result).map { ([image] + $0).joined(separator: ",") }
        return (["image," + columns] + lines).joined(separator: "\n") + "\n"
    }

    static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}

/// MMPose's inferencer nests the box once more than one expects; its readers do expect it.
struct MMPoseInstance: Encodable {
    let keypoints: [[Double]]
    let keypoint_scores: [Double]
    let bbox: [[Double]]
    let bbox_score: Double

    init(_ person: Person) {
        keypoints = person.keypoints.coordinates
        keypoint_scores = person.keypoints.scores
        bbox = [person.box.xyxy]
        bbox_score = person.boxScore
    }
}

private struct OpenPoseDocument: Encodable {
    let version = 1.3
    let people: [OpenPosePerson]
}

private struct OpenPosePerson: Encodable {
    let person_id: [Int]
    let pose_keypoints_2d: [Double]
    let face_keypoints_2d: [Double] = []
    let hand_left_keypoints_2d: [Double] = []
    let hand_right_keypoints_2d: [Double] = []
    let pose_keypoints_3d: [Double] = []
    let face_keypoints_3d: [Double] = []
    let hand_left_keypoints_3d: [Double] = []
    let hand_right_keypoints_3d: [Double] = []

    init(_ person: Person) {
        person_id = [person.trackID ?? -1]
        pose_keypoints_2d = zip(person.keypoints.points, person.confidence).flatMap { [$0.x, $0.y, $1] }
    }
}

/// One entry of COCO's keypoint results.
struct COCOResult: Encodable {
    let image_id: Int
    let file_name: String
    /// From 0, of a video; absent for an image.
    let frame_id: Int?
    let category_id = 1
    let keypoints: [Double]
    let score: Double
    let bbox: [Double]

    /// - Parameter imageID: COCO's number of the image.
    init(_ person: Person, imageID: Int, file: String, frame: Int? = nil) {
        image_id = imageID
        file_name = file
        frame_id = frame
        keypoints = zip(person.keypoints.points, person.keypoints.scores).flatMap { [$0.x, $0.y, $1] }
        score = person.boxScore * person.keypoints.meanScore
        bbox = person.box.xywh
    }
}
