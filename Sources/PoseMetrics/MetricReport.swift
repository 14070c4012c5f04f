/// What a metric found: numbers under the names MMPose prints, and how they came about.
public struct MetricReport: Hashable, Sendable {
    /// One number.
    public struct Value: Hashable, Sendable {
        /// With the metric's prefix: `coco/AP (M)`.
        public var name: String
        public var value: Double
        /// Why the number is what it is, where it says nothing by itself: -1 for what cannot be measured.
        public var remark: String?

        public init(_ name: String, _ value: Double, remark: String? = nil) {
            self.name = name
            self.value = value
            self.remark = remark
        }
    }

    /// The metric as configs name it.
    public var metric: String
    public var values: [Value]
    /// Numbers that MMPose computes but does not report.
    public var details: [Value]
    /// What the numbers rest on, for the table: source of boxes, score mode, sigmas.
    public var facts: [Fact]

    /// A fact and its name.
    public struct Fact: Hashable, Sendable {
        public var name: String
        public var text: String

        public init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    public init(_ metric: String, values: [Value], details: [Value] = [], facts: [Fact] = []) {
        self.metric = metric
        self.values = values
        self.details = details
        self.facts = facts
    }

    /// A value by its name.
    public subscript(_ name: String) -> Double? {
        (values + details).first { $0.name == name }?.value
    }

    /// The same report with `prefix/` before every name.
    func prefixed(_ prefix: String?) -> MetricReport {
        guard let prefix else { return self }
        var report = self
        for index in report.values.indices { report.values[index].name = "\(prefix)/\(report.values[index].name)" }
        for index in report.details.indices { report.details[index].name = "\(prefix)/\(report.details[index].name)" }
        return report
    }
}
