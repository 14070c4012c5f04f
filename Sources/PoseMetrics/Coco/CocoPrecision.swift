/// Precision at 101 recalls, and the highest recall, for every category, range of areas and similarity.
public struct CocoPrecision: Sendable {
    /// By category, area and similarity the 101 precisions; nil where no annotation counts.
    private var precision: [[[[Double]]?]] = []
    /// By category, area and similarity; nil where no annotation counts.
    private var recall: [[[Double]?]] = []

    /// - Parameter includes: which images take part.
    init(_ categories: [[ImageMatcher.Outcome]], includes: @Sendable (Int) -> Bool) throws {
        for parts in categories {
            let joined = Self.join(parts, includes)
            let order = joined.scores.indices.sorted { Ranking.precedes($0, $1, joined.scores) }
            let curves = try Parallel.map(CocoProtocol.areas.count, atLeast: 1) { areas in
                areas.map { Self.curves(joined, order, area: $0) }
            }.flatMap { $0 }
            precision.append(curves.map { $0?.precision })
            recall.append(curves.map { $0?.recall })
        }
    }

    /// All images after each other.
    private struct Joined: Sendable {
        var scores: [Double] = []
        var matched: [[UInt16]] = Array(repeating: [], count: CocoProtocol.areas.count)
        var ignored: [[UInt16]] = Array(repeating: [], count: CocoProtocol.areas.count)
        var positives = [Int](repeating: 0, count: CocoProtocol.areas.count)
    }

    private static func join(_ parts: [ImageMatcher.Outcome], _ includes: (Int) -> Bool) -> Joined {
        var joined = Joined()
        for part in parts {
            var start = 0
            for image in part.images {
                let range = start..<start + image.detections
                start = range.upperBound
                guard includes(image.id) else { continue }
                joined.scores += part.scores[range]
                for area in CocoProtocol.areas.indices {
                    joined.matched[area] += part.matched[area][range]
                    joined.ignored[area] += part.ignored[area][range]
                    joined.positives[area] += image.positives[area]
                }
            }
        }
        return joined
    }

    private static func curves(
        _ joined: Joined, _ order: [Int], area: Int
    ) -> (precision: [[Double]], recall: [Double])? {
        let positives = Double(joined.positives[area])
        guard positives > 0 else { return nil }
        let matched = order.map { joined.matched[area][$0] }
        let ignored = order.map { joined.ignored[area][$0] }
        var result: (precision: [[Double]], recall: [Double]) = ([], [])
        for threshold in CocoProtocol.similarities.indices {
            let bit: UInt16 = 1 << threshold
            var precisions: [Double] = []
            var recalls: [Double] = []
            var hits = 0.0
            var misses = 0.0
            // What is ignored changes neither sum, and so no point of the curve.
            for index in matched.indices where ignored[index] & bit == 0 {
                if matched[index] & bit != 0 { hits += 1 } else { misses += 1 }
                recalls.append(hits / positives)
                precisions.append(hits / (misses + hits + CocoProtocol.spacing))
            }
            for index in precisions.indices.dropFirst().reversed() where precisions[index] > precisions[index - 1] {
                precisions[index - 1] = precisions[index]
            }
            result.recall.append(recalls.last ?? 0)
            var position = 0
            result.precision.append(
                CocoProtocol.recalls.map { wanted in
                    while position < recalls.count, recalls[position] < wanted { position += 1 }
                    return position < recalls.count ? precisions[position] : 0
                })
        }
        return result
    }

    // MARK: summaries

    /// Mean precision over recalls and similarities, or at one similarity; nil where no annotation counts.
    public func averagePrecision(_ area: CocoArea = .all, atSimilarity index: Int? = nil) -> Double? {
        Self.mean(
            precision.flatMap { areas -> [Double] in
                guard let curves = areas[area.rawValue] else { return [] }
                return index.map { curves[$0] } ?? curves.flatMap { $0 }
            })
    }

    /// Mean of the highest recalls over similarities, or at one similarity; nil where no annotation counts.
    public func averageRecall(_ area: CocoArea = .all, atSimilarity index: Int? = nil) -> Double? {
        Self.mean(
            recall.flatMap { areas -> [Double] in
                guard let values = areas[area.rawValue] else { return [] }
                return index.map { [values[$0]] } ?? values
            })
    }

    /// Mean precision in which categories without annotations count as -1.
    var meanCountingMissing: Double {
        let missing = [Double](
            repeating: -1, count: CocoProtocol.similarities.count * CocoProtocol.recalls.count)
        return Self.mean(precision.flatMap { $0[0]?.flatMap { $0 } ?? missing }) ?? -1
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
