import Foundation
import PoseCore
import PyConfig
import Testing

/// Every keypoint definition of MMPose's zoo is understood as MMPose itself understands it.
struct ZooSkeletonTests {
    private struct Expected: Decodable {
        var name: String
        var keypoints: Int
        var flip_indices: [Int]
        var flip_pairs: Int
        var upper: Int
        var lower: Int
        var links: [[Int]]
        var joint_colors: [Int]
        var link_colors: [Int]
        var weights: [Double]
        var sigmas: [Double]
    }

    /// Fetched by scripts/bootstrap.
    private static let zoo = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(".deps/mmpose/configs/_base_/datasets")

    private static var hasZoo: Bool { FileManager.default.fileExists(atPath: zoo.path) }

    private func packed(_ color: Color) -> Int { Int(color.red) | Int(color.green) << 8 | Int(color.blue) << 16 }

    @Test(.enabled(if: hasZoo, "needs scripts/bootstrap"))
    func agreesWithMMPose() throws {
        let data = try Data(contentsOf: Fixture.url("skeletons.json"))
        let all = try JSONDecoder().decode([String: Expected].self, from: data)
        #expect(all.count >= 50)
        for (file, expected) in all {
            let config = try Config.load(contentsOf: Self.zoo.appendingPathComponent(file + ".py"))
            let skeleton = try Skeleton(metainfo: try #require(config.root["dataset_info"]?.dictValue))
            #expect(skeleton.name == expected.name)
            #expect(skeleton.count == expected.keypoints, "\(file)")
            #expect(skeleton.flipIndices == expected.flip_indices, "\(file)")
            #expect(skeleton.flipPairs.count == expected.flip_pairs, "\(file)")
            #expect(skeleton.indices(of: .upper).count == expected.upper, "\(file)")
            #expect(skeleton.indices(of: .lower).count == expected.lower, "\(file)")
            #expect(skeleton.links.map { [$0.start, $0.end] } == expected.links, "\(file)")
            #expect(skeleton.joints.map { packed($0.color) } == expected.joint_colors, "\(file)")
            #expect(skeleton.links.map { packed($0.color) } == expected.link_colors, "\(file)")
            #expect(skeleton.jointWeights.map { ($0 * 1e4).rounded() / 1e4 } == expected.weights, "\(file)")
            #expect(skeleton.sigmas.map { ($0 * 1e6).rounded() / 1e6 } == expected.sigmas, "\(file)")
        }
        let coco = try #require(all["coco"])
        #expect(Skeleton.coco.flipIndices == coco.flip_indices)
        #expect(Skeleton.coco.links.map { [$0.start, $0.end] } == coco.links)
        #expect(Skeleton.coco.sigmas == coco.sigmas)
        #expect(Skeleton.coco.jointWeights == coco.weights)
    }
}
