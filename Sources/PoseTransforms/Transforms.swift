public import PoseCore
public import PyConfig

/// The transforms by the name a config's `pipeline` gives them. A new one is one file and one line here.
public enum Transforms {
    private typealias Constructor = @Sendable (Arguments) throws -> any Transform

    private static let table: [String: Constructor] = [
        "GetBBoxCenterScale": { try GetBBoxCenterScale($0) },
        "LoadImage": { try LoadImage($0) },
        "TopdownAffine": { try TopdownAffine($0) },
    ]

    /// All type names, sorted.
    public static var names: [String] { table.keys.sorted() }

    /// The transform that a config describes.
    ///
    /// - Throws: `ConfigError`, for an unknown type with the nearest names.
    public static func make(_ arguments: Arguments) throws -> any Transform {
        let type = try arguments.type()
        // A registry's scope ("mmdet.YOLOXHSVRandomAug") or a class's module may stand in front.
        let name = type.split(separator: ".").last.map(String.init) ?? type
        guard let constructor = table[name] else {
            let hint = nearestName(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
            throw arguments.invalid(
                "type", "unknown transform '\(type)'\(hint) (known transforms: \(names.joined(separator: ", ")))")
        }
        let transform = try constructor(arguments)
        try arguments.finish()
        return transform
    }

    /// The steps of a pipeline, in order.
    ///
    /// - Throws: `ConfigError`.
    public static func pipeline(_ steps: [Arguments]) throws -> [any Transform] { try steps.map(make) }
}
