import Checkpoint
import Foundation
import PoseCore
import PoseDatasets
import PyConfig

/// Decides which keypoints a model predicts, hence how a flip test pairs them.
struct ModelSkeleton {
    let config: Config
    let url: URL
    let metainfo: DatasetMetainfo

    /// The first definition with as many keypoints as the model has, looked for as MMPose does: the model's own, the
    /// checkpoint's, the training data's, then the test data's. Without any, keypoints have numbers for names.
    ///
    /// - Throws: what is wrong with a definition that is named.
    func skeleton(keypoints: Int, checkpoint: Skeleton?) throws -> Skeleton {
        let candidates: [() throws -> Skeleton?] = [
            { try config["model.metainfo"]?.dictValue.map { try metainfo.skeleton($0, config: url) } },
            { checkpoint },
            { try dataset("train_dataloader") }, { try dataset("val_dataloader") }, { try dataset("test_dataloader") },
        ]
        for candidate in candidates {
            if let skeleton = try candidate(), skeleton.count == keypoints { return skeleton }
        }
        let names = (0..<keypoints).map { Skeleton.Joint(name: "keypoint_\($0)") }
        return Skeleton(name: "unnamed", joints: names, links: [])
    }

    private func dataset(_ loader: String) throws -> Skeleton? {
        guard var dataset = config["\(loader).dataset"]?.dictValue else { return nil }
        // RepeatDataset and its like wrap another.
        while dataset["metainfo"] == nil, let inner = dataset["dataset"]?.dictValue { dataset = inner }
        return try metainfo.skeleton(of: dataset, config: url)
    }
}
