import Foundation
import PoseCore
import PyConfig
import Testing

/// What the real MMPose gave (Tools/oracle/transform_fixtures.py).
struct Fixture: Sendable {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: [ConfigDict]
        /// The random numbers that MMPose was made to draw.
        let draws: ConfigDict
        /// Number of other samples that are mixed in.
        let others: Int
        /// How far values may be off, relative: 0 but for maps whose float32 products MMPose's libraries order at will.
        let tolerance: Double

        var testDescription: String { name }

        /// An array of the sample before the steps, or after them with "out." in front.
        func array(_ name: String) throws -> AnyNDArray? {
            let arrays = try #require(Fixture.shared).arrays
            let entry = "\(self.name)/\(name)"
            return arrays.names.contains(entry) ? try arrays.array(entry) : nil
        }

        /// Names of all arrays after the steps.
        var results: [String] {
            let prefix = "\(name)/out."
            return Fixture.shared?.arrays.names.filter { $0.hasPrefix(prefix) }.map {
                String($0.dropFirst(prefix.count))
            } ?? []
        }

        func real(_ name: String) throws -> RealArray? {
            switch try array(name) {
            case .float32(let values): RealArray(values.map { Double($0) }, precision: .single)
            case .float64(let values): RealArray(values, precision: .double)
            case let other: other?.doubles.map { RealArray($0, precision: .double) }
            }
        }

        func image(_ name: String) throws -> Image? {
            guard case .uint8(let array) = try array(name) else { return nil }
            let channels = array.rank == 3 ? array.shape[2] : 1
            return try Image(array.elements, width: array.shape[1], height: array.shape[0], channels: channels)
        }
    }

    let cases: [Case]
    let arrays: NPZFile

    /// Read once; a broken fixture shows as no cases, which `fixturesAreComplete` reports.
    static let shared: Fixture? = try? Fixture()

    static var cases: [Case] { shared?.cases ?? [] }

    /// The cases whose names start so.
    static func cases(_ prefix: String) -> [Case] { cases.filter { $0.name.hasPrefix(prefix) } }

    private init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        arrays = try NPZFile(contentsOf: folder.appendingPathComponent("transforms.npz"))
        let data = try Data(contentsOf: folder.appendingPathComponent("transforms.json"))
        cases = try JSONDecoder().decode(Listing.self, from: data).cases.map {
            Case(
                name: $0.name, steps: $0.steps.compactMap(\.value.dictValue), draws: $0.draws.value.dictValue ?? [:],
                others: $0.others, tolerance: $0.tolerance)
        }
    }
}

/// A config written as JSON.
private struct JSONValue: Decodable {
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

/// `transforms.json`.
private struct Listing: Decodable {
    struct Entry: Decodable {
        let name: String
        let steps: [JSONValue]
        let draws: JSONValue
        let others: Int
        let tolerance: Double
    }

    let cases: [Entry]
}
