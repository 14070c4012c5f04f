/// One of the `categories` of a COCO annotation file.
public struct COCOCategory: Hashable, Sendable, Codable {
    public var id: Int
    public var name: String
    /// Keypoint names in order; absent in files without keypoints.
    public var keypoints: [String]?
    /// Links as pairs of keypoint numbers that count from 1.
    public var skeleton: [[Int]]?

    public init(id: Int, name: String, keypoints: [String]? = nil, skeleton: [[Int]]? = nil) {
        self.id = id
        self.name = name
        self.keypoints = keypoints
        self.skeleton = skeleton
    }
}

extension Skeleton {
    /// From a COCO category. COCO does not say which keypoints change places in the mirror; they are the ones whose names
    /// differ by "left" and "right" only.
    ///
    /// - Throws: `SkeletonError` without keypoints, for repeated names, or a link to a number that no keypoint has.
    public init(category: COCOCategory) throws {
        let field = "categories[\(category.name)]"
        guard let names = category.keypoints, !names.isEmpty else {
            throw SkeletonError.missing(field: field + ".keypoints")
        }
        var indices: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            if let first = indices.updateValue(index, forKey: name) {
                throw SkeletonError.duplicateName(
                    field: "\(field).keypoints[\(index)]", name: name, first: "keypoints[\(first)]")
            }
        }
        let joints = names.enumerated().map { index, name in
            let swap = Self.mirrored(name).flatMap { indices[$0] }
            return Joint(name: name, swap: swap == index ? nil : swap)
        }
        let links = try (category.skeleton ?? []).enumerated().map { number, pair in
            guard pair.count == 2 else {
                throw SkeletonError.wrongType(
                    field: "\(field).skeleton[\(number)]", expected: "two keypoint numbers", found: "\(pair)")
            }
            for end in pair where !(1...names.count).contains(end) {
                throw SkeletonError.unknownIndex(
                    field: "\(field).skeleton[\(number)]", index: "\(end) (counted from 1)", count: names.count)
            }
            return Link(start: pair[0] - 1, end: pair[1] - 1)
        }
        self.init(name: category.name, joints: joints, links: links)
    }

    /// The name with left and right exchanged; nil for a name of neither side.
    static func mirrored(_ name: String) -> String? {
        for (left, right) in [("left", "right"), ("Left", "Right"), ("LEFT", "RIGHT")] {
            if let range = name.firstRange(of: left) { return name.replacing(range, with: right) }
            if let range = name.firstRange(of: right) { return name.replacing(range, with: left) }
        }
        // Single letters count only at an end of the name, set off by an underscore.
        let letters: [Character: String] = ["l": "r", "r": "l", "L": "R", "R": "L"]
        if let first = name.first, name.dropFirst().first == "_", let other = letters[first] {
            return other + name.dropFirst()
        }
        if let last = name.last, name.dropLast().last == "_", let other = letters[last] {
            return name.dropLast() + other
        }
        return nil
    }
}

extension String {
    fileprivate func replacing(_ range: Range<String.Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
