import PoseCore
import PoseModels
import PyConfig
import Testing
import Torch

@Suite struct HandsTests {
    private static let config = """
        dict(type='TopdownPoseEstimator',
             data_preprocessor=dict(type='PoseDataPreprocessor', mean=[120, 120, 120], std=[60, 60, 60]),
             backbone=dict(type='ResNet', depth=18, base_channels=4, stem_channels=4),
             head=dict(type='InternetHead',
                       keypoint_head_cfg=dict(in_channels=32, out_channels=24, depth_size=8,
                                              deconv_out_channels=(8,), deconv_kernel_sizes=(4,)),
                       root_head_cfg=dict(in_channels=32, heatmap_size=16, hidden_dims=(8,)),
                       hand_type_head_cfg=dict(in_channels=32, num_labels=2, hidden_dims=(8,))),
             test_cfg=dict(flip_test=True))
        """

    @Test("with a flip test, a mirrored picture gives the mirrored hands: sides, depth between them and volumes")
    func flipTest() throws {
        let model = try #require(
            try PoseEstimators.build(Config.parse("model = \(Self.config)").arguments(at: "model"))
                as? TopdownPoseEstimator)
        let pixels = (0..<3 * 32 * 64).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let crops = try Tensor(pixels, shape: [1, 3, 32, 64])
        // Three keypoints a hand; the other hand's are three further.
        let flips = [3, 4, 5, 0, 1, 2]
        let (straight, mirrored) = try inferenceMode {
            (
                try model.predict(crops, flipIndices: flips).named.map(\.tensor),
                try model.predict(crops.flip([-1]), flipIndices: flips).named.map(\.tensor)
            )
        }
        #expect(straight.map(\.shape) == [[1, 6, 8, 2, 4], [1, 1], [1, 2]])
        let index = try Tensor(flips, shape: [6])
        let volumes = try mirrored[0].flip([-1]).indexSelect(dim: 1, index: index)
        func same(_ a: Tensor, _ b: Tensor) throws -> Bool { try a.allClose(to: b, relative: 1e-4, absolute: 1e-8) }
        #expect(try same(volumes, straight[0]))
        #expect(try same(16 - mirrored[1], straight[1]))
        #expect(try same(mirrored[2].flip([-1]), straight[2]))
        #expect(try !same(mirrored[0], straight[0]), "the two pictures do differ")
    }

    @Test("as probabilities, as in MMPose 0.x, a flip test averages them, and the same hands are there")
    func probabilities() throws {
        func model(_ option: String) throws -> TopdownPoseEstimator {
            let text = Self.config.replacing("num_labels=2", with: "num_labels=2\(option)")
            let model = try #require(
                try PoseEstimators.build(Config.parse("model = \(text)").arguments(at: "model"))
                    as? TopdownPoseEstimator)
            return model
        }
        let models = try ["", ", use_sigmoid=True"].map(model)
        try models[1].store.load(models[0].store.entries.map { try ($0.name, $0.parameter.tensor) })
        let pixels = (0..<3 * 32 * 64).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let input = try Tensor(pixels, shape: [1, 3, 32, 64])
        let normalised = try (input.to(.float32) - 120) / 60
        try inferenceMode {
            let raw = try [normalised, normalised.flip([-1])].map {
                try models[0].forward($0).named[2].tensor.sigmoid()
            }
            let expected = try (raw[0] + raw[1].flip([-1])) * 0.5
            let averaged = try models[1].predict(input, flipIndices: [3, 4, 5, 0, 1, 2])
            #expect(try averaged.named[2].tensor.allClose(to: expected, relative: 1e-5, absolute: 1e-6))
            try averaged.withOutput { output in
                guard case .hands(_, _, let type) = output else {
                    Issue.record("the output is not that of hands")
                    return
                }
                let present = try expected.toArray(Float.self).map { $0 > 0.5 }
                #expect(type.values.map { $0 > 0 } == present)
            }
        }
    }
}
