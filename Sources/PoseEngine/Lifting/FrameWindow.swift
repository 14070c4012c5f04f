/// The frames a lifter looks at for one of them: so many, so far apart, ending with it or centred on it.
struct FrameWindow: Hashable, Sendable {
    /// From 1 to 100,000, as `step`.
    let length: Int
    let step: Int
    /// Whether the frame is the last of the window.
    let isCausal: Bool

    /// Place of the frame within the window.
    var target: Int { isCausal ? length - 1 : (length - 1) / 2 }

    /// The frames of the window about `frame`; beyond the video's ends its first and last frame are repeated.
    ///
    /// - Parameter count: of the video's frames, more than `frame`.
    func frames(about frame: Int, of count: Int) -> [Int] {
        (0..<length).map { place in
            min(max(frame + (place - target) * step, 0), count - 1)
        }
    }

    /// Where somebody is in every frame of the window: seen without a gap from the target on; before and after that as in
    /// the last frame with a sight of them.
    ///
    /// - Parameter pose: of the person in a frame, nil where there is none.
    func sequence<Pose>(about frame: Int, of count: Int, pose: (Int) -> Pose?) -> [Pose]? {
        guard let current = pose(frame) else { return nil }
        let frames = frames(about: frame, of: count)
        var result = Array(repeating: current, count: length)
        for place in stride(from: target - 1, through: 0, by: -1) {
            guard let before = pose(frames[place]) else {
                for earlier in 0...place { result[earlier] = result[place + 1] }
                break
            }
            result[place] = before
        }
        for place in target + 1..<max(length, target + 1) {
            guard let after = pose(frames[place]) else {
                for later in place..<length { result[later] = result[place - 1] }
                break
            }
            result[place] = after
        }
        return result
    }
}
