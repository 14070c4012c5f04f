import Foundation
import PyConfig
import Testing

/// Hostile configs are refused quickly, with an error instead of an exhausted machine.
@Suite struct BudgetTests {
    static let bombs: [(String, ConfigError.Kind)] = [
        ("a = 'a' * 10**12", .budget), ("a = [0] * 10**9", .budget), ("a = (0,) * 10**15", .budget),
        ("a = b'x' * 9223372036854775807", .budget), ("a = 10**10**10", .overflow),
        ("a = 2**2**2**2**2**2", .overflow),
        ("a = list(range(10**12))", .budget), ("a = range(10**12)", .budget),
        ("for i in range(10**12): pass", .budget),
        ("while True: pass", .budget), ("a = [i for i in range(10**9)]", .budget),
        ("a = sum(range(10**10))", .budget),
        ("a = 'x'\nwhile True: a += a", .budget), ("a = [1]\nwhile True: a += a", .budget),
        ("a = [1]\nfor i in range(60): a = [a, a]", .budget),
        ("a = [1]\nfor i in range(60): a = [a, a]\nb = str(a)", .budget),
        ("a = []\na.append(a)", .budget), ("a = dict()\na['a'] = a", .budget),
        ("a = []\na.append(a)\nb = a == a", .budget),
        ("a = 1\nfor i in range(100000): a = [a]", .budget),
        ("a = 1\nfor i in range(100000): a = (a,)", .budget),
        ("a = f'{1:1000000000}'", .budget), ("a = '%1000000000d' % 1", .budget),
        ("a = '{:99999999999999999999}'.format(1)", .budget),
        ("a = f'{1.5:.100000000}'", .budget), ("a = 'x'.center(10**10)", .budget),
        ("a = '1'.zfill(10**10)", .budget),
        ("a = 'x' * 10**6\na = a.replace('x', a)", .budget),
        ("a = ('y' * 10**5).join(['x'] * 10**5)", .budget),
        ("a = " + String(repeating: "(", count: 100_000), .budget),
        ("a = " + String(repeating: "[", count: 5_000), .budget),
        ("a = " + String(repeating: "-", count: 50_000) + "1", .budget),
        ("a = " + String(repeating: "not ", count: 50_000) + "1", .budget),
        ("a = 1" + String(repeating: " + 1", count: 50_000), .budget),
        ("a = x" + String(repeating: ".x", count: 50_000), .budget),
        ("a = x" + String(repeating: "[0]", count: 50_000), .budget),
        ("a = 2" + String(repeating: "**2", count: 5_000), .budget),
        ("a = 1" + String(repeating: " if 1 else 1", count: 5_000), .budget),
        (
            (0..<200).map { String(repeating: " ", count: $0) + "if 1:\n" }.joined()
                + String(repeating: " ", count: 200) + "pass", .budget
        ),
        ("if 1: pass\n" + String(repeating: "elif 1: pass\n", count: 5_000), .budget),
        (
            "a = f'" + String(repeating: "{1:", count: 500) + String(repeating: "}", count: 500) + "'",
            .syntax
        ),
        ("a = [x for x in range(1000) for y in range(1000) for z in range(1000)]", .budget),
        ("a = {str(i): i for i in range(10**8)}", .budget),
        ("a = list(zip(range(10**9), range(10**9)))", .budget),
        ("a = ['x' * 1000] * 1000\nb = [str(a) for i in range(1000)]", .budget),
        ("a = sorted(range(10**9))", .budget),
        ("a = dict()\na.update(a=a)\nimport copy\nb = copy.deepcopy(a)", .budget),
        ("a = round(5, -10**18) + 2**62 * 4", .overflow),
    ]

    @Test(arguments: bombs.indices) func isRefused(index: Int) throws {
        let (text, kind) = Self.bombs[index]
        let start = ContinuousClock.now
        let found = try #require(error(text), "\(text.prefix(60))")
        #expect(found.source?.kind == kind, "\(text.prefix(60)): \(found.description.prefix(300))")
        // Generous: debug builds and busy machines; without a budget these would run for hours.
        #expect(ContinuousClock.now - start < .seconds(20), "\(text.prefix(60))")
    }

    /// Numbers at the edges of Int64 are errors or exact, never traps.
    @Test(arguments: [
        "-9223372036854775808 // -1", "-9223372036854775808 % -1", "abs(-9223372036854775808)",
        "divmod(-9223372036854775808, -1)",
        "'abcdef'[-9223372036854775808:9223372036854775807:9223372036854775807]",
        "[1,2][::-9223372036854775807]",
        "range(-9223372036854775808, 9223372036854775807)[5]",
        "len(range(-9223372036854775808, 9223372036854775807))",
        "[1][9223372036854775807]", "[1][-9223372036854775808]", "'a' * -9223372036854775808",
        "1 << 9223372036854775807",
        "1 >> 9223372036854775807", "-1 >> 9223372036854775807", "round(9223372036854775807, -1)",
        "round(1.5, 9223372036854775807)",
        "round(1.5, -9223372036854775808)", "round(-9223372036854775808, -9223372036854775808)",
        "int('9' * 100)", "float('9' * 400)",
        "9223372036854775807 in range(-9223372036854775808, 0)", "enumerate([1], 9223372036854775807)",
        "list(enumerate([1, 2], 9223372036854775807))", "'x'.rjust(-9223372036854775808)",
        "'{9223372036854775808}'.format(1)",
        "'%*d' % (-9223372036854775808, 1)", "sum([9223372036854775807, 1])",
        "-9223372036854775808 * -1", "hash",
        "[0] * 9223372036854775807", "[] * 9223372036854775807", "'' * 9223372036854775807",
        "range(0, 9223372036854775807, 9223372036854775807)",
        "list(range(9223372036854775806, 9223372036854775807, 5))", "range(5)[::9223372036854775807]",
        "pow(2, 9223372036854775807)",
        "'abc'.find('c', -9223372036854775808)", "'a b'.split(None, -9223372036854775808)",
        "'a'.replace('a', 'b', -9223372036854775808)",
        "slice(1)", "[3, 1, float('nan')].index(float('nan'))",
        "sorted([float('nan'), 1.0, float('nan'), 0.5])", "max([float('nan'), 1])",
        "range(-9223372036854775808, 9223372036854775807, 9223372036854775807)[1:]",
        "[1,2,3][9223372036854775807:]",
        "int('-9223372036854775808')", "int(-9.3e18)", "1e308 * 10", "float('inf') // 1",
        "5 % float('inf')", "0.0 / 0.0",
    ])
    func edgesNeverTrap(expression: String) throws {
        do { _ = try value(expression) } catch is ConfigError {}
    }

    /// A config whose bases double at every level stops at the number of files, a long chain at its depth.
    @Test func includesAreBounded() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "pyconfig-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for level in 0..<40 {
            let text = "_base_ = ['d\(level + 1).py', 'd\(level + 1).py']"
            try Data(text.utf8).write(to: folder.appending(path: "d\(level).py"))
        }
        try Data("".utf8).write(to: folder.appending(path: "d40.py"))
        for level in 0..<150 {
            try Data("_base_ = 'c\(level + 1).py'".utf8).write(to: folder.appending(path: "c\(level).py"))
        }
        for (name, says) in [("d0.py", "500 files"), ("c0.py", "through more than 100")] {
            let found = #expect(throws: ConfigError.self) {
                try Config.load(contentsOf: folder.appending(path: name))
            }
            #expect(found?.description.contains(says) == true, "\(found?.description ?? "")")
        }
    }

    /// A budget can be set lower, and what fits still loads.
    @Test func budgetsAreTheCallers() throws {
        var options = ConfigOptions()
        options.budget.steps = 100
        #expect(error("a = [i for i in range(10)]", options: options) == nil)
        #expect(error("a = [i for i in range(1000)]", options: options)?.source?.kind == .budget)
    }

    /// Nesting that people write is far below the limits.
    @Test func ordinaryDepthIsAccepted() throws {
        let nested = String(repeating: "[", count: 50) + "1" + String(repeating: "]", count: 50)
        #expect(error("a = " + nested) == nil)
        #expect(error("a = " + (0..<90).map { "'part\($0)'" }.joined(separator: " + ")) == nil)
    }
}
