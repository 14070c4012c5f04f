import Foundation
import PyConfig

/// Average precision and recall of COCO's keypoint evaluation (https://cocodataset.org/#keypoints-eval), with its
/// CrowdPose and whole-body variants.
///
/// Predictions are scored, thinned out by their similarity in each image (OKS-NMS), and compared with the annotation file:
/// `ann_file`, or the one of the dataset.
struct CocoMetric: Metric {
    let type: String
    let kind: ResultFileEvaluation.Kind
    let selection: InstanceSelection
    let useArea: Bool
    let prefix: String
    /// Where result files go: this and `.keypoints.json`.
    let outputPrefix: String?
    /// Whether results are only written.
    let formatsOnly: Bool
    let dataset: EvaluatedDataset
    /// Of the keypoints that are compared.
    let sigmas: [Double]
    /// Nil when results are only written.
    let truth: CocoGroundTruth?

    init(_ arguments: Arguments, dataset: EvaluatedDataset, kind fixed: ResultFileEvaluation.Kind? = nil) throws {
        type = Metrics.name(try arguments.type())
        let iou = try arguments.string("iou_type", default: "keypoints")
        guard let named = ["keypoints": ResultFileEvaluation.Kind.coco, "keypoints_crowd": .crowdPose][iou] else {
            throw arguments.invalid("iou_type", "is 'keypoints' or 'keypoints_crowd', not '\(iou)'")
        }
        kind = fixed ?? named
        useArea = try arguments.bool("use_area", default: true)
        let standard = fixed == .wholeBody ? "coco-wholebody" : "coco"
        let given = try arguments.metricPrefix() ?? ""
        prefix = given.isEmpty ? standard : given
        outputPrefix = try arguments.optionalString("outfile_prefix")
        formatsOnly = try arguments.bool("format_only", default: false)
        guard !formatsOnly || outputPrefix != nil else {
            throw arguments.invalid("outfile_prefix", "must be given when format_only=True: results are written there")
        }
        let conversion = try arguments.child("gt_converter").map(KeypointConversion.init)
        self.dataset = dataset
        sigmas = try Self.sigmas(dataset, conversion, type, arguments)
        selection = InstanceSelection(
            type: type, scoring: try InstanceScore(arguments), suppression: try PoseSuppression(arguments),
            conversion: try arguments.child("pred_converter").map(KeypointConversion.init), sigmas: sigmas,
            isWholeBody: kind == .wholeBody)
        let file = try arguments.optionalString("ann_file")
        truth =
            formatsOnly
            ? nil : try Self.truth(file: file, dataset, kind, conversion, count: sigmas.count, arguments)
    }

    private static func sigmas(
        _ dataset: EvaluatedDataset, _ conversion: KeypointConversion?, _ type: String, _ arguments: Arguments
    ) throws -> [Double] {
        guard !dataset.sigmas.isEmpty else {
            throw arguments.invalid(
                "type",
                "\(type) needs the sigmas of the dataset '\(dataset.name)', whose metainfo has none; `pose dataset sigmas`"
                    + " estimates them from repeated annotation")
        }
        return conversion?(dataset.sigmas, width: 1, empty: 1) ?? dataset.sigmas
    }

    private static func truth(
        file: String?, _ dataset: EvaluatedDataset, _ kind: ResultFileEvaluation.Kind,
        _ conversion: KeypointConversion?, count: Int, _ arguments: Arguments
    ) throws -> CocoGroundTruth {
        let files = file.map { [URL(fileURLWithPath: $0)] } ?? dataset.annotationFiles
        guard !files.isEmpty else {
            throw arguments.invalid(
                "ann_file", "must be given: the dataset '\(dataset.name)' has no COCO-style annotation file")
        }
        let isConverted = conversion != nil || dataset.partition != nil
        let layout: KeypointLayout? = kind == .wholeBody ? .wholeBody : isConverted ? nil : .single(count)
        var truth = try CocoGroundTruth.merging(
            files.map { try CocoGroundTruth(contentsOf: $0, layout: layout) }, names: files.map(\.path))
        if let conversion {
            truth = try truth.converted(conversion, counted: conversion.count)
        }
        if let partition = dataset.partition {
            truth = try truth.converted(KeypointConversion(selecting: partition), counted: nil)
        }
        if kind == .crowdPose { _ = try truth.crowdIndicesOfAll() }
        return truth
    }

    func check(_: EvaluatedSample, predicted: Int) throws {
        try selection.check(predicted: predicted)
        // Annotations that cannot be compared with anything, before there is anything to compare.
        if truth != nil { _ = try evaluated(InstanceColumns(keypointCount: sigmas.count)) }
    }

    func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        guard !samples.isEmpty else { throw MetricError.empty(metric: type) }
        let results = try selection(samples)
        if let outputPrefix {
            let layout: KeypointLayout = kind == .wholeBody ? .wholeBody : .single(sigmas.count)
            try results.write(to: URL(fileURLWithPath: outputPrefix + ".keypoints.json"), layout: layout)
        }
        var report = MetricReport(type, values: [], facts: facts(samples, results))
        guard truth != nil else { return report }
        (report.values, report.details) = try evaluated(results)
        return report.prefixed(prefix)
    }

    private func evaluated(
        _ results: InstanceColumns
    ) throws -> (values: [MetricReport.Value], details: [MetricReport.Value]) {
        guard let truth else { return ([], []) }
        let found = try CocoResults(results, measuring: truth.layout.parts.first?.keypoints.count)
        switch kind {
        case .coco: return (try CocoEvaluation(truth, found, sigmas: sigmas, useArea: useArea).summary, [])
        case .crowdPose:
            let evaluation = try CocoEvaluation(
                truth, found, sigmas: sigmas, useArea: useArea, ignoring: .annotatedCount)
            return (try evaluation.crowdSummary(truth), [])
        case .wholeBody:
            return (
                try CocoEvaluation(truth, found, sigmas: sigmas, useArea: useArea).summary,
                try CocoEvaluation.partSummaries(truth, found, sigmas: sigmas, useArea: useArea)
            )
        }
    }

    private func facts(_ samples: [EvaluatedSample], _ results: InstanceColumns) -> [MetricReport.Fact] {
        let finds = samples.contains(where: \.isWholeImage)
        var facts: [MetricReport.Fact] = []
        if let truth {
            facts.append(.init("images", "\(truth.images.count), \(Set(results.images).count) of them with results"))
            facts.append(.init("annotations", "\(truth.instances.count)"))
        }
        facts.append(.init("boxes", finds ? "none: the model finds the instances" : dataset.boxes))
        facts.append(.init("instances", "\(results.count) after \(selection.suppression.text)"))
        facts.append(.init("score", selection.scoring.text))
        facts.append(.init("sigmas", "\(dataset.name), \(sigmas.count) keypoints"))
        facts.append(.init("area", useArea ? "area of the annotation" : "0.53 of the annotation's box"))
        if let outputPrefix { facts.append(.init("results", "\(outputPrefix).keypoints.json")) }
        return facts
    }
}
