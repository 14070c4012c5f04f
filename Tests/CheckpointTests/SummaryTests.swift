import Checkpoint
import Foundation
import Testing

/// The description behind `pose checkpoint show`.
struct SummaryTests {
    @Test func jsonHasTensorsAndMeta() throws {
        let summary = try Fixture.open("openmmlab.pth").summary
        let data = try JSONEncoder().encode(summary)
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(json["format"] as? String == "zip" && json["stateDictKey"] as? String == "state_dict")
        #expect(json["topLevelKeys"] as? [String] == ["meta", "state_dict", "message_hub", "optimizer"])
        let first = try #require((json["tensors"] as? [[String: Any]])?.first)
        #expect(first["key"] as? String == "backbone.0.weight" && first["dtype"] as? String == "float32")
        #expect(first["shape"] as? [Int] == [4, 3, 3, 3])
        let values = try #require(json["values"] as? [String: Any])
        #expect(Set(values.keys) == ["meta", "message_hub", "optimizer"])
        let meta = try #require(values["meta"] as? [String: Any])
        #expect((meta["dataset_meta"] as? [String: Any])?["dataset_name"] as? String == "tiny")
        #expect((meta["when"] as? [String: Any])?["object"] as? String == "datetime.datetime")
        #expect((json["versions"] as? [String: Int])?["backbone.1"] == 2)
    }

    @Test(arguments: ["openmmlab.pth", "dtypes_legacy.pth", "views.pth", "protocol5.pth"])
    func textNamesEveryTensor(name: String) throws {
        let file = try Fixture.open(name)
        let text = file.summary.text
        for tensor in try file.stateDict() { #expect(text.contains(tensor.name)) }
        #expect(text.contains(file.format.rawValue))
    }

    /// The deepest file that opens can also be described, from any thread.
    @Test func deepestValuesAreDescribed() throws {
        let depth = 99
        let pickle = [UInt8](repeating: 0x5D, count: depth) + [UInt8](repeating: 0x61, count: depth - 1) + [0x2E]
        let (json, text) = try Fixture.withFile(Hostile.pth(pickle)) { url in
            let summary = try CheckpointFile.open(url).summary
            return (try JSONEncoder().encode(summary), summary.text)
        }
        #expect(json.count(where: { $0 == UInt8(ascii: "[") }) >= depth)
        #expect(text.contains("list of 0"))
    }
}
