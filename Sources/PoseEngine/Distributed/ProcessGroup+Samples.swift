import Foundation
public import PoseDatasets
public import PoseMetrics
public import Torch

extension Shard {
    /// A process's part of a run.
    ///
    /// - Throws: nothing in practice; a group's rank is below its size.
    public init(_ group: ProcessGroup?) throws {
        guard let group else {
            self = .whole
            return
        }
        try self.init(rank: group.rank, worldSize: group.size)
    }
}

extension ProcessGroup {
    /// The first process's number.
    ///
    /// - Throws: `DistributedError.lostPeer`.
    public func shared(_ value: UInt64) throws -> UInt64 {
        let tensor = try Tensor([Int(bitPattern: UInt(value))], shape: [1])
        try broadcast_(tensor)
        return UInt64(UInt(bitPattern: try tensor.toArray(Int.self)[0]))
    }

    /// The predictions of all processes in the order of the dataset, each sample once.
    ///
    /// - Throws: `DistributedError.lostPeer`.
    public func gather(_ samples: [EvaluatedSample]) throws -> [EvaluatedSample] {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        let parts = try gather(Array(encoder.encode(samples)))
        var seen: Set<Int> = []
        return try parts.flatMap { try PropertyListDecoder().decode([EvaluatedSample].self, from: Data($0)) }
            .sorted { $0.index < $1.index }
            .filter { seen.insert($0.index).inserted }
    }
}
