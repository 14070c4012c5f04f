public import PoseCore
public import PyConfig

/// Leaves out instances that are too small or show too little.
public struct FilterAnnotations: Transform {
    /// What a box's width and height must exceed; nil if boxes do not matter.
    public let minBox: SIMD2<Double>?
    /// What an area must reach; nil if areas do not matter.
    public let minArea: Double?
    /// How many key points must be visible; nil if they do not matter.
    public let minVisible: Double?
    /// Whether a sample of which nothing is left is rejected rather than passed on empty.
    public let rejectsEmpty: Bool

    /// Arguments: `min_gt_bbox_wh=(1, 1)`, `min_gt_area=1`, `min_kpt_vis=1`, `by_box=False`, `by_area=False`,
    /// `by_kpt=True`, `keep_empty=True` (which, as in MMPose, rejects empty samples).
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        let box = try arguments.doubles("min_gt_bbox_wh", default: [1, 1])
        guard box.count == 2 else { throw arguments.invalid("min_gt_bbox_wh", "expected width and height") }
        let area = try arguments.double("min_gt_area", default: 1)
        let visible = try arguments.double("min_kpt_vis", default: 1)
        minBox = try arguments.bool("by_box", default: false) ? SIMD2(box[0], box[1]) : nil
        minArea = try arguments.bool("by_area", default: false) ? area : nil
        minVisible = try arguments.bool("by_kpt", default: true) ? visible : nil
        rejectsEmpty = try arguments.bool("keep_empty", default: true)
        if minBox == nil, minArea == nil, minVisible == nil {
            throw arguments.invalid("by_kpt", "one of by_box, by_area and by_kpt must be True")
        }
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        let (keypoints, visible) = try sample.requiredKeypoints()
        let count = keypoints.shape[0]
        guard count > 0 else { return }
        var kept = Array(0..<count)
        if let minBox, let boxes = sample.boxes {
            let sizes = try boxes.boxSizes()
            kept = kept.filter { $0 < sizes.count && sizes[$0].x > minBox.x && sizes[$0].y > minBox.y }
        }
        if let minArea, let areas = sample.areas {
            kept = kept.filter { $0 < areas.count && areas.elements[$0] >= minArea }
        }
        if let minVisible {
            let perInstance = visible.shape[1]
            kept = kept.filter {
                visible.elements[$0 * perInstance..<($0 + 1) * perInstance].reduce(0, +) >= minVisible
            }
        }
        if kept.isEmpty, rejectsEmpty {
            sample.rejection = "no instance is large and visible enough"
            return
        }
        try sample.keep(kept, of: count)
    }
}

extension RealArray {
    /// Width and height of boxes `(N, 4)`, or of what holds four corners `(N, 4, 2)`.
    func boxSizes() throws -> [SIMD2<Double>] {
        let boxes = rank == 3 ? try boxesAroundCorners() : self
        guard boxes.rank == 2, boxes.shape[1] == 4 else {
            throw PoseSampleError.shape("boxes", expected: "(N, 4)", found: shape)
        }
        return stride(from: 0, to: boxes.count, by: 4).map { start in
            let box = boxes.elements[start..<start + 4].map { $0 }
            return SIMD2(precision.round(box[2] - box[0]), precision.round(box[3] - box[1]))
        }
    }

    /// Boxes `(N, 4)` around corners `(N, 4, 2)`.
    func boxesAroundCorners() throws -> RealArray {
        guard rank == 3, shape[1] > 0, shape[2] == 2 else {
            throw PoseSampleError.shape("corners", expected: "(N, 4, 2)", found: shape)
        }
        let values = (0..<shape[0]).flatMap { row in
            let points = elements[row * rowSize..<(row + 1) * rowSize].map { $0 }
            let xs = stride(from: 0, to: points.count, by: 2).map { points[$0] }
            let ys = stride(from: 1, to: points.count, by: 2).map { points[$0] }
            return [xs.min() ?? 0, ys.min() ?? 0, xs.max() ?? 0, ys.max() ?? 0]
        }
        return try RealArray(values, shape: [shape[0], 4], precision: precision)
    }
}

extension PoseSample {
    /// Leaves some of `count` instances, in the order given. Arrays that have another number of rows stay.
    mutating func keep(_ indices: [Int], of count: Int) throws {
        func kept(_ array: RealArray?) throws -> RealArray? {
            guard let array, array.shape.first == count else { return array }
            return try array.rows(indices)
        }
        boxes = try kept(boxes)
        boxScores = try kept(boxScores)
        boxCenters = try kept(boxCenters)
        boxScales = try kept(boxScales)
        boxRotations = try kept(boxRotations)
        areas = try kept(areas)
        keypoints = try kept(keypoints)
        keypointsVisible = try kept(keypointsVisible)
        keypointsVisibleWeights = try kept(keypointsVisibleWeights)
        transformedKeypoints = try kept(transformedKeypoints)
        headSizes = try kept(headSizes)
        cameraKeypoints = try kept(cameraKeypoints)
        if categories.count == count { categories = indices.map { categories[$0] } }
        if ids.count == count { ids = indices.map { ids[$0] } }
    }
}
