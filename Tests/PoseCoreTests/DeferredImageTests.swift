import Foundation
import Testing

@testable import PoseCore

/// What is cut out of an image whose region alone was decoded is what the whole image gives, to the last bit.
@Suite struct DeferredImageTests {
    /// A picture with edges of colour everywhere, so that a wrong pixel of luma or chroma shows.
    private func picture(_ width: Int, _ height: Int) throws -> Image {
        var generator = SeededGenerator(seed: 1, epoch: 0, index: 0)
        let noise = (0..<width * height * 3).map { _ in UInt8(generator.integer(0, 256)) }
        return try Image(noise, width: width, height: height).boxBlurred(width: 3, height: 3)
    }

    private func temporary(_ data: Data) throws -> URL {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jpg")
        try data.write(to: url)
        return url
    }

    @Test func regionsEqualThoseOfTheWholeImage() throws {
        let url = try temporary(picture(203, 157).encoded(as: .jpeg(quality: 80)))
        defer { try? FileManager.default.removeItem(at: url) }
        let whole = try Image.decode(contentsOf: url)
        let deferred = try DeferredImage(contentsOf: url)
        #expect(deferred.size == whole.size)
        var generator = SeededGenerator(seed: 2, epoch: 0, index: 0)
        for index in 0..<300 {
            let (angle, zoom) = (generator.uniform(-2, 2), generator.uniform(0.3, 6))
            let center = SIMD2(generator.uniform(-30, 233), generator.uniform(-30, 187))
            let (a, b) = (cos(angle) * zoom, sin(angle) * zoom)
            let map = AffineMap(
                a: a, b: -b, tx: 24 - a * center.x + b * center.y, c: b, d: a, ty: 32 - b * center.x - a * center.y)
            let (x, y) = (index % 2 == 1, index % 4 > 1)
            let size = ImageSize(width: 48, height: 64)
            let expected = try (x || y ? whole.flipped(horizontal: x, vertical: y) : whole).warpAffine(map, size: size)
            #expect(try deferred.flipped(horizontal: x, vertical: y).warpAffine(map, size: size) == expected)
            let decoded = DeferredImage(whole).flipped(horizontal: x, vertical: y)
            #expect(try decoded.warpAffine(map, size: size) == expected)
        }
    }

    @Test func mapsWithoutInverseAndRegionsFarAwayAreAsOfTheWholeImage() throws {
        let url = try temporary(picture(64, 48).encoded(as: .jpeg()))
        defer { try? FileManager.default.removeItem(at: url) }
        let (whole, deferred) = (try Image.decode(contentsOf: url), try DeferredImage(contentsOf: url))
        for map in [
            AffineMap(a: 0, b: 0, tx: 5, c: 0, d: 0, ty: 5), AffineMap(a: 1e-9, b: 0, tx: 0, c: 0, d: 1e-9, ty: 0),
            AffineMap(a: 1, b: 0, tx: 1000, c: 0, d: 1, ty: -1000),
        ] {
            let size = ImageSize(width: 16, height: 16)
            #expect(try deferred.warpAffine(map, size: size) == whole.warpAffine(map, size: size))
        }
    }

    @Test(arguments: 1...8) func picturesThatEXIFTurnsAreTurned(orientation: UInt8) throws {
        let plain = try picture(40, 24).encoded(as: .jpeg())
        let exif: [UInt8] = [
            0xFF, 0xE1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0,
            0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ]
        let url = try temporary(plain.prefix(2) + Data(exif) + plain.dropFirst(2))
        defer { try? FileManager.default.removeItem(at: url) }
        let (whole, deferred) = (try Image.decode(contentsOf: url), try DeferredImage(contentsOf: url))
        #expect(deferred.size == whole.size)
        #expect(deferred.size.width == (orientation < 5 ? 40 : 24))
        let size = ImageSize(width: 20, height: 20)
        #expect(try deferred.warpAffine(.identity, size: size) == whole.warpAffine(.identity, size: size))
    }

    @Test func otherFormatsAndBadFilesAreReadAsEver() throws {
        let image = try picture(30, 20)
        let url = try temporary(image.encoded(as: .png))
        defer { try? FileManager.default.removeItem(at: url) }
        #expect(try DeferredImage(contentsOf: url).image() == image)
        let cut = try temporary(image.encoded(as: .jpeg()).dropLast(40))
        defer { try? FileManager.default.removeItem(at: cut) }
        #expect(throws: ImageError(path: cut.path, .truncated)) { try DeferredImage(contentsOf: cut) }
        let empty = try temporary(Data())
        defer { try? FileManager.default.removeItem(at: empty) }
        #expect(throws: ImageError(path: empty.path, .empty)) { try DeferredImage(contentsOf: empty) }
    }
}
