import PyConfig
import Testing

/// Writing resolved configs as Python and as JSON.
@Suite struct WriterTests {
    /// The layout people read: one key a line where a line is too short, lists of numbers filled.
    @Test func layout() throws {
        let text = """
            names = ['\(Array(repeating: "keypoint", count: 12).joined(separator: "', '"))']
            model = dict(type='TopdownPoseEstimator', backbone=dict(type='HRNet', in_channels=3, extra={'a-b': (1,), 5: None}))
            lr = 5e-4
            """
        #expect(
            try Config.parse(text).python() == """
                names = [
                    'keypoint', 'keypoint', 'keypoint', 'keypoint', 'keypoint', 'keypoint', 'keypoint', 'keypoint',
                    'keypoint', 'keypoint', 'keypoint', 'keypoint',
                ]
                model = dict(
                    type='TopdownPoseEstimator',
                    backbone=dict(type='HRNet', in_channels=3, extra={'a-b': (1,), 5: None}),
                )
                lr = 0.0005

                """)
    }

    /// Classes keep their imports; one that has no name of its own is imported for the file and deleted again.
    @Test func classes() throws {
        let text = """
            import torch.nn as nn
            from torch.optim import Adam
            from mmpose.models import ResNet as Net
            optim = dict(type=Adam)
            model = dict(type=Net, act=nn.ReLU, again=nn.ReLU, kind=int)
            """
        let config = try Config.parse(text)
        let written = try config.python()
        #expect(
            written == """
                from torch.nn import ReLU
                import torch.nn as nn
                from torch.optim import Adam
                from mmpose.models import ResNet as Net
                optim = dict(type=Adam)
                model = dict(type=Net, act=ReLU, again=ReLU, kind=int)
                del ReLU

                """)
        #expect(try Config.parse(written).root == config.root)
    }

    /// Any value that a config can hold survives being written and read.
    @Test(arguments: 0..<8) func generatedValuesSurvive(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        for _ in 0..<60 {
            var root = ConfigDict()
            for index in 0..<Int.random(in: 0..<6, using: &random) {
                let names = ["dict", "float", "set", "list", "type", "key\(index)", "_private", "Ünï"]
                root[names.randomElement(using: &random) ?? ""] = generate(&random, depth: 0)
            }
            let config = Config(root)
            let written = try config.python()
            #expect(try Config.parse(written).root == root, "\(written)")
        }
    }

    private func generate(_ random: inout SplitMix64, depth: Int) -> ConfigValue {
        let count = Int.random(in: 0..<5, using: &random)
        switch Int.random(in: 0..<(depth < 4 ? 12 : 7), using: &random) {
        case 0: return .none
        case 1: return .bool(.random(using: &random))
        case 2:
            return .int(
                [0, -1, 7, .max, .min, Int.random(in: -1000...1000, using: &random)].randomElement(
                    using: &random) ?? 0)
        case 3: return .float(number(&random))
        case 4, 5: return .string(text(&random))
        case 6: return .bytes((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        case 7, 8: return .list((0..<count).map { _ in generate(&random, depth: depth + 1) })
        case 9: return .tuple((0..<count).map { _ in generate(&random, depth: depth + 1) })
        case 10: return .set((0..<count).map { .int($0 * 3) })
        default:
            return .dict(
                ConfigDict(
                    pairs: (0..<count).map { index in
                        let keys: [ConfigKey] = [
                            .string("k\(index)"), .string(text(&random)), .int(index),
                            .float(0.5 + Double(index)), .none,
                            .tuple([.int(index), .string("x")]), .string("class"), .string("_delete_"),
                            .string("None"),
                        ]
                        return (
                            keys.randomElement(using: &random) ?? .none, generate(&random, depth: depth + 1)
                        )
                    }))
        }
    }

    private func number(_ random: inout SplitMix64) -> Double {
        let special: [Double] = [
            0, -0.0, 0.1, 1e16, 1e-5, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e22,
        ]
        if Bool.random(using: &random) { return special.randomElement(using: &random) ?? 0 }
        let bits = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random))
        return bits.isFinite ? bits : 1.5
    }

    private func text(_ random: inout SplitMix64) -> String {
        let pieces = [
            "a", "'", "\"", "\\", "\n", "\t", "\r", "{{", "}}", "{{ fileDirname }}", "{{_base_.x}}",
            "{{$A:b}}", "é", "日", "\u{0}",
            "\u{1B}", "\u{200B}", "😀", "\u{301}", "#", "%s", "\u{7F}", " ", "\u{85}", "\u{2028}", "{{{",
        ]
        return (0..<Int.random(in: 0..<6, using: &random)).map { _ in
            pieces.randomElement(using: &random) ?? ""
        }.joined()
    }

    @Test func unwritableKeysAreErrors() {
        for root in [
            ConfigDict(pairs: [("a b", 1)]), ConfigDict(pairs: [(5, 1)]), ["class": 1], ["_base_": 1],
            ["__x": 1],
        ] {
            #expect(throws: ConfigError.self) { try Config(root).python() }
        }
        #expect(throws: ConfigError.self) { try Config(["a": .reference("NoModule")]).python() }
    }

    /// JSON as Python's `json.dumps` writes it.
    @Test func json() throws {
        let config = try Config.parse(
            "a = (1, 2.0, [True, None])\nb = {1: 'x', True: 'y', None: 0, 2.5: -0.0}\nc = 'é\"\\n\\x01'\nd = [1e-5, 1e16, 0.1, float('inf'), float('nan')]\ne = {}\nf = []"
        )
        #expect(
            try config.json(pretty: false)
                == #"{"a": [1, 2.0, [true, null]], "b": {"1": "y", "null": 0, "2.5": -0.0}, "c": "é\"\n\u0001", "d": [1e-05, 1e+16, 0.1, Infinity, NaN], "e": {}, "f": []}"#
        )
        #expect(
            try Config(["a": [1, ["b": []]], "c": [:]]).json() == """
                {
                  "a": [
                    1,
                    {
                      "b": []
                    }
                  ],
                  "c": {}
                }
                """)
        #expect(throws: ConfigError.self) { try Config(["a": .bytes([1])]).json() }
        #expect(throws: ConfigError.self) {
            try Config(["a": .dict(ConfigDict(pairs: [(.tuple([]), 1)]))]).json()
        }
    }

    /// `repr` of floats switches to exponents where Python's does.
    @Test(arguments: [
        ("1e15", "1000000000000000.0"), ("1e16", "1e+16"),
        ("12345678901234567.0", "1.2345678901234568e+16"), ("1.5e16", "1.5e+16"),
        ("0.0001", "0.0001"), ("0.00001", "1e-05"), ("1e-7", "1e-07"), ("1e100", "1e+100"),
        ("1.0", "1.0"), ("123456.789", "123456.789"),
        ("5e-324", "5e-324"), ("-2.5", "-2.5"), ("1e22", "1e+22"),
        ("9007199254740993.0", "9007199254740992.0"),
    ])
    func floats(source: String, printed: String) throws {
        #expect(try value(source)?.python == printed)
    }
}
