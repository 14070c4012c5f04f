import Foundation
import PyConfig
import Testing

/// The small configs in Fixtures/configs, each full of one kind of difficulty, against what MMEngine made of them.
@Suite struct MMEngineTests {
    private static let options = ConfigOptions(
        packageRoots: ["mmpose": Files.zoo],
        environment: ["PYCONFIG_TEST_VARIABLE": "from the environment", "PYCONFIG_TEST_NUMBER": "12"])

    private static func expected() throws -> ConfigDict {
        try Config.load(contentsOf: Files.fixtures.appending(path: "expected.json")).root
    }

    private static func load(_ name: String, overrides: [String] = []) throws -> Config {
        var options = options
        options.overrides = overrides
        return try Config.load(
            contentsOf: Files.fixtures.appending(path: "configs/\(name)"), options: options)
    }

    /// What JSON keeps of a value: tuples and sets are lists, keys strings.
    private static func throughJSON(_ value: ConfigDict) throws -> ConfigDict {
        try Config.parse(ConfigValue.dict(value).json(), path: "value.json").root
    }

    @Test(arguments: [
        "aliasing.py", "base_json.json", "builtins_used.py", "cross_model.py", "cross_package.py",
        "expressions.py",
        "from_json.py", "inherit.py", "inherit_twice.py", "lazy/base.py", "lazy/child.py", "leaks.py",
        "literals.py",
        "options.py", "placeholders.py", "strings.py",
    ])
    func resolves(name: String) throws {
        let configs = try #require(try Self.expected()["configs"]?.dictValue)
        let expected = try #require(configs[name]?.dictValue)
        let config = try Self.load(name)
        let found = try Self.throughJSON(config.root)
        #expect(found.keys == expected.keys)
        for key in expected.keys { #expect(found[key: key] == expected[key: key], "\(key)") }
        // And the written file is the same config.
        let again = try Config.parse(try config.python())
        #expect(again.root == config.root)
    }

    /// Every fixture has its expectation, so that none is forgotten above.
    @Test func allFixturesAreListed() throws {
        let configs = try #require(try Self.expected()["configs"]?.dictValue)
        #expect(configs.count == 16)
    }

    @Test func cfgOptions() throws {
        let cases = try #require(try Self.expected()["options"]?.arrayValue)
        #expect(cases.count == 11)
        for item in cases {
            let overrides = try #require(item["options"]?.arrayValue).compactMap(\.stringValue)
            let config = try Self.load(try #require(item["config"]?.stringValue), overrides: overrides)
            #expect(
                ConfigValue.dict(try Self.throughJSON(config.root)) == item["expected"], "\(overrides)")
        }
    }
}
