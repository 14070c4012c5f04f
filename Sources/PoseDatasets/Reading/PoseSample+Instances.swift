import PoseCore

extension PoseSample {
    /// The instances of one image as a sample.
    ///
    /// - Parameter segmentation: reads the outline of an instance; asked for those that must not be learned from.
    init(_ instances: [Instance], segmentation: (Instance) -> Segmentation?) throws {
        self.init()
        guard let first = instances.first else { return }
        let count = instances.count
        imagePath = first.imagePath
        imageID = first.imageID
        ids = instances.map(\.id)
        crowdIndex = first.crowdIndex
        categories = instances.compactMap(\.categoryID)
        listsCategories = first.listsCategory
        if first.isDetection { originalSize = first.imageSize }
        imageSize = first.isDetection ? first.imageSize : nil

        boxes = try RealArray(
            instances.flatMap { [$0.box.x, $0.box.y, $0.box.z, $0.box.w].map { Double($0) } }, shape: [count, 4])
        boxScores = try RealArray(instances.map { Double($0.boxScore) }, shape: [count])
        boxCenters = try Self.pairs(instances.map(\.boxCenter))
        boxScales = try Self.pairs(instances.map(\.boxScale))
        areas = try Self.values(instances.map { $0.area.map { Double($0) } }, shape: [count])
        headSizes = try Self.values(instances.map(\.headSize), shape: [count, 1], precision: .double)
        try setKeypoints(instances, first)
        invalidRegions = instances.filter { $0.defect != nil }.compactMap(segmentation)
        if let sizes = try Self.values(instances.map(\.boxSize), shape: [count], precision: .double) {
            extras["box_size"] = .float64(sizes.values)
        }
        let headBoxes = instances.compactMap(\.headBox)
        if headBoxes.count == count {
            let numbers = headBoxes.flatMap { [$0.x, $0.y, $0.z, $0.w].map { Float($0) } }
            extras["headbox"] = .float32(try NDArray(numbers, shape: [count, 4]))
        }
        if let hand = first.hands { try setHands(hand) }
    }

    private mutating func setKeypoints(_ instances: [Instance], _ first: Instance) throws {
        let points = first.visible.count
        for instance in instances where instance.visible.count != points || instance.dimensions != first.dimensions {
            throw PoseSampleError.shape(
                "keypoints of annotation \(instance.id)", expected: "(\(points), \(first.dimensions))",
                found: [instance.visible.count, instance.dimensions])
        }
        keypoints = try RealArray(
            instances.flatMap(\.keypoints), shape: [instances.count, points, first.dimensions],
            precision: first.precision)
        keypointsVisible = try RealArray(
            instances.flatMap(\.visible), shape: [instances.count, points], precision: first.visiblePrecision)
    }

    private mutating func setHands(_ hand: HandInstance) throws {
        hands = HandAnnotation(
            relativeRootDepth: Double(hand.relativeRootDepth), relativeRootValid: Double(hand.relativeRootValid),
            handType: try RealArray([Double(hand.handType.x), Double(hand.handType.y)], shape: [1, 2]),
            handTypeValid: try RealArray([hand.handTypeValid], shape: [1], precision: .double))
        let points = hand.keypointsInCamera
        cameraKeypoints = try RealArray(points.map { Double($0) }, shape: [1, points.count / 3, 3])
        extras["focal"] = .float32(NDArray([hand.focal.x, hand.focal.y]))
        extras["principal_pt"] = .float32(NDArray([hand.principalPoint.x, hand.principalPoint.y]))
        extras["abs_depth"] = .float64(NDArray([hand.absoluteDepth.x, hand.absoluteDepth.y]))
    }

    private static func pairs(_ values: [SIMD2<Float>?]) throws -> RealArray? {
        let known = values.compactMap(\.self)
        guard known.count == values.count else { return nil }
        return try RealArray(known.flatMap { [Double($0.x), Double($0.y)] }, shape: [known.count, 2])
    }

    private static func values(
        _ values: [Double?], shape: [Int], precision: RealPrecision = .single
    ) throws -> RealArray? {
        let known = values.compactMap(\.self)
        return known.count == values.count ? try RealArray(known, shape: shape, precision: precision) : nil
    }

    /// What transforms need to know of a dataset's key points.
    mutating func setDataset(_ skeleton: Skeleton, name: String?) {
        if let name { datasetName = name }
        flipIndices = skeleton.flipIndices
        upperBody = skeleton.indices(of: .upper)
        lowerBody = skeleton.indices(of: .lower)
        datasetKeypointWeights = RealArray(NDArray(skeleton.jointWeights))
    }
}
