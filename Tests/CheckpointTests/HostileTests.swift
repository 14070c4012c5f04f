import Checkpoint
import Foundation
import Testing

/// Hostile files: each is refused for the right reason, quickly, without running or allocating what it asks for.
struct HostileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        /// Part of the message.
        let reason: String
        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8], _ reason: String) {
            self.name = name
            self.bytes = bytes
            self.reason = reason
        }
    }

    private func check(_ hostile: Case) throws {
        let start = ContinuousClock.now
        let error = try Fixture.withFile(hostile.bytes) { url in
            let error = #expect(throws: CheckpointError.self) { try CheckpointFile.open(url) }
            #expect(error?.file == url.path)
            return error
        }
        let message = error?.description ?? ""
        #expect(message.contains(hostile.reason), "\(hostile.name): \(message)")
        #expect(ContinuousClock.now - start < .seconds(15), "\(hostile.name)")
    }

    /// The control: what the forgeries below are made from is accepted.
    @Test func builtFilesAreSound() throws {
        let storage = ["0": [UInt8](repeating: 0, count: 16)]
        for bytes in [
            Hostile.pth(Hostile.tensor(), storages: storage), Hostile.legacy(Hostile.tensor()),
            Hostile.safetensors(#"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, data: 16),
        ] {
            let shape = try Fixture.withFile(bytes) { try CheckpointFile.open($0).stateDict()["w"]?.shape }
            #expect(shape == [4])
        }
    }

    static let executing: [Case] = {
        let call = "(S'echo'\ntR."
        let stackGlobal = { (module: String, name: String) in
            [0x80, 4] + Hostile.string(module) + Hostile.string(name) + [0x93] + Hostile.tuple([Hostile.string("x")])
                + [0x52, 0x2E]
        }
        let pickles: [(String, [UInt8], String)] = [
            ("os.system", Hostile.text("cos\nsystem\n" + call), "asks for os.system"),
            ("posix.system", Hostile.text("cposix\nsystem\n" + call), "asks for posix.system"),
            ("eval", Hostile.text("c__builtin__\neval\n" + call), "asks for builtins.eval"),
            ("exec", Hostile.text("cbuiltins\nexec\n" + call), "asks for builtins.exec"),
            ("import", Hostile.text("cbuiltins\n__import__\n" + call), "asks for builtins.__import__"),
            ("torch.load", Hostile.text("ctorch\nload\n" + call), "asks for torch.load"),
            ("torch.hub.load", Hostile.text("ctorch.hub\nload\n" + call), "asks for torch.hub.load"),
            ("stack global", stackGlobal("subprocess", "Popen"), "asks for subprocess.Popen"),
            ("dotted", stackGlobal("torch", "_utils.os.system"), "asks for torch._utils.os.system"),
            ("split name", stackGlobal("torch._utils._rebuild", "x"), "asks for torch._utils._rebuild.x"),
            ("inst", Hostile.text("(S'echo'\nios\nsystem\n."), "asks for os.system"),
            ("obj", Hostile.text("(cos\nsystem\nS'echo'\no."), "asks for os.system"),
            ("newobj", [0x80, 2] + Hostile.global("os", "system") + [0x29, 0x81, 0x2E], "asks for os.system"),
            ("getattr", Hostile.text("cbuiltins\ngetattr\n(ctorch\nTensor\nS'x'\ntR."), "builtins.getattr"),
            (
                "getattr of a history",
                Hostile.text(
                    "c__builtin__\ngetattr\n(cmmengine.logging.history_buffer\nHistoryBuffer\nS'__init__'\ntR."),
                "builtins.getattr"
            ),
            ("getattr kept", Hostile.text("cbuiltins\ngetattr\n."), "builtins.getattr"),
            ("class as function", Hostile.text("ctorch\nTensor\n" + call), "calls torch.Tensor"),
            ("function as class", [0x80, 2] + Hostile.global("_codecs", "encode") + [0x29, 0x81, 0x2E], "as a class"),
            ("string as function", [0x80, 2] + Hostile.string("x") + [0x29, 0x52, 0x2E], "no function"),
            ("extension", [0x80, 2, 0x82, 1, 0x2E], "extension registry"),
            ("wide extension", [0x80, 2, 0x84, 1, 0, 0, 0, 0x2E], "extension registry"),
            ("persistent text", Hostile.text("Pwhatever\n."), "outside object"),
            ("persistent module", Hostile.tensor(kind: "module"), "no storage"),
            ("outside buffer", [0x80, 5, 0x97, 0x2E], "buffers outside"),
            (
                "codec",
                [0x80, 2] + Hostile.global("_codecs", "encode")
                    + Hostile.tuple([Hostile.string("x"), Hostile.string("rot13")]) + [0x52, 0x2E], "Latin-1"
            ),
            (
                "rebuild with another",
                [0x80, 2] + Hostile.global("torch._tensor", "_rebuild_from_type_v2")
                    + Hostile.tuple([Hostile.global("builtins", "set"), [0x4E], [0x29], [0x4E]]) + [0x52, 0x2E],
                "rebuilds a tensor with builtins.set"
            ),
            ("terminal escape", Hostile.text("cos\n\u{1B}[2Jsystem\n."), "os.\u{FFFD}[2Jsystem"),
        ]
        return pickles.flatMap { name, pickle, reason in
            [
                Case(name + ", zip", Hostile.pth(pickle), reason),
                Case(name + ", older layout", Hostile.legacy(pickle, keys: [], tail: []), reason),
                Case(name + ", bare", pickle, reason),
            ]
        }
    }()

    @Test(arguments: executing)
    func nothingIsExecuted(hostile: Case) throws { try check(hostile) }

    static let lyingTensors: [Case] = {
        let whole = ["0": [UInt8](repeating: 0, count: 16)]
        let lies: [(String, [UInt8], String)] = [
            ("too long", Hostile.tensor(shape: [5]), "leaves its storage"),
            ("offset", Hostile.tensor(offset: 1), "leaves its storage"),
            ("negative offset", Hostile.tensor(offset: -1), "starts at byte -4"),
            ("huge offset", Hostile.tensor(offset: .max), "starts at element"),
            ("stride", Hostile.tensor(strides: [2]), "leaves its storage"),
            ("negative stride", Hostile.tensor(strides: [-1]), "negative stride"),
            ("negative size", Hostile.tensor(shape: [-4]), "negative size"),
            ("overflowing shape", Hostile.tensor(shape: [1 << 32, 1 << 32], strides: [0, 0]), "overflows"),
            ("overflowing strides", Hostile.tensor(shape: [3, 3], strides: [.max, .max]), "overflow"),
            ("expansion", Hostile.tensor(shape: [1 << 40], strides: [0]), "beyond reason"),
            ("ranks differ", Hostile.tensor(shape: [2, 2], strides: [1]), "1 strides"),
            ("many dimensions", Hostile.tensor(shape: .init(repeating: 1, count: 99), strides: []), "99 dimensions"),
            ("wrong count", Hostile.tensor(count: 5), "announced"),
            ("negative count", Hostile.tensor(count: -4), "without class, key and size"),
            ("overflowing count", Hostile.tensor(count: .max), "announced"),
            ("wrong class", Hostile.tensor(storage: "DoubleStorage"), "announced"),
            ("missing storage", Hostile.tensor(key: "../0"), "not in the file"),
            ("complex", Hostile.tensor(storage: "ComplexFloatStorage"), "torch.ComplexFloatStorage"),
        ]
        var cases = lies.map { Case($0.0 + ", zip", Hostile.pth($0.1, storages: whole), $0.2) }
        cases += lies.prefix(12).map { Case($0.0 + ", older layout", Hostile.legacy($0.1), $0.2) }
        cases += [
            Case("big-endian", Hostile.pth(Hostile.tensor(), storages: whole, byteOrder: "big"), "byte order 'big'"),
            Case("big-endian, older layout", Hostile.legacy(Hostile.tensor(), littleEndian: false), "big-endian"),
            Case("version", Hostile.legacy(Hostile.tensor(), version: 1002), "1001"),
            Case("storage twice", Hostile.legacy(Hostile.tensor(), keys: ["0", "0"]), "wants 8 bytes"),
            Case("storage missing", Hostile.legacy(Hostile.tensor(), keys: [], tail: []), "not in the file"),
            Case("storage short", Hostile.legacy(Hostile.tensor(), tail: Hostile.little(Int64(4))), "wants 16 bytes"),
            Case("storage huge", Hostile.legacy(Hostile.tensor(), tail: Hostile.little(Int64.max)), "another size"),
            Case(
                "storage part",
                Hostile.legacy(
                    Hostile.tensor(
                        extra: Hostile.tuple([Hostile.string("v"), Hostile.int(2), Hostile.int(3)]))),
                "leaves it"),
        ]
        return cases
    }()

    @Test(arguments: lyingTensors)
    func tensorsStayInsideTheirStorage(hostile: Case) throws { try check(hostile) }

    static let bombs: [Case] = {
        let nested = [UInt8](repeating: 0x5D, count: 100_000) + [UInt8](repeating: 0x61, count: 99_999) + [0x2E]
        var laughs: [UInt8] = [0x80, 2, 0x5D]
        for _ in 0..<60 { laughs += [0x71, 0, 0x30, 0x5D, 0x28, 0x68, 0, 0x68, 0, 0x65] }
        let text = [0x58] + Hostile.little(UInt32(1 << 20)) + [UInt8](repeating: 0x61, count: 1 << 20)
        var encodings =
            [0x80, 2, 0x5D] + text + [0x71, 0, 0x30] + Hostile.global("_codecs", "encode") + [0x71, 1, 0x30]
        for _ in 0..<1000 {
            encodings += [0x68, 1, 0x28, 0x68, 0] + Hostile.string("latin1") + [0x74, 0x52, 0x61]
        }
        return [
            Case("nested lists", Hostile.pth(nested), "deep"),
            Case("a list in itself", Hostile.pth([0x80, 2, 0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E]), "contains itself"),
            Case("a million laughs", Hostile.pth(laughs + [0x2E]), "values"),
            Case("encodings", Hostile.pth(encodings + [0x2E]), "unpacks to more"),
            Case("operations", Hostile.pth([UInt8](repeating: 0x4E, count: 2_500_000)), "operations"),
            Case("text length", Hostile.pth([0x80, 4, 0x8D] + Hostile.little(UInt64.max) + [0x2E]), "wants"),
            Case("bytes length", Hostile.pth([0x80, 4, 0x42] + Hostile.little(UInt32.max) + [0x2E]), "wants"),
            Case("negative length", Hostile.pth([0x54] + Hostile.little(Int32(-1)) + [0x2E]), "wants"),
            Case("frame", Hostile.pth([0x80, 4, 0x95] + Hostile.little(UInt64.max) + [0x4E, 0x2E]), "a frame"),
            Case(
                "integer",
                Hostile.pth([0x8B] + Hostile.little(Int32(9000)) + [UInt8](repeating: 1, count: 9000) + [0x2E]),
                "integer of 9000 bytes"),
            Case("protocol", Hostile.pth([0x80, 6, 0x4E, 0x2E]), "protocol 6"),
            Case("no instruction", Hostile.pth([0x80, 2, 0xFF]), "0xff"),
            Case("empty stack", Hostile.pth([0x80, 2, 0x2E]), "STOP leaves 0"),
            Case("no mark", Hostile.pth([0x80, 2, 0x74, 0x2E]), "no MARK"),
            Case("no memo", Hostile.pth([0x80, 2, 0x68, 9, 0x2E]), "memo entry 9"),
            Case("below the mark", Hostile.pth([0x80, 2, 0x5D, 0x28, 0x4E, 0x30, 0x61, 0x2E]), "the stack is empty"),
            Case("half an item", Hostile.pth([0x80, 2, 0x7D, 0x28, 0x4E, 0x75, 0x2E]), "half an item"),
            Case("list as key", Hostile.pth([0x80, 2, 0x7D, 0x5D, 0x4E, 0x73, 0x2E]), "no plain value"),
            Case("text after the end", Hostile.pth([0x80, 2, 0x4E, 0x2E, 0x4E]), "goes on"),
            Case("no end", Hostile.pth([0x80, 2, 0x4E]), "ends early"),
        ]
    }()

    @Test(arguments: bombs)
    func bombsDoNotGoOff(hostile: Case) throws { try check(hostile) }
}
