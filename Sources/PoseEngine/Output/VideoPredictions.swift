import Foundation
import PoseCore

/// Where the predictions for the frames of one video are gathered until all are there.
protocol VideoPredictions: AnyObject {
    func add(_ frame: VideoFrameResult) throws
    /// Completes the files and says which they are, each with the place below `predictions/` that it is meant for.
    func finish() throws -> [(file: URL, place: String)]
}

/// What is known of a video when its first frame is.
struct VideoDescription {
    let input: InferenceInput
    /// Zero where the file does not say.
    let framesPerSecond: Double
}

/// One file that grows by a frame at a time: JSON, MMPose's JSON, or a table.
final class VideoTextPredictions: VideoPredictions {
    private let video: VideoDescription
    private let format: PredictionFormat
    private let url: URL
    private let file: FileHandle
    private var count = 0

    /// - Parameter folder: exists, and is for this video alone.
    init(_ video: VideoDescription, as format: PredictionFormat, in folder: URL) throws {
        self.video = video
        self.format = format
        url = folder.appendingPathComponent("predictions")
        try Data().write(to: url)
        file = try FileHandle(forWritingTo: url)
    }

    func add(_ frame: VideoFrameResult) throws {
        let opening = count == 0 ? try self.opening(frame.result) : format == .csv ? "" : ",\n"
        try file.write(contentsOf: Data((opening + text(frame)).utf8))
        count += 1
    }

    func finish() throws -> [(file: URL, place: String)] {
        let closing =
            switch format {
            case .csv: ""
            case .mmpose: "\n]\n"
            default: "\n],\n\"frame_count\":\(count)}\n"
            }
        try file.write(contentsOf: Data(closing.utf8))
        try file.close()
        return [(url, video.input.name + (format.suffix ?? ".json"))]
    }

    private func opening(_ first: InferenceResult) throws -> String {
        switch format {
        case .csv: return "video,frame,time," + PredictionText.columns + "\n"
        case .mmpose: return "[\n"
        default:
            let header = VideoHeaderText(
                video: video.input.url.path, width: first.image.width, height: first.image.height, model: first.model,
                frames_per_second: video.framesPerSecond, keypoint_names: first.skeleton.names)
            return try PredictionText.line(header).dropLast() + ",\n\"frames\":[\n"
        }
    }

    private func text(_ frame: VideoFrameResult) throws -> String {
        let people = frame.result.people
        switch format {
        case .csv:
            let place = [PredictionText.quoted(video.input.url.path), "\(frame.index)", "\(frame.time)"]
            return PredictionText.rows(frame.result).map { (place + $0).joined(separator: ",") + "\n" }.joined()
        case .mmpose:
            return try PredictionText.line(
                MMPoseFrame(frame_id: frame.index, instances: people.map(MMPoseInstance.init)))
        default:
            return try PredictionText.line(FrameText(index: frame.index, time: frame.time, people: people))
        }
    }
}

/// A file for every frame, named as OpenPose names them.
final class OpenPoseVideoPredictions: VideoPredictions {
    private let input: InferenceInput
    private let folder: URL
    private var names: [String] = []

    /// - Parameter folder: exists, and is for this video alone.
    init(_ input: InferenceInput, in folder: URL) {
        self.input = input
        self.folder = folder
    }

    func add(_ frame: VideoFrameResult) throws {
        let number = String(frame.index)
        let stem = (input.name as NSString).lastPathComponent
        let name = stem + "_" + String(repeating: "0", count: max(0, 12 - number.count)) + number + "_keypoints.json"
        try PredictionText.data(frame.result, for: input, as: .openpose).write(to: folder.appendingPathComponent(name))
        names.append(name)
    }

    func finish() -> [(file: URL, place: String)] {
        names.map { (folder.appendingPathComponent($0), input.name + "/" + $0) }
    }
}

/// Results that go into the one list of all inputs.
final class COCOVideoPredictions: VideoPredictions {
    private let file: String
    private let firstImage: Int
    private(set) var results: [COCOResult] = []
    private(set) var frames = 0

    /// - Parameter firstImage: number of the first frame among all images.
    init(_ input: InferenceInput, firstImage: Int) {
        file = input.url.lastPathComponent
        self.firstImage = firstImage
    }

    func add(_ frame: VideoFrameResult) {
        results += frame.result.people.map {
            COCOResult($0, imageID: firstImage + frame.index, file: file, frame: frame.index)
        }
        frames += 1
    }

    func finish() -> [(file: URL, place: String)] { [] }
}

/// The fields before `frames` of a video's JSON.
private struct VideoHeaderText: Encodable {
    let version = Prediction.currentVersion
    let video: String
    let width, height: Int
    let model: String
    let frames_per_second: Double
    let keypoint_names: [String]
}

private struct FrameText: Encodable {
    let index: Int
    let time: Double
    let people: [Person]
}

private struct MMPoseFrame: Encodable {
    let frame_id: Int
    let instances: [MMPoseInstance]
}
