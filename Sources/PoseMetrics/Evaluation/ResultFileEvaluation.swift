public import Foundation

/// Evaluation of a COCO-style result file against an annotation file, without a model or a config.
public struct ResultFileEvaluation: Sendable {
    /// How the numbers are computed.
    public enum Kind: Sendable {
        /// COCO's ten numbers.
        case coco
        /// CrowdPose's nine.
        case crowdPose
        /// COCO's ten for 133 key points in five lists, and for each list.
        case wholeBody
    }

    public var kind: Kind
    /// What names begin with.
    public var prefix: String
    public var sigmas: [Double]
    /// Where the sigmas come from, for the report.
    public var sigmaSource: String
    public var useArea: Bool

    public init(kind: Kind, prefix: String, sigmas: [Double], sigmaSource: String, useArea: Bool = true) {
        self.kind = kind
        self.prefix = prefix
        self.sigmas = sigmas
        self.sigmaSource = sigmaSource
        self.useArea = useArea
    }

    /// Evaluations by the name `pose evaluate --metric` takes.
    public static let table: [String: ResultFileEvaluation] = [
        "coco": ResultFileEvaluation(kind: .coco, prefix: "coco", sigmas: Sigmas.coco, sigmaSource: "COCO"),
        "crowdpose": ResultFileEvaluation(
            kind: .crowdPose, prefix: "crowdpose", sigmas: Sigmas.crowdPose, sigmaSource: "CrowdPose", useArea: false),
        "wholebody": ResultFileEvaluation(
            kind: .wholeBody, prefix: "coco-wholebody", sigmas: Sigmas.wholeBody, sigmaSource: "COCO-WholeBody"),
        "aic": ResultFileEvaluation(
            kind: .coco, prefix: "coco", sigmas: Sigmas.aiChallenger, sigmaSource: "AI Challenger", useArea: false),
    ]

    /// An evaluation by its name in `table`, `coco-wholebody` and `coco_wholebody` included.
    public static func named(_ name: String) -> ResultFileEvaluation? {
        table[["coco-wholebody", "coco_wholebody"].contains(name) ? "wholebody" : name]
    }

    /// - Throws: `DatasetError` naming file, entry and field; `MetricError` when the two files do not go together.
    public func callAsFunction(annotations: URL, predictions: URL) throws -> MetricReport {
        let layout: KeypointLayout = kind == .wholeBody ? .wholeBody : .single(sigmas.count)
        guard layout.count == sigmas.count else {
            throw MetricError.keypointCount(of: "the list of sigmas", found: sigmas.count, expected: layout.count)
        }
        let truth = try CocoGroundTruth(contentsOf: annotations, layout: layout)
        let results = try CocoResults(contentsOf: predictions, layout: layout)
        var report = MetricReport("COCO result file", values: [])
        switch kind {
        case .coco: report.values = try CocoEvaluation(truth, results, sigmas: sigmas, useArea: useArea).summary
        case .crowdPose:
            let evaluation = try CocoEvaluation(
                truth, results, sigmas: sigmas, useArea: useArea, ignoring: .annotatedCount)
            report.values = try evaluation.crowdSummary(truth)
        case .wholeBody:
            report.values = try CocoEvaluation(truth, results, sigmas: sigmas, useArea: useArea).summary
            report.details = try CocoEvaluation.partSummaries(truth, results, sigmas: sigmas, useArea: useArea)
        }
        report.facts = facts(truth, results)
        return report.prefixed(prefix)
    }

    private func facts(_ truth: CocoGroundTruth, _ results: CocoResults) -> [MetricReport.Fact] {
        let withResults = Set(results.instances.images).count
        return [
            .init("images", "\(truth.images.count), \(withResults) of them with results"),
            .init("annotations", "\(truth.instances.count)"),
            .init(
                "boxes", "those of the result file: \(results.instances.count) instances, the best 20 an image count"),
            .init("score", "as in the result file"),
            .init("sigmas", "\(sigmaSource), \(sigmas.count) keypoints"),
            .init("area", useArea ? "area of the annotation" : "0.53 of the annotation's box"),
        ]
    }
}

extension CocoEvaluation {
    /// COCO's ten numbers for each part of a whole body: `body/AP`, …
    static func partSummaries(
        _ truth: CocoGroundTruth, _ results: CocoResults, sigmas: [Double], useArea: Bool
    ) throws -> [MetricReport.Value] {
        try truth.layout.parts.flatMap { part in
            let evaluation = try CocoEvaluation(
                truth, results, sigmas: sigmas, keypoints: part.keypoints, useArea: useArea)
            return evaluation.summary.map { MetricReport.Value("\(part.name)/\($0.name)", $0.value, remark: $0.remark) }
        }
    }
}
