import Foundation
import PoseCore
import PyConfig

/// Average precision of joints in video frames, as PoseTrack's own evaluation (poseval) has it: a pose belongs to the
/// annotated one with the most joints within half a head's size, and each joint of it is right or wrong.
///
/// The truth are the files of single videos in the folder that the annotation file names: `posetrack18_val.json` means
/// `val/*.json` beside it.
struct PoseTrack18Metric: Metric {
    let type = "PoseTrack18Metric"
    let selection: InstanceSelection
    let prefix: String
    /// Result files go to its folder, one a video.
    let outputPrefix: String?
    let formatsOnly: Bool
    let dataset: EvaluatedDataset
    let videos: [PoseTrackVideo]

    init(_ arguments: Arguments, dataset: EvaluatedDataset) throws {
        guard dataset.sigmas.count == PoseTrackJoints.names.count else {
            throw arguments.invalid(
                "type",
                "is for PoseTrack's \(PoseTrackJoints.names.count) keypoints; '\(dataset.name)' has"
                    + " \(dataset.keypointCount)")
        }
        selection = InstanceSelection(
            type: type, scoring: try InstanceScore(arguments), suppression: try PoseSuppression(arguments),
            conversion: nil, sigmas: dataset.sigmas, isWholeBody: false)
        let given = try arguments.metricPrefix() ?? ""
        prefix = given.isEmpty ? "posetrack18" : given
        outputPrefix = try arguments.optionalString("outfile_prefix")
        formatsOnly = try arguments.bool("format_only", default: false)
        guard !formatsOnly || outputPrefix != nil else {
            throw arguments.invalid("outfile_prefix", "must be given when format_only=True: results are written there")
        }
        self.dataset = dataset
        let file = try arguments.optionalString("ann_file").map { URL(fileURLWithPath: $0) }
        guard let annotations = file ?? dataset.annotationFiles.first else {
            throw arguments.invalid("ann_file", "must be given: it names the folder of the videos' annotations")
        }
        let name = annotations.deletingPathExtension().lastPathComponent
        let folder = annotations.deletingLastPathComponent().appendingPathComponent(
            name.split(separator: "_").last.map(String.init) ?? name, isDirectory: true)
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        let jsonFiles = files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
        guard !jsonFiles.isEmpty else {
            throw arguments.invalid("ann_file", "\(folder.path) has no annotation file of a video, which \(type) reads")
        }
        videos = try jsonFiles.map(PoseTrackVideo.init)
    }

    func check(_: EvaluatedSample, predicted: Int) throws { try selection.check(predicted: predicted) }

    func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        guard !samples.isEmpty else { throw MetricError.empty(metric: type) }
        let results = try selection(samples)
        var rows: [Int: [Int]] = [:]
        for row in 0..<results.count { rows[results.images[row], default: []].append(row) }
        func poses(_ image: Int) -> [PoseTrackPose] {
            (rows[image] ?? []).map { PoseTrackPose(predicted: results, row: $0) }
        }
        if let outputPrefix {
            let folder = URL(fileURLWithPath: outputPrefix).deletingLastPathComponent()
            for video in videos { try video.write(to: folder, results, rows) }
        }
        var report = MetricReport(type, values: [], facts: facts(results))
        guard !formatsOnly else { return report }
        var evaluation = PoseTrackPrecision()
        for frame in videos.flatMap(\.frames) where !frame.people.isEmpty {
            try evaluation.add(frame, poses(frame.image))
        }
        report.values = evaluation.summary
        return report.prefixed(prefix)
    }

    private func facts(_ results: InstanceColumns) -> [MetricReport.Fact] {
        let frames = videos.flatMap(\.frames)
        return [
            .init(
                "videos", "\(videos.count), \(frames.count { !$0.people.isEmpty }) of \(frames.count) frames labelled"),
            .init("boxes", dataset.boxes),
            .init("instances", "\(results.count) after \(selection.suppression.text)"),
            .init("score", "of every keypoint; for suppression \(selection.scoring.text)"),
            .init("distance", "half of the head's size"),
        ]
    }
}

/// PoseTrack's joints.
enum PoseTrackJoints {
    /// In the order of COCO-style files. Ears are not evaluated.
    static let names = [
        "nose", "head_bottom", "head_top", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
        "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
        "right_ankle",
    ]

    static let evaluated = names.filter { !$0.hasSuffix("ear") }

    /// Joints that make up each reported number.
    static let groups: [(name: String, joints: [String])] = [
        ("Head AP", ["head_top", "head_bottom", "nose"]), ("Shou AP", ["right_shoulder", "left_shoulder"]),
        ("Elb AP", ["right_elbow", "left_elbow"]), ("Wri AP", ["right_wrist", "left_wrist"]),
        ("Hip AP", ["right_hip", "left_hip"]), ("Knee AP", ["right_knee", "left_knee"]),
        ("Ankl AP", ["right_ankle", "left_ankle"]),
    ]
}
