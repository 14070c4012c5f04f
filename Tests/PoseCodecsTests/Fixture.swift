import Foundation
import PoseCodecs
import PoseCore
import PyConfig
import Testing

/// What the real MMPose gave (Tools/oracle/codec_fixtures.py).
struct Fixture: Sendable {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let config: ConfigDict
        /// Number of recorded calls of each kind.
        let encodings, decodings: Int

        var testDescription: String { name }

        func codec() throws -> any KeypointCodec { try Codecs.make(Arguments(config, at: "codec")) }
    }

    let cases: [Case]
    private let arrays: NPZFile

    /// Read once; a broken fixture shows as no cases, which `fixturesAreComplete` reports.
    static let shared: Fixture? = try? Fixture()

    static var cases: [Case] { shared?.cases ?? [] }

    private init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        arrays = try NPZFile(contentsOf: folder.appendingPathComponent("codecs.npz"))
        let data = try Data(contentsOf: folder.appendingPathComponent("codecs.json"))
        cases = try JSONDecoder().decode(Listing.self, from: data).cases.map { entry in
            guard case .dict(let config) = entry.config.value else { throw FixtureError.noConfig }
            return Case(name: entry.name, config: config, encodings: entry.encode, decodings: entry.decode)
        }
    }

    /// The arrays of one call by name; results start with "out.".
    static func arrays(_ name: String, _ part: String, _ index: Int) throws -> [String: AnyNDArray] {
        let fixture = try #require(shared)
        let prefix = "\(name)/\(part)/\(index)/"
        var result: [String: AnyNDArray] = [:]
        for entry in fixture.arrays.names where entry.hasPrefix(prefix) {
            result[String(entry.dropFirst(prefix.count))] = try fixture.arrays.array(entry)
        }
        return result
    }
}

enum FixtureError: Error {
    case noConfig
    case notReal
}

/// A config written as JSON.
struct JSONValue: Decodable {
    let value: ConfigValue

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            value = .none
        } else if let bool = try? single.decode(Bool.self) {
            value = .bool(bool)
        } else if let int = try? single.decode(Int.self) {
            value = .int(int)
        } else if let double = try? single.decode(Double.self) {
            value = .float(double)
        } else if let string = try? single.decode(String.self) {
            value = .string(string)
        } else if let list = try? single.decode([JSONValue].self) {
            value = .list(list.map(\.value))
        } else {
            let entries = try single.decode([String: JSONValue].self)
            value = .dict(ConfigDict(pairs: entries.map { (.string($0.key), $0.value.value) }))
        }
    }
}

/// `codecs.json`.
private struct Listing: Decodable {
    struct Entry: Decodable {
        let name: String
        let config: JSONValue
        let encode, decode: Int
    }

    let cases: [Entry]
}

extension RealArray {
    /// Floats and doubles with the precision the file has.
    init(_ array: AnyNDArray) throws {
        switch array {
        case .float32(let values): self.init(values.map { Double($0) }, precision: .single)
        case .float64(let values): self.init(values, precision: .double)
        default: throw FixtureError.notReal
        }
    }
}

/// Where two arrays first differ by more than `tolerance` times the expected value, or nil.
///
/// - Parameter floor: expected values smaller than this count as this large.
func difference(
    _ found: [Double], _ expected: [Double], tolerance: Double = 1e-6, floor: Double = 1e-30
) -> String? {
    if found.count != expected.count { return "\(found.count) values instead of \(expected.count)" }
    for (index, (a, b)) in zip(found, expected).enumerated() {
        if a == b || (a.isNaN && b.isNaN) { continue }
        if abs(a - b) <= tolerance * max(abs(b), floor) { continue }
        return "[\(index)]: \(a) instead of \(b)"
    }
    return nil
}
