import PoseCore

/// MPII-TRB: COCO-style lists, with centre and scale rather than boxes, read in the order of the annotations' ids.
struct MpiiTrbReader: AnnotationReader {
    var selection: AnnotationSelection { .byID }

    private static let format = AnnotationFormat(
        box: .centerScale, count: .required("num_joints"), area: .none, skipsUnannotated: false, hasCategory: false,
        needsCrowdFlag: true)

    func instance(
        _ annotation: JSONObject, part: Int, _ image: ImageEntry, _ context: FormatContext
    ) throws -> Instance? {
        var instance = try Self.format.instance(annotation, image, context)
        if annotation.hasValue("headbox") {
            let corners = try annotation.numbers("headbox", count: 4)
            instance?.headBox = SIMD4(corners[0], corners[1], corners[2], corners[3])
        }
        return instance
    }
}
