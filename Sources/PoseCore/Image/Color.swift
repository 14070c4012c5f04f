/// A colour of three or four channels between 0 and 255.
public struct Color: Hashable, Sendable {
    public var blue, green, red, alpha: Double

    public init(red: Double, green: Double, blue: Double, alpha: Double = 255) {
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    /// One value in all channels, the fourth too.
    public init(gray: Double) {
        self.init(red: gray, green: gray, blue: gray, alpha: gray)
    }

    /// From three numbers in R, G, B order, as MMPose's dataset files write colours; nil for another count.
    public init?(rgb: [Int]) {
        guard rgb.count == 3 else { return nil }
        self.init(red: Double(rgb[0]), green: Double(rgb[1]), blue: Double(rgb[2]))
    }

    public static let black = Color(gray: 0)
    public static let white = Color(red: 255, green: 255, blue: 255)

    /// Mixed with another colour: 0 is this one, 1 the other.
    public func mixed(with other: Color, by share: Double) -> Color {
        func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
        return Color(
            red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue),
            alpha: mix(alpha, other.alpha))
    }

    /// How bright it looks, 0 to 255 (ITU-R BT.601).
    public var luminance: Double { 0.299 * red + 0.587 * green + 0.114 * blue }

    /// In the channels' order: B, G, R, A.
    var components: [Double] { [blue, green, red, alpha] }
}
