import Foundation
import PyConfig
import Testing

@Suite struct LayoutTests {
    @Test("Shared values are written by name, and the text says the same")
    func sharing() throws {
        let codec: ConfigValue = ["type": "MSRAHeatmap", "sigma": 2]
        let config = Config(["codec": codec, "model": ["head": ["decoder": codec], "type": "Estimator"]])
        let text = try config.python(PythonLayout(shared: ["codec"]))
        #expect(text.contains("decoder=codec"))
        #expect(try Config.parse(text).root == config.root)
    }

    @Test("Comments stand before their entries, on lines of their own; headings are set off")
    func comments() throws {
        let config = Config(["a": 1, "b": ["c": [1, 2], "d": 3]])
        let layout = PythonLayout(
            headings: ["b": "part two"], comments: ["b.c.1": ["the second"], "b.d": ["last", ""]])
        let text = try config.python(layout)
        #expect(
            text == """
                a = 1

                # part two
                b = dict(
                    c=[
                        1,
                        # the second
                        2,
                    ],
                    # last
                    #
                    d=3,
                )

                """)
        #expect(try Config.parse(text).root == config.root)
    }

    @Test("Placeholders survive writing only where that is asked for")
    func placeholders() throws {
        let config = Config(["path": "{{fileDirname}}/x.py"])
        #expect(try config.python(PythonLayout(keepsPlaceholders: true)) == "path = '{{fileDirname}}/x.py'\n")
        #expect(try !config.python().contains("{{"))
    }

    @Test("Comments belong to what follows them, or to what stands before them on their line or in their brackets")
    func notes() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).py")
        defer { try? FileManager.default.removeItem(at: file) }
        try """
        _base_ = ['base.py']
        # how long
        epochs = 10  # not more
        text = '# no comment'
        steps = [
            dict(type='A'),
            # then this
            dict(type='B', size=epochs),
            # dict(type='C')
        ]
        # end
        """.write(to: file, atomically: true, encoding: .utf8)
        let notes = try SourceNotes(contentsOf: file)
        #expect(
            notes.comments.map { "\($0.line) \($0.path): \($0.text)" } == [
                "2 epochs: how long", "3 epochs: not more", "7 steps.1: then this", "9 steps.1.size: dict(type='C')",
                "11 : end",
            ])
        #expect(notes.usedNames.contains("epochs"))
        #expect(notes.bases == ["base.py"])
    }
}
