import PoseCore
import PoseTransforms
import PyConfig
import Testing

/// Draws of the transforms that change pixels, mix samples and choose.
extension DistributionTests {
    static func photometric() throws -> [String: [Double]] {
        let transform = try PhotometricDistortion(arguments(""))
        var generator = SeededGenerator(seed: 21)
        let draws = (0..<count).map { _ in transform.draw(using: &generator) }
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        return [
            "photometric.brightness": draws.map { $0.brightness ?? 0 },
            "photometric.contrast": draws.map { $0.contrast ?? 1 },
            "photometric.mode": draws.map { draw in
                guard draw.throughHSV else { return 0 }
                return (draw.saturation == nil ? 0 : 1) + (draw.hue == nil ? 0 : 2)
            },
            "photometric.saturation": draws.map { $0.saturation ?? 1 },
            "photometric.hue": draws.map { Double($0.hue ?? 0) },
            "photometric.channels": draws.map { Double(orders.firstIndex(of: $0.channels ?? [0, 1, 2]) ?? -1) },
        ]
    }

    /// Mosaics of 64 × 48, and mixtures of samples of 30 × 40 with others on 64 × 64.
    static func mixtures() throws -> [String: [Double]] {
        let mosaic = try Mosaic(arguments("img_scale=(64, 48)"))
        let mixUp = try YOLOXMixUp(arguments("img_scale=(64, 64)"))
        var generator = SeededGenerator(seed: 22)
        let centers = (0..<count).map { _ in mosaic.drawCenter(using: &generator) }
        let draws = (0..<count).map { _ in mixUp.draw(using: &generator) }
        func places(_ extent: Int, _ share: (YOLOXMixUp.Draw) -> Double) -> [Double] {
            draws.map { draw in
                let places = max(Int(64 * draw.scale) - extent, 0) + 1
                return (share(draw) * Double(places)).rounded(.down)
            }
        }
        return [
            "mosaic.x": centers.map { Double($0.x) }, "mosaic.y": centers.map { Double($0.y) },
            "mixup.scale": draws.map(\.scale), "mixup.flip": draws.map { $0.flips ? 1 : 0 },
            "mixup.y": places(40, \.y), "mixup.x": places(30, \.x),
        ]
    }

    static func coarse() throws -> [String: [Double]] {
        let kinds = [
            "parts": "max_holes=5, min_holes=1, max_height=.4, max_width=.4, min_height=.2, min_width=.2",
            "pixels": "max_holes=3, max_height=40, max_width=30, min_height=10, min_width=5",
        ]
        var result: [String: [Double]] = [:]
        for (kind, text) in kinds {
            let dropout = try CoarseDropout(arguments(text))
            var generator = SeededGenerator(seed: 23)
            let size = ImageSize(width: 150, height: 200)
            let holes = (0..<count).map { _ in dropout.draw(for: size, using: &generator) }
            let first = holes.compactMap(\.first)
            result["coarse.\(kind).count"] = holes.map { Double($0.count) }
            result["coarse.\(kind).x"] = first.map { Double($0.x.lowerBound) }
            result["coarse.\(kind).y"] = first.map { Double($0.y.lowerBound) }
            result["coarse.\(kind).width"] = first.map { Double($0.x.count) }
            result["coarse.\(kind).height"] = first.map { Double($0.y.count) }
        }
        return result
    }

    static func grids() throws -> [String: [Double]] {
        let dropout = try GridDropout(arguments("unit_size_min=10, unit_size_max=40, random_offset=True"))
        var generator = SeededGenerator(seed: 24)
        let size = ImageSize(width: 150, height: 200)
        let grids = try (0..<count).map { _ in try dropout.draw(for: size, using: &generator) }
        return [
            "grid.x": grids.map { Double($0.x) }, "grid.y": grids.map { Double($0.y) },
            "grid.cell": grids.map { Double($0.cell.height) },
        ]
    }

    static func blurs() throws -> [String: [Double]] {
        let (blur, median) = (try Blur(arguments("")), try MedianBlur(arguments("blur_limit=(5, 11)")))
        var generator = SeededGenerator(seed: 25)
        return [
            "blur.size": (0..<count).map { _ in Double(blur.draw(using: &generator)) },
            "median.size": (0..<count).map { _ in Double(median.draw(using: &generator)) },
        ]
    }

    static func choices() throws -> [String: [Double]] {
        let resize = try BottomupRandomChoiceResize(arguments("scales=[(10, 20), (20, 30), (30, 40)]"))
        let crop = try BottomupRandomCrop(arguments("crop_size=(30, 50), crop_type='absolute_range'"))
        let fixed = try BottomupRandomCrop(arguments("crop_size=(44, 42)"))
        var generator = SeededGenerator(seed: 26)
        let image = ImageSize(width: 64, height: 48)
        let sizes = (0..<count).map { _ in crop.drawSize(for: image, using: &generator) }
        let places = (0..<count).map { _ in
            fixed.drawPlace(of: ImageSize(width: 43, height: 41), in: image, using: &generator)
        }
        let chosen = (0..<count).map { _ in resize.draw(using: &generator) }
        return [
            "choice": chosen.map { Double(resize.sizes.firstIndex(of: $0) ?? -1) },
            "crop.range.height": sizes.map { Double($0.height) }, "crop.range.width": sizes.map { Double($0.width) },
            "crop.x": places.map { Double($0.x) }, "crop.y": places.map { Double($0.y) },
        ]
    }
}
