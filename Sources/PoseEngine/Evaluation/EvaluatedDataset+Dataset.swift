import Foundation
import PoseCore
import PoseDatasets
import PoseMetrics
import PyConfig

extension EvaluatedDataset {
    /// What metrics ask about a dataset. Of several, annotation files count whose keypoints are the whole's.
    init(_ dataset: any PoseDataset) {
        self.init(dataset.skeleton, leaves: dataset.leaves)
    }

    /// What a dataset dictionary of a `MultiDatasetEvaluator` means: a keypoint definition, and of the evaluated datasets
    /// those that have it.
    init(
        member arguments: Arguments, of leaves: [any PoseDataset], metainfo: DatasetMetainfo, config: URL
    ) throws {
        guard let skeleton = try metainfo.skeleton(of: arguments.all, config: config) else {
            throw arguments.invalid(
                "metainfo", "is needed: the class '\(try arguments.type())' has no keypoints of its own")
        }
        self.init(skeleton, leaves: leaves)
    }

    private init(_ skeleton: Skeleton, leaves: [any PoseDataset]) {
        let own = leaves.filter { $0.skeleton.name == skeleton.name }.compactMap { $0 as? AnnotatedDataset }
        self.init(name: skeleton.name, keypointCount: skeleton.count, sigmas: skeleton.sigmas)
        for file in own.compactMap(\.cocoFile) where !annotationFiles.contains(file) { annotationFiles.append(file) }
        let detections = Set(own.compactMap(\.options.boxFile)).sorted()
        if !detections.isEmpty { boxes = "detections of " + detections.joined(separator: ", ") }
    }
}
