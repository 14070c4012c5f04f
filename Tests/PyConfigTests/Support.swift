import Foundation
import PyConfig

/// Where the tests find their files.
enum Files {
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
        path: "Fixtures")
    /// MMPose's own configs, which `scripts/bootstrap` brings.
    static let zoo = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../.deps/mmpose/configs").standardizedFileURL

    static func data(_ name: String) throws -> Data {
        try Data(contentsOf: fixtures.appending(path: name))
    }
}

/// FNV-1a, 64 bits, as in Tools/oracle/pyconfig_goldens.py.
func fnv1a(_ text: String) -> String {
    let value = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

/// The value that a config of one line `x = <expression>` gives to `x`.
func value(_ expression: String) throws -> ConfigValue? {
    try Config.parse("x = " + expression).root["x"]
}

/// The error that a text gives, or nil.
func error(_ text: String, options: ConfigOptions = ConfigOptions()) -> ConfigError? {
    do {
        _ = try Config.parse(text, options: options)
        return nil
    } catch { return error as? ConfigError }
}

extension ConfigError {
    /// Kind and place of a mistake in a file.
    var source: (kind: Kind, location: SourceLocation)? {
        if case .source(let kind, _, let location) = self { (kind, location) } else { nil }
    }
}

/// A small generator with a seed, so that generated tests repeat.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
