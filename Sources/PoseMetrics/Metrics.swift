public import PyConfig

/// Every metric, by the name configs use. A new metric is a file in this target and a line here.
public enum Metrics {
    static let table: [String: @Sendable (Arguments, EvaluatedDataset) throws -> any Metric] = [
        "AUC": { arguments, _ in try AUC(arguments) },
        "CocoMetric": { try CocoMetric($0, dataset: $1) },
        "CocoWholeBodyMetric": { try CocoMetric($0, dataset: $1, kind: .wholeBody) },
        "EPE": { arguments, _ in try EPE(arguments) },
        "InterHandMetric": { arguments, _ in try InterHandMetric(arguments) },
        "JhmdbPCKAccuracy": { arguments, _ in try JhmdbPCKAccuracy(arguments) },
        "KeypointPartitionMetric": { try KeypointPartitionMetric($0, dataset: $1) },
        "MPJPE": { arguments, _ in try MPJPE(arguments, byAction: true) },
        "MpiiPCKAccuracy": { arguments, _ in try MpiiPCKAccuracy(arguments) },
        "NME": { try NME($0, dataset: $1.name) },
        "PCKAccuracy": { arguments, _ in try PCKAccuracy(arguments) },
        "PoseTrack18Metric": { try PoseTrack18Metric($0, dataset: $1) },
        "SimpleMPJPE": { arguments, _ in try MPJPE(arguments, byAction: false) },
    ]

    /// The metric a dictionary of `test_evaluator` describes.
    ///
    /// - Parameter dataset: what it is computed on.
    /// - Throws: `ConfigError` naming the place in the config, `DatasetError` for annotation files that it reads.
    public static func make(_ arguments: Arguments, dataset: EvaluatedDataset) throws -> any Metric {
        let type = try arguments.type()
        guard let builder = table[name(type)] else {
            let known = table.keys.sorted().joined(separator: ", ")
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).type", reason: "'\(type)' is not one of the metrics \(known)")
        }
        let metric = try builder(arguments, dataset)
        // Where results are gathered is no business of a metric here.
        arguments.ignore("collect_device", "collect_dir", "_scope_")
        try arguments.finish()
        return metric
    }

    /// A type without the module or scope before it.
    static func name(_ type: String) -> String { type.split(separator: ".").last.map(String.init) ?? type }
}

extension Arguments {
    func metricPrefix() throws -> String? { try optionalString("prefix") }

    /// `norm_item`: one name or a list.
    func normalizationItems(default item: NormalizationItem) throws -> [NormalizationItem] {
        guard let value = value("norm_item"), !value.isNone else { return [item] }
        let names = value.stringValue.map { [$0] } ?? value.arrayValue?.compactMap(\.stringValue) ?? []
        let items = names.compactMap(NormalizationItem.init)
        guard !items.isEmpty, items.count == names.count else {
            throw ConfigError.invalidArgument(
                path: "\(path).norm_item", reason: "is 'bbox', 'head', 'torso' or a list of these, not \(value.python)")
        }
        // In the order MMPose reports them.
        return NormalizationItem.allCases.filter(items.contains)
    }
}
