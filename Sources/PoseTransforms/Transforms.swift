public import PoseCore
public import PyConfig

/// The transforms by the name a config's `pipeline` gives them. A new one is one file and one line here.
public enum Transforms {
    private typealias Constructor = @Sendable (Arguments) throws -> any Transform

    private static let table: [String: Constructor] = [
        "Albumentation": { try Albumentation($0) },
        "BottomupGetHeatmapMask": { try BottomupGetHeatmapMask($0) },
        "BottomupRandomAffine": { try BottomupRandomAffine($0) },
        "BottomupRandomChoiceResize": { try BottomupRandomChoiceResize($0) },
        "BottomupRandomCrop": { try BottomupRandomCrop($0) },
        "BottomupResize": { try BottomupResize($0) },
        "FilterAnnotations": { try FilterAnnotations($0) },
        "GenerateTarget": { try GenerateTarget($0) },
        "GetBBoxCenterScale": { try GetBBoxCenterScale($0) },
        "HandRandomFlip": { try HandRandomFlip($0) },
        "KeypointConverter": { try KeypointConverter($0) },
        "LoadImage": { try LoadImage($0) },
        "Mosaic": { try Mosaic($0) },
        "PackPoseInputs": { try PackPoseInputs($0) },
        "PhotometricDistortion": { try PhotometricDistortion($0) },
        "RandomApply": { try RandomApply($0) },
        "RandomBBoxTransform": { try RandomBBoxTransform($0) },
        "RandomChoice": { try RandomChoice($0) },
        "RandomFlip": { try RandomFlip($0) },
        "RandomFlipAroundRoot": { try RandomFlipAroundRoot($0) },
        "RandomHalfBody": { try RandomHalfBody($0) },
        "SingleHandConverter": { try SingleHandConverter($0) },
        "TopdownAffine": { try TopdownAffine($0) },
        "YOLOXHSVRandomAug": { try YOLOXHSVRandomAug($0) },
        "YOLOXMixUp": { try YOLOXMixUp($0) },
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

    /// The steps of a pipeline, in order. Where only `TopdownAffine` needs the pixels, no more of an image is decoded than
    /// the region that it cuts out.
    ///
    /// - Throws: `ConfigError`.
    public static func pipeline(_ steps: [Arguments]) throws -> [any Transform] {
        deferringDecoding(try steps.map(make))
    }

    private static func deferringDecoding(_ transforms: [any Transform]) -> [any Transform] {
        guard var load = transforms.first as? LoadImage, !load.toFloat32, !load.ignoreEmpty,
            load.decoding == ImageDecoding(),
            let cut = transforms.firstIndex(where: { $0 is TopdownAffine }),
            transforms[1..<cut].allSatisfy({ $0 is any PixelFreeTransform })
        else { return transforms }
        load.defersDecoding = true
        return [load] + transforms.dropFirst()
    }
}

/// A transform that works on a sample whose pixels are not decoded yet (`PoseSample.deferredImage`).
protocol PixelFreeTransform: Transform {}
