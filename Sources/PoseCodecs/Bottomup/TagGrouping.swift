import PoseCore

/// Sorts key points of all instances into instances by their tags.
///
/// One kind of key point after the other is assigned to the groups there are by rounded distance of tags, then score; one
/// too far from all starts a group of its own.
struct TagGrouping {
    /// A possible key point.
    struct Candidate {
        let place: LocalMaximum
        let tag: [Float]

        init(_ place: LocalMaximum, tag: [Float]) {
            self.place = place
            self.tag = tag
        }
    }

    /// Kinds of key points in the order they are assigned; that of the maps when empty.
    let order: [Int]
    let scoreThreshold, tagThreshold: Double
    /// How many groups are kept, the first ones; all when nil.
    let maximalGroups: Int?

    private struct Group {
        /// The first number of the tag it was started with. A further group with the same one joins it.
        let key: Float
        var members: [LocalMaximum?]
        var tags: [[Float]]
    }

    /// For every group its key points, nil where it has none.
    ///
    /// - Parameter candidates: of every kind, the best first. Such with tags that are no numbers are left out.
    /// - Throws: `CodecError.shape` when `order` belongs to another number of key points.
    func groups(_ candidates: [[Candidate]]) throws -> [[LocalMaximum?]] {
        guard order.isEmpty || order.count == candidates.count else {
            throw CodecError.shape(
                codec: "AssociativeEmbedding", array: "heatmaps", expected: "(B, \(order.count), H, W)",
                found: [candidates.count])
        }
        var groups: [Group] = []
        for keypoint in order.isEmpty ? Array(candidates.indices) : order {
            let valid = candidates[keypoint].filter { $0.tag.allSatisfy(\.isFinite) }
            let assigned = groups.isEmpty ? Array(repeating: nil, count: valid.count) : assign(valid, to: groups)
            for (candidate, group) in zip(valid, assigned) {
                if let group {
                    groups[group].members[keypoint] = candidate.place
                    groups[group].tags.append(candidate.tag)
                } else {
                    start(candidate, keypoint, count: candidates.count, in: &groups)
                }
            }
        }
        return groups.prefix(maximalGroups.map { max($0, 0) } ?? groups.count).map(\.members)
    }

    private func start(_ candidate: Candidate, _ keypoint: Int, count: Int, in groups: inout [Group]) {
        let key = candidate.tag.first ?? 0
        if let same = groups.firstIndex(where: { $0.key == key }) {
            groups[same].members[keypoint] = candidate.place
            groups[same].tags = [candidate.tag]
        } else {
            var members = [LocalMaximum?](repeating: nil, count: count)
            members[keypoint] = candidate.place
            groups.append(Group(key: key, members: members, tags: [candidate.tag]))
        }
    }

    /// The group of every candidate, or nil.
    private func assign(_ candidates: [Candidate], to groups: [Group]) -> [Int?] {
        let means = groups.map { Self.mean($0.tags) }
        let distances = candidates.map { candidate in
            means.map { mean in
                zip(candidate.tag, mean).reduce(0.0) { sum, pair in
                    let difference = Double(pair.0) - Double(pair.1)
                    return sum + difference * difference
                }.squareRoot()
            }
        }
        // Columns of no group, so dear that they are the last resort, keep every row assigned.
        let spare = Array(repeating: 1e10, count: max(0, candidates.count - groups.count))
        let costs = zip(candidates, distances).map { candidate, row in
            row.map { $0.rounded(.toNearestOrEven) * 100 - Double(candidate.place.value) } + spare
        }
        return zip(Assignment.solve(costs), distances).map { column, row in
            row.indices.contains(column) && row[column] < tagThreshold ? column : nil
        }
    }

    /// Number by number.
    static func mean(_ tags: [[Float]]) -> [Float] {
        guard let first = tags.first else { return [] }
        let sums = tags.dropFirst().reduce(first) { zip($0, $1).map(+) }
        return sums.map { $0 / Float(tags.count) }
    }
}
