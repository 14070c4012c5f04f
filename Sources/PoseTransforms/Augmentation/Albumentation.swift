public import PoseCore
public import PyConfig

/// Changes of pixels under the names and arguments of the Python package `albumentations` 1.x.
public struct Albumentation: Transform {
    /// Changes in order, each with its probability.
    public let changes: [any PixelChange]

    /// Arguments: `transforms` (dicts of `type`, `p` and the change's own arguments), `keymap=None` (the image under its
    /// usual names, which is what it is without one).
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        changes = try arguments.children("transforms").map(PixelChanges.make)
        if let keymap = try arguments.child("keymap") {
            let name = try keymap.string("img")
            try keymap.finish()
            guard name == "image" else { throw keymap.invalid("img", "only 'image' is supported, found '\(name)'") }
        }
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        var image = try sample.requiredImage()
        for change in changes where generator.chance(change.probability) {
            image = try change.apply(to: image, using: &generator)
        }
        sample.image = image
    }
}

/// A random change of an image that moves nothing in it.
public protocol PixelChange: Sendable {
    /// How often it happens.
    var probability: Double { get }

    /// The changed image.
    ///
    /// - Throws: `ImageError` or `PoseSampleError.invalid` for an image of another kind than 8-bit.
    func apply(to image: Image, using generator: inout some RandomNumberGenerator) throws -> Image
}

/// The changes by name. A new one is a type and one line here.
public enum PixelChanges {
    private static let table: [String: @Sendable (Arguments) throws -> any PixelChange] = [
        "Blur": { try Blur($0) },
        "CoarseDropout": { try CoarseDropout($0) },
        "GridDropout": { try GridDropout($0) },
        "MedianBlur": { try MedianBlur($0) },
    ]

    /// All type names, sorted.
    public static var names: [String] { table.keys.sorted() }

    static func make(_ arguments: Arguments) throws -> any PixelChange {
        let type = try arguments.type()
        let name = type.split(separator: ".").last.map(String.init) ?? type
        guard let constructor = table[name] else {
            let hint = nearestName(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
            throw arguments.invalid(
                "type", "unknown change '\(type)'\(hint) (known changes: \(names.joined(separator: ", ")))")
        }
        let change = try constructor(arguments)
        // `always_apply` is what `p=1` is today.
        arguments.ignore("always_apply")
        try arguments.finish()
        return change
    }
}

extension Arguments {
    /// `p`, 0.5 unless given; 1 with `always_apply`.
    func changeProbability() throws -> Double {
        try bool("always_apply", default: false) ? 1 : probability("p", default: 0.5)
    }

    /// `blur_limit`: the greatest kernel size beside 3, or the least and the greatest; every second size between them.
    func blurSizes() throws -> [Int] {
        let limits = try ints("blur_limit", default: [7], orScalar: true)
        let ends = limits.count == 1 ? [min(3, limits[0]), max(3, limits[0])] : limits
        guard ends.count == 2, ends[0] >= 1, ends[1] >= ends[0], ends[1] < 1000 else {
            throw invalid("blur_limit", "expected a size of 1 or more, or two, found \(limits)")
        }
        return Array(stride(from: ends[0], through: ends[1], by: 2))
    }
}
