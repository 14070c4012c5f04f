/// What is wrong with a definition of keypoints. Fields are named by their path in the definition.
public enum SkeletonError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(field: String)
    case wrongType(field: String, expected: String, found: String)
    /// Keypoints must be numbered from 0 without gaps.
    case unknownIndex(field: String, index: String, count: Int)
    case duplicateName(field: String, name: String, first: String)
    case unknownName(field: String, name: String, nearest: String?)
    case wrongCount(field: String, expected: Int, found: Int)

    public var description: String {
        switch self {
        case .missing(let field): return "\(field): required but missing"
        case .wrongType(let field, let expected, let found): return "\(field): expected \(expected), found \(found)"
        case .unknownIndex(let field, let index, let count):
            return "\(field): \(index) is not one of the \(count) ids 0 to \(count - 1)"
        case .duplicateName(let field, let name, let first):
            return "\(field): the name '\(name)' is already taken by \(first)"
        case .unknownName(let field, let name, let nearest):
            let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
            return "\(field): there is no keypoint '\(name)'\(hint)"
        case .wrongCount(let field, let expected, let found):
            return "\(field): \(found) values for \(expected) keypoints"
        }
    }
}
