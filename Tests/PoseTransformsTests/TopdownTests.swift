import PoseCore
import PoseTransforms
import PyConfig
import Testing

@Suite("Top-down regions")
struct TopdownTests {
    @Test("Crops, mapped key points and regions are MMPose's to the last bit", arguments: Fixture.cases("topdown_"))
    func crop(_ fixture: Fixture.Case) throws {
        var sample = try fixture.sample()
        var generator = SeededGenerator(seed: 0)
        for step in fixture.steps {
            let transform = try Transforms.make(Arguments(step, at: "step"))
            try transform(&sample, using: &generator)
        }
        try fixture.expect(sample.boxCenters, "bbox_center")
        try fixture.expect(sample.boxScales, "bbox_scale")
        try fixture.expect(sample.keypoints, "keypoints")
        try fixture.expect(sample.transformedKeypoints, "transformed_keypoints")
        try fixture.expectImage(sample.image)
        let scale = try #require(sample.inputScale)
        let center = try #require(sample.inputCenter)
        #expect(try fixture.real("out.input_scale")?.elements == [scale.x, scale.y])
        #expect(try fixture.real("out.input_center")?.elements == [center.x, center.y])
    }

    @Test("Points come back from the input to where they were in the image")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            var sample = PoseSample()
            let corner = SIMD2(generator.uniform(-50, 400), generator.uniform(-50, 400))
            let box = Box(x: corner.x, y: corner.y, width: generator.uniform(5, 300), height: generator.uniform(5, 300))
            sample.boxes = try RealArray(box.xyxy, shape: [1, 4], precision: .double)
            sample.keypoints = try RealArray(
                [generator.uniform(0, 500), generator.uniform(0, 500)], shape: [1, 1, 2], precision: .double)
            try GetBBoxCenterScale()(&sample, using: &generator)
            try TopdownAffine(inputSize: ImageSize(width: 192, height: 256))(&sample, using: &generator)
            let mapped = try #require(sample.transformedKeypoints).elements
            let back = try sample.inImage(Keypoints(points: [SIMD2(mapped[0], mapped[1])])).points[0]
            let original = try #require(sample.keypoints).elements
            // The map is made from float32 points, which are good to a ten thousandth of a pixel here.
            #expect(abs(back.x - original[0]) < 2e-3 && abs(back.y - original[1]) < 2e-3)
        }
    }

    @Test("A box without area is an error, not a picture of nothing")
    func emptyBox() throws {
        var generator = SeededGenerator(seed: 0)
        for box in [[10.0, 10, 10, 20], [5, 5, 4, 9], [0, 0, .nan, 3], [0, 0, .infinity, 3]] {
            var sample = PoseSample()
            sample.boxes = try RealArray(box, shape: [1, 4])
            try GetBBoxCenterScale()(&sample, using: &generator)
            #expect(throws: PoseSampleError.self) {
                try TopdownAffine(inputSize: ImageSize(width: 4, height: 4))(&sample, using: &generator)
            }
        }
    }

    @Test("Steps without what they need say so")
    func missing() throws {
        var generator = SeededGenerator(seed: 0)
        var sample = PoseSample()
        #expect(throws: PoseSampleError.self) { try GetBBoxCenterScale()(&sample, using: &generator) }
        #expect(throws: PoseSampleError.self) {
            try TopdownAffine(inputSize: ImageSize(width: 4, height: 4))(&sample, using: &generator)
        }
        #expect(throws: PoseSampleError.self) { try sample.inImage(Keypoints(points: [], scores: [])) }
    }
}
