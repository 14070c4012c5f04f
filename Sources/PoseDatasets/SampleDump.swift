public import Foundation
import PoseCore

extension PoseDataset {
    /// Writes a sample after the pipeline as `.npz`, under the names of `PackedSample.arrays`.
    ///
    /// - Throws: `DatasetError.sample` when the pipeline rejects the sample or does not end with `PackPoseInputs`; what
    ///   reading, transforms and writing throw.
    public func dump(_ index: Int, to url: URL, seed: UInt64 = 0) throws {
        let sample = try sample(at: index, seed: seed)
        if let rejection = sample.rejection {
            throw DatasetError.sample(dataset: type, index: index, attempts: 1, reason: rejection)
        }
        guard let packed = sample.packed else {
            throw DatasetError.sample(
                dataset: type, index: index, attempts: 1, reason: "the pipeline does not end with PackPoseInputs")
        }
        try NPZFile.write(packed.arrays, to: url, compressed: true)
    }
}
