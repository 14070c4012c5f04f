import Foundation

extension DoctorReport {
    /// The report as people read it; problems come last, each with its remedy.
    public var text: String {
        let present = processor.features.filter(\.isPresent).map(\.name)
        let absent = processor.features.map(\.name).joined(separator: ", ")
        let machine = TextTable([
            ["system", system],
            ["processor", "\(processor.name), \(processor.cores) cores, \(processor.architecture)"],
            ["features", present.isEmpty ? "none of \(absent)" : present.joined(separator: ", ")],
            ["memory", String(format: "%.1f GB", Double(memory) / 1_000_000_000)],
        ])
        let engines = TextTable(
            self.engines.map { [$0.name, $0.version, $0.devices.joined(separator: ", "), $0.use] }
                + [["Python", "not needed"]])
        let models = TextTable(
            self.models.map { [$0.name, $0.files.joined(separator: ", ")] }
                + [["zoo", zoo.folder.map { "\(zoo.models) models in \($0)" } ?? "not on this machine"]])
        return [section("machine", machine), section("engines", engines), section("models", models), problemText]
            .joined(separator: "\n\n")
    }

    private var problemText: String {
        guard !problems.isEmpty else { return "nothing is missing" }
        return "missing\n" + problems.map { "  \($0.what)\n    → \($0.remedy)" }.joined(separator: "\n")
    }

    private func section(_ title: String, _ table: TextTable) -> String {
        title + "\n" + table.text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    }
}
