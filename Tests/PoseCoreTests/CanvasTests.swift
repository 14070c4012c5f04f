import Foundation
import PoseCore
import Testing

/// Drawing puts colours where it should and refuses what OpenCV would misread; videos keep their frames.
struct CanvasTests {
    private func canvas(_ width: Int = 20, _ height: Int = 20) throws -> Canvas {
        try Canvas(Image(width: width, height: height))
    }

    private func pixel(_ canvas: Canvas, _ x: Int, _ y: Int) throws -> [UInt8] {
        try canvas.image(x: x, y: y, width: 1, height: 1).withUnsafeBytes { Array($0) }
    }

    private let red = Color(red: 255, green: 0, blue: 0)

    @Test func colorsAreBlueGreenRed() throws {
        let canvas = try canvas()
        try canvas.convexPolygon(
            [SIMD2(2, 2), SIMD2(10, 2), SIMD2(10, 10), SIMD2(2, 10)], color: Color(red: 3, green: 2, blue: 1))
        #expect(try pixel(canvas, 5, 5) == [1, 2, 3])
        #expect(try pixel(canvas, 15, 5) == [0, 0, 0])
    }

    @Test func linesAreAntiAliasedBetweenPixels() throws {
        let canvas = try canvas()
        try canvas.line(from: SIMD2(0, 5.5), to: SIMD2(19, 5.5), color: red)
        let (upper, lower) = (try pixel(canvas, 10, 5)[2], try pixel(canvas, 10, 6)[2])
        #expect(upper > 60 && upper < 220 && lower > 60 && lower < 220)
        #expect(try pixel(canvas, 10, 10) == [0, 0, 0])
    }

    @Test func shapesCover() throws {
        let canvas = try canvas()
        try canvas.disc(center: SIMD2(10, 10), radius: 4, color: red)
        #expect(try pixel(canvas, 10, 7)[2] == 255)
        #expect(try pixel(canvas, 10, 4)[2] == 0)
        try canvas.ellipse(center: SIMD2(10, 10), axes: SIMD2(9, 2), angle: 90, color: .white)
        #expect(try pixel(canvas, 10, 17)[0] == 255)
        #expect(try pixel(canvas, 17, 10)[0] == 0)
        try canvas.circle(center: SIMD2(10, 10), radius: 6, color: red)
        try canvas.polyline([SIMD2(0, 1), SIMD2(19, 1)], closed: false, color: red)
        #expect(try pixel(canvas, 9, 1)[2] > 200)
    }

    @Test func masksFollowTheEvenOddRule() throws {
        let canvas = try Canvas(Image(width: 20, height: 20, channels: 1))
        let outer = [SIMD2(1.0, 1), SIMD2(18, 1), SIMD2(18, 18), SIMD2(1, 18)]
        let hole = [SIMD2(6.0, 6), SIMD2(12, 6), SIMD2(12, 12), SIMD2(6, 12)]
        try canvas.polygons([outer, hole], color: Color(gray: 1), antialiased: false)
        let values = try canvas.image().withUnsafeBytes { Array($0) }
        #expect(Set(values) == [0, 1])
        #expect(values[3 * 20 + 3] == 1)
        #expect(values[9 * 20 + 9] == 0)
    }

    @Test func blendsAndWrites() throws {
        let canvas = try canvas(60, 30)
        try canvas.blend(Image(width: 4, height: 4, color: .white), x: 56, y: 26, opacity: 0.5)
        #expect(try pixel(canvas, 58, 28)[0] == 128)
        let size = try Canvas.textSize("87%", scale: 0.5)
        #expect(size.width > 10 && size.height > 5)
        try canvas.text("87%", at: SIMD2(2, 20), scale: 0.5, color: .white)
        let before = try self.canvas(60, 30).image()
        #expect(try canvas.image() != before)
    }

    @Test func refusesWhatCannotBeDrawn() throws {
        let canvas = try canvas()
        for value in [Double.nan, .infinity, 1e7] {
            #expect(throws: ImageError.self) { try canvas.disc(center: SIMD2(value, 1), radius: 1, color: red) }
            #expect(throws: ImageError.self) { try canvas.disc(center: .zero, radius: value, color: red) }
            #expect(throws: ImageError.self) { try canvas.line(from: .zero, to: SIMD2(1, value), color: red) }
            #expect(throws: ImageError.self) {
                try canvas.convexPolygon([.zero, SIMD2(value, 0), SIMD2(0, 1)], color: red)
            }
            #expect(throws: ImageError.self) { try canvas.text("a", at: SIMD2(value, 0), scale: 1, color: red) }
        }
        #expect(throws: ImageError.self) { try canvas.disc(center: .zero, radius: -1, color: red) }
        #expect(throws: ImageError.self) { try canvas.blend(Image(width: 4, height: 4), x: 18, y: 0, opacity: 1) }
        #expect(throws: ImageError.self) { try canvas.blend(Image(width: 4, height: 4), x: 0, y: 0, opacity: 2) }
        #expect(throws: ImageError.self) {
            try canvas.blend(Image(width: 4, height: 4, channels: 1), x: 0, y: 0, opacity: 1)
        }
        #expect(throws: ImageError.self) { try Canvas.textSize("a", scale: .nan) }
        // Nothing to draw is no mistake.
        try canvas.polyline([], closed: true, color: red)
        try canvas.convexPolygon([.zero], color: red)
        try canvas.polygons([[]], color: red)
    }

    @Test func videosKeepTheirFrames() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a ü.avi")
            let size = ImageSize(width: 64, height: 48)
            let writer = try VideoWriter(url, size: size, framesPerSecond: 12.5, codec: "MJPG")
            for index in 0..<5 {
                try writer.write(Image(width: 64, height: 48, color: Color(gray: Double(index) * 50)))
            }
            #expect(throws: ImageError.self) { try writer.write(Image(width: 10, height: 10)) }
            writer.finish()
            #expect(throws: ImageError.self) { try writer.write(Image(width: 64, height: 48)) }
            let reader = try VideoReader(url)
            #expect(reader.framesPerSecond == 12.5)
            #expect(reader.size == size)
            var grays: [Float] = []
            while let frame = try reader.next() {
                #expect(frame.size == size)
                grays.append(frame.floats()[0])
            }
            #expect(grays.count == 5)
            for (index, gray) in grays.enumerated() { #expect(abs(gray - Float(index) * 50) < 6) }

            let text = folder.appendingPathComponent("no.mp4")
            #expect(throws: ImageError.self) { try VideoReader(text) }
            try Data("not a video".utf8).write(to: text)
            #expect(throws: ImageError.self) { try VideoReader(text) }
            #expect(throws: ImageError.self) { try VideoReader(folder) }
            #expect(throws: ImageError.self) {
                try VideoWriter(folder.appendingPathComponent("x/y.avi"), size: size, framesPerSecond: 10)
            }
            #expect(throws: ImageError.self) { try VideoWriter(url, size: size, framesPerSecond: .nan) }
            #expect(throws: ImageError.self) { try VideoWriter(url, size: size, framesPerSecond: 1, codec: "toolong") }
        }
    }
}
