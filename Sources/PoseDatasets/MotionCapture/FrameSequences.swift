import PyConfig

/// How frames of a video are put together to samples.
struct FrameSequences: Sendable {
    /// Frames of a sample, and the distance between them.
    let length: Int
    let step: Int
    /// Whether the last frame is the one to lift (the future is unknown), or the middle one.
    let isCausal: Bool
    /// Whether every frame gets a sample, the first and last frame repeated beyond the ends.
    let isPadded: Bool
    /// Frames of a sample that are all to be lifted; 0 for one.
    let targets: Int
    let targetStep: Int
    /// The part of all samples to use.
    let fraction: Double
    /// How far apart the samples of a video begin where nothing is padded.
    let stride: Int

    init(_ arguments: Arguments, strideIsStep: Bool) throws {
        length = try arguments.int("seq_len", default: 1)
        step = try arguments.int("seq_step", default: 1)
        targets = try arguments.int("multiple_target", default: 0)
        let given = try arguments.int("multiple_target_step", default: 0)
        targetStep = targets > 0 && given == 0 ? targets : given
        isPadded = try arguments.bool("pad_video_seq", default: false)
        isCausal = try arguments.bool("causal", default: true)
        fraction = try arguments.double("subset_frac", default: 1)
        stride = strideIsStep ? step : 1
        guard length > 0, step > 0 else { throw arguments.invalid("seq_len", "and seq_step must be positive") }
        guard targets >= 0, targets == 0 || length == 1 else {
            throw arguments.invalid("multiple_target", "needs seq_len=1")
        }
        guard targets == 0 || targetStep > 0 else {
            throw arguments.invalid("multiple_target_step", "must be positive")
        }
        guard fraction > 0, fraction <= 1 else {
            throw arguments.invalid("subset_frac", "must be above 0 and at most 1")
        }
    }

    /// Frames that a sample should have.
    var expectedCount: Int { targets > 0 ? targets : length }

    /// Which frames of a sample are to be lifted.
    var targetPositions: [Int] {
        if targets > 0 { return Array(0..<targets) }
        return [isCausal ? length - 1 : length / 2]
    }

    /// The samples of one video, as positions of its frames.
    func sequences(frameCount count: Int) -> [[Int]] {
        if targets > 0 { return targetSequences(count) }
        guard isPadded else {
            let span = (length - 1) * step + 1
            guard count >= span else { return [] }
            return Swift.stride(from: 0, through: count - span, by: stride).map { start in
                Array(Swift.stride(from: start, to: start + span, by: step))
            }
        }
        let left = isCausal ? length - 1 : (length - 1) / 2
        let right = isCausal ? 0 : left
        return (0..<count).map { index in
            let before = max(0, left - index / step)
            let after = max(0, right - (count - 1 - index) / step)
            let start = max(index % step, index - left * step)
            let end = min(count - (count - 1 - index) % step, index + right * step + 1)
            return Array(repeating: 0, count: before) + Array(Swift.stride(from: start, to: end, by: step))
                + Array(repeating: count - 1, count: after)
        }
    }

    private func targetSequences(_ count: Int) -> [[Int]] {
        let starts = Swift.stride(from: 0, to: count, by: targetStep)
        let whole = max((count + targetStep - targets) / targetStep, 0)
        return starts.prefix(whole).map { start in
            Array(Swift.stride(from: start, to: min(start + targets, count), by: step))
        }
    }
}
