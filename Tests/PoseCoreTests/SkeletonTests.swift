import Foundation
import PoseCore
import PyConfig
import Testing

/// Definitions of keypoints are understood as MMPose's `parse_pose_metainfo` does, and broken ones are refused by field.
struct SkeletonTests {
    /// A definition of three keypoints to break in various ways.
    private static func definition(_ change: (inout ConfigDict) -> Void = { _ in }) -> ConfigDict {
        var info: ConfigDict = [
            "dataset_name": "three",
            "keypoint_info": [
                0: ["name": "nose", "id": 0, "color": [1, 2, 3], "type": "upper", "swap": ""],
                1: ["name": "left_hip", "id": 1, "type": "lower", "swap": "right_hip"],
                2: ["name": "right_hip", "id": 2, "type": "lower", "swap": "left_hip"],
            ],
            "skeleton_info": [
                0: ["link": ["nose", "right_hip"], "id": 0, "color": [9, 8, 7]], 1: ["link": ["nose", "left_hip"]],
            ],
            "joint_weights": [1.0, 1.0, 1.5],
            "sigmas": [0.1, 0.2, 0.2],
        ]
        change(&info)
        return info
    }

    @Test func readsADefinition() throws {
        let skeleton = try Skeleton(metainfo: Self.definition())
        #expect(skeleton.name == "three")
        #expect(skeleton.names == ["nose", "left_hip", "right_hip"])
        #expect(skeleton.flipIndices == [0, 2, 1])
        // Both directions, as MMPose lists them.
        #expect(skeleton.flipPairs.map { [$0.0, $0.1] } == [[2, 1], [1, 2]])
        #expect(skeleton.indices(of: .upper) == [0])
        #expect(skeleton.indices(of: .lower) == [1, 2])
        #expect(skeleton.joints[0].color == Color(red: 1, green: 2, blue: 3))
        #expect(skeleton.joints[1].color == Color(red: 255, green: 128, blue: 0))
        #expect(skeleton.links.map { [$0.start, $0.end] } == [[0, 2], [0, 1]])
        #expect(skeleton.links[1].color == Color(red: 96, green: 96, blue: 255))
        #expect(skeleton.sigmas == [0.1, 0.2, 0.2])
        #expect(skeleton.jointWeights == [1, 1, 1.5])
        #expect(skeleton.remarks.isEmpty)
    }

    @Test func namesTheFieldThatIsWrong() throws {
        func error(_ change: (inout ConfigDict) -> Void) throws -> SkeletonError {
            try #require(throws: SkeletonError.self) { try Skeleton(metainfo: Self.definition(change)) }
        }
        func joints(_ one: ConfigValue) -> (inout ConfigDict) -> Void {
            { $0["keypoint_info"] = [0: ["name": "nose"], 1: one] }
        }
        #expect(try error { $0.removeValue("sigmas") } == .missing(field: "dataset_info.sigmas"))
        #expect(
            try error { $0["sigmas"] = [0.1] } == .wrongCount(field: "dataset_info.sigmas", expected: 3, found: 1))
        #expect(
            try error(joints(["name": "nose"]))
                == .duplicateName(
                    field: "dataset_info.keypoint_info.1.name", name: "nose", first: "dataset_info.keypoint_info.0.name"
                ))
        #expect(
            try error(joints(["name": "ear", "swap": "nsoe"]))
                == .unknownName(field: "dataset_info.keypoint_info.1.swap", name: "nsoe", nearest: "nose"))
        #expect(
            try error { $0["skeleton_info"] = [0: ["link": ["nose", "left_hop"]]] }
                == .unknownName(field: "dataset_info.skeleton_info.0.link", name: "left_hop", nearest: "left_hip"))
        #expect(
            try error { $0["keypoint_info"] = [0: ["name": "nose"], 5: ["name": "ear"]] }
                == .unknownIndex(field: "dataset_info.keypoint_info", index: "5", count: 2))
        for broken: ConfigValue in [
            ["name": 3], [1, 2], ["name": "ear", "color": [1, 2]], ["name": "ear", "color": [0, 0, 256]],
        ] {
            guard case .wrongType = try error(joints(broken)) else {
                Issue.record("accepted or other error: \(broken)")
                continue
            }
        }
        #expect(try error { $0["joint_weights"] = ["a"] }.description.contains("joint_weights"))
        #expect(try error { $0["keypoint_info"] = [:] } == .missing(field: "dataset_info.keypoint_info.0"))
    }

    @Test func remarksOnOddDefinitions() throws {
        let skeleton = try Skeleton(
            metainfo: Self.definition { info in
                info["joint_weights"] = [1, 1]
                info["keypoint_info"] = [
                    0: ["name": "a", "swap": "b"], 1: ["name": "b", "swap": "c"], 2: ["name": "c"],
                ]
                info["skeleton_info"] = [:]
            })
        #expect(skeleton.remarks.count == 3)
        #expect(skeleton.jointWeights == [1, 1])
    }

    @Test func readsCOCOCategories() throws {
        let json = """
            {"id": 1, "name": "dog", "supercategory": "animal",
             "keypoints": ["nose", "left_paw", "right_paw", "tail_l", "tail_r"], "skeleton": [[1, 2], [1, 3]]}
            """
        let category = try JSONDecoder().decode(COCOCategory.self, from: Data(json.utf8))
        let skeleton = try Skeleton(category: category)
        #expect(skeleton.flipIndices == [0, 2, 1, 4, 3])
        #expect(skeleton.links.map { [$0.start, $0.end] } == [[0, 1], [0, 2]])
        for pair in [[0, 1], [1, 6], [1], [.max, 1]] {
            #expect(throws: SkeletonError.self) {
                try Skeleton(category: COCOCategory(id: 1, name: "dog", keypoints: ["a", "b"], skeleton: [pair]))
            }
        }
        #expect(throws: SkeletonError.self) { try Skeleton(category: COCOCategory(id: 1, name: "dog")) }
        #expect(throws: SkeletonError.self) {
            try Skeleton(category: COCOCategory(id: 1, name: "dog", keypoints: ["a", "a"]))
        }
    }

    @Test func builtinsAreConsistent() {
        for (skeleton, count) in [(Skeleton.coco, 17), (.blazePose, 33)] {
            #expect(skeleton.count == count)
            #expect(Set(skeleton.names).count == count)
            for (index, other) in skeleton.flipIndices.enumerated() { #expect(skeleton.flipIndices[other] == index) }
            #expect(skeleton.links.allSatisfy { $0.start < count && $0.end < count })
            #expect(skeleton.jointWeights.count == count)
            for (side, joint) in zip(skeleton.sides, skeleton.joints) {
                #expect((side == .center) == (joint.swap == nil))
            }
        }
        #expect(Skeleton.coco.sigmas.count == 17)
    }

    @Test(arguments: [
        ("left_wrist", BodySide.left), ("r_eye", .right), ("LeftHip", .left), ("sho_R", .right), ("nose", .center),
        ("mouth_left", .left), ("clear", .center), ("left_right", .center), ("face-12", .center), ("", .center),
    ])
    func knowsSides(name: String, side: BodySide) {
        #expect(BodySide(name: name) == side)
    }
}
