import Foundation
import Testing

@Suite struct ConfigCommandTests {
    @Test("config show prints the merged config as JSON, with overrides applied")
    func json() throws {
        let folder = try TemporaryFolder()
        try folder.write("a = 1\nb = dict(c=(1, 2.5), d='x')\n", to: "base.py")
        let config = try folder.write("_base_ = './base.py'\nb = dict(d='y')\n", to: "child.py")
        let result = try pose("config", "show", config.path, "--cfg-options", "a=7", "b.e=[1,2]")
        #expect(result.status == 0)
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let b = try #require(json["b"] as? [String: Any])
        #expect(json["a"] as? Int == 7)
        #expect(b["c"] as? [Double] == [1, 2.5])
        #expect(b["d"] as? String == "y")
        #expect(b["e"] as? [Int] == [1, 2])
    }

    @Test("config show --python prints a config that resolves to the same")
    func python() throws {
        let folder = try TemporaryFolder()
        let config = try folder.write("a = [dict(type='X', n=None, f=1e-5) for _ in range(2)]\n", to: "c.py")
        let written = try pose("config", "show", config.path, "--python")
        let again = try folder.write(written.output, to: "again.py")
        let (first, second) = (try pose("config", "show", config.path), try pose("config", "show", again.path))
        #expect(written.status == 0)
        #expect(first.output == second.output)
        #expect(first.output.contains("1e-05"))
    }

    @Test("a mistake in a config is one message with file, line, column and caret, and status 1")
    func mistake() throws {
        let folder = try TemporaryFolder()
        let config = try folder.write("a = 1\nb = a +* 2\n", to: "broken.py")
        let result = try pose("config", "show", config.path)
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("broken.py:2:8"))
        #expect(result.errors.contains("\n       ^"))
    }

    @Test("a missing config and an unknown option are told apart by their status")
    func statuses() throws {
        let missing = try pose("config", "show", "/nowhere/c.py")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("/nowhere/c.py"))
        let usage = try pose("config", "show", "--no-such-flag")
        #expect(usage.status == 2)
    }
}
