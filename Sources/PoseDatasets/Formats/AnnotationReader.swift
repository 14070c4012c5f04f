import PoseCore

/// Makes instances out of the annotations of a file.
protocol AnnotationReader: Sendable {
    /// How many instances an annotation may have: two where it describes both hands.
    var partsPerAnnotation: Int { get }
    /// Which annotations are read, and in which order.
    var selection: AnnotationSelection { get }
    /// Whether instances are numbered anew, in the order in which they are read.
    var renumbers: Bool { get }

    /// One part of an annotation; nil when there is none.
    ///
    /// - Throws: `DatasetError.field`.
    func instance(
        _ annotation: JSONObject, part: Int, _ image: ImageEntry, _ context: FormatContext
    ) throws -> Instance?
}

/// Which annotations of a COCO-style file are read.
enum AnnotationSelection: Sendable {
    /// Those of every image whose id is a multiple of an interval, image by image.
    case byImage(interval: Int)
    /// The first of every image whose position is a multiple of an interval.
    case firstOfImage(interval: Int)
    /// All that are not crowds, image by image.
    case withoutCrowds
    /// All, by their ids.
    case byID
}

extension AnnotationReader {
    var partsPerAnnotation: Int { 1 }
    var renumbers: Bool { false }
}

/// Reads one instance an annotation, as `AnnotationFormat` says.
struct FormatReader: AnnotationReader {
    let format: AnnotationFormat
    var selection = AnnotationSelection.byImage(interval: 1)

    func instance(
        _ annotation: JSONObject, part: Int, _ image: ImageEntry, _ context: FormatContext
    ) throws -> Instance? {
        try format.instance(annotation, image, context)
    }
}
