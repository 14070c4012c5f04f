import PoseCore
import PyConfig
import Testing

@testable import PoseTransforms

extension Fixture.Case {
    /// The sample before the steps.
    func sample() throws -> PoseSample { try sample(under: "") }

    private func sample(under prefix: String) throws -> PoseSample {
        var sample = PoseSample()
        func real(_ name: String) throws -> RealArray? { try self.real(prefix + name) }
        func number(_ name: String) throws -> Double? { try array(prefix + name)?.doubles?.elements.first }
        func integers(_ name: String) throws -> [Int] { try array(prefix + name)?.integers?.elements ?? [] }
        func text(_ name: String) throws -> String? { try array(prefix + name)?.strings?.elements.first }
        if try array(prefix + "ori_shape") != nil || name.hasPrefix("photometric") || name.hasPrefix("hsv") {
            let shared = try #require(Fixture.shared).arrays
            guard case .uint8(let picture) = try array(prefix + "img") ?? shared.array("picture") else { return sample }
            let image = try Image(picture.elements, width: picture.shape[1], height: picture.shape[0])
            (sample.image, sample.imageSize, sample.originalSize) = (image, image.size, image.size)
        }
        sample.boxes = try real("bbox")
        sample.boxScores = try real("bbox_score")
        sample.boxCenters = try real("bbox_center")
        sample.boxScales = try real("bbox_scale")
        sample.boxRotations = try real("bbox_rotation")
        sample.keypoints = try real("keypoints")
        sample.keypointsVisible = try real("keypoints_visible")
        sample.areas = try real("area")
        sample.categories = try integers("category_id")
        sample.ids = try integers("id")
        sample.imageID = try integers("img_id").first
        sample.imagePath = try text("img_path")
        sample.datasetName = try text("dataset_name")
        sample.crowdIndex = try real("crowd_index")
        sample.flipIndices = try integers("flip_indices")
        sample.upperBody = try integers("upper_body_ids")
        sample.lowerBody = try integers("lower_body_ids")
        sample.datasetKeypointWeights = try real("dataset_keypoint_weights")
        if let type = try real("hand_type") {
            sample.hands = HandAnnotation(
                relativeRootDepth: try #require(try number("rel_root_depth")), relativeRootValid: 1, handType: type,
                handTypeValid: try #require(try real("hand_type_valid")))
        }
        if let target = try real("lifting_target") {
            let focal = try #require(try real("camera_param/f")).elements
            let center = try #require(try real("camera_param/c")).elements
            let camera = LiftingCamera(
                width: try #require(try number("camera_param/w")), height: try #require(try number("camera_param/h")),
                focal: SIMD2(focal[0], focal[1]), center: SIMD2(center[0], center[1]))
            sample.lifting = LiftingAnnotation(
                target: target, targetVisible: try real("lifting_target_visible"), camera: camera)
        }
        for index in 0... {
            guard let polygon = try array(prefix + "invalid_segs.\(index).0")?.doubles else { break }
            var polygons = [polygon.elements]
            if let second = try array(prefix + "invalid_segs.\(index).1")?.doubles { polygons.append(second.elements) }
            sample.invalidRegions.append(.polygons(polygons))
        }
        return sample
    }

    /// The sample after the steps, with the draws of the fixture.
    func replayed() throws -> PoseSample {
        var sample = try sample()
        var generator = SeededGenerator(seed: 0)
        for step in steps {
            let transform = try Transforms.make(Arguments(step, at: "step"))
            let type = try #require(step["type"]?.stringValue)
            if let draw = draws[type] {
                try apply(transform, draw, to: &sample)
            } else {
                try transform(&sample, using: &generator)
            }
            if sample.rejection != nil { break }
        }
        return sample
    }

    private func apply(_ transform: any Transform, _ draw: ConfigValue, to sample: inout PoseSample) throws {
        let values = draw.dictValue ?? [:]
        func numbers(_ name: String) -> [Double] { values[name]?.arrayValue?.compactMap(\.doubleValue) ?? [] }
        func number(_ name: String) -> Double? { values[name]?.doubleValue }
        func integer(_ name: String) -> Int { values[name]?.intValue ?? -1 }
        func pair(_ name: String) -> SIMD2<Double> { SIMD2(numbers(name)[0], numbers(name)[1]) }
        switch transform {
        case is RandomFlip:
            try RandomFlip.apply(draw.stringValue.flatMap(FlipDirection.init), to: &sample)
        case is HandRandomFlip: try HandRandomFlip.apply(flipping: draw.stringValue != nil, to: &sample)
        case let half as RandomHalfBody:
            let halves = try #require(draw.arrayValue).map { $0.arrayValue?.compactMap(\.intValue) }
            try half.apply(halves, to: &sample)
        case is RandomBBoxTransform:
            let single = RealPrecision.single
            let shifts = try #require(values["shifts"]?.arrayValue).map { shift in
                let numbers = shift.arrayValue?.compactMap(\.doubleValue) ?? []
                return SIMD2(single.round(numbers[0]), single.round(numbers[1]))
            }
            let draw = RandomBBoxTransform.Draw(
                shifts: shifts, scales: numbers("scales").map(single.round),
                rotations: numbers("rotations").map(single.round))
            try RandomBBoxTransform.apply(draw, to: &sample)
        case is PhotometricDistortion:
            var draw = PhotometricDistortion.Draw()
            draw.brightness = number("brightness")
            draw.contrast = number("contrast")
            draw.throughHSV = integer("mode") != 0
            draw.saturation = number("saturation")
            draw.hue = values["hue"]?.intValue
            draw.channels = values["channels"]?.arrayValue?.compactMap(\.intValue)
            sample.image = try PhotometricDistortion.apply(draw, to: #require(sample.image))
        case is YOLOXHSVRandomAug:
            let gains = draw.arrayValue?.compactMap(\.intValue) ?? []
            sample.image = try YOLOXHSVRandomAug.apply(gains, to: #require(sample.image))
        case let affine as BottomupRandomAffine:
            let round = affine.distribution == .uniform ? { $0 } : RealPrecision.single.round
            var draw = BottomupRandomAffine.Draw()
            draw.shift = SIMD2(round(pair("shift").x), round(pair("shift").y))
            draw.scale = round(try #require(number("scale")))
            draw.rotation = try #require(number("rotation"))
            draw.shear = SIMD2(round(pair("shear").x), round(pair("shear").y))
            try affine.apply(draw, to: &sample)
        case let crop as BottomupRandomCrop:
            let size = ImageSize(width: Int(pair("size").x), height: Int(pair("size").y))
            try crop.apply(x: integer("x"), y: integer("y"), size: size, to: &sample)
        case let resize as BottomupRandomChoiceResize: try resize.apply(resize.sizes[0], to: &sample)
        case let mosaic as Mosaic:
            let others = try (0..<others).map { try self.sample(under: "other.\($0)/") }
            try mosaic.apply(others, centerX: integer("x"), centerY: integer("y"), to: &sample)
        case let mixUp as YOLOXMixUp:
            let other = try self.sample(under: "other.0/")
            var draw = YOLOXMixUp.Draw()
            draw.scale = try #require(number("scale"))
            draw.flips = values["flips"]?.boolValue ?? false
            let left = mixUp.leftover(of: draw, besides: try #require(sample.image).size)
            draw.x = share(integer("x"), of: left.width)
            draw.y = share(integer("y"), of: left.height)
            try mixUp.apply(other, draw, to: &sample)
        case let albumentation as Albumentation:
            var image = try #require(sample.image)
            for change in albumentation.changes { image = try painted(image, by: change, values) }
            sample.image = image
        default: Issue.record("no replay of \(type(of: transform))")
        }
    }

    private func painted(_ image: Image, by change: any PixelChange, _ draw: ConfigDict) throws -> Image {
        func integers(_ value: ConfigValue?) -> [Int] { value?.arrayValue?.compactMap(\.intValue) ?? [] }
        if let dropout = change as? CoarseDropout {
            let holes = try #require(draw["holes"]?.arrayValue).map { hole in
                let numbers = integers(hole)
                return Hole(x: numbers[0]..<numbers[0] + numbers[2], y: numbers[1]..<numbers[1] + numbers[3])
            }
            return try dropout.apply(holes, to: image)
        }
        let dropout = try #require(change as? GridDropout)
        var generator = SeededGenerator(seed: 0)
        var grid = try dropout.draw(for: image.size, using: &generator)
        let (cell, offset) = (integers(draw["cell"]), integers(draw["offset"]))
        if cell.count == 2 { grid.cell = ImageSize(width: cell[0], height: cell[1]) }
        (grid.x, grid.y) = (offset[0], offset[1])
        return try dropout.apply(grid, to: image)
    }

    /// The middle of the numbers from 0 to 1 that stand for a place among `count + 1`.
    private func share(_ place: Int, of count: Int) -> Double { (Double(place) + 0.5) / Double(count + 1) }
}

extension YOLOXMixUp {
    /// How many pixels more than a sample the scaled image has along each axis.
    fileprivate func leftover(of draw: Draw, besides sample: ImageSize) -> ImageSize {
        ImageSize(
            width: max(Int(Double(size.width) * draw.scale) - sample.width, 0),
            height: max(Int(Double(size.height) * draw.scale) - sample.height, 0))
    }
}
