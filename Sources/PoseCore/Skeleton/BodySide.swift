/// The side of the body a keypoint is on, from the person's own view.
public enum BodySide: String, Hashable, Sendable, CaseIterable {
    case left, right, center

    /// Guessed from a keypoint's name: `left_wrist`, `l_eye`, `L_Elbow`, `LeftHip`, `sho_r`, `eye-left`.
    public init(name: String) {
        let words = Self.words(name)
        let left = words.contains { $0 == "left" || $0 == "l" }
        let right = words.contains { $0 == "right" || $0 == "r" }
        self = left == right ? .center : left ? .left : .right
    }

    /// Lower-case words of a name written with underscores, hyphens, spaces or inner capitals.
    private static func words(_ name: String) -> [String] {
        var words = [""]
        var previous: Character = " "
        for character in name {
            if !character.isLetter {
                words.append("")
            } else {
                if character.isUppercase, previous.isLowercase { words.append("") }
                words[words.count - 1].append(contentsOf: character.lowercased())
            }
            previous = character
        }
        return words
    }
}

extension Skeleton {
    /// The side of every keypoint.
    public var sides: [BodySide] { joints.map { BodySide(name: $0.name) } }
}
