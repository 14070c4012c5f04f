import Foundation
import PoseCore

/// A person in space: COCO's 17 joints in a pose drawn at random, as seen by a camera that sees everything straight on.
struct Figure {
    /// COCO's key points, in its order: x to the right and y down in pixels of the picture, z towards the viewer.
    let joints: [SIMD3<Double>]
    /// From the top of the head to the feet, in pixels, when standing.
    let height: Double
    /// How thick limbs are, compared with most people's.
    let build: Double
    /// The middle of the head.
    let head: SIMD3<Double>

    static let names = [
        "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
        "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
        "right_ankle",
    ]
    static let links = [
        (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9), (8, 10),
        (1, 2),
        (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
    ]

    /// - Parameters:
    ///   - center: middle of the body.
    ///   - height: in pixels.
    init(center: SIMD2<Double>, height: Double, using generator: inout SeededGenerator) {
        let body = Body(using: &generator)
        // Most people face the camera more or less; some show their backs.
        let turn = generator.uniform(-1.1, 1.1) + (generator.chance(0.2) ? .pi : 0)
        let lean = generator.normal() * 0.15
        let unit = height / 8
        func placed(_ point: SIMD3<Double>) -> SIMD3<Double> {
            let x = point.x * cos(turn) + point.z * sin(turn)
            let z = point.z * cos(turn) - point.x * sin(turn)
            return SIMD3(
                center.x + (x * cos(lean) - point.y * sin(lean)) * unit,
                center.y + (x * sin(lean) + point.y * cos(lean)) * unit, z * unit)
        }
        self.height = height
        build = generator.uniform(0.8, 1.3)
        joints = body.joints.map(placed)
        head = placed(body.head)
    }

    /// A joint's place in the picture.
    func point(_ joint: Int) -> SIMD2<Double> { SIMD2(joints[joint].x, joints[joint].y) }

    /// Whether the head itself hides a key point of the face.
    func isBehindHead(_ joint: Int) -> Bool { joint < 5 && joints[joint].z < head.z - 0.02 * height }
}

/// A body in units of an eighth of its height: x to its own left, y down from its middle, z to its front.
private struct Body {
    var joints: [SIMD3<Double>]
    var head: SIMD3<Double>

    init(using generator: inout SeededGenerator) {
        let nod = generator.uniform(-0.3, 0.3)
        let shake = generator.uniform(-0.5, 0.5)
        head = SIMD3(sin(nod) * 0.4, -3.35, generator.uniform(0, 0.25))
        let center = head
        func face(_ x: Double, _ y: Double, _ z: Double) -> SIMD3<Double> {
            center + SIMD3(x * cos(shake) + z * sin(shake), y, z * cos(shake) - x * sin(shake))
        }
        joints = [face(0, 0.05, 0.5)]
        joints += [face(0.18, -0.12, 0.42), face(-0.18, -0.12, 0.42), face(0.42, 0, 0), face(-0.42, 0, 0)]
        let width = generator.uniform(0.8, 1.05)
        let hip = generator.uniform(0.5, 0.65)
        let (shoulders, hips) = ([width, -width], [hip, -hip])
        var limbs: [[SIMD3<Double>]] = []
        let isSitting = generator.chance(0.15)
        for (index, side) in [1.0, -1.0].enumerated() {
            let shoulder = SIMD3(shoulders[index], -2.3, 0)
            let raise = generator.chance(0.25) ? generator.uniform(1.2, 2.7) : generator.uniform(0.05, 1.0)
            let swing = generator.uniform(-0.5, 0.9)
            let elbow = shoulder + Self.bone(1.35, side, out: raise, forward: swing)
            let bend = (generator.uniform(-0.2, 1.2), generator.uniform(0, 1.4))
            let wrist = elbow + Self.bone(1.2, side, out: raise + bend.0, forward: swing + bend.1)
            let socket = SIMD3(hips[index], 0.1, 0)
            let spread = generator.uniform(-0.05, 0.45)
            let step = isSitting ? generator.uniform(1.0, 1.5) : generator.uniform(-0.5, 0.7)
            let knee = socket + Self.bone(1.9, side, out: spread, forward: step)
            let fold = isSitting ? generator.uniform(1.0, 1.5) : generator.uniform(0, 0.9)
            let ankle = knee + Self.bone(1.8, side, out: spread * 0.4, forward: step - fold)
            limbs.append([shoulder, elbow, wrist, socket, knee, ankle])
        }
        for joint in 0..<6 { joints += [limbs[0][joint], limbs[1][joint]] }
    }

    /// A bone that hangs down, but for angles outwards and to the front.
    private static func bone(_ length: Double, _ side: Double, out: Double, forward: Double) -> SIMD3<Double> {
        length * SIMD3(side * sin(out), cos(out) * cos(forward), cos(out) * sin(forward))
    }
}
