import Foundation
import PoseRuntime
import Testing

@testable import PoseEngine

/// A small index in the zoo's own form, with its peculiarities: anchors, single values where lists may be, one model
/// described twice, one name for two models, a model without weights.
struct ModelZooTests {
    private static let index = """
        Import:
        - configs/body/hrnet_coco.yml
        - configs/hand/rtmpose.yml
        """

    private static let body = """
        Collections:
        - Name: HRNet
        Models:
        - Config: configs/body/hrnet-w32_coco.py
          In Collection: HRNet
          Metadata:
            Architecture: &id001
            - HRNet
            Training Data: COCO
          Name: hrnet-w32_coco
          Alias: [body, human]
          Results:
          - Dataset: COCO
            Metrics:
              AP: 0.746
              AR: 1
            Task: Body 2D Keypoint
          Weights: https://example.org/hrnet-w32_coco-81c58e40_20220909.pth
        - Config: configs/body/hrnet-w32_coco.py
          In Collection: HRNet
          Metadata: {Architecture: *id001, Training Data: COCO}
          Name: hrnet-w32_coco
          Results:
            Dataset: OCHuman
            Metrics: {AP: 0.6}
            Task: Body 2D Keypoint
          Weights: https://example.org/hrnet-w32_coco-81c58e40_20220909.pth
        """

    private static let hand = """
        Models:
        - Config: configs/hand/rtmpose-m_hand.py
          In Collection: RTMPose
          Alias: hand
          Metadata: {Training Data: [COCO, OneHand10K]}
          Name: hrnet-w32_coco
          Results: []
          Weights: (https://example.org/rtmpose-m_hand-20231122.pth
        - {Config: configs/hand/none.py, In Collection: RTMPose, Alias: hand, Metadata: {}, Name: none, Results: []}
        """

    private static func withZoo<Value>(_ body: (ModelZoo, URL) async throws -> Value) async throws -> Value {
        try await withTemporaryFolder { folder in
            try write(index, to: folder.appendingPathComponent("mmpose/model-index.yml"))
            try write(Self.body, to: folder.appendingPathComponent("mmpose/configs/body/hrnet_coco.yml"))
            try write(hand, to: folder.appendingPathComponent("mmpose/configs/hand/rtmpose.yml"))
            let locations = ModelLocations(folders: [folder.appendingPathComponent("models")])
            return try await body(try ModelZoo.find(locations), folder)
        }
    }

    @Test func entriesAreReadOnceEach() async throws {
        try await Self.withZoo { zoo, folder in
            #expect(zoo.entries.map(\.name) == ["blazepose", "hrnet-w32_coco", "rtmpose-m_hand", "none"])
            let entry = try zoo.entry(named: "hrnet-w32_coco")
            #expect(entry.aliases == ["body", "human"])
            #expect(entry.family == "HRNet")
            #expect(entry.tasks == ["Body 2D Keypoint"])
            #expect(entry.results.map(\.dataset) == ["COCO", "OCHuman"])
            #expect(entry.results.first?.metrics == [.init(name: "AP", value: 0.746), .init(name: "AR", value: 1)])
            #expect(entry.downloads.first?.checksum?.digits == "81c58e40")
            #expect(zoo.configURL(of: entry)?.path == folder.path + "/mmpose/configs/body/hrnet-w32_coco.py")
        }
    }

    /// The zoo gives two different models one name; both must be reachable.
    @Test func aSharedNameFallsBackToTheConfigs() async throws {
        try await Self.withZoo { zoo, _ in
            let entry = try zoo.entry(named: "rtmpose-m_hand")
            #expect(entry.downloads.first?.url.lastPathComponent == "rtmpose-m_hand-20231122.pth")
            #expect(entry.downloads.first?.checksum == nil)
            #expect(entry.trainingData == ["COCO", "OneHand10K"])
        }
    }

    @Test(arguments: [
        "human", "Body", "configs/body/hrnet-w32_coco.py", "hrnet-w32_coco.py", "hrnet-w32_coco-81c58e40_20220909.pth",
    ])
    func otherNamesLeadThere(name: String) async throws {
        try await Self.withZoo { zoo, _ in
            let entry = try zoo.entry(named: name)
            #expect(entry.name == "hrnet-w32_coco")
        }
    }

    @Test func namesOfNoneAndOfSeveralAreErrors() async throws {
        try await Self.withZoo { zoo, _ in
            #expect(throws: ModelZooError.unknownModel(name: "hrnet-w23_coco", nearest: ["hrnet-w32_coco"])) {
                try zoo.entry(named: "hrnet-w23_coco")
            }
            #expect(throws: ModelZooError.ambiguous(name: "hand", candidates: ["rtmpose-m_hand", "none"])) {
                try zoo.entry(named: "hand")
            }
        }
    }

    @Test func everyWordOfAFilterMustOccur() async throws {
        try await Self.withZoo { zoo, _ in
            #expect(zoo.entries(matching: "HRNet ochuman").map(\.name) == ["hrnet-w32_coco"])
            #expect(zoo.entries(matching: "hrnet onehand10k").isEmpty)
            #expect(zoo.entries(matching: "").count == 4)
        }
    }

    @Test func listingTellsWhatIsHere() async throws {
        try await Self.withZoo { zoo, folder in
            let models = folder.appendingPathComponent("models")
            try write("12345", to: models.appendingPathComponent("hrnet-w32_coco-81c58e40_20220909.pth"))
            let listing = ModelListing(zoo.entries(matching: "hrnet"), folders: [models])
            #expect(listing.text.contains("Body 2D Keypoint, COCO AP 0.746"))
            let rows = try #require(
                try JSONSerialization.jsonObject(with: Data(listing.json().utf8)) as? [[String: Any]])
            #expect(rows.count == 1)
            #expect(rows.first?["size"] as? Int == 5)
            #expect((rows.first?["installed"] as? [String])?.first?.hasSuffix("20220909.pth") == true)
            #expect(rows.first?["sha256_prefix"] as? String == "81c58e40")
        }
    }

    @Test func damageIsNamed() async throws {
        try await withTemporaryFolder { folder in
            let locations = ModelLocations(folders: [folder.appendingPathComponent("models")])
            #expect(throws: ModelZooError.notFound(searched: [folder.path + "/mmpose"])) {
                try ModelZoo.find(locations)
            }
            let file = folder.appendingPathComponent("mmpose/model-index.yml")
            for text in ["Import: [unclosed", "- a list", "Import: [missing.yml]", "Other: 1", "\u{0}", ""] {
                try write(text, to: file)
                #expect(throws: ModelZooError.self) { try ModelZoo.find(locations) }
            }
        }
    }
}
