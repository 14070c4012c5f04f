import PyConfig
import Testing

/// The typed reader that turns a config dictionary into an object's arguments.
@Suite struct ArgumentsTests {
    private func arguments(_ source: String) throws -> Arguments {
        try Config.parse("model = dict(backbone=\(source))").arguments(at: "model.backbone")
    }

    private func message(_ body: () throws -> some Any) -> String {
        do {
            _ = try body()
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func readsEachType() throws {
        let a = try arguments(
            "dict(type='ResNet', i=3, d=2, f=1e-3, b=True, s='x', l=(1, 2), m=[1, 2.5], n=None, t=['a'], one=7)"
        )
        #expect(try a.type() == "ResNet")
        #expect(try a.int("i") == 3)
        #expect(try a.int("absent", default: 9) == 9)
        #expect(try a.double("d") == 2)
        #expect(try a.double("f") == 1e-3)
        #expect(try a.bool("b"))
        #expect(try a.string("s") == "x")
        #expect(try a.ints("l") == [1, 2])
        #expect(try a.doubles("m") == [1, 2.5])
        #expect(try a.optionalInt("n") == nil)
        #expect(try a.optionalString("gone") == nil)
        #expect(try a.optionalDoubles("n") == nil)
        #expect(try a.strings("t") == ["a"])
        #expect(try a.ints("one", orScalar: true) == [7])
        #expect(a.value("n") == ConfigValue.none)
        #expect(!a.has("n"))
        try a.finish()
    }

    @Test func wrongTypesNameThePath() throws {
        let a = try arguments("dict(depth='abc', flag=1, list=[1, 'x'], num=True, child=3, none=None)")
        #expect(
            message { try a.int("depth") } == "model.backbone.depth: expected an integer, found 'abc'")
        #expect(
            message { try a.bool("flag") } == "model.backbone.flag: expected True or False, found 1")
        #expect(
            message { try a.ints("list") } == "model.backbone.list.1: expected an integer, found 'x'")
        #expect(message { try a.int("num") } == "model.backbone.num: expected an integer, found True")
        #expect(
            message { try a.ints("depth") }
                == "model.backbone.depth: expected a list of integers, found 'abc'")
        #expect(message { try a.child("child") } == "model.backbone.child: expected a dict, found 3")
        #expect(
            message { try a.int("none", default: 1) }
                == "model.backbone.none: expected an integer, found None")
        #expect(message { try a.int("gone") } == "model.backbone: 'gone' is required but missing")
        #expect(message { try a.type() } == "model.backbone: 'type' is required but missing")
        #expect("\(a.invalid("depth", "is odd"))" == "model.backbone.depth: is odd")
    }

    @Test func unknownArgumentsGetASuggestion() throws {
        let a = try arguments("dict(type='ResNet', _scope_='mmpose', dpeth=50, with_cp=False)")
        #expect(try a.int("depth", default: 50) == 50)
        _ = a.value("num_stages")
        a.ignore("with_cp")
        #expect(
            throws: ConfigError.unknownArgument(
                path: "model.backbone", name: "dpeth", nearest: "depth",
                valid: ["depth", "num_stages", "with_cp"])
        ) { try a.finish() }
        #expect(
            message { try a.finish() }
                == "model.backbone: unknown argument 'dpeth'; did you mean 'depth'? (known arguments: depth, num_stages, with_cp)"
        )
        let none = try arguments("dict(xyz=1)")
        #expect(
            message { try none.finish() }
                == "model.backbone: unknown argument 'xyz' (it takes no arguments)")
    }

    @Test func childrenKeepTheirPaths() throws {
        let a = try arguments(
            "dict(layers=[dict(type='A', n=1), dict(type='B')], one=dict(type='C'), bad=[1])")
        let layers = try a.children("layers")
        #expect(layers.map(\.path) == ["model.backbone.layers.0", "model.backbone.layers.1"])
        #expect(try layers[0].int("n") == 1)
        #expect(try a.children("one").map { try $0.type() } == ["C"])
        #expect(try a.children("absent").isEmpty)
        #expect(try a.child("one")?.path == "model.backbone.one")
        #expect(try a.child("absent") == nil)
        #expect(
            message { try a.requiredChild("absent") }
                == "model.backbone: 'absent' is required but missing")
        #expect(message { try a.children("bad") } == "model.backbone.bad.0: expected a dict, found 1")
    }

    @Test func classesAreTypes() throws {
        let config = try Config.parse("from torch.nn import ReLU as Act\nact = dict(type=Act)")
        #expect(try config.arguments(at: "act").type() == "torch.nn.ReLU")
    }

    @Test func nearestNames() {
        let names = ["in_channels", "out_channels", "num_stages", "depth"]
        #expect(nearestName(to: "in_chanels", among: names) == "in_channels")
        #expect(nearestName(to: "dpeth", among: names) == "depth")
        #expect(nearestName(to: "Depth", among: names) == "depth")
        #expect(nearestName(to: "zzzzz", among: names) == nil)
        #expect(nearestName(to: "", among: names) == nil)
    }

    @Test func dottedPaths() throws {
        let config = try Config.parse("a = dict(b=[dict(c=1), (2, 3)])\nd = {5: 'five'}")
        #expect(config["a.b.0.c"] == 1)
        #expect(config["a.b.1.1"] == 3)
        #expect(config["d.5"] == "five")
        #expect(config["a.b.2"] == nil)
        #expect(config["a.x"] == nil)
        #expect(config["a.b.0.c.d"] == nil)
        #expect(config["a.b.-1"] == nil)
        #expect(
            message { try config.arguments(at: "a.b") }
                == "a.b: expected a dict, found [{'c': 1}, (2, 3)]")
    }
}
