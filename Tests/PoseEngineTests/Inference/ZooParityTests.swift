import Foundation
import PoseCore
import PoseEngine
import PoseParity
import Testing

/// One config of each family against the real MMPose 1.3.2; `make parity` does the whole zoo.
@Suite(.serialized) struct ZooParityTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let fixtures = root.appendingPathComponent("Tests/Fixtures")
    static let locations = ConfigLocations(zooFolders: [root.appendingPathComponent(".deps/mmpose/configs")])

    /// Small models of every backbone, neck, head and codec.
    static let configs = [
        "body_2d_keypoint/rtmpose/coco/rtmpose-s_8xb256-420e_coco-256x192.py",
        "body_2d_keypoint/rtmpose/body8/rtmpose-s_8xb1024-700e_body8-halpe26-256x192.py",
        "body_2d_keypoint/simcc/coco/simcc_res50_8xb64-210e_coco-256x192.py",
        "body_2d_keypoint/topdown_heatmap/coco/cspnext-s_udp_8xb256-210e_coco-256x192.py",
        "body_2d_keypoint/topdown_heatmap/coco/td-hm_res50_8xb64-210e_coco-256x192.py",
        "body_2d_keypoint/topdown_heatmap/coco/td-hm_resnetv1d50_8xb64-210e_coco-256x192.py",
        "body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w32_dark-8xb64-210e_coco-256x192.py",
        "body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w32_udp-regress-8xb64-210e_coco-256x192.py",
    ]

    @Test("keys, shapes and order equal MMPose's, outputs agree to 1e-5 of their mean magnitude", arguments: configs)
    func forward(config: String) throws {
        let records = try JSONLines.read(ZooRecord.self, from: Self.fixtures.appendingPathComponent("zoo.jsonl"))
        let record = try #require(records.first { $0.config == config })
        let comparison = try ZooCheck.compare(record, locations: Self.locations)
        #expect(comparison.keysAgree)
        #expect(try #require(comparison.worstDeviation) < 1e-5)
    }

    /// With weights by formula, the offsets of UDP's combined maps reach 100,000 pixels, where differences of 1e-6 of the
    /// maps are tenths of a pixel; these maps are compared above, before decoding.
    ///
    /// The maps of cspnext-m are nearly flat: refinement makes pixels of their last bits, which the order of the crop's
    /// values in memory changes.
    static let decodable =
        configs.filter { !$0.contains("udp-regress") }
        + ["body_2d_keypoint/topdown_heatmap/coco/cspnext-m_udp_8xb256-210e_coco-256x192.py"]

    @Test("predictions on a photo equal those of MMPose's inference_topdown", arguments: decodable)
    func predict(config: String) throws {
        let records = try JSONLines.read(
            PredictionRecord.self, from: Self.fixtures.appendingPathComponent("predict.jsonl"))
        let record = try #require(records.first { $0.config == config })
        let photo = try Image.decode(contentsOf: Self.root.appendingPathComponent(".deps/samples/astronaut.png"))
        let comparison = try PredictionCheck.compare(record, photo: photo, locations: Self.locations)
        #expect(comparison.total > 0 && comparison.within == comparison.total)
        #expect(comparison.worstScore < 1e-3)
    }

    @Test("losses and their gradient equal MMPose's on people by formula", arguments: configs)
    func loss(config: String) throws {
        let records = try JSONLines.read(LossRecord.self, from: Self.fixtures.appendingPathComponent("losses.jsonl"))
        let record = try #require(records.first { $0.config == config })
        let comparison = try LossCheck.compare(record, locations: Self.locations)
        #expect(comparison.losses.worst < 1e-5, "\(comparison.losses.name)")
        #expect(comparison.gradient.worst < 1e-4)
    }
}
