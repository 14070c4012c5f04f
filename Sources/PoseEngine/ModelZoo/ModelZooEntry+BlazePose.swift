import Foundation
import PoseRuntime

extension ModelZooEntry {
    /// The model that poses the people of any photo without a config. `scripts/bootstrap` brings it as well; this is
    /// the same Python package of MediaPipe's, by its permanent address, of which two files are kept.
    public static let blazePose = ModelZooEntry(
        name: "blazepose", aliases: [], family: "BlazePose", config: nil,
        downloads: [mediaPipe].compactMap { $0 }, trainingData: [], results: [], license: "Apache-2.0",
        source: "MediaPipe 0.10.14 (Google)")

    private static let mediaPipe: Download? = {
        let digest = "2f/ee/2e9e730dc4d98c8a9541b57bad173bebddf0e4c78f179acc100248c58066"
        let file = "mediapipe-0.10.14-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
        return URL(string: "https://files.pythonhosted.org/packages/\(digest)/\(file)").map { url in
            Download(
                url: url,
                checksum: Checksum(digits: "a807328339e7356fda0bb14df12fedbf1d33bdf81649c5f8666b0026b1cc30b4"),
                size: 35_664_771, files: [ModelFile.blazePoseDetector.path, ModelFile.blazePoseLandmarks.path],
                members: [
                    "mediapipe/modules/pose_detection/pose_detection.tflite",
                    "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
                ])
        }
    }()
}
