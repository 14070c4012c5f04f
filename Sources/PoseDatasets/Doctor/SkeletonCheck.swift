import PoseCore
import PyConfig

/// Looks through a definition of key points.
struct SkeletonCheck {
    let skeleton: Skeleton
    let path: String
    let file: String

    func run(_ report: inout DoctorReport) {
        checkSigmas(&report)
        checkMirror(&report)
        checkLinks(&report)
        if skeleton.jointWeights.count != skeleton.count {
            add(
                .jointWeights, "joint_weights",
                "\(skeleton.jointWeights.count) weights for \(skeleton.count) key points",
                "give one weight a key point",
                &report)
        } else if let bad = skeleton.jointWeights.firstIndex(where: { $0 < 0 }) {
            add(.jointWeights, "joint_weights[\(bad)]", "is negative", "give a weight of 0 or more", &report)
        }
    }

    private func add(
        _ kind: Finding.Kind, severity: Finding.Severity = .error, _ field: String, _ problem: String,
        _ remedy: String, _ report: inout DoctorReport
    ) {
        report.add(Finding(kind, severity, file: file, field: "\(path).\(field)", problem: problem, remedy: remedy))
    }

    private func checkSigmas(_ report: inout DoctorReport) {
        if skeleton.sigmas.isEmpty {
            add(
                .sigmas, severity: .warning, "sigmas", "there are none, so OKS (COCO's AP) cannot be computed",
                "give one a key point: 0.025 to 0.1, smaller for points that people place exactly", &report)
        }
        for (index, sigma) in skeleton.sigmas.enumerated() where sigma <= 0 {
            add(.sigmas, "sigmas[\(index)]", "is \(sigma)", "give a positive number", &report)
        }
    }

    private func checkMirror(_ report: inout DoctorReport) {
        let sides = skeleton.sides
        for (index, joint) in skeleton.joints.enumerated() {
            guard let swap = joint.swap else {
                // A name with a side whose counterpart exists must change places with it.
                if sides[index] != .center, let other = counterpart(index) {
                    add(
                        .flipPairs, "keypoint_info.\(index).swap",
                        "'\(joint.name)' does not change places with '\(skeleton.joints[other].name)' in the mirror",
                        "set swap='\(skeleton.joints[other].name)'", &report)
                }
                continue
            }
            if skeleton.joints[swap].swap != index {
                add(
                    .flipPairs, "keypoint_info.\(index).swap",
                    "'\(joint.name)' becomes '\(skeleton.joints[swap].name)', which does not become it in turn",
                    "set swap on both key points", &report)
            } else if sides[index] != .center, sides[index] == sides[swap] {
                add(
                    .sides, "keypoint_info.\(index).swap",
                    "'\(joint.name)' changes places with '\(skeleton.joints[swap].name)' of the same side",
                    "swap each left key point with its right one", &report)
            }
        }
    }

    /// The key point whose name differs by the side only.
    private func counterpart(_ index: Int) -> Int? {
        let name = skeleton.joints[index].name
        let pairs = [("left", "right"), ("Left", "Right"), ("LEFT", "RIGHT")]
        for (left, right) in pairs {
            let other =
                name.contains(left) ? name.replacing(left, with: right) : name.replacing(right, with: left)
            if other != name, let found = skeleton.index(of: other) { return found }
        }
        return nil
    }

    private func checkLinks(_ report: inout DoctorReport) {
        var seen = Set<[Int]>()
        for (index, link) in skeleton.links.enumerated() {
            if link.start == link.end {
                add(
                    .links, severity: .warning, "skeleton_info.\(index)", "joins a key point to itself", "remove it",
                    &report)
            } else if !seen.insert([min(link.start, link.end), max(link.start, link.end)]).inserted {
                add(.links, severity: .warning, "skeleton_info.\(index)", "is there twice", "remove one", &report)
            }
        }
    }
}

/// Compares the number of key points with the number of outputs of the model's head.
struct OutputCheck {
    let model: ConfigDict?
    let path: String
    let file: String

    func run(_ keypoints: Int, _ report: inout DoctorReport) {
        guard let head = model?["head"]?.dictValue ?? model?["keypoint_head"]?.dictValue else { return }
        for field in ["out_channels", "num_joints", "num_keypoints"] {
            guard let outputs = head[field]?.intValue else { continue }
            let wanted = expected(head, field, keypoints)
            guard outputs != wanted else { continue }
            report.add(
                Finding(
                    .outChannels, file: file, field: "model.head.\(field)",
                    problem: "is \(outputs), but \(path) has \(keypoints) key points"
                        + (wanted == keypoints ? "" : " (\(wanted) maps)"),
                    remedy: "set it to \(wanted), or convert the key points with KeypointConverter"))
        }
    }

    /// UDP's combined maps are three a key point; CPM-like heads count as they are.
    private func expected(_ head: ConfigDict, _ field: String, _ keypoints: Int) -> Int {
        let codec = head["decoder"]?.dictValue ?? [:]
        let isCombined = codec["heatmap_type"]?.stringValue == "combined"
        return field == "out_channels" && isCombined ? 3 * keypoints : keypoints
    }
}
