import PoseCore

/// The hands of whole bodies (COCO-WholeBody): a left and a right one for every person.
struct WholeBodyHandReader: AnnotationReader {
    var partsPerAnnotation: Int { 2 }
    var selection: AnnotationSelection { .withoutCrowds }
    var renumbers: Bool { true }

    private static let left = AnnotationFormat(
        box: .plain("lefthand_box"), keypoints: ["lefthand_kpts"], count: .counted, area: .none,
        skipsUnannotated: false, hasCategory: false, needsCrowdFlag: true, validity: "lefthand_valid")
    private static let right = AnnotationFormat(
        box: .plain("righthand_box"), keypoints: ["righthand_kpts"], count: .counted, area: .none,
        skipsUnannotated: false, hasCategory: false, needsCrowdFlag: true, validity: "righthand_valid")

    func instance(
        _ annotation: JSONObject, part: Int, _ image: ImageEntry, _ context: FormatContext
    ) throws -> Instance? {
        try (part == 0 ? Self.left : Self.right).instance(annotation, image, context)
    }
}
