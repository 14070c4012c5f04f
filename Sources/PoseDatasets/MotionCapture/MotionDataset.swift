public import PoseCore
import PyConfig

/// Sequences of 2D poses with the 3D poses they should be lifted to (Human3.6M, UBody).
public struct MotionDataset: PoseDataset {
    public let options: DatasetOptions
    public let skeleton: Skeleton
    public let pipeline: [any Transform]
    let frames: any MotionFrames
    /// Frame numbers of every sample.
    let sequences: [[Int32]]
    let arrangement: FrameSequences
    /// Numbers of the samples as they were before leaving some out.
    let ids: [Int]
    public let dropped: DroppedInstances

    public var type: String { options.type }
    public var count: Int { sequences.count }
    public var maxRefetch: Int { options.maxRefetch }

    init(
        options: DatasetOptions, skeleton: Skeleton, pipeline: [any Transform], frames: any MotionFrames,
        arrangement: FrameSequences
    ) throws {
        self.options = options
        self.skeleton = skeleton
        self.pipeline = pipeline
        self.frames = frames
        self.arrangement = arrangement
        var all: [[Int32]] = []
        for video in frames.videos {
            for sequence in arrangement.sequences(frameCount: video.count) {
                guard sequence.count == arrangement.expectedCount else {
                    throw DatasetError.arguments(
                        dataset: options.type,
                        reason: "a sample of \(sequence.count) frames instead of \(arrangement.expectedCount)")
                }
                all.append(sequence.map { Int32(video[$0]) })
            }
        }
        var dropped = DroppedInstances()
        // MMPose starts the part at a random place; the first samples are the same in every run.
        let part = Int(Double(all.count) * arrangement.fraction)
        dropped.add(.notAsked, all.count - part)
        let kept = try all.prefix(part).enumerated().filter { _, sequence in
            try frames.isPlaced(sequence.map(Int.init))
        }
        dropped.add(.noKeypoints, part - kept.count)
        sequences = kept.map(\.element)
        ids = kept.map(\.offset)
        self.dropped = dropped
    }

    private func sequence(_ index: Int) throws -> [Int] {
        guard sequences.indices.contains(index) else { throw DatasetError.index(index, count: count) }
        return sequences[index].map(Int.init)
    }

    public func annotation(at index: Int, using generator: inout SeededGenerator) throws -> PoseSample {
        var sample = try frames.sample(try sequence(index), targets: arrangement.targetPositions)
        sample.ids = [ids[index]]
        sample.categories = [1]
        sample.setDataset(skeleton, name: nil)
        return sample
    }

    public func origin(at index: Int) -> SampleOrigin {
        guard let last = try? sequence(index).last else { return SampleOrigin(file: "sample \(index)", ids: []) }
        return SampleOrigin(file: frames.path(last), ids: [ids[index]])
    }
}

/// The annotated frames of a motion capture.
protocol MotionFrames: Sendable {
    /// Frame numbers of every video, in order.
    var videos: [[Int]] { get }
    /// Whether any key point of the frames has a positive coordinate.
    func isPlaced(_ frames: [Int]) throws -> Bool
    /// The frames as a sample; `targets` are the positions in it that are to be lifted.
    func sample(_ frames: [Int], targets: [Int]) throws -> PoseSample
    /// The picture of a frame.
    func path(_ frame: Int) -> String
}
