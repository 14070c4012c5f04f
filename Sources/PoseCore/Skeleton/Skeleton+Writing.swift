public import PyConfig

extension Skeleton {
    /// The definition in MMPose's `dataset_info` format, as `init(metainfo:)` reads it.
    public var metainfo: ConfigDict {
        var points = ConfigDict()
        for (id, joint) in joints.enumerated() {
            var entry = ConfigDict()
            entry["name"] = .string(joint.name)
            entry["id"] = .int(id)
            entry["color"] = joint.color.numbers
            entry["type"] = .string(joint.part?.rawValue ?? "")
            entry["swap"] = .string(joint.swap.map { joints[$0].name } ?? "")
            points[String(id)] = .dict(entry)
        }
        var lines = ConfigDict()
        for (id, link) in links.enumerated() {
            var entry = ConfigDict()
            entry["link"] = .list([.string(joints[link.start].name), .string(joints[link.end].name)])
            entry["id"] = .int(id)
            entry["color"] = link.color.numbers
            lines[String(id)] = .dict(entry)
        }
        var result = ConfigDict()
        result["dataset_name"] = .string(name)
        result["keypoint_info"] = .dict(points)
        result["skeleton_info"] = .dict(lines)
        result["joint_weights"] = .list(jointWeights.map(ConfigValue.float))
        result["sigmas"] = .list(sigmas.map(ConfigValue.float))
        return result
    }

    /// The definition of the keypoints at `indices` alone, with the links between them.
    package func selecting(_ indices: [Int]) -> Skeleton {
        let positions = Dictionary(indices.enumerated().map { ($1, $0) }) { first, _ in first }
        var result = self
        result.joints = indices.map { index in
            var joint = joints[index]
            joint.swap = joint.swap.flatMap { positions[$0] }
            return joint
        }
        result.links = links.compactMap { link in
            guard let start = positions[link.start], let end = positions[link.end] else { return nil }
            return Link(start: start, end: end, color: link.color)
        }
        result.sigmas = sigmas.isEmpty ? [] : indices.map { sigmas[$0] }
        result.jointWeights = indices.compactMap { jointWeights.indices.contains($0) ? jointWeights[$0] : nil }
        return result
    }
}

extension Keypoints {
    /// The keypoints at `indices`, in that order.
    package func selecting(_ indices: [Int]) -> Keypoints {
        Keypoints(
            points: indices.map { points[$0] }, depths: is3D ? indices.map { depths[$0] } : [],
            scores: indices.map { scores[$0] })
    }
}

extension Color {
    fileprivate var numbers: ConfigValue { .list([.float(red), .float(green), .float(blue)]) }
}
