import Foundation
import PoseCore
import Testing

/// The installed OpenCV, behind our interface, gives the numbers of OpenCV 4.10, which MMPose's were made with.
struct OpenCVParityTests {
    private let file: NPZFile

    init() throws {
        file = try NPZFile(contentsOf: Fixture.url("opencv.npz"))
    }

    private func image(_ name: String) throws -> Image {
        let array = try file.array(name)
        let channels = array.shape.count == 3 ? array.shape[2] : 1
        if case .uint8(let values) = array {
            return try Image(values.elements, width: array.shape[1], height: array.shape[0], channels: channels)
        }
        return try Image(try #require(array.floats))
    }

    private func transform(_ name: String) throws -> AffineMap {
        let numbers = try #require(file.array(name).doubles).elements
        return try #require(AffineMap(rowMajor: numbers))
    }

    /// How far values may be off: not at all for OpenCV up to 4.10. Later versions round differently in a few places, by
    /// one or two steps of 8-bit images.
    private func expectEqual(_ image: Image, _ name: String, within tolerance: Float = 0) throws {
        let expected = try #require(file.array(name).floats)
        try #require(expected.shape[0] == image.height && expected.shape[1] == image.width)
        let largest = zip(image.floats(), expected.elements).map { abs($0 - $1) }.max() ?? 0
        let step: Float = image.depth == .uint8 ? 2 : 0.01
        #expect(largest <= (Self.hasArithmeticOf410 ? tolerance : step), "\(name) is off by \(largest)")
    }

    private static let hasArithmeticOf410 = OpenCV.version.compare("4.11", options: .numeric) == .orderedAscending

    private static let modes: [String: Interpolation] = [
        "nearest": .nearest, "linear": .linear, "cubic": .cubic, "area": .area, "lanczos4": .lanczos4,
    ]

    @Test(arguments: ["photo", "heat", "color"])
    func warps(source: String) throws {
        let image = try image(source)
        let borders: [String: Border] = ["zero": .zero, "replicate": .replicate, "reflect101": .reflect101]
        for name in file.names where name.hasPrefix("warp/\(source)/") {
            let parts = name.split(separator: "/").map(String.init)
            let shape = try file.array(name).shape
            let result = try image.warpAffine(
                transform(parts[4]), size: ImageSize(width: shape[1], height: shape[0]),
                interpolation: try #require(Self.modes[parts[2]]), border: try #require(borders[parts[3]]))
            try expectEqual(result, name)
        }
        let tilt = try #require(file.array("tilt").doubles).elements
        let tilted = try image.warpPerspective(tilt, size: ImageSize(width: 34, height: 23))
        try expectEqual(tilted, "perspective/\(source)/linear/zero/tilt")
    }

    /// The wheels of `opencv-python` resize float images, and 8-bit ones cubically, with Intel IPP, whose sums are rounded in
    /// another order. Everything else is equal.
    @Test(arguments: ["photo", "heat", "color"])
    func resizes(source: String) throws {
        let image = try image(source)
        for name in file.names where name.hasPrefix("resize/\(source)/") {
            let parts = name.split(separator: "/").map(String.init)
            let shape = try file.array(name).shape
            let mode = try #require(Self.modes[parts[2]])
            let result = try image.resized(
                to: ImageSize(width: shape[1], height: shape[0]), interpolation: mode)
            let usesIPP = mode == .cubic || (mode == .linear && image.depth == .float32)
            try expectEqual(result, name, within: !usesIPP ? 0 : image.depth == .uint8 ? 1 : 2e-6)
        }
    }

    @Test func blurs() throws {
        for name in file.names where name.hasPrefix("blur/") {
            let parts = name.split(separator: "/").map(String.init)
            let result = try image(parts[1]).gaussianBlurred(
                width: try #require(Int(parts[2])), sigma: try #require(Double(parts[3])))
            try expectEqual(result, name)
        }
        try expectEqual(try image("photo").medianBlurred(size: 5), "median/photo/5")
        try expectEqual(try image("photo").boxBlurred(width: 5, height: 3), "box/photo/5x3")
    }

    /// The planes of an array are blurred as images are.
    @Test func blursPlanes() throws {
        let plane = try #require(file.array("heat").floats)
        let blurred = try NDArray<Float>.stack([plane, plane.map { $0 * 2 }]).gaussianBlurred(kernelSize: 9)
        let expected = try #require(file.array("blur/heat/9/0").floats)
        #expect(blurred.slice(0) == expected)
        #expect(blurred.slice(1) == expected.map { $0 * 2 })
        #expect(throws: ImageError.self) { try plane.gaussianBlurred(kernelSize: 4) }
        #expect(throws: NDArrayError.self) { try NDArray<Float>([1, 2]).gaussianBlurred(kernelSize: 3) }
    }

    @Test func kernels() throws {
        for name in file.names where name.hasPrefix("kernel/") {
            let parts = name.split(separator: "/").map(String.init)
            let kernel = try GaussianKernel.values(
                count: try #require(Int(parts[1])), sigma: try #require(Double(parts[2])))
            #expect(kernel == (try file.array(name).floats?.elements), "\(name)")
        }
        for count in [0, -1, 4, .max] { #expect(throws: ImageError.self) { try GaussianKernel.values(count: count) } }
    }

    @Test func convertsColors() throws {
        try expectEqual(try image("photo").converted(.bgrToGray), "gray/photo")
        try expectEqual(try image("photo").converted(.bgrToHSV), "hsv/photo")
        #expect(throws: ImageError.self) { try image("heat").converted(.bgrToGray) }
    }

    @Test func solvesAffineMapsToTheLastBit() throws {
        let triples = try #require(file.array("triples").doubles)
        let expected = try #require(file.array("affine").doubles)
        let inverses = try #require(file.array("inverse").doubles)
        for index in 0..<triples.shape[0] {
            func points(_ side: Int) -> (SIMD2<Double>, SIMD2<Double>, SIMD2<Double>) {
                let points = (0..<3).map { SIMD2(triples[index, side, $0, 0], triples[index, side, $0, 1]) }
                return (points[0], points[1], points[2])
            }
            let map = AffineMap(from: points(0), to: points(1))
            #expect(map.rowMajor == expected.slice(index).elements)
            #expect(map.inverse.rowMajor == inverses.slice(index).elements)
        }
    }

    @Test func refusesWhatOpenCVWouldAssert() throws {
        let image = try image("photo")
        let size = ImageSize(width: 5, height: 5)
        let broken = AffineMap(a: .nan, b: 0, tx: 0, c: 0, d: 1, ty: .infinity)
        #expect(throws: ImageError.self) { try image.warpAffine(broken, size: size) }
        for size in [
            ImageSize(width: 0, height: 5), ImageSize(width: -3, height: 5), ImageSize(width: .max, height: 5),
        ] {
            #expect(throws: ImageError.self) { try image.warpAffine(.identity, size: size) }
            #expect(throws: ImageError.self) { try image.resized(to: size) }
        }
        #expect(throws: ImageError.self) { try image.warpPerspective([1, 2], size: size) }
        #expect(throws: ImageError.self) { try image.cropped(x: 30, y: 0, width: 10, height: 10) }
        #expect(throws: ImageError.self) { try image.cropped(x: .max, y: 0, width: .max, height: 1) }
        #expect(throws: ImageError.self) { try image.gaussianBlurred(width: 2) }
        #expect(throws: ImageError.self) { try image.medianBlurred(size: 4) }
        #expect(throws: ImageError.self) { try image.padded(top: -1) }
        #expect(throws: ImageError.self) { try Image([1, 2, 3] as [UInt8], width: 2, height: 1) }
        #expect(throws: ImageError.self) { try Image(width: .max, height: .max) }
        #expect(throws: ImageError.self) { try Image([Float](), width: 0, height: 0) }
    }
}
