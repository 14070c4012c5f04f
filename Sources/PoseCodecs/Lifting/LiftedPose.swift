import PoseCore

/// A network's lifted key points, frame by frame.
struct LiftedPose {
    var frames: [[SIMD3<Float>]]

    /// - Throws: `CodecError` for another kind of output or another shape.
    init(_ output: HeadOutput, image index: Int, checks: CodecChecks) throws {
        guard case .lifted(let batch) = output else {
            throw checks.unexpected(output, expected: "lifted key points")
        }
        let expected = "(B, K, 3) or (B, T, K, 3)"
        guard batch.rank == 3 || batch.rank == 4, batch.shape.last == 3 else {
            throw CodecError.shape(codec: checks.codec, array: "key points", expected: expected, found: batch.shape)
        }
        let image = try checks.image(index, of: batch, named: "key points", rank: batch.rank, expected: expected)
        let count = image.shape[image.rank - 2]
        let points = (0..<image.count / 3).map { place in
            SIMD3(image.values[place * 3], image.values[place * 3 + 1], image.values[place * 3 + 2])
        }
        frames = stride(from: 0, to: points.count, by: max(count, 1)).map { Array(points[$0..<$0 + count]) }
    }

    /// Adds to every frame its root, or the one there is, and puts the root itself in at a place if one is given.
    ///
    /// - Throws: `CodecError.shape` for roots that are not three numbers for each frame or for all.
    mutating func restore(root: RealArray?, at place: Int?, codec: String) throws {
        guard let root, root.count > 0 else { return }
        guard root.count == 3 || root.count == 3 * frames.count else {
            throw CodecError.shape(
                codec: codec, array: "the target's root", expected: "(\(frames.count), 3)", found: root.shape)
        }
        for index in frames.indices {
            let start = root.count == 3 ? 0 : 3 * index
            let origin = SIMD3(root.elements[start], root.elements[start + 1], root.elements[start + 2])
            frames[index] = frames[index].map { SIMD3<Float>(SIMD3<Double>($0) + origin) }
            if let place, place <= frames[index].count { frames[index].insert(SIMD3<Float>(origin), at: place) }
        }
    }

    /// One pose per frame, with scores of 1.
    var poses: [DecodedPose] {
        frames.map { frame in
            let points = frame.map { SIMD2(Double($0.x), Double($0.y)) }
            let scores = Array(repeating: 1.0, count: frame.count)
            return DecodedPose(
                keypoints: Keypoints(points: points, depths: frame.map { Double($0.z) }, scores: scores))
        }
    }
}
