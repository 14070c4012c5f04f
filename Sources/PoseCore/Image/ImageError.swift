/// Why an image could not be read, written or worked on.
public struct ImageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Reason: Hashable, Sendable {
        /// There is no file of this name.
        case missing
        /// The name belongs to a folder.
        case directory
        /// The file exists but this user may not read or write it.
        case notPermitted
        /// The file has no bytes.
        case empty
        /// The bytes are not of an image format that can be read here.
        case notAnImage
        /// The file is an image whose data ends too early.
        case truncated
        /// The file is an image whose data are damaged.
        case corrupt
        /// The image has more pixels than are allowed.
        case tooLarge(width: Int, height: Int, limit: Int)
        /// The file could not be read or written, with the system's words.
        case system(String)
        /// An operation refused its arguments.
        case invalid(operation: String, message: String)
    }

    /// The file it is about; nil for images in memory.
    public var path: String?
    public var reason: Reason

    public init(path: String? = nil, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    public var description: String {
        let text =
            switch reason {
            case .missing: "no such file"
            case .directory: "is a folder, not an image file"
            case .notPermitted: "permission denied"
            case .empty: "the file is empty"
            case .notAnImage: "not an image in a format that can be read"
            case .truncated: "the image is truncated: its data end too early"
            case .corrupt: "the image is corrupt"
            case .tooLarge(let width, let height, let limit):
                "the image is too large: \(width)×\(height) pixels, the limit is \(limit) pixels"
            case .system(let message): message
            case .invalid(let operation, let message): "\(operation): \(message)"
            }
        return path.map { "\($0): \(text)" } ?? text
    }
}
