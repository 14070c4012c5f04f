import PoseCore
import PyConfig

/// Which frames around the annotated one make a video sample (PoseTrack18Video).
struct FrameSampling: Sendable {
    /// How the frames are chosen.
    private enum Choice: Sendable {
        /// These distances.
        case fixed([Int])
        /// So many distances drawn from a range.
        case random(ClosedRange<Int>, count: Int)
    }

    private let choice: Choice
    private let weights: [Double]
    /// Digits of a frame's file name.
    private let digits: Int

    init(_ arguments: Arguments) throws {
        let weights = try arguments.doubles("frame_weights", default: [0, 1])
        guard abs(weights.reduce(0, +) - 1) < 1e-9, weights.allSatisfy({ $0 >= 0 }) else {
            throw arguments.invalid("frame_weights", "must not be negative and must sum to 1, found \(weights)")
        }
        digits = try arguments.int("ph_fill_len", default: 6)
        self.weights = weights
        let mode = try arguments.string("frame_sampler_mode", default: "random")
        switch mode {
        case "random": choice = try Self.random(arguments, weights)
        case "fixed":
            let indices = try arguments.ints("frame_indices")
            guard indices.count == weights.count else {
                throw arguments.invalid("frame_indices", "\(indices.count) frames for \(weights.count) weights")
            }
            choice = .fixed(indices.sorted())
        default: throw arguments.invalid("frame_sampler_mode", "'\(mode)' is neither fixed nor random")
        }
        arguments.ignore("frame_indices", "frame_range", "num_sampled_frame")
    }

    private static func random(_ arguments: Arguments, _ weights: [Double]) throws -> Choice {
        let bounds = try arguments.ints("frame_range", orScalar: true)
        let count = try arguments.int("num_sampled_frame")
        let range = bounds.count == 1 ? [-bounds[0], bounds[0]] : bounds
        guard range.count == 2, range[0] <= 0, range[1] >= 0 else {
            throw arguments.invalid("frame_range", "must be a number of frames, or two around 0, found \(bounds)")
        }
        guard count >= 0, weights.count == count + 1 else {
            throw arguments.invalid("num_sampled_frame", "\(count) frames and one do not have \(weights.count) weights")
        }
        return .random(range[0]...range[1], count: count)
    }

    /// Adds the paths of the frames, the annotated one first, and their weights.
    func add(
        to sample: inout PoseSample, _ instance: Instance, isTest: Bool, using generator: inout SeededGenerator
    ) throws {
        guard let video = instance.video else { return }
        let distances: [Int]
        switch choice {
        case .fixed(let indices): distances = indices
        case .random(let range, let count):
            distances = (0..<count).map { _ in generator.integer(range.lowerBound, range.upperBound + 1) }
        }
        var paths = [instance.imagePath]
        let folder = PythonPath.folder(instance.imagePath)
        for distance in distances where !(isTest && distance == 0) {
            let frame = String(min(max(video.frame + distance, 0), max(video.frameCount - 1, 0)))
            let zeros = String(repeating: "0", count: max(digits - frame.count, 0))
            paths.append(PythonPath.join(folder, zeros + frame + ".jpg"))
        }
        sample.extras["img_paths"] = .string(NDArray(paths))
        sample.extras["frame_weights"] = .float64(NDArray(weights))
    }
}
