/// The constants of COCO's keypoint evaluation.
enum CocoProtocol {
    /// Similarities from which a detection counts as found, 0.5 to 0.95. Made as NumPy's `linspace` makes them: the last
    /// bits decide ties.
    static let similarities = (0..<9).map { Double($0) * ((0.95 - 0.5) / 9) + 0.5 } + [0.95]
    /// Recalls at which precision is read, 0 to 1.
    static let recalls = (0..<100).map { Double($0) * (1.0 / 100) } + [1]
    /// Detections of an image that count.
    static let maxDetections = 20
    /// Square pixels of an instance: of all, medium and large ones.
    static let areas: [ClosedRange<Double>] = [0...1e10, 1024...9216, 9216...1e10]
    /// Added to areas so that nothing is divided by zero: the distance from 1 to the next double.
    static let spacing = 0x1p-52
    /// What an area is estimated as, from a box, where annotations have none.
    static let boxShare = 0.53
}

/// Which areas a number of the summary is about.
public enum CocoArea: Int, CaseIterable, Sendable {
    case all, medium, large

    /// The areas in words.
    var text: String {
        switch self {
        case .all: "any area"
        case .medium: "an area from 32² to 96² pixels"
        case .large: "an area of more than 96² pixels"
        }
    }
}
