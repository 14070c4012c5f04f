/// Why a codec cannot encode or decode what it was given.
public enum CodecError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The head gave another kind of output than the codec decodes.
    case output(codec: String, expected: String, found: String)
    /// An array has a shape the codec cannot use.
    case shape(codec: String, array: String, expected: String, found: [Int])
    /// The batch has no image of that index.
    case index(codec: String, Int, count: Int)
    /// Something the codec needs is not there.
    case missing(codec: String, String)
    /// The codec works in one direction only.
    case unsupported(codec: String, String)

    public var description: String {
        switch self {
        case .output(let codec, let expected, let found): "\(codec) decodes \(expected), not \(found)"
        case .shape(let codec, let array, let expected, let found):
            "\(codec): \(array) must have shape \(expected), not \(found)"
        case .index(let codec, let index, let count): "\(codec): no image \(index) in a batch of \(count)"
        case .missing(let codec, let what): "\(codec) needs \(what)"
        case .unsupported(let codec, let reason): "\(codec) \(reason)"
        }
    }
}
