public import Foundation

/// What the real MMPose builds and computes for one config of its zoo; a line of `Tests/Fixtures/zoo.jsonl`, made by
/// `Tools/oracle/zoo.py`.
public struct ZooRecord: Codable, Sendable {
    /// One output of the head.
    public struct Output: Codable, Sendable {
        /// Its position, as `pose model forward` names it.
        public let name: String
        public let shape: [Int]
        /// Mean magnitude over all elements.
        public let absmean: Double
        /// Flat positions of `values`.
        public let at: [Int]
        public let values: [Double]
    }

    /// Path below the zoo's `configs` folder.
    public let config: String
    public let parameters: Int
    /// Number of state-dict entries.
    public let entries: Int
    /// FNV-1a hash of the entries' keys, shapes and types in order, `key [2, 3] float32`, a line each.
    public let entries_fnv: String
    /// Shape of the network's input; empty where MMPose has no outputs.
    public let input: [Int]
    public let outputs: [Output]
}

/// What MMPose's `inference_topdown` or `inference_bottomup` finds on a photo with formula weights; a line of `Tests/Fixtures/predict.jsonl`,
/// made by `Tools/oracle/predict.py`.
public struct PredictionRecord: Codable, Sendable {
    /// One person of the record.
    public struct Person: Codable, Sendable {
        /// Pixels of the photo; `null` where MMPose computes what is no number.
        public let keypoints: [[Double?]]
        public let scores: [Double]
    }

    public let config: String
    /// `[x1, y1, x2, y2]`, pixels; empty for bottom-up models.
    public let boxes: [[Double]]
    /// Of many people the first ones.
    public let people: [Person]
    /// How many people there are, when `people` are not all.
    public let people_total: Int?
}

/// Files of JSON objects, one a line.
public enum JSONLines {
    public static func read<Record: Decodable>(_: Record.Type, from url: URL) throws -> [Record] {
        let decoder = JSONDecoder()
        return try Data(contentsOf: url).split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(Record.self, from: $0)
        }
    }
}
