import PoseCore
import PyConfig

/// How well two hands are found in space (Moon et al. 2020): joints relative to their wrist (MPJPE), the wrists relative to
/// each other (MRRPE), in millimetres, and which hands there are.
public struct InterHandMetric: Metric {
    /// What is measured.
    enum Mode: String, CaseIterable, Sendable {
        case joints = "MPJPE"
        case handedness = "HandednessAcc"
        case roots = "MRRPE"
    }

    public let type = "InterHandMetric"
    let modes: Set<Mode>
    let prefix: String?

    /// The wrists; joints up to the first belong to the right hand.
    private static let wrists = (right: 20, left: 41)

    init(_ arguments: Arguments) throws {
        let names = try arguments.strings("modes", default: Mode.allCases.map(\.rawValue))
        modes = Set(
            try names.map { name in
                guard let mode = Mode(rawValue: name) else {
                    throw arguments.invalid("modes", "are MPJPE, MRRPE and HandednessAcc, not '\(name)'")
                }
                return mode
            })
        prefix = try arguments.metricPrefix()
    }

    public func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        guard !samples.isEmpty else { throw MetricError.empty(metric: type) }
        var joints = (single: [Double](), interacting: [Double]())
        var roots: [Double] = []
        var right: [Bool] = []
        for sample in samples {
            let hands = try Hands(sample, type)
            if modes.contains(.joints) {
                let distances = hands.jointDistances(wrists: Self.wrists)
                if hands.areTwo { joints.interacting += distances } else { joints.single += distances }
            }
            if modes.contains(.roots), let distance = hands.rootDistance(wrists: Self.wrists) { roots.append(distance) }
            if hands.truth.handsAreKnown { right.append(hands.truth.hands == hands.truth.predictedHands) }
        }
        func value(_ name: String, _ distances: [Double], _ what: String) -> MetricReport.Value {
            MetricReport.Value(name, distances.mean ?? 0, remark: distances.isEmpty ? "no \(what) is annotated" : nil)
        }
        var values: [MetricReport.Value] = []
        if modes.contains(.joints) {
            values.append(value("MPJPE_all", joints.single + joints.interacting, "joint"))
            values.append(value("MPJPE_single", joints.single, "joint of a hand alone"))
            values.append(value("MPJPE_interacting", joints.interacting, "joint of two hands"))
        }
        if modes.contains(.handedness) {
            let part = right.isEmpty ? Double.nan : Double(right.count { $0 }) / Double(right.count)
            let remark = right.isEmpty ? "no annotation says which hands there are" : nil
            values.append(.init("HandednessAcc", part, remark: remark))
        }
        if modes.contains(.roots) { values.append(value("MRRPE", roots, "pair of wrists")) }
        return MetricReport(type, values: values).prefixed(prefix)
    }

    /// One sample in the camera's space.
    private struct Hands {
        let truth: EvaluatedHands
        /// In pixels, and millimetres from the wrist's depth.
        let predicted: [SIMD3<Double>]
        let annotated: [SIMD3<Double>]
        let visible: [Bool]

        var areTwo: Bool { truth.hands.allSatisfy { $0 } }

        init(_ sample: EvaluatedSample, _ metric: String) throws {
            guard let hands = sample.hands else {
                throw MetricError.missing(metric: metric, what: "a dataset and a model of two hands in space")
            }
            let shape = sample.predicted.shape
            guard shape.count == 3, shape[0] == 1, shape[1] == 42, shape[2] == 3,
                hands.cameraKeypoints.count == sample.predicted.count, sample.visible.count == shape[1]
            else {
                throw MetricError.keypointCount(
                    of: "a prediction\(sample.imagePath.map { " for \($0)" } ?? "")",
                    found: shape.count > 1 ? shape[1] : 0, expected: 42)
            }
            func points(_ array: RealArray) -> [SIMD3<Double>] {
                (0..<shape[1]).map {
                    SIMD3(array.elements[3 * $0], array.elements[3 * $0 + 1], array.elements[3 * $0 + 2])
                }
            }
            truth = hands
            predicted = points(sample.predicted)
            annotated = points(hands.cameraKeypoints)
            visible = sample.visible.elements.map { $0 != 0 }
        }

        private func inCamera(_ point: SIMD3<Double>, depth: Double) -> SIMD3<Double> {
            let z = point.z + depth
            let x = (point.x - truth.principalPoint.x) / truth.focalLength.x * z
            return SIMD3(x, (point.y - truth.principalPoint.y) / truth.focalLength.y * z, z)
        }

        /// Of annotated joints, each relative to its own wrist.
        func jointDistances(wrists: (right: Int, left: Int)) -> [Double] {
            let found = predicted.enumerated().map { joint, point in
                inCamera(point, depth: joint <= wrists.right ? truth.rootDepths.x : truth.rootDepths.y)
            }
            return visible.indices.filter { visible[$0] }.map { joint in
                let wrist = joint <= wrists.right ? wrists.right : wrists.left
                return length((found[joint] - found[wrist]) - (annotated[joint] - annotated[wrist]))
            }
        }

        /// Of the way from the right to the left wrist, when both are annotated.
        func rootDistance(wrists: (right: Int, left: Int)) -> Double? {
            guard areTwo, visible[wrists.right], visible[wrists.left] else { return nil }
            let right = inCameraRounded(predicted[wrists.right], depth: truth.rootDepths.x)
            let left = inCameraRounded(predicted[wrists.left], depth: truth.rootDepths.x + truth.predictedRootDepth)
            return length(SIMD3<Double>(left - right) - (annotated[wrists.left] - annotated[wrists.right]))
        }

        /// In float32 step by step, as MMPose has wrists.
        private func inCameraRounded(_ point: SIMD3<Double>, depth: Double) -> SIMD3<Float> {
            let z = Float(point.z) + Float(depth)
            let x = (Float(point.x) - Float(truth.principalPoint.x)) / Float(truth.focalLength.x) * z
            return SIMD3(x, (Float(point.y) - Float(truth.principalPoint.y)) / Float(truth.focalLength.y) * z, z)
        }

        private func length(_ offset: SIMD3<Double>) -> Double { (offset * offset).sum().squareRoot() }
    }
}
