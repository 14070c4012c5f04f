import PoseCore
import PoseTransforms
import PyConfig
import Testing

@Suite("No sample makes a transform trap: it has a result, a rejection or an error")
struct HostileInputTests {
    private static let numbers: [Double] = [.nan, .infinity, -.infinity, 0, 1e300, -1e19, 3e9]

    private static func changes() -> [@Sendable (inout PoseSample) throws -> Void] {
        var result: [@Sendable (inout PoseSample) throws -> Void] = []
        for number in numbers {
            result.append { $0.keypoints = $0.keypoints.map { RealArray($0.values.map { _ in number }) } }
            result.append { $0.transformedKeypoints = $0.keypoints.map { RealArray($0.values.map { _ in number }) } }
            result.append { $0.keypointsVisible = $0.keypointsVisible.map { RealArray($0.values.map { _ in number }) } }
            result.append { $0.boxes = $0.boxes.map { RealArray($0.values.map { _ in number }) } }
            result.append { $0.boxCenters = $0.boxCenters.map { RealArray($0.values.map { _ in number }) } }
            result.append { $0.boxScales = $0.boxScales.map { RealArray($0.values.map { _ in number }) } }
            result.append { $0.boxRotations = $0.boxRotations.map { RealArray($0.values.map { _ in number }) } }
            result.append { $0.areas = $0.areas.map { RealArray($0.values.map { _ in number }) } }
        }
        for shape in [[0, 17, 2], [1, 0, 2], [3, 4], [2], [1, 17, 1], [1, 1, 1, 1]] {
            result.append { $0.keypoints = try RealArray(repeating: 1, shape: shape) }
            result.append { $0.keypointsVisible = try RealArray(repeating: 1, shape: shape) }
            result.append { $0.boxes = try RealArray(repeating: 1, shape: shape) }
            result.append { $0.boxCenters = try RealArray(repeating: 1, shape: shape) }
            result.append { $0.boxScales = try RealArray(repeating: 1, shape: shape) }
            result.append { $0.areas = try RealArray(repeating: 1, shape: shape) }
        }
        result.append { $0.image = nil }
        result.append { $0.image = try Image([UInt8(7)], width: 1, height: 1, channels: 1) }
        result.append { $0.image = try Image([UInt8(7), 8, 9], width: 1, height: 1, channels: 3) }
        result.append { $0.originalSize = ImageSize(width: 0, height: -1) }
        result.append { $0.imageSize = ImageSize(width: 0, height: -1) }
        result.append { $0.flipIndices = [99, -1] }
        result.append { ($0.upperBody, $0.lowerBody) = ([99], [-1]) }
        result.append { $0.datasetKeypointWeights = nil }
        result.append { $0.categories = [.min] }
        result.append { ($0.keypoints, $0.boxes) = (nil, nil) }
        return result
    }

    @Test("Every recorded pipeline", arguments: Fixture.cases)
    func pipelines(_ fixture: Fixture.Case) throws {
        let steps = try fixture.steps.map { try Transforms.make(Arguments($0, at: "step")) }
        let recorded = try fixture.sample()
        for (index, change) in Self.changes().enumerated() {
            var sample = recorded
            try change(&sample)
            var generator = SeededGenerator(seed: UInt64(index))
            do {
                for step in steps where sample.rejection == nil { try step(&sample, using: &generator) }
            } catch {
                let isTyped =
                    error is PoseSampleError || error is CodecError || error is NDArrayError || error is ImageError
                #expect(isTyped, "change \(index): \(error)")
            }
        }
    }
}
