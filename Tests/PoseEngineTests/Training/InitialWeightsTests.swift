import Foundation
import PoseEngine
import PoseModels
import PoseParity
import PyConfig
import Testing
import Torch

/// How models begin, against MMPose 1.3.2's `init_weights` (Tools/oracle/initialization.py).
@Suite struct InitialWeightsTests {
    struct Row: Codable {
        let config: String
        /// Of every parameter the number of values, their mean and deviation.
        let parameters: [String: [Double]]
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let rows = (try? JSONLines.read(Row.self, from: InitialWeightsTests.fixtureURL)) ?? []
    static let fixtureURL = root.appendingPathComponent("Tests/PoseEngineTests/Fixtures/initialization.jsonl")

    @Test("the fixture is there") func fixture() { #expect(Self.rows.count == 15) }

    /// The model without the files it would begin with.
    private func withoutFiles(_ value: ConfigValue) -> ConfigValue {
        guard case .dict(var dict) = value else { return value }
        if dict["init_cfg"]?.dictValue?["type"]?.stringValue == "Pretrained" { dict.removeValue("init_cfg") }
        for (key, value) in dict { if let name = key.stringValue { dict[name] = withoutFiles(value) } }
        return .dict(dict)
    }

    @Test(
        "means and deviations of all parameters are MMPose's, as far as samples can tell", arguments: rows.map(\.config)
    )
    func statistics(config: String) throws {
        let row = try #require(Self.rows.first { $0.config == config })
        let locations = ConfigLocations(zooFolders: [Self.root.appendingPathComponent(".deps/mmpose/configs")])
        let model = try LoadedModel(contentsOf: locations.url(of: config), locations: locations)
        guard case .dict(let description) = withoutFiles(.dict(try #require(model.config.root["model"]?.dictValue)))
        else { return }
        _ = try InitialWeights(description, of: model.estimator.store)
        for parameter in model.estimator.store.parameters {
            let expected = try #require(row.parameters[parameter.name], "\(parameter.name)")
            let values = try parameter.tensor.detach()
            let count = expected[0]
            let mean = try values.mean().item()
            let centred = try values - mean
            let deviation = try ((centred * centred).sum() / max(count - 1, 1)).item().squareRoot()
            let spread = max(expected[2], deviation)
            let rounding = 1e-3
            // Six deviations of what two samples of this size may differ by.
            let isClose =
                abs(mean - expected[1]) <= 6 * spread * (2 / count).squareRoot() + rounding * abs(mean) + 1e-6
                && abs(deviation - expected[2]) <= 6 * spread / count.squareRoot() + rounding * deviation + 1e-6
            #expect(isClose, "\(parameter.name): mean \(mean), deviation \(deviation), MMPose \(expected)")
        }
    }
}
