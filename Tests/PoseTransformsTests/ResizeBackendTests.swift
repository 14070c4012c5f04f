import PoseCore
import PoseTransforms
import PyConfig
import Testing

struct ResizeBackendTests {
    private func resize(_ arguments: String) throws -> BottomupRandomChoiceResize {
        try BottomupRandomChoiceResize(
            Config.parse("resize = dict(scales=[(5, 4)]\(arguments))").arguments(at: "resize"))
    }

    /// White stripes between the places OpenCV reads: averaged by Pillow, passed over by OpenCV.
    @Test("the backend decides how pixels are averaged, OpenCV's way by default")
    func backends() throws {
        let pixels = (0..<40 * 32 * 3).map { UInt8($0 / 3 % 40 % 8 < 2 ? 255 : 0) }
        let image = try Image(pixels, width: 40, height: 32)
        for (arguments, expected) in [
            ("", try image.resized(to: ImageSize(width: 5, height: 4))),
            (", backend='cv2'", try image.resized(to: ImageSize(width: 5, height: 4))),
            (", backend='pillow'", try image.resizedAsPillow(to: ImageSize(width: 5, height: 4))),
        ] {
            var sample = PoseSample(image: image)
            let resize = try resize(arguments)
            try resize.apply(resize.sizes[0], to: &sample)
            #expect(sample.image == expected)
        }
        #expect(
            try image.resized(to: ImageSize(width: 5, height: 4))
                != image.resizedAsPillow(to: ImageSize(width: 5, height: 4)))
        #expect(throws: ConfigError.self) { try resize(", backend='gd'") }
    }
}
