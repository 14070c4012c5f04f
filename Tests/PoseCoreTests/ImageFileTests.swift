import Foundation
import Testing

@testable import PoseCore

/// Image files are decoded to the pixels `cv2.imread` of OpenCV 4.10 gives, and broken ones are refused with the reason.
struct ImageFileTests {
    private static let folder = "images/"

    private func data(_ name: String) throws -> Data { try Data(contentsOf: Fixture.url(Self.folder + name)) }

    private func reason(_ body: () throws -> Image) throws -> ImageError.Reason {
        try #require(throws: ImageError.self) { _ = try body() }.reason
    }

    @Test func decodesEveryKindAsOpenCV() throws {
        let expected = try NPZFile(contentsOf: Fixture.url("images/expected.npz"))
        #expect(expected.names.count == 29)
        for name in expected.names {
            let image = try Image.decode(contentsOf: Fixture.url(Self.folder + name))
            let array = try #require(expected.array(name).floats)
            #expect([image.height, image.width, image.channels] == array.shape, "\(name)")
            #expect(image.depth == .uint8)
            let differences = zip(image.floats(), array.elements).map { abs($0 - $1) }
            #expect(differences.max() == 0, "\(name): off by \(differences.max() ?? 0)")
        }
    }

    @Test func namesMayHaveSpacesAndAnyLetters() throws {
        try withTemporaryFolder { folder in
            for name in ["a b.png", "日本 – ü.png", "%41?#.png", "emoji 🏃.png", "no extension"] {
                let url = folder.appendingPathComponent(name)
                try data("rgb.png").write(to: url)
                #expect(try Image.decode(contentsOf: url).size == ImageSize(width: 24, height: 16))
            }
        }
    }

    @Test func saysWhyAFileIsRefused() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("x.jpg")
            #expect(try reason { try Image.decode(contentsOf: file) } == .missing)
            #expect(try reason { try Image.decode(contentsOf: folder) } == .directory)
            try Data().write(to: file)
            #expect(try reason { try Image.decode(contentsOf: file) } == .empty)
            try Data("hello, this is a text".utf8).write(to: file)
            let error = try #require(throws: ImageError.self) { try Image.decode(contentsOf: file) }
            #expect(error.reason == .notAnImage)
            #expect(error.description.contains("x.jpg"))
            try Data(repeating: 0, count: 4096).write(to: file)
            #expect(try reason { try Image.decode(contentsOf: file) } == .notAnImage)
        }
    }

    @Test(arguments: [
        "rgb.png", "gray16.png", "full_color.jpg", "progressive.jpg", "exif_6.jpg", "rgb.bmp", "lossy.webp", "rgb.tiff",
    ])
    func everyTruncationIsRefused(name: String) throws {
        let data = try data(name)
        for count in stride(from: 1, to: data.count - 12, by: max(1, data.count / 40)) {
            let reason = try reason { try Image.decode(data.prefix(count)) }
            let expected: [ImageError.Reason] = [.truncated, .corrupt, .notAnImage]
            #expect(expected.contains(reason), "\(name) cut to \(count) bytes: \(reason)")
            if count > 20 { #expect(reason != .notAnImage, "\(name) cut to \(count) bytes") }
        }
    }

    /// OpenCV itself returns this picture with its lower part grey.
    @Test func aJPEGWithoutItsEndIsTruncated() throws {
        let data = try data("full_color.jpg")
        #expect(try reason { try Image.decode(data.prefix(data.count * 3 / 4)) } == .truncated)
        #expect(try reason { try Image.decode(data.prefix(data.count - 2)) } == .truncated)
        // What comes after the end marker does not matter.
        #expect(try Image.decode(data + Data([1, 2, 3])) == Image.decode(data))
    }

    /// A file whose middle is gone has its end marker, but too few data.
    @Test func damagedDataNeverTrap() throws {
        for name in ["rgb.png", "full_color.jpg", "progressive.jpg", "rgb.bmp", "lossless.webp", "rgb.tiff", "rgb.ppm"]
        {
            let data = try data(name)
            for position in stride(from: 0, to: data.count, by: max(1, data.count / 60)) {
                var damaged = data
                damaged[position] ^= 0x5A
                do {
                    let image = try Image.decode(damaged, pixelLimit: 1 << 22)
                    #expect(image.channels == 3)
                } catch let error as ImageError {
                    #expect(error.reason != .empty)
                }
            }
        }
    }

    /// OpenCV itself fills what a missing stretch would have held with grey and tells nobody but standard error.
    @Test(arguments: ["full_color.jpg", "progressive.jpg", "gray.jpg"])
    func aJPEGWithoutItsMiddleIsCorrupt(name: String) throws {
        let data = try data(name)
        let middle = data.count / 2
        let damaged = data.prefix(middle) + data.suffix(data.count - middle - data.count / 4)
        #expect(try reason { try Image.decode(Data(damaged)) } == .corrupt)
    }

    /// A marker that libjpeg knows nothing of stops it; OpenCV returns the rows above as if nothing were wrong.
    @Test func aJPEGWithAnUnknownMarkerAmongItsDataIsCorrupt() throws {
        var data = try data("full_color.jpg")
        // Behind three quarters are coded pixels, not tables. The segment has no content.
        data.replaceSubrange(data.count * 3 / 4..<data.count * 3 / 4 + 4, with: [0xFF, 0x2D, 0, 2])
        #expect(try reason { try Image.decode(data) } == .corrupt)
    }

    @Test func aPNGWithAWrongChecksumIsCorrupt() throws {
        var data = try data("rgb.png")
        data[data.count - 40] ^= 0xFF
        #expect(try reason { try Image.decode(data) } == .corrupt)
    }

    /// libpng would warn of each of these on standard error, or stop at a chunk whose text is damaged.
    @Test func chunksThatPixelsDoNotDependOnNeverReachTheDecoder() throws {
        for name in ["rgb.png", "palette.png", "gray16.png", "exif_6.png"] {
            let whole = try data(name)
            let expected = try Image.decode(whole)
            for chunk in [
                pngChunk("tEXt", Data("Comment\0x".utf8)), pngChunk("iCCP", Data("x".utf8)),
                pngChunk("zTXt", Data([1, 2, 3]), checksum: 0), pngChunk("tRNS", Data(count: 999)),
                pngChunk("pHYs", Data(count: 3)), pngChunk("teSt", Data(count: 70_000), checksum: 7),
            ] {
                // Behind the header, which has 25 bytes.
                #expect(try Image.decode(whole.prefix(33) + chunk + whole.dropFirst(33)) == expected, "\(name)")
            }
            let needed = pngChunk("NEED", Data(count: 3))
            #expect(try reason { try Image.decode(whole.prefix(33) + needed + whole.dropFirst(33)) } == .corrupt)
        }
        // A palette image without its palette, a header of an impossible depth.
        let palette = try data("palette.png")
        let position = try #require(palette.range(of: Data("PLTE".utf8))).lowerBound
        var renamed = palette
        renamed.replaceSubrange(position..<position + 4, with: Data("pLTE".utf8))
        #expect(try reason { try Image.decode(renamed) } == .corrupt)
        let header = Data([0, 0, 0, 24, 0, 0, 0, 16, 3, 6, 0, 0, 0])
        let rgb = try data("rgb.png")
        let impossible = rgb.prefix(8) + pngChunk("IHDR", header) + rgb.dropFirst(33)
        #expect(try reason { try Image.decode(Data(impossible)) } == .corrupt)
    }

    /// A chunk with its right checksum, or with the one given.
    private func pngChunk(_ type: String, _ content: Data, checksum: UInt32? = nil) -> Data {
        let body = Data(type.utf8) + content
        let value = checksum ?? body.withUnsafeBytes { CRC32.checksum($0) }
        func bytes(_ number: UInt32) -> Data { withUnsafeBytes(of: number.bigEndian) { Data($0) } }
        return bytes(UInt32(content.count)) + body + bytes(value)
    }

    @Test func refusesMorePixelsThanAllowed() throws {
        for name in ["rgb.png", "full_color.jpg", "rgb.bmp", "lossless.webp", "lossy.webp"] {
            #expect(
                try reason { try Image.decode(data(name), pixelLimit: 383) }
                    == .tooLarge(width: 24, height: 16, limit: 383))
            #expect(try Image.decode(data(name), pixelLimit: 384).size == ImageSize(width: 24, height: 16))
        }
        // A header that claims 60 000 × 60 000 pixels must not reserve their memory.
        var bomb = try data("rgb.png")
        bomb.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
        guard case .tooLarge = try reason({ try Image.decode(bomb) }) else {
            Issue.record("a bomb was decoded")
            return
        }
    }

    @Test func writesAndReadsBack() throws {
        try withTemporaryFolder { folder in
            let image = try Image.decode(contentsOf: Fixture.url("images/rgb.png"))
            let png = folder.appendingPathComponent("ü 1.png")
            try image.write(to: png)
            #expect(try Image.decode(contentsOf: png) == image)
            let jpeg = folder.appendingPathComponent("a.JPG")
            try image.write(to: jpeg)
            #expect(try Data(contentsOf: jpeg).starts(with: [0xFF, 0xD8]))
            #expect(throws: ImageError.self) { try image.write(to: folder.appendingPathComponent("a.gif")) }
            let nowhere = folder.appendingPathComponent("no/such/folder/a.png")
            let error = try #require(throws: ImageError.self) { try image.write(to: nowhere) }
            #expect(error.description.contains("no/such/folder/a.png"))
        }
    }

    @Test func keepsPixelsInMemory() throws {
        let pixels: [UInt8] = Array(0..<24)
        let image = try Image(pixels, width: 4, height: 2)
        #expect(image.withUnsafeBytes { Array($0) } == pixels)
        #expect(try image.flipped().withUnsafeBytes { Array($0.prefix(3)) } == [9, 10, 11])
        #expect(try image.cropped(x: 1, y: 1, width: 2, height: 1).withUnsafeBytes { Array($0) } == Array(15..<21))
        #expect(try image.padded(top: 1, left: 1, border: .replicate).size == ImageSize(width: 5, height: 3))
        #expect(try Image(image.array()).converted(to: .uint8) == image)
        let gray = try Image(width: 3, height: 2, channels: 1, color: Color(gray: 7))
        #expect(gray.withUnsafeBytes { Array($0) } == Array(repeating: 7, count: 6))
        #expect(try image.converted(to: .float32, scale: 0.5, shift: 1).floats() == pixels.map { Float($0) / 2 + 1 })
    }
}
