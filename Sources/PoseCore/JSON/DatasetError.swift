/// What is wrong with the files of a dataset or with how a config uses them.
public enum DatasetError: Error, Hashable, Sendable {
    /// A file that is missing or cannot be read.
    case file(path: String, reason: String)
    /// Bytes that are not JSON: where, and what was expected.
    case syntax(path: String, line: Int, column: Int, reason: String)
    /// A field of an annotation, image or detection that cannot be used.
    case field(path: String, item: Item, field: String, reason: Reason)
    /// Arguments that contradict each other or the files.
    case arguments(dataset: String, reason: String)
    /// A dataset without a single usable sample.
    case empty(dataset: String, reason: String)
    /// An index that the dataset does not have.
    case index(Int, count: Int)
    /// A sample that could not be made, even after trying others in its place.
    case sample(dataset: String, index: Int, attempts: Int, reason: String)

    /// Which entry of a file is meant.
    public enum Item: Hashable, Sendable {
        case annotation(id: Int)
        /// The entry at a position of a list, for entries whose id is itself the problem.
        case entry(of: String, index: Int)
        case image(id: Int)
        case whole
    }

    /// Why a field cannot be used.
    public enum Reason: Hashable, Sendable {
        case missing
        case wrongType(expected: String, found: String)
        /// NaN or an infinity, at this position of a list.
        case notFinite(index: Int)
        case count(expected: String, found: Int)
        case other(String)
    }
}

extension DatasetError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let path, let reason): "\(path): \(reason)"
        case .syntax(let path, let line, let column, let reason): "\(path):\(line):\(column): \(reason)"
        case .field(let path, .whole, let field, let reason): "\(path): \(field): \(reason)"
        case .field(let path, let item, let field, let reason): "\(path): \(item): \(field): \(reason)"
        case .arguments(let dataset, let reason): "\(dataset): \(reason)"
        case .empty(let dataset, let reason): "\(dataset) has no sample: \(reason)"
        case .index(let index, let count): "no sample \(index): the dataset has \(count)"
        case .sample(let dataset, let index, let attempts, let reason):
            "\(dataset): no sample could be made for index \(index) in \(attempts) attempts; the last problem: \(reason)"
        }
    }
}

extension DatasetError.Item: CustomStringConvertible {
    public var description: String {
        switch self {
        case .annotation(let id): "annotation \(id)"
        case .entry(let list, let index): "\(list)[\(index)]"
        case .image(let id): "image \(id)"
        case .whole: "file"
        }
    }
}

extension DatasetError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing: "is missing"
        case .wrongType(let expected, let found): "expected \(expected), found \(found)"
        case .notFinite(let index): "value \(index) is not a finite number"
        case .count(let expected, let found): "expected \(expected), found \(found)"
        case .other(let reason): reason
        }
    }
}
