import Checkpoint
import OrderedCollections
import PoseCore

extension Skeleton {
    /// The keypoint definition that MMPose 1.x stores in a checkpoint under `meta.dataset_meta`, in its parsed form.
    ///
    /// `nil` when it defines no keypoints, as in checkpoints of backbones.
    init?(checkpoint value: PickleValue) {
        guard let meta = value.dictValue, let names = meta["keypoint_id2name"]?.dictValue else { return nil }
        let count = names.entries.count
        let flips = meta["flip_indices"]?.integers ?? []
        let upper = Set(meta["upper_body_ids"]?.integers ?? [])
        let lower = Set(meta["lower_body_ids"]?.integers ?? [])
        let colors = meta["keypoint_colors"]?.rows(of: 3) ?? []
        var joints: [Joint] = []
        for id in 0..<count {
            guard let name = names.entries[.int(id)]?.stringValue else { return nil }
            let swap =
                flips.indices.contains(id) && flips[id] != id && (0..<count).contains(flips[id]) ? flips[id] : nil
            joints.append(
                Joint(
                    name: name, color: Self.color(colors, id) ?? Skeleton.defaultJointColor,
                    part: upper.contains(id) ? .upper : lower.contains(id) ? .lower : nil, swap: swap))
        }
        let linkColors = meta["skeleton_link_colors"]?.rows(of: 3) ?? []
        let links = (meta["skeleton_links"]?.arrayValue ?? []).enumerated().compactMap { index, pair -> Link? in
            guard let ends = pair.integers, ends.count == 2, ends.allSatisfy((0..<count).contains) else { return nil }
            return Link(
                start: ends[0], end: ends[1], color: Self.color(linkColors, index) ?? Skeleton.defaultLinkColor)
        }
        self.init(
            name: meta["dataset_name"]?.stringValue ?? "", joints: joints, links: links,
            sigmas: meta["sigmas"]?.numbers ?? [], jointWeights: meta["dataset_keypoint_weights"]?.numbers ?? [])
    }

    private static func color(_ rows: [[Double]], _ index: Int) -> Color? {
        guard rows.indices.contains(index) else { return nil }
        return Color(red: rows[index][0], green: rows[index][1], blue: rows[index][2])
    }
}

extension PickleValue {
    /// The numbers of a list or of a numpy array, row-major.
    fileprivate var numbers: [Double]? {
        if case .array(let array) = self { return array.doubles }
        return arrayValue?.compactMap(\.doubleValue)
    }

    fileprivate var integers: [Int]? { numbers?.map { Int(exactly: $0.rounded()) ?? -1 } }

    /// The numbers in rows of equal width, nested lists or a two-dimensional array.
    fileprivate func rows(of width: Int) -> [[Double]]? {
        if let rows = arrayValue?.compactMap(\.numbers), !rows.isEmpty, rows.allSatisfy({ $0.count == width }) {
            return rows
        }
        guard let numbers, numbers.count.isMultiple(of: width) else { return nil }
        return stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0..<$0 + width]) }
    }
}
