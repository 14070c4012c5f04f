public import Foundation
import PoseCore
import PoseVisual
import Torch

/// Times the stages of inference with the built-in model on one photo, and what calling an operator costs.
public struct PipelineBenchmark: Sendable, Encodable {
    /// Decode, estimate (detector and landmarks), draw, and all of it from file to picture.
    public let stages: [Timing]
    /// Nanoseconds of an addition of two numbers in C++, and called by name from Swift.
    public let operatorInCPlusPlus, operatorFromSwift: Double

    /// - Parameters:
    ///   - photo: an image file with at least one person.
    ///   - runs: how often each stage runs; medians are reported.
    /// - Throws: `ImageError`, `OpenVINOError`, or `ModelLocationError` when the built-in model is missing.
    public init(photo: URL, runs: Int) throws {
        let model = try BuiltInModel()
        let renderer = PoseRenderer()
        let image = try Image.decode(contentsOf: photo)
        let people = try model.people(in: image)
        stages = [
            try Timing.measure("decode", runs: runs) { _ = try Image.decode(contentsOf: photo) },
            try Timing.measure("detect and pose", runs: runs) { _ = try model.people(in: image) },
            try Timing.measure("draw", runs: runs) {
                _ = try renderer.draw(people, skeleton: model.skeleton, on: image)
            },
            try Timing.measure("total", runs: runs) {
                let image = try Image.decode(contentsOf: photo)
                _ = try renderer.draw(model.people(in: image), skeleton: model.skeleton, on: image)
            },
        ]
        let overhead = try OperatorOverhead.measure()
        operatorInCPlusPlus = overhead.unboxed
        operatorFromSwift = overhead.call
    }
}
