import Foundation
public import PoseCore
public import PyConfig

/// Reads the sample's image: unless told otherwise 8-bit BGR, turned as its EXIF orientation says. An image that is there
/// already, from memory or from a video, is kept with its channels.
public struct LoadImage: Transform {
    /// Whether pixels become floats.
    public let toFloat32: Bool
    /// Whether a missing or empty file rejects the sample rather than being an error.
    public let ignoreEmpty: Bool
    /// Which pixels a file becomes.
    public let decoding: ImageDecoding
    /// Whether decoding is left to the transform that cuts out a region, and so to that region.
    public internal(set) var defersDecoding = false

    /// Arguments: `to_float32=False`, `color_type='color'`, `imdecode_backend='cv2'` (None is this one),
    /// `ignore_empty=False`. Files are local: `backend_args` and `file_client_args` have no effect.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        toFloat32 = try arguments.bool("to_float32", default: false)
        ignoreEmpty = try arguments.bool("ignore_empty", default: false)
        decoding = ImageDecoding(
            colorType: try arguments.choice("color_type", default: .color),
            backend: try arguments.choice("imdecode_backend", default: .cv2))
        if decoding.backend == .turbojpeg, decoding.colorType != .color, decoding.colorType != .grayscale {
            throw arguments.invalid("color_type", "imdecode_backend 'turbojpeg' has 'color' and 'grayscale' only")
        }
        arguments.ignore("backend_args", "file_client_args")
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        if defersDecoding { return try `defer`(&sample) }
        guard let image = try sample.image ?? read(sample) else {
            sample.rejection = "no image at \(sample.imagePath ?? "an unknown path")"
            return
        }
        sample.image = toFloat32 && image.depth != .float32 ? try image.converted(to: .float32) : image
        sample.imageSize = image.size
        sample.originalSize = image.size
    }

    private func `defer`(_ sample: inout PoseSample) throws {
        let image =
            try sample.image.map { DeferredImage($0) } ?? DeferredImage(contentsOf: URL(fileURLWithPath: path(sample)))
        sample.deferredImage = image
        sample.image = nil
        sample.imageSize = image.size
        sample.originalSize = image.size
    }

    private func path(_ sample: PoseSample) throws -> String {
        guard let path = sample.imagePath else { throw PoseSampleError.missing("image, nor a path to one") }
        return path
    }

    private func read(_ sample: PoseSample) throws -> Image? {
        let url = URL(fileURLWithPath: try path(sample))
        do {
            return try Image.decode(contentsOf: url, as: decoding)
        } catch  where ignoreEmpty {
            return nil
        }
    }
}

extension Arguments {
    /// One of the values of an enumeration of names.
    fileprivate func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, default value: Choice
    ) throws -> Choice {
        guard let text = try optionalString(name) else { return value }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw invalid(name, "expected one of \(names), found '\(text)'")
        }
        return choice
    }
}
