import PoseCore

/// A person of lines and a disc, in a pose drawn at random.
struct StickFigure {
    /// COCO's 17 key points, in its order.
    let points: [SIMD2<Double>]
    /// From the top of the head to the feet, in pixels, when standing.
    let height: Double

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
        self.height = height
        let unit = height / 8
        let lean = generator.uniform(-0.15, 0.15)
        func placed(_ x: Double, _ y: Double) -> SIMD2<Double> {
            // In units of an eighth of the height, from the middle, leaning a little.
            center + SIMD2(x - y * lean, y) * unit
        }
        // A joint at a distance and angle from the one above; 0 points down, positive angles outwards on the person's left.
        func joint(_ from: SIMD2<Double>, _ length: Double, _ angle: Double) -> SIMD2<Double> {
            let turned = Rotation.point(length: length * unit, angle: angle)
            return from + turned
        }
        // Facing us, the person's left is on the right of the picture.
        let head = placed(0, -3.4)
        let eyes = [SIMD2(0.2, -0.15), SIMD2(-0.2, -0.15), SIMD2(0.42, -0.05), SIMD2(-0.42, -0.05)].map {
            head + $0 * unit
        }
        let shoulders = [placed(0.95, -2.3), placed(-0.95, -2.3)]
        let hips = [placed(0.6, 0.1), placed(-0.6, 0.1)]
        var elbows: [SIMD2<Double>] = []
        var wrists: [SIMD2<Double>] = []
        var knees: [SIMD2<Double>] = []
        var ankles: [SIMD2<Double>] = []
        for (index, side) in [1.0, -1.0].enumerated() {
            let arm = generator.uniform(0.1, 2.2)
            elbows.append(joint(shoulders[index], 1.3, side * arm))
            wrists.append(joint(elbows[index], 1.2, side * (arm + generator.uniform(-0.3, 1.2))))
            let leg = generator.uniform(-0.1, 0.5)
            knees.append(joint(hips[index], 1.9, side * leg))
            ankles.append(joint(knees[index], 1.9, side * (leg - generator.uniform(0, 0.4))))
        }
        points =
            [head] + eyes + [
                shoulders[0], shoulders[1], elbows[0], elbows[1], wrists[0], wrists[1], hips[0], hips[1], knees[0],
                knees[1],
                ankles[0], ankles[1],
            ]
    }

    func paint(on canvas: Canvas, _ color: Color) throws {
        let thickness = max(Int(height / 30), 2)
        // Limbs of the person's left are darker, so that the sides can be told apart.
        let left = Color(red: color.red * 0.6, green: color.green * 0.6, blue: color.blue)
        for (start, end) in Self.links.prefix(12) {
            let isLeft = Self.names[start].hasPrefix("left") && Self.names[end].hasPrefix("left")
            try canvas.line(from: points[start], to: points[end], color: isLeft ? left : color, thickness: thickness)
        }
        try canvas.disc(center: points[0], radius: height / 14, color: color)
        for eye in points[1...2] { try canvas.disc(center: eye, radius: max(height / 90, 1), color: .black) }
    }

    /// The figure as COCO has it; points outside the picture are not annotated.
    func annotation(id: Int, image: Int, _ size: ImageSize) -> Synthesis.Annotation {
        var keypoints: [Double] = []
        var inside: [SIMD2<Double>] = []
        for point in points {
            let rounded = SIMD2((point.x * 10).rounded() / 10, (point.y * 10).rounded() / 10)
            let isInside =
                rounded.x >= 0 && rounded.y >= 0 && rounded.x <= Double(size.width - 1)
                && rounded.y <= Double(size.height - 1)
            keypoints += isInside ? [rounded.x, rounded.y, 2] : [0, 0, 0]
            if isInside { inside.append(rounded) }
        }
        let margin = height / 14
        let extent = Box(x1: 0, y1: 0, x2: Double(size.width), y2: Double(size.height))
        let tight = Box(around: inside) ?? extent
        let grown = Box(x1: tight.x1 - margin, y1: tight.y1 - margin, x2: tight.x2 + margin, y2: tight.y2 + margin)
        let box = grown.intersection(extent) ?? extent
        return Synthesis.Annotation(
            id: id, image_id: image, num_keypoints: inside.count, area: (box.area * 0.5).rounded(), bbox: box.xywh,
            keypoints: keypoints)
    }
}
