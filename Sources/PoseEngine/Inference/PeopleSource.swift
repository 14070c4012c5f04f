import Foundation
import PoseCore

/// Where the people in an image are said to be.
public enum PeopleSource: Sendable {
    /// The built-in detector looks for them.
    case detector
    /// The user's boxes.
    case boxes(BoxFile)
    /// The image is one person.
    case wholeImage

    /// - Throws: `BoxFile.Problem` when the file cannot be used.
    public init(boxes file: String?, wholeImage: Bool) throws {
        if let file {
            self = .boxes(try BoxFile(contentsOf: URL(fileURLWithPath: file)))
        } else {
            self = wholeImage ? .wholeImage : .detector
        }
    }
}

/// When a detection counts.
public struct DetectionThresholds: Sendable, Hashable {
    /// Detections with a lower score are dropped.
    public var score: Double
    /// Of two detections whose intersection over union is larger, the lower-scored is dropped; `nil` leaves it to the
    /// detector, which compares whole poses.
    public var overlap: Double?

    public init(score: Double = 0.5, overlap: Double? = nil) {
        self.score = score
        self.overlap = overlap
    }

    /// The detections that count, best first.
    func apply<Detection>(
        to detections: [Detection], box: (Detection) -> Box, score: (Detection) -> Double
    ) -> [Detection] {
        let confident = detections.filter { score($0) >= self.score }.sorted { score($0) > score($1) }
        guard let overlap else { return confident }
        return confident.reduce(into: []) { kept, candidate in
            if !kept.contains(where: { box($0).iou(box(candidate)) > overlap }) { kept.append(candidate) }
        }
    }
}
