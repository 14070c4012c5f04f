public import PoseCore

/// Where a person is, for models that look at one person at a time.
public struct DetectedPerson: Hashable, Sendable {
    /// Around the whole body, in pixels of the picture.
    public var box: Box
    /// 0 to 1.
    public var score: Double

    /// A person in a box.
    public init(box: Box, score: Double) {
        self.box = box
        self.score = score
    }
}

/// Finds the people of a picture, for top-down models when the caller gives no boxes.
public protocol PersonDetector: Sendable {
    /// The people, best first; empty when there is nobody.
    func detectPeople(in image: Image) throws -> [DetectedPerson]
}

extension BlazePose: PersonDetector {
    /// Boxes of the people: their landmarks' extent with a margin.
    public func detectPeople(in image: Image) throws -> [DetectedPerson] {
        try people(in: image).map { DetectedPerson(box: $0.box, score: $0.score) }
    }
}
