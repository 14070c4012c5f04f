import Foundation
import PoseCore
import PoseDatasets
import PoseParity
import Testing

@testable import PoseEngine

/// Poses in space against those of the real MMPose 1.3.2 (`Tools/oracle/lifting_fixtures.py`).
@Suite(.serialized) struct LiftingTests {
    struct Fixture: Decodable {
        struct Pose: Decodable {
            let keypoints: [[Double]]
            let bbox: [Double]
            let track: Int
        }

        struct Case: Decodable {
            let config: String
            /// By the name of the 2D keypoints' definition: person, keypoint, coordinate.
            let images, standing: [String: [[[Double]]]]
            /// Frame, person, keypoint, coordinate.
            let video: [[[[Double]]]]
        }

        let width, height: Int
        let people: [String: [Pose]]
        let frames: [[Pose]]
        let cases: [Case]

        var size: ImageSize { ImageSize(width: width, height: height) }

        static let shared = Result {
            let url = ZooParityTests.root.appendingPathComponent("Tests/PoseEngineTests/Fixtures/lifting.json")
            return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
        }
    }

    static let configs = [
        "body_3d_keypoint/image_pose_lift/h36m/image-pose-lift_tcn_8xb64-200e_h36m.py",
        "body_3d_keypoint/video_pose_lift/h36m/video-pose-lift_tcn-1frm-supv-cpn-ft_8xb128-160e_h36m.py",
        "body_3d_keypoint/video_pose_lift/h36m/video-pose-lift_tcn-27frm-semi-supv_8xb64-200e_h36m.py",
        "body_3d_keypoint/motionbert/h36m/motionbert_dstformer-243frm_8xb32-240e_h36m.py",
    ]

    private func person(_ pose: Fixture.Pose, tracked: Bool) throws -> Person {
        let keypoints = Keypoints(points: pose.keypoints.map { SIMD2($0[0], $0[1]) })
        let box = try #require(Box(xyxy: pose.bbox))
        return Person(box: box, trackID: tracked ? pose.track : nil, keypoints: keypoints)
    }

    private func definition(_ name: String) throws -> Skeleton {
        let metainfo = DatasetMetainfo(zooFolders: ZooParityTests.locations.zooFolders)
        let file = ZooParityTests.root.appendingPathComponent(".deps/mmpose/configs/_base_/datasets/\(name).py")
        return try metainfo.skeleton(file: file.path, config: file)
    }

    /// The largest difference of a coordinate, over the mean magnitude of all.
    private func deviation(_ lifted: [SIMD3<Double>]?, _ expected: [[Double]]) throws -> Double {
        let lifted = try #require(lifted)
        #expect(lifted.count == expected.count)
        let magnitude = expected.joined().reduce(0) { $0 + abs($1) } / Double(max(3 * expected.count, 1))
        return zip(lifted, expected).reduce(0) { worst, pair in
            max(worst, (0..<3).reduce(0) { max($0, abs(pair.0[$1] - pair.1[$1])) })
        } / magnitude
    }

    @Test("lifted poses of images and of a video's frames are MMPose's to 1e-4 of their size", arguments: configs)
    func lifts(config: String) throws {
        let fixture = try Fixture.shared.get()
        let expected = try #require(fixture.cases.first { $0.config == config })
        let model = try LiftingModel(ZooCheck.formulaModel(config, locations: ZooParityTests.locations))
        #expect(model.skeleton.name == "h36m" && model.skeleton.count == 17)
        for (name, poses) in expected.images {
            let people = try #require(fixture.people[name]).map { try person($0, tracked: false) }
            let lifted = try model.lift(people, of: definition(name), in: fixture.size)
            #expect(lifted.count == poses.count && lifted.allSatisfy { $0.trackID == nil })
            for (index, found) in lifted.enumerated() {
                #expect(try deviation(found.lifted?.points, poses[index]) < 1e-4, "\(name) \(index)")
                let standing = try #require(expected.standing[name])[index]
                #expect(try deviation(found.lifted?.standing, standing) < 1e-4, "\(name) \(index)")
            }
        }
        let frames = try fixture.frames.map { try $0.map { try person($0, tracked: true) } }
        let sizes = frames.map { _ in fixture.size }
        let lifted = try model.lift(frames: frames, of: .coco, in: sizes)
        for (frame, poses) in expected.video.enumerated() {
            #expect(lifted[frame].count == poses.count)
            for (index, pose) in poses.enumerated() {
                #expect(try deviation(lifted[frame][index].lifted?.points, pose) < 1e-4, "frame \(frame) \(index)")
            }
        }
    }

    @Test("a model that does not lift, keypoints that do not make the lifter's, people without extent")
    func refuses() throws {
        let simple = try LoadedModel(
            contentsOf: ZooParityTests.locations.url(of: ZooParityTests.configs[4]), locations: ZooParityTests.locations
        )
        #expect(throws: PipelineError.self) { try LiftingModel(simple) }
        let model = try LiftingModel(ZooCheck.formulaModel(Self.configs[0], locations: ZooParityTests.locations))
        let size = ImageSize(width: 640, height: 480)
        let hand = try definition("onehand10k")
        let error = #expect(throws: PipelineError.self) { try model.lift([], of: hand, in: size) }
        #expect(error?.description.contains("'root'") == true)
        let point = Person(
            box: Box(x1: 3, y1: 3, x2: 3, y2: 3), keypoints: Keypoints(points: Array(repeating: SIMD2(3, 3), count: 17))
        )
        #expect(try model.lift([point], of: .coco, in: size).first?.lifted == nil)
        #expect(try model.lift([], of: .coco, in: size).isEmpty)
    }

    @Test("windows repeat the video's ends and the last sight of somebody")
    func windows() {
        let centred = FrameWindow(length: 5, step: 2, isCausal: false)
        #expect(centred.frames(about: 1, of: 6) == [0, 0, 1, 3, 5])
        let causal = FrameWindow(length: 3, step: 1, isCausal: true)
        #expect(causal.frames(about: 4, of: 6) == [2, 3, 4])
        let seen: Set = [2, 3, 4]
        let sequence = FrameWindow(length: 7, step: 1, isCausal: false)
            .sequence(about: 3, of: 9) { seen.contains($0) ? $0 : nil }
        #expect(sequence == [2, 2, 2, 3, 4, 4, 4])
        #expect(centred.sequence(about: 5, of: 9) { seen.contains($0) ? $0 : nil } == nil)
    }

    @Test("people keep their numbers when they move, change places in the list or are missed for a frame")
    func tracks() {
        func person(_ x: Double) -> Person {
            Person(box: Box(x: x, y: 0, width: 100, height: 200), keypoints: Keypoints(points: []))
        }
        var tracker = PersonTracker()
        #expect(tracker([person(0), person(300)]).map(\.trackID) == [0, 1])
        #expect(tracker([person(310), person(20)]).map(\.trackID) == [1, 0])
        #expect(tracker([person(40)]).map(\.trackID) == [0])
        #expect(tracker([person(700), person(325), person(50)]).map(\.trackID) == [2, 1, 0])
    }
}
