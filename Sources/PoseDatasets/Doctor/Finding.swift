import PoseCore

/// One thing in a dataset that breaks or spoils training, and how to mend it.
public struct Finding: Hashable, Sendable, Codable {
    /// What sort of problem it is.
    public enum Kind: String, CaseIterable, Sendable, Codable {
        // Files
        case unreadableFile, emptyDataset, missingImage, unreadableImage, imageSize
        // Identity
        case duplicateImageID, duplicateFileName, duplicateAnnotationID, duplicateAnnotation, unknownImage,
            unknownCategory
        // Fields
        case missingField, wrongType, notFinite, keypointCount, visibility, keypointOutside, keypointAtOrigin,
            keypointsOffBox, numKeypoints, boxSize, boxOutside, area, crowdFlag
        // Definition of the key points
        case metainfo, sigmas, jointWeights, flipPairs, sides, links, categoryKeypoints, outChannels
        // Detections and filters
        case detections, droppedEverything, configuration
    }

    /// How bad it is.
    public enum Severity: String, Sendable, Codable {
        /// Training or evaluation stops or computes nonsense.
        case error
        /// It runs, but probably not as meant.
        case warning
    }

    public var kind: Kind
    public var severity: Severity
    public var file: String
    public var annotation: Int?
    public var image: Int?
    /// The field, with its position in a list where that helps.
    public var field: String
    public var problem: String
    public var remedy: String

    public init(
        _ kind: Kind, _ severity: Severity = .error, file: String, annotation: Int? = nil, image: Int? = nil,
        field: String, problem: String, remedy: String
    ) {
        self.kind = kind
        self.severity = severity
        self.file = file
        self.annotation = annotation
        self.image = image
        self.field = field
        self.problem = problem
        self.remedy = remedy
    }

    /// From an error that reading threw.
    init(_ error: DatasetError, file: String) {
        guard case .field(let path, let item, let field, let reason) = error else {
            var kind = Kind.unreadableFile
            if case .empty = error { kind = .emptyDataset }
            if case .arguments = error { kind = .configuration }
            self.init(
                kind, file: file, field: "file", problem: error.description,
                remedy: kind == .unreadableFile ? "write the file again, whole and as JSON" : "correct the config")
            return
        }
        let (kind, remedy): (Kind, String) =
            switch reason {
            case .missing: (.missingField, "add the field to the entry")
            case .wrongType(let expected, _): (.wrongType, "make it \(expected)")
            case .notFinite: (.notFinite, "give a number, or visibility 0 with coordinates 0, 0")
            case .count:
                (
                    field.contains("kpts") || field.hasPrefix("keypoints") ? .keypointCount : .wrongType,
                    "write exactly what is expected there, or correct the metainfo"
                )
            case .other: (.unknownImage, "correct the entry")
            }
        self.init(kind, file: path, field: field, problem: reason.description, remedy: remedy)
        switch item {
        case .annotation(let id): annotation = id
        case .image(let id): image = id
        case .entry(let list, let index): self.field = "\(list)[\(index)].\(field)"
        case .whole: break
        }
    }
}

extension Finding: CustomStringConvertible {
    public var description: String {
        let place = [
            file, annotation.map { "annotation \($0)" }, annotation == nil ? image.map { "image \($0)" } : nil, field,
        ].compactMap(\.self).joined(separator: ": ")
        return "\(severity.rawValue): \(place): \(problem) → \(remedy)"
    }
}
