import Foundation
import PoseCore
import Testing

@testable import PoseRuntime

/// Where crops lie in the picture, and that points find their way back.
@Suite struct PersonRegionTests {
    @Test("Someone upright: a square of 2.5 times the distance of the two points, not turned")
    func upright() throws {
        let region = try #require(PersonRegion(hips: SIMD2(100, 200), top: SIMD2(100, 120)))
        #expect(region.center == SIMD2(100, 200))
        #expect(abs(region.side - 200) < 1e-9)
        #expect(abs(region.rotation) < 1e-9)
        let corners = region.corners
        #expect(abs(corners[0].x - 0) < 1e-9 && abs(corners[0].y - 100) < 1e-9)
        #expect(abs(corners[2].x - 200) < 1e-9 && abs(corners[2].y - 300) < 1e-9)
    }

    @Test("Whatever the direction, the head's point lies straight above the middle of the crop")
    func headUp() throws {
        for degrees in stride(from: 0.0, to: 360, by: 15) {
            let angle = degrees * .pi / 180
            let top = SIMD2(50 + 40 * sin(angle), 60 - 40 * cos(angle))
            let region = try #require(PersonRegion(hips: SIMD2(50, 60), top: top))
            let inCrop = region.cropToImage(size: 256).inverse.apply(top)
            #expect(abs(inCrop.x - 128) < 1e-9)
            #expect(abs(inCrop.y - (128 - 256 / 2.5)) < 1e-9)
        }
    }

    @Test("From crop to picture and back is the identity")
    func inverse() {
        let region = PersonRegion(center: SIMD2(311.5, -20.25), side: 417, rotation: 2.1)
        let map = region.cropToImage(size: 256)
        for point in [SIMD2(0.0, 0), SIMD2(255.5, 3), SIMD2(17, 400)] {
            let back = map.inverse.apply(map.apply(point))
            #expect(abs(back.x - point.x) < 1e-9 && abs(back.y - point.y) < 1e-9)
        }
    }

    @Test("Points that are no region give none")
    func degenerate() {
        #expect(PersonRegion(hips: SIMD2(1, 1), top: SIMD2(1, 1)) == nil)
        #expect(PersonRegion(hips: SIMD2(.nan, 1), top: SIMD2(1, 50)) == nil)
        #expect(PersonRegion(hips: SIMD2(0, 1), top: SIMD2(.infinity, 50)) == nil)
        #expect(PersonRegion(around: Box(x1: 5, y1: 5, x2: 5, y2: 9)) == nil)
    }

    @Test("A crop shows the pixels that the map says, at any scale and rotation")
    func crop() throws {
        // Blue holds the column and red the row, so that every pixel of the crop tells where it came from; both doubled,
        // so that means of neighbours are whole numbers.
        let pixels = (0..<120 * 120).flatMap { (index: Int) -> [UInt8] in
            [UInt8(index % 120 * 2), 0, UInt8(index / 120 * 2)]
        }
        let pyramid = try ImagePyramid(try Image(pixels, width: 120, height: 120))
        let identity = (0...255).map(Float.init)
        for side in [20.0, 40, 64, 80] {
            let region = PersonRegion(center: SIMD2(58, 61), side: side, rotation: 0.7)
            var buffer = [Float](repeating: -1, count: 32 * 32 * 3)
            try buffer.withUnsafeMutableBufferPointer {
                try pyramid.crop(region, size: 32, normalize: identity, into: $0)
            }
            let map = region.cropToImage(size: 32)
            var sum = SIMD2<Double>()
            for pixel in 0..<32 * 32 {
                let expected = map.apply(SIMD2(Double(pixel % 32) + 0.5, Double(pixel / 32) + 0.5))
                let seen = SIMD2(Double(buffer[3 * pixel + 2]), Double(buffer[3 * pixel])) / 2
                let error = seen - expected
                #expect(abs(error.x) < 0.4 && abs(error.y) < 0.4, "pixel \(pixel) at \(side)")
                sum += error
            }
            // A picture shifted by half a pixel would show here.
            let mean = sum / (32 * 32)
            #expect(abs(mean.x) < 0.1 && abs(mean.y) < 0.1, "\(mean) at \(side)")
        }
    }

    @Test("Tiles cover every pixel, and none of a small picture are enlarged noise")
    func tiles() {
        for size in [ImageSize(width: 640, height: 425), ImageSize(width: 300, height: 4000)] {
            let tiles = Tile.cover(size, search: .far).dropFirst()
            #expect(!tiles.isEmpty)
            for x in stride(from: 0.0, to: Double(size.width), by: 20) {
                for y in stride(from: 0.0, to: Double(size.height), by: 20) {
                    let inside = tiles.contains { x >= $0.x && y >= $0.y && x < $0.x + $0.side && y < $0.y + $0.side }
                    #expect(inside, "(\(x), \(y)) of \(size)")
                }
            }
        }
        #expect(Tile.cover(ImageSize(width: 100, height: 100), search: .far).count == 1)
        #expect(
            Tile.cover(ImageSize(width: 640, height: 480), search: .whole) == [Tile(x: 0, y: -80, side: 640, level: 0)])
    }
}
