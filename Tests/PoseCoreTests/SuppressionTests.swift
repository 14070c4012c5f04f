import Foundation
import PoseCore
import Testing

/// What MMPose computes; made by `Tools/oracle/suppression_fixtures.py`.
private struct Record: Decodable {
    struct Case: Decodable {
        let keypoints: [[[Double]]]
        let visible: [[Double]]
        let scores, areas: [Double]
        let boxes: [[Double]]
        let similarity, similarity_visible: [Double]
        let oks_nms, oks_nms_visible, soft_oks_nms, nearby, nearby_few, nms: [Int]

        var poses: [ScoredPose] {
            get throws {
                try keypoints.indices.map { index in
                    let keypoints = try Keypoints(coordinates: keypoints[index], scores: visible[index])
                    return ScoredPose(keypoints: keypoints, score: scores[index], area: areas[index])
                }
            }
        }
    }

    let sigmas: [Double]
    let cases: [Case]

    static func read() throws -> Record {
        try JSONDecoder().decode(Record.self, from: Data(contentsOf: Fixture.url("suppression.json")))
    }
}

@Suite struct SuppressionTests {
    @Test("object keypoint similarity equals MMPose's, with and without a visibility threshold")
    func similarity() throws {
        let record = try Record.read()
        for test in record.cases {
            let poses = try test.poses
            for (threshold, expected) in [(nil, test.similarity), (0.4, test.similarity_visible)] {
                let similarity = KeypointSimilarity(sigmas: record.sigmas, scoreThreshold: threshold)
                for (pose, value) in zip(poses, expected) { #expect(abs(similarity(poses[0], pose) - value) < 1e-7) }
            }
        }
    }

    @Test("what stays after each kind of suppression, and its order, is MMPose's")
    func suppression() throws {
        let record = try Record.read()
        let similarity = KeypointSimilarity(sigmas: record.sigmas)
        let visible = KeypointSimilarity(sigmas: record.sigmas, scoreThreshold: 0.4)
        for test in record.cases {
            let poses = try test.poses
            let points = poses.map(\.keypoints.points)
            #expect(Suppression.poses(poses, threshold: 0.3, similarity: similarity) == test.oks_nms)
            #expect(Suppression.poses(poses, threshold: 0.3, similarity: visible) == test.oks_nms_visible)
            #expect(
                Suppression.softPoses(poses, threshold: 0.5, similarity: similarity, limit: 4) == test.soft_oks_nms)
            #expect(Suppression.nearbyKeypoints(points, scores: test.scores, distance: 0.05) == test.nearby)
            #expect(
                Suppression.nearbyKeypoints(points, scores: test.scores, distance: 0.1, keypoints: 3, limit: 2)
                    == test.nearby_few)
            let boxes = test.boxes.compactMap(Box.init(xyxy:))
            #expect(Suppression.boxes(boxes, scores: test.scores, threshold: 0.2) == test.nms)
        }
    }

    @Test("nothing, poses without extent and numbers that are none are no reason to stop")
    func degenerate() {
        let similarity = KeypointSimilarity(sigmas: [0.1, 0.1])
        #expect(Suppression.poses([], threshold: 0.5, similarity: similarity).isEmpty)
        #expect(Suppression.softPoses([], threshold: 0.5, similarity: similarity).isEmpty)
        #expect(Suppression.boxes([], scores: [], threshold: 0.5).isEmpty)
        let point = SIMD2(3.0, 4.0)
        #expect(Suppression.nearbyKeypoints([[point, point]], scores: [1], distance: 0.05) == [0])
        let broken = SIMD2(Double.nan, .infinity)
        let poses = [[broken, point], [point, broken]]
        #expect(Set(Suppression.nearbyKeypoints(poses, scores: [.nan, 1], distance: 0.05)) == [0, 1])
        let lone = ScoredPose(keypoints: Keypoints(points: [broken, broken]), score: .nan, area: .nan)
        #expect(similarity(lone, lone).isNaN)
    }
}
