public import Foundation

/// Everything found in one image, as `predictions/NAME.json` holds it.
public struct Prediction: Hashable, Sendable {
    /// Version of the file format; fields are added, never renamed.
    public static let currentVersion = 1

    public var version = Prediction.currentVersion
    /// The image's file as the user named it.
    public var image: String
    /// Of the decoded image.
    public var size: ImageSize
    /// Name of the model.
    public var model: String
    public var keypointNames: [String]
    /// Empty when nobody is in the picture.
    public var people: [Person]

    public init(image: String, size: ImageSize, model: String, keypointNames: [String], people: [Person]) {
        self.image = image
        self.size = size
        self.model = model
        self.keypointNames = keypointNames
        self.people = people
    }

    /// The file's text: UTF-8, keys in a fixed order, ending with a line break.
    public func json(pretty: Bool = true) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}

extension Prediction: Codable {
    private enum CodingKeys: String, CodingKey {
        case version, image, width, height, model, people
        case keypointNames = "keypoint_names"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        version = try values.decode(Int.self, forKey: .version)
        image = try values.decode(String.self, forKey: .image)
        size = ImageSize(
            width: try values.decode(Int.self, forKey: .width), height: try values.decode(Int.self, forKey: .height))
        model = try values.decode(String.self, forKey: .model)
        keypointNames = try values.decode([String].self, forKey: .keypointNames)
        people = try values.decode([Person].self, forKey: .people)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(version, forKey: .version)
        try values.encode(image, forKey: .image)
        try values.encode(size.width, forKey: .width)
        try values.encode(size.height, forKey: .height)
        try values.encode(model, forKey: .model)
        try values.encode(keypointNames, forKey: .keypointNames)
        try values.encode(people, forKey: .people)
    }
}
