import PyConfig
import Testing

/// `--cfg-options` that MMEngine and we refuse, or where we do better than its stack overflow.
@Suite struct OptionTests {
    private func apply(_ options: String...) throws -> Config {
        var config = try Config.parse("a = dict(b=[1, dict(c=2)], t=(192, 256))\nn = 1")
        try config.apply(options)
        return config
    }

    @Test(arguments: [
        "a", "=1", "a.b.7=1", "a.b.x=1", "n.x=1", "a.b.0.c=1", "k=[1,(2]", "k=(1,2),(3,4)", "k=[[1]",
        "k=1,(2",
        "a.b.99999999999999999999=1",
    ])
    func mistakes(option: String) {
        #expect(throws: ConfigError.self, "\(option)") { try apply(option) }
    }

    @Test func conflictingPaths() {
        #expect(throws: ConfigError.self) { try apply("x=1", "x.y=2") }
    }

    /// Elements of lists and tuples can be replaced by plain values, which MMEngine cannot.
    @Test func elements() throws {
        let config = try apply("a.b.0=5", "a.t.1=384")
        #expect(config["a.b"] == [5, ["c": 2]])
        #expect(config["a.t"] == .tuple([192, 384]))
    }

    @Test func deepBrackets() {
        let open = String(repeating: "[", count: 10_000)
        let close = String(repeating: "]", count: 10_000)
        #expect(throws: ConfigError.self) { try apply("k=" + open + "1" + close) }
    }

    @Test func orderOfOptions() throws {
        #expect(try apply("n=2", "n=3")["n"] == 3)
        #expect(try apply("k=a=b")["k"] == "a=b")
        #expect(try apply()["n"] == 1)
    }
}
