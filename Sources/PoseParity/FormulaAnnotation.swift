import PoseCore

/// Annotated people that depend on nothing but their number: side by side, each all over its column of the image.
enum FormulaAnnotation {
    /// An image of a batch with its people, as it is before targets are made. `Tools/oracle/zoo_losses.py` has the same.
    static func sample(_ record: LossRecord, index: Int) throws -> PoseSample {
        let size = ImageSize(width: record.input[3], height: record.input[2])
        let (width, height) = (Double(size.width), Double(size.height))
        let (people, keypoints) = (record.instances, record.keypoints)
        let points = FormulaWeights.uniform("keypoints.\(index)", people * keypoints * 2)
        let depths = FormulaWeights.uniform("depths.\(index)", people * keypoints)
        var planar: [Double] = []
        var spatial: [Double] = []
        for position in 0..<people * keypoints {
            let column = Double(position / keypoints)
            let point = [(points[2 * position] + column) / Double(people) * width, points[2 * position + 1] * height]
            planar += point
            spatial += point + [64 * depths[position]]
        }
        let edges = (0...people).map { Double($0) * width / Double(people) }
        var sample = PoseSample(image: try Image(width: size.width, height: size.height))
        (sample.ids, sample.imageID) = ([index], index)
        (sample.inputSize, sample.inputCenter) = (size, SIMD2(width / 2, height / 2))
        sample.inputScale = SIMD2(width, height)
        sample.keypoints =
            try record.isHand
            ? RealArray(spatial, shape: [people, keypoints, 3]) : RealArray(planar, shape: [people, keypoints, 2])
        sample.transformedKeypoints = sample.keypoints
        sample.keypointsVisible = try RealArray(
            FormulaWeights.uniform("visible.\(index)", people * keypoints).map { $0 < 0.75 ? 1 : 0 },
            shape: [people, keypoints])
        sample.boxes = try RealArray(
            (0..<people).flatMap { [edges[$0], 0, edges[$0 + 1], height] }, shape: [people, 4])
        sample.boxScores = try RealArray(repeating: 1, shape: [people])
        sample.areas = try RealArray(repeating: width * height / Double(people), shape: [people])
        sample.categories = Array(repeating: 1, count: people)
        sample.flipIndices = Array(0..<keypoints)
        sample.datasetKeypointWeights = try RealArray(
            FormulaWeights.uniform("weights.\(index)", keypoints).map { 0.5 + $0 }, shape: [keypoints])
        sample.warp = WarpMatrix([1, 0, 0, 0, 1, 0])
        sample.hands = HandAnnotation(
            relativeRootDepth: 10, relativeRootValid: 1, handType: try RealArray([1, 0], shape: [1, 2]),
            handTypeValid: try RealArray([1], shape: [1]))
        return sample
    }
}
