import Foundation
import Testing

@testable import PoseCore

/// Image files become the pixels that MMCV makes of them for every colour type and backend
/// (Tools/oracle/image_kind_fixtures.py), or are refused by name.
struct ImageDecodingTests {
    private static func url(_ file: String) -> URL {
        let folder = file.hasSuffix(".tiff") && file != "rgb.tiff" ? "tiff" : "images"
        return Fixture.url("\(folder)/\(file)")
    }

    /// What is refused although the backend itself reads it: Pillow's own conversions, and element types images lack.
    private static func isRefused(_ backend: String, _ type: String, _ file: String) -> Bool {
        if file == "double.tiff" { return backend == "pillow" || backend == "tifffile" || type == "unchanged" }
        guard backend == "pillow" else { return false }
        return switch file {
        case "cmyk.jpg", "gray16.tiff", "float.tiff": true
        case "gray16.png": type != "unchanged"
        case "palette.png", "bits.png": type == "unchanged"
        default: false
        }
    }

    @Test func pixelsAreMMCVs() throws {
        let expected = try NPZFile(contentsOf: Fixture.url("image_kinds.npz"))
        var equal = 0
        for name in expected.names {
            let parts = name.split(separator: "/").map(String.init)
            let decoding = ImageDecoding(
                colorType: try #require(ImageDecoding.ColorType(rawValue: parts[1])),
                backend: try #require(ImageDecoding.Backend(rawValue: parts[0])))
            let url = Self.url(parts[2])
            if Self.isRefused(parts[0], parts[1], parts[2]) {
                #expect(throws: ImageError.self, "\(name)") { try Image.decode(contentsOf: url, as: decoding) }
                continue
            }
            let image = try Image.decode(contentsOf: url, as: decoding)
            let array = try expected.array(name)
            let shape = [image.height, image.width] + (array.shape.count == 3 ? [image.channels] : [])
            #expect(shape == array.shape && (array.shape.count == 3 || image.channels == 1), "\(name)")
            #expect("\(image.depth)" == array.typeName, "\(name)")
            #expect(image.floats() == array.doubles?.elements.map { Float($0) }, "\(name)")
            equal += 1
        }
        #expect(equal > 280)
    }

    /// TurboJPEG never turns a picture, and reads nothing but JPEG.
    @Test func turboJPEG() throws {
        func decoding(_ type: ImageDecoding.ColorType) -> ImageDecoding {
            ImageDecoding(colorType: type, backend: .turbojpeg)
        }
        let turned = Self.url("exif_6.jpg")
        #expect(
            try Image.decode(contentsOf: turned, as: decoding(.color))
                == Image.decode(contentsOf: turned, as: ImageDecoding(colorType: .colorIgnoringOrientation)))
        #expect(try Image.decode(contentsOf: turned, as: decoding(.grayscale)).channels == 1)
        #expect(throws: ImageError.self) { try Image.decode(contentsOf: turned, as: decoding(.unchanged)) }
        #expect(throws: ImageError.self) { try Image.decode(contentsOf: Self.url("rgb.png"), as: decoding(.color)) }
        let tiff = ImageDecoding(backend: .tifffile)
        #expect(throws: ImageError.self) { try Image.decode(contentsOf: Self.url("rgb.png"), as: tiff) }
    }

    /// Bytes that are no image, are cut off or damaged give an error for every choice.
    @Test func brokenFilesNeverTrap() throws {
        for name in ["exif_6.jpg", "gray_alpha.png", "gray16.png", "rgb.bmp", "lossy.webp", "gray16.tiff"] {
            let data = try Data(contentsOf: Self.url(name))
            for backend in ImageDecoding.Backend.allCases {
                for type in ImageDecoding.ColorType.allCases {
                    let decoding = ImageDecoding(colorType: type, backend: backend)
                    #expect(throws: ImageError.self) { try Image.decode(Data(), as: decoding) }
                    #expect(throws: ImageError.self) { try Image.decode(data.prefix(data.count / 3), as: decoding) }
                    for place in stride(from: 8, to: data.count, by: max(1, data.count / 12)) {
                        var damaged = data
                        damaged[place] ^= 0x5A
                        do {
                            let image = try Image.decode(damaged, as: decoding, pixelLimit: 1 << 20)
                            #expect(image.width > 0)
                        } catch is ImageError {
                            continue
                        }
                    }
                }
            }
        }
    }
}
