extension CocoEvaluation {
    /// The ten numbers of COCO.
    public var summary: [MetricReport.Value] {
        let half = 0
        let threeQuarters = 5
        return [
            number("AP", precision.averagePrecision()),
            number("AP .5", precision.averagePrecision(atSimilarity: half)),
            number("AP .75", precision.averagePrecision(atSimilarity: threeQuarters)),
            number("AP (M)", precision.averagePrecision(.medium), .medium),
            number("AP (L)", precision.averagePrecision(.large), .large),
            number("AR", precision.averageRecall()),
            number("AR .5", precision.averageRecall(atSimilarity: half)),
            number("AR .75", precision.averageRecall(atSimilarity: threeQuarters)),
            number("AR (M)", precision.averageRecall(.medium), .medium),
            number("AR (L)", precision.averageRecall(.large), .large),
        ]
    }

    /// The nine numbers of CrowdPose: the last three over images with a crowd index below 0.2, below 0.8, and above.
    ///
    /// - Throws: `MetricError.missing` when the annotations have no crowd index.
    public func crowdSummary(_ truth: CocoGroundTruth) throws -> [MetricReport.Value] {
        _ = try truth.crowdIndicesOfAll()
        func crowded(
            _ name: String, _ range: String, _ isWanted: @Sendable (Double) -> Bool
        ) throws -> MetricReport.Value {
            let value = try crowdedPrecision(isWanted)
            let remark = value < 0 ? "no annotated person in an image with a crowdIndex \(range)" : nil
            return MetricReport.Value(name, value, remark: remark)
        }
        return [
            number("AP", precision.averagePrecision()),
            number("AP .5", precision.averagePrecision(atSimilarity: 0)),
            number("AP .75", precision.averagePrecision(atSimilarity: 5)),
            number("AR", precision.averageRecall()),
            number("AR .5", precision.averageRecall(atSimilarity: 0)),
            number("AR .75", precision.averageRecall(atSimilarity: 5)),
            try crowded("AP(E)", "below 0.2") { $0 < 0.2 },
            try crowded("AP(M)", "from 0.2 to 0.8") { $0 >= 0.2 && $0 < 0.8 },
            try crowded("AP(H)", "of 0.8 or more") { $0 >= 0.8 },
        ]
    }

    private func number(_ name: String, _ value: Double?, _ area: CocoArea = .all) -> MetricReport.Value {
        guard let value else {
            return MetricReport.Value(
                name, -1, remark: "no annotation with visible keypoints and \(area.text) that is not a crowd")
        }
        return MetricReport.Value(name, value)
    }
}
