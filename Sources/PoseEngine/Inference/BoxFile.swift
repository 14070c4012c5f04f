public import Foundation
public import PoseCore

/// The person boxes a user gives: `{"relative/or/base/name.jpg": [[x1, y1, x2, y2], …]}`, or one list for all inputs.
public struct BoxFile: Sendable {
    private enum Content: Sendable {
        case everywhere([Entry])
        case byImage([String: [Entry]])
    }

    /// A box as written, which may not be one.
    private struct Entry: Sendable {
        let place: String
        let values: [Double]
    }

    /// What is wrong with a box file, or with one of its boxes.
    public struct Problem: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    private let content: Content
    private let path: String

    /// - Throws: `Problem` naming the file and the field.
    public init(contentsOf url: URL) throws {
        path = url.path
        let data: Data
        do { data = try Data(contentsOf: url) } catch {
            throw Problem(description: "\(url.path): cannot be read; --boxes takes a JSON file")
        }
        guard let json = try? JSONDecoder().decode(JSONValue.self, from: data) else {
            throw Problem(description: "\(url.path): is not JSON")
        }
        switch json {
        case .array(let boxes):
            content = .everywhere(try Self.entries(boxes, place: "", path: path))
        case .object(let images):
            content = .byImage(
                try images.reduce(into: [:]) { result, image in
                    guard case .array(let boxes) = image.value else {
                        throw Problem(description: "\(url.path): '\(image.key)' must be a list of [x1, y1, x2, y2]")
                    }
                    result[image.key] = try Self.entries(boxes, place: "'\(image.key)'", path: url.path)
                })
        default:
            throw Problem(
                description: "\(url.path): must be a list of boxes, or an object from image name to list of boxes")
        }
    }

    private static func entries(_ boxes: [JSONValue], place: String, path: String) throws -> [Entry] {
        try boxes.enumerated().map { index, box in
            guard case .array(let numbers) = box else {
                throw Problem(description: "\(path): \(place)[\(index)] must be [x1, y1, x2, y2]")
            }
            return Entry(
                place: "\(place)[\(index)]",
                values: numbers.map { if case .number(let value) = $0 { value } else { .nan } })
        }
    }

    /// The usable boxes for an image, and what is wrong with the others.
    ///
    /// - Throws: `Problem` when the file says nothing about this image.
    public func boxes(for input: InferenceInput, in size: ImageSize) throws -> (boxes: [Box], problems: [Problem]) {
        var boxes: [Box] = []
        var problems: [Problem] = []
        for entry in try entries(for: input) {
            if let reason = Self.defect(entry.values, in: size) {
                problems.append(Problem(description: "\(input.url.path): box \(entry.place) of \(path) \(reason)"))
            } else if let box = Box(xyxy: entry.values) {
                boxes.append(box)
            }
        }
        return (boxes, problems)
    }

    private func entries(for input: InferenceInput) throws -> [Entry] {
        switch content {
        case .everywhere(let entries): return entries
        case .byImage(let images):
            // The longest key that ends the image's path is meant.
            let full = "/" + input.url.standardizedFileURL.path.split(separator: "/").joined(separator: "/")
            let matches = images.keys.filter { key in
                let key = key.hasPrefix("./") ? String(key.dropFirst(2)) : key
                return full == key || full.hasSuffix("/" + key)
            }
            guard let key = matches.max(by: { $0.count < $1.count }), let entries = images[key] else {
                throw Problem(
                    description: "\(input.url.path): \(path) has no boxes for it; add an entry, [] if nobody is there")
            }
            return entries
        }
    }

    private static func defect(_ values: [Double], in size: ImageSize) -> String? {
        guard values.count == 4, let box = Box(xyxy: values) else {
            return "has \(values.count) numbers; it must be [x1, y1, x2, y2]"
        }
        guard values.allSatisfy(\.isFinite) else { return "has a value that is not a finite number" }
        guard box.isValid else { return "is empty: x2 must exceed x1 and y2 must exceed y1" }
        let image = Box(x1: 0, y1: 0, x2: Double(size.width), y2: Double(size.height))
        guard box.intersection(image) != nil else { return "lies outside the image of \(size.width)×\(size.height)" }
        return nil
    }
}

/// Any JSON.
enum JSONValue: Decodable, Sendable {
    case object([String: JSONValue])
    case array([JSONValue])
    case number(Double)
    case other

    init(from decoder: any Decoder) throws {
        if let array = try? [JSONValue](from: decoder) {
            self = .array(array)
        } else if let object = try? [String: JSONValue](from: decoder) {
            self = .object(object)
        } else if let number = try? Double(from: decoder) {
            self = .number(number)
        } else {
            self = .other
        }
    }
}
