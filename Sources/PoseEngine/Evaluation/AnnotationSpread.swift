public import Foundation
import PoseCore
import PoseMetrics

/// How exactly people place each keypoint: sigmas from the same instances annotated several times.
///
/// Every annotation is in a COCO-style file of its own annotator or pass; annotation ids say which are of the same instance.
public struct AnnotationSpread: Sendable {
    /// One for each keypoint; nil for one that no instance has twice.
    public let sigmas: [Double?]
    /// Names of the keypoints, where the files have them.
    public let names: [String]
    /// Instances that at least two files have.
    public let instances: Int

    /// - Throws: `DatasetError` naming file, entry and field; `MetricError` when files disagree on the number of keypoints;
    ///   `PipelineError` when no instance is in two files.
    public init(_ files: [URL]) throws {
        let truths = try files.map { try CocoGroundTruth(contentsOf: $0) }
        guard let count = truths.first?.instances.keypointCount, truths.count > 1 else {
            throw PipelineError(
                description: "sigmas need the same instances annotated at least twice: two files or more")
        }
        var rows: [Int: [(file: Int, row: Int)]] = [:]
        for (file, truth) in truths.enumerated() {
            guard truth.instances.keypointCount == count else {
                throw MetricError.keypointCount(
                    of: files[file].path, found: truth.instances.keypointCount, expected: count)
            }
            for (row, id) in truth.instances.ids.enumerated() { rows[id, default: []].append((file, row)) }
        }
        var estimator = SigmaEstimator(keypoints: count)
        var repeated = 0
        for (id, places) in rows.sorted(by: { $0.key < $1.key }) where places.count > 1 {
            let areas = places.compactMap { truths[$0.file].instances.size($0.row) }
            guard !areas.isEmpty else {
                throw MetricError.missing(metric: "sigmas", what: "area or bbox of annotation \(id)")
            }
            repeated += 1
            try estimator.add(
                places.map { truths[$0.file].instances.places($0.row) },
                area: areas.reduce(0, +) / Double(areas.count))
        }
        guard repeated > 0 else {
            throw PipelineError(description: "no annotation id is in two of the files: which instances are the same?")
        }
        sigmas = estimator.sigmas
        instances = repeated
        names = try Self.names(in: files[0], count: count)
    }

    private static func names(in file: URL, count: Int) throws -> [String] {
        let categories = try PoseCore.JSONValue(contentsOf: file)["categories"]?.elements ?? []
        for category in categories {
            let names = (category["keypoints"]?.elements ?? []).compactMap(\.text)
            if names.count == count { return names }
        }
        return (0..<count).map { "keypoint \($0)" }
    }
}

extension InstanceColumns {
    /// The instance's area, or 0.53 of its box.
    fileprivate func size(_ row: Int) -> Double? {
        if areas[row] > 0 { return areas[row] }
        let area = boxes[row].z * boxes[row].w * 0.53
        return area > 0 ? area : nil
    }

    /// Where its keypoints are; nil for those that are not annotated.
    fileprivate func places(_ row: Int) -> [SIMD2<Double>?] {
        (0..<keypointCount).map { point in
            let start = 3 * (row * keypointCount + point)
            return keypoints[start + 2] > 0 ? SIMD2(keypoints[start], keypoints[start + 1]) : nil
        }
    }
}
