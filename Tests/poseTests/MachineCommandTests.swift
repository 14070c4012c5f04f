import Foundation
import Testing

@Suite struct MachineCommandTests {
    @Test("doctor names engines and versions, and is content after bootstrap")
    func doctor() throws {
        let result = try pose("doctor", "--json")
        #expect(result.status == 0)
        let json = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let engines = try #require(json["engines"] as? [[String: Any]]).compactMap { $0["name"] as? String }
        #expect(engines.contains("LibTorch") && engines.contains("OpenVINO"))
    }

    @Test("models list knows the built-in model and the zoo's, with licence and source")
    func modelsList() throws {
        let all = try pose("models", "list")
        #expect(all.status == 0)
        #expect(all.output.contains("blazepose"))
        #expect(all.output.split(separator: "\n").count > 300)
        let some = try pose("models", "list", "hrnet", "w32", "--json")
        let entries = try #require(JSONSerialization.jsonObject(with: Data(some.output.utf8)) as? [[String: Any]])
        #expect(!entries.isEmpty && entries.count < 100)
        #expect(try pose("models", "list", "no-such-model-anywhere").status == 1)
    }

    @Test("models get of an unknown name says so and suggests others")
    func modelsGet() throws {
        let result = try pose("models", "get", "hrnet-of-nowhere")
        #expect(result.status == 1)
        #expect(result.errors.contains("hrnet-of-nowhere"))
    }

    @Test("help and version go to standard output with status 0")
    func help() throws {
        #expect(try pose("--help").output.contains("infer"))
        #expect(try pose("--version").status == 0)
    }
}
