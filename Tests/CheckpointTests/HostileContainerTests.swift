import Checkpoint
import Foundation
import Testing

/// Forged zip archives and safetensors headers.
struct HostileContainerTests {
    private static let records: [(String, [UInt8])] = [
        ("archive/data.pkl", [0x80, 2, 0x4E, 0x2E]), ("archive/data/0", [1, 2, 3, 4]),
    ]

    /// Offsets of fields in a directory entry.
    private static let sizeField = 20, offsetField = 42

    private static func forged(_ field: Int, _ value: UInt32, entry: Int = 1) -> [UInt8] {
        Hostile.zip(records) { bytes, index in
            if index == entry { bytes.replaceSubrange(field..<field + 4, with: Hostile.little(value)) }
        }
    }

    static let archives: [(String, [UInt8], String)] = [
        ("compressed", Hostile.zip(records, method: 8), "compressed"),
        ("encrypted", Hostile.zip(records, flags: 1), "encrypted"),
        ("duplicate", Hostile.zip(records + [records[1]]), "twice"),
        ("two pickles", Hostile.zip(records + [("other/data.pkl", records[0].1)]), "2 pickles"),
        ("no pickle", Hostile.zip([records[1]]), "without data.pkl"),
        ("script", Hostile.zip(records + [("archive/constants.pkl", [])]), "TorchScript"),
        ("parent path", Hostile.zip(records + [("archive/../../etc/x", [])]), "plain relative path"),
        ("absolute path", Hostile.zip(records + [("/etc/x", [])]), "plain relative path"),
        ("backslash", Hostile.zip(records + [("archive\\x", [])]), "plain relative path"),
        ("control character", Hostile.zip(records + [("archive/\u{0}", [])]), "plain relative path"),
        ("size", forged(sizeField, 5000), "contradict"),
        ("offset", forged(offsetField, 0x7FFF_FFFF), "beyond"),
        ("overlap", forged(offsetField, 0, entry: 1), "contradict"),
        ("zip64 missing", forged(offsetField, .max), "zip64"),
        ("checksum", forged(16, 1, entry: 0), "checksum"),
        ("only a start", Hostile.text("PK\u{3}\u{4}"), "no directory"),
        (
            "many entries claimed", Hostile.zip(records).dropLast(22) + end(count: 60_000),
            "no entry where one is announced"
        ),
        ("empty", [], "empty"),
        ("noise", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "not a checkpoint"),
        ("web page", Hostile.text("<!DOCTYPE html><html></html>"), "not a checkpoint"),
    ]

    private static func end(count: UInt16) -> [UInt8] {
        let whole = Hostile.zip(records)
        var end = Array(whole.suffix(22))
        end.replaceSubrange(8..<12, with: Hostile.little(count) + Hostile.little(count))
        return end
    }

    @Test(arguments: archives)
    func archivesAreRefused(name: String, bytes: [UInt8], reason: String) throws {
        let error = try Fixture.withFile(bytes) { url in
            #expect(throws: CheckpointError.self) { try CheckpointFile.open(url) }
        }
        #expect(error?.description.contains(reason) == true, "\(name): \(error?.description ?? "")")
    }

    private static func one(_ description: String) -> String { "{\"w\":\(description)}" }

    static let headers: [(String, [UInt8], String)] = [
        ("length", Hostile.safetensors("{}", data: 8, length: 1 << 40), "claims"),
        ("truncated header", Hostile.safetensors("{}", data: 0, length: 99), "ends at byte 107"),
        ("not closed", Hostile.safetensors(#"{"w":"#, data: 0), "ends early"),
        ("twice", Hostile.safetensors(#"{"w":{},"w":{}}"#, data: 0), "twice"),
        ("same key", Hostile.safetensors(#"{"__metadata__":{"a":"1","a":"2"}}"#, data: 0), "twice"),
        ("deep", Hostile.safetensors(String(repeating: "{\"a\":", count: 5000), data: 0), "too deeply"),
        ("metadata", Hostile.safetensors(#"{"__metadata__":{"a":1}}"#, data: 0), "something else than strings"),
        (
            "type", Hostile.safetensors(one(#"{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}"#), data: 1),
            "F8_E4M3"
        ),
        (
            "size", Hostile.safetensors(one(#"{"dtype":"F32","shape":[2],"data_offsets":[0,4]}"#), data: 4),
            "does not fill"
        ),
        (
            "overflow",
            Hostile.safetensors(
                one(#"{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}"#), data: 4), "overflows"
        ),
        (
            "negative", Hostile.safetensors(one(#"{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}"#), data: 4),
            "negative size"
        ),
        (
            "offsets swapped", Hostile.safetensors(one(#"{"dtype":"F32","shape":[1],"data_offsets":[4,0]}"#), data: 4),
            "data_offsets [4, 0]"
        ),
        (
            "fraction", Hostile.safetensors(one(#"{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}"#), data: 4),
            "not described"
        ),
        (
            "beyond the end", Hostile.safetensors(one(#"{"dtype":"U8","shape":[9],"data_offsets":[0,9]}"#), data: 4),
            "announces 9 bytes"
        ),
        (
            "hole", Hostile.safetensors(one(#"{"dtype":"U8","shape":[1],"data_offsets":[1,2]}"#), data: 2),
            "hole or overlap"
        ),
        (
            "left over", Hostile.safetensors(one(#"{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#), data: 2),
            "belong to no tensor"
        ),
        (
            "overlap",
            Hostile.safetensors(
                #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
                data: 3), "hole or overlap"
        ),
    ]

    @Test(arguments: headers)
    func headersAreRefused(name: String, bytes: [UInt8], reason: String) throws {
        let error = try Fixture.withFile(bytes) { url in
            #expect(throws: CheckpointError.self) { try CheckpointFile.open(url) }
        }
        #expect(error?.description.contains(reason) == true, "\(name): \(error?.description ?? "")")
    }

    /// A file cut anywhere is refused: no prefix of a checkpoint is a checkpoint.
    @Test(arguments: ["views.pth", "views_legacy.pth", "openmmlab.pth"])
    func truncationIsNoticed(name: String) throws {
        let bytes = try Fixture.data(name)
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
            try Fixture.withFile(Array(bytes.prefix(length))) { url in
                #expect(throws: CheckpointError.self, "\(length) bytes") { try CheckpointFile.open(url) }
            }
        }
    }

    @Test func whatIsNoFileIsRefused() throws {
        #expect(throws: CheckpointError.self) { try CheckpointFile.open(Fixture.url("absent.pth")) }
        let error = #expect(throws: CheckpointError.self) { try CheckpointFile.open(Fixture.folder) }
        #expect(error?.description.contains("not a regular file") == true)
    }

    /// Flipped, cut and spliced files never crash, hang or lead outside a storage; most are refused, some still read.
    @Test(arguments: ["views.pth", "openmmlab.pth", "protocol5.pth", "openmmlab_legacy.pth", "views.safetensors"])
    func mutationsAreSurvived(name: String) throws {
        var original = try Fixture.data(name == "views.safetensors" ? "views.pth" : name)
        if name == "views.safetensors" {
            original = try Fixture.withFile([]) { url in
                try CheckpointWriter.safetensors(Fixture.open("views.pth").stateDict(), metadata: ["a": "b"], to: url)
                return Array(try Data(contentsOf: url))
            }
        }
        var random = SeededGenerator(state: UInt64(original.count))
        var refused = 0
        for _ in 0..<400 {
            let bytes = mutated(original, &random)
            try Fixture.withFile(bytes) { url in
                do {
                    let file = try CheckpointFile.open(url)
                    _ = file.summary.text
                    for tensor in (try? file.stateDict()) ?? StateDict() {
                        #expect(tensor.contiguousBytes().count == tensor.byteCount)
                    }
                } catch is CheckpointError {
                    refused += 1
                }
            }
        }
        #expect(refused > 40)
    }

    private func mutated(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        switch Int.random(in: 0..<10, using: &random) {
        case 0: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
        case 1:
            let start = Int.random(in: 0..<bytes.count, using: &random)
            let end = Int.random(in: start...bytes.count, using: &random)
            bytes.insert(contentsOf: original[start..<end], at: Int.random(in: 0...bytes.count, using: &random))
        case 2:
            let start = Int.random(in: 0..<bytes.count, using: &random)
            bytes.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...40, using: &random)))
        default:
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
        }
        return bytes
    }
}
