import Foundation

extension InstanceColumns {
    /// Writes detections as a COCO-style result file, one a line, names in alphabetical order.
    ///
    /// - Throws: what writing throws.
    func write(to url: URL, layout: KeypointLayout) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        var text = "["
        for row in 0..<count {
            var fields = ["image_id": "\(images[row])", "category_id": "\(categories[row])"]
            fields["score"] = Self.number(scores[row])
            let start = row * 3 * keypointCount
            for part in layout.parts {
                let range = start + 3 * part.keypoints.lowerBound..<start + 3 * part.keypoints.upperBound
                fields["\(part.field)"] = Self.list(keypoints[range])
            }
            if !boxes[row].x.isNaN {
                fields["bbox"] = Self.list([boxes[row].x, boxes[row].y, boxes[row].z, boxes[row].w])
            }
            let entry = fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
            text += (row == 0 ? "\n" : ",\n") + "{" + entry.joined(separator: ", ") + "}"
        }
        try Data((text + "\n]\n").utf8).write(to: url, options: .atomic)
    }

    private static func list(_ values: some Sequence<Double>) -> String {
        "[" + values.map(number).joined(separator: ", ") + "]"
    }

    /// JSON as Python writes and reads it, which has a word for NaN.
    private static func number(_ value: Double) -> String { value.isNaN ? "NaN" : "\(value)" }
}
