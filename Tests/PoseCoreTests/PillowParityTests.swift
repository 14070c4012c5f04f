import Foundation
import PoseCore
import Testing

/// `Tools/oracle/pillow_fixtures.py` made the numbers.
struct PillowParityTests {
    private let file: NPZFile

    init() throws { file = try NPZFile(contentsOf: Fixture.url("pillow.npz")) }

    private func image(_ name: String) throws -> Image {
        guard case .uint8(let values) = try file.array(name) else { throw NPZError.missing }
        return try Image(
            values.elements, width: values.shape[1], height: values.shape[0],
            channels: values.shape.count == 3 ? values.shape[2] : 1)
    }

    private enum NPZError: Error { case missing }

    @Test("larger, smaller and in one direction only, pixels are Pillow's", arguments: ["photo", "gray"])
    func resizes(source: String) throws {
        let picture = try image(source)
        let names = file.names.filter { $0.hasPrefix("resize/\(source)/") }
        #expect(names.count == 6)
        for name in names {
            let expected = try image(name)
            #expect(try picture.resizedAsPillow(to: expected.size) == expected, "\(name)")
        }
    }

    @Test("sizes that make no image, and other images than Pillow's, are errors")
    func refusals() throws {
        let photo = try image("photo")
        for (width, height) in [(0, 3), (3, 0), (-1, 3), (3, .max), (40000, 1)] {
            #expect(throws: ImageError.self) { try photo.resizedAsPillow(to: ImageSize(width: width, height: height)) }
        }
        let floats = try Image([Float](repeating: 0, count: 12), width: 2, height: 2)
        #expect(throws: ImageError.self) { try floats.resizedAsPillow(to: ImageSize(width: 1, height: 1)) }
    }
}
