/// What became of one option of a 0.x config.
public struct MigratedOption: Codable, Sendable, Hashable {
    /// The ways an option can end.
    public enum Outcome: String, Codable, Sendable, CaseIterable {
        /// Same name, same value.
        case kept
        /// Same meaning under another name or in another place.
        case renamed
        /// The new value follows from the old one by a formula, which `note` gives.
        case computed
        /// Carried over, but 1.x does something else with it; `note` says what to expect.
        case changed
        /// 1.x has nothing for it; `note` says why and what to do.
        case dropped
        /// Not an option of MMPose 0.29 that this program knows; left out.
        case unknown
    }

    /// Dotted path in the 0.x config.
    public let option: String
    /// Its value as Python, shortened.
    public let value: String
    /// What became of it.
    public let outcome: Outcome
    /// Dotted path in the 1.x config, where there is one.
    public let becomes: String?
    /// The value there as Python, shortened, where it differs.
    public let newValue: String?
    /// The formula, the reason, or what to expect.
    public let note: String?
}

/// A difference in what 1.x computes that no config can remove.
public struct BehaviourChange: Codable, Sendable, Hashable {
    /// A short name that stays the same: `udp-decode`.
    public let name: String
    /// What 1.x does differently.
    public let what: String
    /// What to expect of the numbers.
    public let expect: String
    /// The options that keep the 0.x numbers (`--keep-0x-behaviour` sets them), or why nothing can.
    public let keep: String
}
