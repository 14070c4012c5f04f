import PoseCore

/// PoseTrack18 with the frames around the annotated one.
struct PoseTrackVideoReader: AnnotationReader {
    var selection: AnnotationSelection { .byImage(interval: 1) }

    private static let format = AnnotationFormat(count: .required("num_keypoints"), area: .none, hasCategory: false)

    func instance(
        _ annotation: JSONObject, part: Int, _ image: ImageEntry, _ context: FormatContext
    ) throws -> Instance? {
        guard annotation.has("bbox"), annotation.has("keypoints") else { return nil }
        guard try annotation.numbers("keypoints").max() != 0 else { return nil }
        guard var instance = try Self.format.instance(annotation, image, context) else { return nil }
        // MMPose does not look at `iscrowd` here.
        instance.isCrowd = false
        instance.imageID = try image.object.int("frame_id")
        instance.video = try Self.frames(of: image)
        return instance
    }

    /// The number of a frame, which its file is named by, and how many its video has.
    static func frames(of image: ImageEntry) throws -> VideoFrames {
        guard let frame = Int(PythonPath.stem(image.path)) else {
            throw image.object.problem("file_name", .other("'\(image.path)' is not named by a frame's number"))
        }
        return VideoFrames(frame: frame, frameCount: try image.object.int("nframes"))
    }
}
