import Foundation
import PoseCore
import PoseTransforms
import PyConfig
import Testing

@Suite("Images from files and from memory, with every argument")
struct LoadImageTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("PoseCoreTests/Fixtures/images/exif_6.jpg").path

    private static func make(_ text: String) throws -> any Transform {
        let config = try Config.parse("step = dict(type='LoadImage', \(text))").root["step"]?.dictValue
        return try Transforms.make(Arguments(try #require(config), at: "step"))
    }

    private static func loaded(_ text: String, _ path: String? = file, image: Image? = nil) throws -> PoseSample {
        var sample = PoseSample()
        (sample.imagePath, sample.image) = (path, image)
        var generator = SeededGenerator(seed: 1)
        let load = try make(text)
        try load(&sample, using: &generator)
        return sample
    }

    @Test("Colour, grey and orientation of a file")
    func file() throws {
        let upright = try #require(try Self.loaded("").image)
        #expect(upright.size == ImageSize(width: 16, height: 24) && upright.channels == 3)
        let floats = try #require(try Self.loaded("to_float32=True").image)
        #expect(floats.depth == .float32 && floats.floats() == upright.floats())
        let gray = try #require(try Self.loaded("color_type='grayscale', imdecode_backend='pillow'").image)
        #expect(gray.size == upright.size && gray.channels == 1)
        let lying = try Self.loaded("color_type='color_ignore_orientation'")
        #expect(lying.imageSize == ImageSize(width: 24, height: 16) && lying.originalSize == lying.imageSize)
        let turbo = try #require(try Self.loaded("imdecode_backend='turbojpeg'").image)
        #expect(turbo == lying.image)
        #expect(try #require(try Self.loaded("imdecode_backend=None").image) == upright)
    }

    @Test("An image in memory or of a video is not decoded again")
    func memory() throws {
        let frame = try Image([UInt8](0..<24), width: 4, height: 2)
        for text in ["", "color_type='grayscale'", "imdecode_backend='tifffile'"] {
            let sample = try Self.loaded(text, nil, image: frame)
            #expect(sample.image == frame && sample.originalSize == frame.size && sample.imageSize == frame.size)
        }
        let floats = try #require(try Self.loaded("to_float32=True", nil, image: frame).image)
        #expect(floats.depth == .float32 && floats.floats() == frame.floats())
    }

    @Test("Files that are not there: an error, or with ignore_empty a sample that is left out")
    func missing() throws {
        #expect(throws: ImageError.self) { try Self.loaded("", "/nowhere/a.jpg") }
        #expect(try Self.loaded("ignore_empty=True", "/nowhere/a.jpg").rejection != nil)
        #expect(throws: PoseSampleError.self) { try Self.loaded("", nil) }
        #expect(throws: ImageError.self) { try Self.loaded("imdecode_backend='tifffile'") }
    }

    @Test(
        "Unknown values are errors that name the argument",
        arguments: [
            ("color_type='colour'", "color_type"), ("imdecode_backend='opencv'", "imdecode_backend"),
            ("imdecode_backend='turbojpeg', color_type='unchanged'", "color_type"),
            ("to_float32='maybe'", "to_float32"),
            ("colour_type='color'", "colour_type"),
        ])
    func unknown(text: String, name: String) throws {
        let error = try #require(throws: ConfigError.self) { try Self.make(text) }
        #expect("\(error)".contains(name))
    }
}
