import Foundation
import PoseCore
import PyConfig

extension Datasets {
    func motionCapture(
        _ kind: DatasetClass, _ options: DatasetOptions, _ arguments: Arguments
    ) throws -> any PoseDataset {
        if case .human36mWholeBody = kind.reading {
            throw arguments.invalid(
                "type",
                "H3WB keeps its data as pickled Python objects inside .npz, which is not read; use Human36mDataset")
        }
        let skeleton = try skeleton(arguments)
        let file = URL(fileURLWithPath: options.annotationFile)
        if case .uBody3d = kind.reading {
            let arrangement = try FrameSequences(arguments, strideIsStep: true)
            arguments.ignore("camera_param_file")
            let frames = try UBodyFrames(file, root: options.root ?? "")
            return try MotionDataset(
                options: options, skeleton: skeleton, pipeline: try pipeline(arguments), frames: frames,
                arrangement: arrangement)
        }
        func optional(_ name: String) throws -> URL? {
            guard let path = try arguments.optionalString(name), !path.isEmpty else { return nil }
            return URL(fileURLWithPath: options.root.map { PythonPath.join($0, path) } ?? path)
        }
        let cameras = try optional("camera_param_file").map { try MotionCameras($0) }
        let arrangement = try FrameSequences(arguments, strideIsStep: false)
        let source = try arguments.string("keypoint_2d_src", default: "gt")
        guard ["gt", "detection", "pipeline"].contains(source) else {
            throw arguments.invalid("keypoint_2d_src", "'\(source)' is none of gt, detection, pipeline")
        }
        let detections = try optional("keypoint_2d_det_file")
        if source == "detection", detections == nil {
            throw arguments.invalid("keypoint_2d_det_file", "is needed for keypoint_2d_src='detection'")
        }
        let frames = try Human36mFrames(
            file, detections: source == "detection" ? detections : nil, factors: try optional("factor_file"),
            cameras: cameras, keypointCount: skeleton.count)
        return try MotionDataset(
            options: options, skeleton: skeleton, pipeline: try pipeline(arguments), frames: frames,
            arrangement: arrangement)
    }
}
