public import PoseCore

/// A dataset of annotated images: any of MMPose's 2D classes, and InterHand with depth.
public struct AnnotatedDataset: PoseDataset {
    public let options: DatasetOptions
    public let skeleton: Skeleton
    public let pipeline: [any Transform]
    /// Samples that were read, and why the others were not.
    public let dropped: DroppedInstances
    /// Names of the file's categories by id.
    public let categories: [Int: String]
    let source: any InstanceSource
    let table: SampleTable
    /// How adjacent frames are chosen, for video samples.
    let frames: FrameSampling?

    public var type: String { options.type }
    public var count: Int { table.count }
    public var maxRefetch: Int { options.maxRefetch }

    init(
        options: DatasetOptions, skeleton: Skeleton, pipeline: [any Transform], source: any InstanceSource,
        categories: [JSONValue], frames: FrameSampling? = nil
    ) throws {
        self.options = options
        self.skeleton = skeleton
        self.pipeline = pipeline
        self.source = source
        self.frames = frames
        table = try SampleTable(source, options)
        var dropped = table.dropped
        if let detections = source as? DetectionSource { dropped.add(detections.dropped) }
        self.dropped = dropped
        var names: [Int: String] = [:]
        for category in categories {
            if let id = category["id"]?.integer, let name = category["name"]?.text { names[id] = name }
        }
        self.categories = names
    }

    /// The candidates of a sample, or the image that has none.
    private enum Content {
        case candidates(ArraySlice<Int32>)
        case emptyImage(Int)
    }

    private func content(at index: Int) throws -> (Content, first: Int) {
        guard (0..<count).contains(index) else { throw DatasetError.index(index, count: count) }
        let position = table.subset.map { Int($0[index]) } ?? index
        guard let groups = table.groups else { return (.candidates(table.candidates[position...position]), position) }
        guard position < groups.count - 1 else {
            return (.emptyImage(Int(table.emptyImages[position - groups.count + 1])), 0)
        }
        let range = Int(groups[position])..<Int(groups[position + 1])
        return (.candidates(table.candidates[range]), range.lowerBound)
    }

    /// The instances of a sample: one in top-down data, all of its image in bottom-up data.
    func instances(at index: Int) throws -> [Instance] {
        let (content, first) = try content(at: index)
        guard case .candidates(let candidates) = content else { return [] }
        return try candidates.enumerated().compactMap { offset, candidate in
            var instance = try source.instance(Int(candidate))
            if let ids = table.ids { instance?.id = Int(ids[first + offset]) }
            return instance
        }
    }

    public func annotation(at index: Int, using generator: inout SeededGenerator) throws -> PoseSample {
        let (content, _) = try content(at: index)
        var sample: PoseSample
        switch content {
        case .emptyImage(let position):
            sample = PoseSample()
            let image = try source.image(position)
            sample.imageID = image?.id
            sample.imagePath = image?.path
        case .candidates:
            let instances = try instances(at: index)
            sample = try PoseSample(instances, segmentation: segmentation)
            if let frames, let first = instances.first {
                try frames.add(to: &sample, first, isTest: options.isTest, using: &generator)
            }
        }
        sample.setDataset(skeleton, name: skeleton.name)
        sample.listsInstances = options.mode == .bottomup
        if sample.listsInstances, let crowd = sample.crowdIndex, let value = crowd.elements.first {
            sample.crowdIndex = try RealArray(repeating: value, shape: [sample.ids.count], precision: crowd.precision)
        }
        return sample
    }

    /// Reads an outline that stands at a byte of the annotation file.
    private func segmentation(_ instance: Instance) -> Segmentation? {
        guard let offset = instance.segmentation, let coco = source as? CocoSource else { return nil }
        return coco.segmentation(at: offset)
    }

    public func origin(at index: Int) -> SampleOrigin {
        guard let (content, _) = try? content(at: index) else { return SampleOrigin(file: "sample \(index)", ids: []) }
        switch content {
        case .emptyImage(let position):
            return SampleOrigin(file: (try? source.image(position))?.path ?? "sample \(index)", ids: [])
        case .candidates:
            let instances = (try? instances(at: index)) ?? []
            return SampleOrigin(file: instances.first?.imagePath ?? "sample \(index)", ids: instances.map(\.id))
        }
    }
}
