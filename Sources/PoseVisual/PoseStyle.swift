public import PoseCore

/// How poses are drawn.
public struct PoseStyle: Hashable, Sendable {
    /// Where colours come from.
    public enum Palette: Hashable, Sendable {
        /// One for each side of the body, so that left and right are told apart at a glance.
        case sides(left: Color, right: Color, center: Color)
        /// Those of the dataset's definition.
        case dataset
    }

    /// Blue left, orange right, yellow middle: told apart with the common kinds of colour blindness too.
    public static let bySide = Palette.sides(
        left: Color(red: 56, green: 166, blue: 255), right: Color(red: 255, green: 122, blue: 48),
        center: Color(red: 255, green: 221, blue: 74))

    public var palette: Palette
    /// Keypoints of lower confidence are left out.
    public var keypointThreshold: Double
    public var drawsBoxes: Bool
    /// Writes the detector's score (and the track's number) at the box.
    public var drawsLabels: Bool
    /// 0 invisible, 1 opaque.
    public var limbOpacity: Double
    /// Multiplies all widths.
    public var weight: Double

    public init(
        palette: Palette = PoseStyle.bySide, keypointThreshold: Double = 0.3, drawsBoxes: Bool = true,
        drawsLabels: Bool = true, limbOpacity: Double = 0.8, weight: Double = 1
    ) {
        self.palette = palette
        self.keypointThreshold = keypointThreshold
        self.drawsBoxes = drawsBoxes
        self.drawsLabels = drawsLabels
        self.limbOpacity = limbOpacity
        self.weight = weight
    }

    /// Contrast around limbs and dots.
    static let outline = Color(red: 24, green: 24, blue: 28)
}

extension PoseStyle {
    /// The colour of a keypoint.
    func color(joint index: Int, of skeleton: Skeleton) -> Color {
        switch palette {
        case .dataset: skeleton.joints[index].color
        case .sides: color(BodySide(name: skeleton.joints[index].name))
        }
    }

    /// The colour of a link: of the side that both ends, or the one end that has a side, are on.
    func color(link: Skeleton.Link, of skeleton: Skeleton) -> Color {
        guard case .sides = palette else { return link.color }
        let sides = Set([link.start, link.end].map { BodySide(name: skeleton.joints[$0].name) })
        return color(sides.subtracting([.center]).count == 1 ? sides.subtracting([.center]).first ?? .center : .center)
    }

    private func color(_ side: BodySide) -> Color {
        guard case .sides(let left, let right, let center) = palette else { return Skeleton.defaultJointColor }
        return switch side {
        case .left: left
        case .right: right
        case .center: center
        }
    }

    /// The colour of a person's box: hues a golden angle apart, so that neighbours in number differ clearly.
    static func boxColor(_ number: Int) -> Color {
        let hue = (Double(number & 0xFFFF) * 0.618_033_988_75 + 0.58).truncatingRemainder(dividingBy: 1) * 6
        func channel(_ offset: Double) -> Double {
            let distance = abs((hue + offset).truncatingRemainder(dividingBy: 6) - 3) - 1
            return 255 * (0.35 + 0.62 * min(max(distance, 0), 1))
        }
        return Color(red: channel(0), green: channel(4), blue: channel(2))
    }
}
