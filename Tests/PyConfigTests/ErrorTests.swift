import Foundation
import PyConfig
import Testing

/// Mistakes in configs: their kind, their place, and that nothing traps.
@Suite struct ErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let kind: ConfigError.Kind
        let line: Int
        let column: Int
        let says: String
        init(_ text: String, _ kind: ConfigError.Kind, _ line: Int, _ column: Int, _ says: String) {
            (self.text, self.kind, self.line, self.column, self.says) = (text, kind, line, column, says)
        }
        var testDescription: String { text }
    }

    static let cases = [
        Case("a = 1\nb = [1, 2", .syntax, 2, 5, "never closed"),
        Case("a = 1\nb = (1]", .syntax, 2, 7, "does not close"),
        Case("a = 'x", .syntax, 1, 5, "unterminated"),
        Case("a = 'x\n'", .syntax, 1, 5, "unterminated"),
        Case("a = 1 +", .syntax, 1, 8, "expected an expression"),
        Case("a == ", .syntax, 1, 6, "expected an expression"),
        Case("if True:\na = 1", .syntax, 2, 1, "indented block"),
        Case("  a = 1", .syntax, 1, 3, "indentation"),
        Case("if True:\n    a = 1\n  b = 2", .syntax, 3, 3, "indentation"),
        Case("a = 1 2", .syntax, 1, 7, "unexpected a number"),
        Case("1 = a", .syntax, 1, 1, "assigned"),
        Case("f() = 1", .syntax, 1, 1, "assigned"),
        Case("a = dict(b=1, 2)", .syntax, 1, 15, "positional"),
        Case("a = dict(b=1, b=2)", .type, 1, 17, "twice"),
        Case("a = ?", .syntax, 1, 5, "unexpected character"),
        Case("a = 012", .syntax, 1, 5, "0o"),
        Case("a = 1__0", .syntax, 1, 5, "underscore"),
        Case("a = 3j", .unsupported, 1, 5, "complex"),
        Case("a = f'{'", .syntax, 1, 7, "never closed"),
        Case("a = f'{}'", .syntax, 1, 8, "needs an expression"),
        Case("a = f'}'", .syntax, 1, 7, "single '}'"),
        Case("a = '\\xZZ'", .syntax, 1, 6, "hexadecimal"),
        Case("a = '\\ud800'", .value, 1, 6, "character"),
        Case("break", .syntax, 1, 1, "loop"),
        Case("depth = 50\nb = dict(x=dpeth)", .name, 2, 12, "did you mean 'depth'"),
        Case("a = dict(type='X')\nb = a['tpye']", .key, 2, 6, "did you mean 'type'"),
        Case("a = dict(type='X')\nb = a.type", .attribute, 2, 7, "['type']"),
        Case("a = [1]\na.apend(2)", .attribute, 2, 3, "did you mean 'append'"),
        Case("a = [1, 2][5]", .index, 1, 11, "out of range"),
        Case("a = 1 / 0", .zeroDivision, 1, 7, "division by zero"),
        Case("a = 1 // 0.0", .zeroDivision, 1, 7, "zero"),
        Case("a = 5 % 0", .zeroDivision, 1, 7, "zero"),
        Case("a = 1 + 'x'", .type, 1, 7, "'int' and 'str'"),
        Case("a = [1] + (2,)", .type, 1, 9, "'list' and 'tuple'"),
        Case("a = 1 < 'x'", .type, 1, 7, "order"),
        Case("a = {[1]: 2}", .type, 1, 6, "key"),
        Case("a, b = 1, 2, 3", .value, 1, 1, "2 names"),
        Case("a = int('x')", .value, 1, 5, "int()"),
        Case("a = len(5)", .type, 1, 5, "len()"),
        Case("a = 9223372036854775808", .overflow, 1, 5, "64"),
        Case("a = 9223372036854775807 + 1", .overflow, 1, 25, "64"),
        Case("a = -(-9223372036854775807 - 1)", .overflow, 1, 5, "64"),
        Case("a = (-9223372036854775807 - 1) // -1", .overflow, 1, 32, "64"),
        Case("a = 2 ** 63", .overflow, 1, 7, "64"),
        Case("a = 1 << 63", .overflow, 1, 7, "64"),
        Case("a = int(1e30)", .overflow, 1, 5, "64"),
        Case("a = int(float('nan'))", .value, 1, 5, "undefined"),
        Case("a = 10.0 ** 400", .overflow, 1, 10, "float"),
        Case("def f(): pass", .unsupported, 1, 1, "config is data"),
        Case("a = lambda: 1", .unsupported, 1, 5, "lambda"),
        Case("class A: pass", .unsupported, 1, 1, "config is data"),
        Case("a = open('/etc/passwd')", .unsupported, 1, 5, "not available"),
        Case("a = __import__('os')", .unsupported, 1, 5, "not available"),
        Case("import os\nos.system('true')", .unsupported, 2, 4, "not available"),
        Case("import subprocess", .unsupported, 1, 8, "cannot be imported"),
        Case("from os import system", .unsupported, 1, 16, "cannot be imported"),
        Case("_base_ = []\nimport torch", .unsupported, 2, 8, "_base_"),
        Case("from torch.nn import ReLU\na = ReLU()", .unsupported, 2, 5, "type="),
        Case("from torch.nn import *", .unsupported, 1, 22, "read_base"),
        Case("with open('x') as f:\n    pass", .unsupported, 1, 6, "read_base"),
        Case("a = {{_base_.x}}", .key, 1, 1, "no 'x'"),
        Case("a = {{'$PYCONFIG_NOT_SET:'}}", .name, 1, 5, "no default"),
        Case("_base_ = 'no-such-file.py'", .inheritance, 1, 10, "does not exist"),
        Case("_base_ = ['a::b::c.py']", .inheritance, 1, 11, "'::'"),
        Case("_base_ = 5", .inheritance, 1, 10, "file name"),
        Case("x = 1\na = (i for i in [x])", .type, 2, 1, "iterator"),
        Case("a = ...", .type, 1, 1, "ellipsis"),
    ]

    @Test(arguments: cases) func mistakesHaveKindAndPlace(item: Case) throws {
        let found = try #require(error(item.text), "no error")
        let source = try #require(found.source, "\(found)")
        #expect(source.kind == item.kind, "\(found)")
        #expect(source.location.line == item.line, "\(found)")
        #expect(source.location.column == item.column, "\(found)")
        #expect(found.description.contains(item.says), "\(found)")
    }

    /// The message has the form of a compiler's: place, line, caret under the column; tabs keep their width.
    @Test func messageShowsTheLine() throws {
        let found = try #require(error("a = 1\nb = dict(\n\tx=nmae)"))
        let lines = found.description.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines[0].hasSuffix("config.py:3:4: error: name 'nmae' is not defined"))
        #expect(lines[1] == "\tx=nmae)")
        #expect(lines[2] == "\t  ^")
    }

    /// Columns count characters, not bytes.
    @Test func columnsCountCharacters() throws {
        let found = try #require(error("a = '日本語' + 1")?.source)
        #expect(found.location.column == 11)
    }

    @Test func filesThatCannotBeRead() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "pyconfig-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func reason(_ name: String, _ content: [UInt8]?) throws -> String {
            let file = folder.appending(path: name)
            if let content { try Data(content).write(to: file) }
            do {
                _ = try Config.load(contentsOf: file)
                return "none"
            } catch ConfigError.file(let path, let reason) {
                #expect(path.hasSuffix(name))
                return reason
            }
        }
        #expect(try reason("absent.py", nil).contains("no such file"))
        #expect(try reason("a.yml", Array("a: 1".utf8)).contains("YAML"))
        #expect(try reason("a.txt", []).contains(".py or .json"))
        #expect(try reason("bytes.py", [0x61, 0xFF, 0xFE]).contains("UTF-8"))
        try FileManager.default.createDirectory(
            at: folder.appending(path: "d.py"), withIntermediateDirectories: true)
        #expect(try reason("d.py", nil).contains("not a file"))
        #expect(try reason("big.py", Array(repeating: 0x20, count: 8_000_001)).contains("larger"))
        #expect(try reason("reserved.py", Array("filename = 1".utf8)).contains("reserved"))
    }

    /// Mistakes between files: cycles, duplicate keys, styles that do not mix, a dict over a non-dict.
    @Test func inheritanceMistakes() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "pyconfig-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = [
            "loop1.py": "_base_ = 'loop2.py'", "loop2.py": "a = 1\n_base_ = ['loop1.py']",
            "self.py": "_base_ = 'self.py'",
            "x1.py": "x = 1", "x2.py": "x = 2", "double.py": "_base_ = ['x1.py', 'x2.py']",
            "lazy.py": "from torch.nn import ReLU\nact = dict(type=ReLU)",
            "mixed.py": "_base_ = 'lazy.py'",
            "over.py": "_base_ = 'x1.py'\nx = dict(a=1)", "unknown.py": "_base_ = 'x1.py'\ny = _base_.z",
            "placeholder.py": "_base_ = 'x1.py'\ny = 'a' + {{_base_.x}}",
            "readloop.py": "with read_base():\n    from .readloop import *",
            "readname.py": "with read_base():\n    from .x1 import xx",
            "readnone.py": "with read_base():\n    from .nope import *",
            "bad.json": "{\"a\": 1,}", "inbad.py": "_base_ = 'broken.py'", "broken.py": "a = [1,\nb = 2",
        ]
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        func check(
            _ name: String, _ kind: ConfigError.Kind, _ file: String, _ line: Int, _ says: String
        ) throws {
            let found = #expect(throws: ConfigError.self) {
                try Config.load(contentsOf: folder.appending(path: name))
            }
            let source = try #require(found?.source, "\(name)")
            #expect(source.kind == kind, "\(name)")
            #expect(source.location.file.hasSuffix(file), "\(name)")
            #expect(source.location.line == line, "\(name)")
            #expect(found?.description.contains(says) == true, "\(name): \(found?.description ?? "")")
        }
        try check("loop1.py", .inheritance, "loop2.py", 2, "loop1.py → loop2.py → loop1.py")
        try check("self.py", .inheritance, "self.py", 1, "inherits from itself")
        try check("double.py", .inheritance, "double.py", 1, "same keys: x")
        try check("mixed.py", .inheritance, "mixed.py", 1, "read_base")
        try check("over.py", .inheritance, "over.py", 2, "_delete_=True")
        try check("unknown.py", .attribute, "unknown.py", 2, "no key 'z'")
        try check("placeholder.py", .syntax, "placeholder.py", 2, "whole value")
        try check("readloop.py", .inheritance, "readloop.py", 2, "inherits from itself")
        try check("readname.py", .inheritance, "readname.py", 2, "did you mean 'x'")
        try check("readnone.py", .inheritance, "readnone.py", 2, "does not exist")
        try check("bad.json", .syntax, "bad.json", 1, "double quotes")
        try check("inbad.py", .syntax, "broken.py", 1, "never closed")
    }

    /// No prefix and no damaged copy of a real config traps; each gives a config or a ConfigError.
    @Test func damagedConfigsNeverTrap() throws {
        for name in ["strings.py", "expressions.py", "builtins_used.py"] {
            let bytes = Array(try Files.data("configs/\(name)"))
            var random = SplitMix64(state: 7)
            for round in 0..<150 {
                var damaged = bytes
                if round % 3 == 0 { damaged.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
                for _ in 0..<Int.random(in: 1...6, using: &random) where !damaged.isEmpty {
                    let index = Int.random(in: damaged.indices, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: damaged.remove(at: index)
                    case 1: damaged[index] = UInt8.random(in: 0x20..<0x7F, using: &random)
                    default: damaged.swapAt(index, Int.random(in: damaged.indices, using: &random))
                    }
                }
                do { _ = try Config.parse(String(decoding: damaged, as: UTF8.self)) } catch is ConfigError {
                }
            }
        }
    }
}
