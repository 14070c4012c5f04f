/// A mistake in how parameters are declared or loaded.
public enum ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A parameter, buffer or module of this full name exists already.
    case duplicate(String)
    /// A name that cannot be part of a state-dict key.
    case invalidName(String)
    /// A source for loading has the same key twice.
    case duplicateSource(String)
    /// The initialiser or a converted tensor has another shape than declared.
    case shape(name: String, declared: [Int], found: [Int])
    /// Not everything the model has was loaded; the text names the keys.
    case incompleteLoading(String)

    /// The text for messages and logs.
    public var description: String {
        switch self {
        case .duplicate(let name): "\(name) is registered twice"
        case .invalidName(let name): "\"\(name)\" cannot be the name of a parameter: it is empty or has a dot"
        case .duplicateSource(let name): "the source has \(name) twice"
        case .shape(let name, let declared, let found): "\(name) has the shape \(found), declared is \(declared)"
        case .incompleteLoading(let text): text
        }
    }
}
