/// The version of this package, as in CHANGELOG.md and the release tag.
enum Version {
    static let current = "0.1.0"
}
