import PoseCore
import PoseTransforms
import PyConfig
import Testing

@Suite("Transforms do to a sample what MMPose does with the same draws")
struct ParityTests {
    static let unpacked = Fixture.cases.filter { !$0.name.hasPrefix("packed_") && !$0.name.hasPrefix("topdown_") }

    @Test("Recorded cases are there")
    func complete() throws {
        #expect(Self.unpacked.count > 75 && Fixture.cases("packed_").count > 12)
    }

    @Test("Pixels, boxes and key points", arguments: unpacked)
    func sample(_ fixture: Fixture.Case) throws {
        let sample = try fixture.replayed()
        if fixture.results.contains("rejected") {
            #expect(sample.rejection != nil)
            return
        }
        #expect(sample.rejection == nil)
        if sample.image != nil { try fixture.expectImage(sample.image) }
        try fixture.expect(sample.boxes, "bbox")
        try fixture.expect(sample.boxScores, "bbox_score")
        try fixture.expect(sample.boxCenters, "bbox_center")
        try fixture.expect(sample.boxScales, "bbox_scale")
        try fixture.expect(sample.boxRotations, "bbox_rotation")
        try fixture.expect(sample.areas, "area")
        try fixture.expect(sample.keypoints, "keypoints")
        try fixture.expect(sample.keypointsVisible, "keypoints_visible")
        try fixture.expect(sample.keypointsVisibleWeights, "keypoints_visible_weights")
        try fixture.expect(sample.transformedKeypoints, "transformed_keypoints")
        try fixture.expect(sample.lifting?.target, "lifting_target")
        try fixture.expect(sample.lifting?.targetVisible, "lifting_target_visible")
        try fixture.expect(sample.hands?.handType, "hand_type")
        try check(fixture, "category_id", sample.categories.map(Double.init))
        try check(fixture, "rel_root_depth", sample.hands.map { [$0.relativeRootDepth] } ?? [])
        try check(fixture, "flip", [sample.flipped == true ? 1 : 0])
        if let center = sample.lifting?.camera?.center { try check(fixture, "camera_param/c", [center.x, center.y]) }
    }

    @Test("The region of the network's input", arguments: Fixture.cases("resize_"))
    func region(_ fixture: Fixture.Case) throws {
        let sample = try fixture.replayed()
        let center = try #require(sample.inputCenter)
        let scale = try #require(sample.inputScale)
        let size = try #require(sample.inputSize)
        try check(fixture, "input_center", [center.x, center.y])
        try check(fixture, "input_scale", [scale.x, scale.y])
        try check(fixture, "input_size", [Double(size.width), Double(size.height)])
        try check(fixture, "img_shape", [Double(size.height), Double(size.width)])
    }

    private func check(_ fixture: Fixture.Case, _ name: String, _ found: [Double]) throws {
        guard let expected = try fixture.array("out." + name)?.doubles else { return }
        #expect(difference(found, expected.elements) == nil, "\(name)")
    }

    @Test("Packed samples: names, shapes, types and values", arguments: Fixture.cases("packed_"))
    func packed(_ fixture: Fixture.Case) throws {
        let sample = try fixture.replayed()
        let packed = try #require(sample.packed)
        let found = Dictionary(uniqueKeysWithValues: packed.arrays.map { ("packed/" + $0.name, $0.array) })
        let lost = ["packed/gt_instance_labels/keypoint_indices"]  // MMPose does not pack them; training needs them
        #expect(Set(found.keys).subtracting(lost) == Set(fixture.results))
        for (name, array) in found {
            guard let expected = try fixture.array("out." + name) else { continue }
            #expect(array.typeName == expected.typeName && array.shape == expected.shape, "\(name)")
            if let strings = expected.strings {
                #expect(array.strings == strings, "\(name)")
            } else {
                let values = try #require(array.doubles).elements
                let wanted = try #require(expected.doubles).elements
                #expect(difference(values, wanted, tolerance: fixture.tolerance) == nil, "\(name)")
            }
        }
    }
}
