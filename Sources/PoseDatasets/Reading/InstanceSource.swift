import Dispatch
import Foundation
import PoseCore

/// Where a dataset's instances come from: candidates in MMPose's order, each read when asked for.
protocol InstanceSource: Sendable {
    /// Number of candidates; some give no instance.
    var candidateCount: Int { get }
    /// Whether instances are numbered anew, in the order of the candidates.
    var renumbers: Bool { get }
    /// Images, for those without any instance.
    var imageCount: Int { get }

    /// Reads a candidate; nil when there is nothing annotated.
    func instance(_ candidate: Int) throws -> Instance?
    /// A number that candidates of one image share.
    func imageKey(_ candidate: Int) -> Int
    /// The key, id and path of an image; nil when the dataset passes it over.
    func image(_ position: Int) throws -> (key: Int, id: Int, path: String)?
}

/// Which candidates became samples, in a few bytes each.
struct SampleTable: Sendable {
    /// Top-down: one candidate a sample. Bottom-up: the candidates of all groups, one after another.
    var candidates: [Int32] = []
    /// New numbers of the candidates, where a source numbers anew.
    var ids: [Int32]?
    /// Bottom-up: where each sample's candidates begin; one more entry than there are groups.
    var groups: [Int32]?
    /// Bottom-up: images without instances, as further samples.
    var emptyImages: [Int32] = []
    /// Which samples to keep; nil for all.
    var subset: [Int32]?
    var dropped = DroppedInstances()

    /// Samples before taking a subset.
    var fullCount: Int { groups.map { $0.count - 1 + emptyImages.count } ?? candidates.count }
    var count: Int { subset?.count ?? fullCount }
}

extension SampleTable {
    private enum Verdict {
        static let absent: UInt8 = 0
        static let good: UInt8 = 1
        static let firstDefect: UInt8 = 2
    }

    /// Reads every candidate once, on all cores, and keeps only whether it is good.
    ///
    /// - Throws: the error of the first candidate, in order, that cannot be read.
    init(_ source: any InstanceSource, _ options: DatasetOptions) throws {
        let verdicts = try Self.verdicts(source, options)
        if options.mode == .topdown {
            fillTopDown(verdicts, renumbers: source.renumbers)
        } else {
            try fillBottomUp(verdicts, source, addingEmpty: options.isTest)
        }
        if let wanted = options.subset { try take(wanted, options) }
    }

    private static func verdicts(_ source: any InstanceSource, _ options: DatasetOptions) throws -> [UInt8] {
        let count = source.candidateCount
        let chunkSize = 4096
        let chunks = (count + chunkSize - 1) / chunkSize
        var verdicts = [UInt8](repeating: Verdict.absent, count: count)
        let failures = FirstFailure()
        verdicts.withUnsafeMutableBufferPointer { buffer in
            // Every chunk writes its own part only.
            let results = UnsafeSendableBuffer(buffer)
            DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
                guard !failures.happened(before: chunk) else { return }
                for candidate in chunk * chunkSize..<min((chunk + 1) * chunkSize, count) {
                    do {
                        guard let instance = try source.instance(candidate) else { continue }
                        results.buffer[candidate] = verdict(instance, options)
                    } catch {
                        failures.record(error, chunk: chunk)
                        return
                    }
                }
            }
        }
        if let error = failures.first { throw error }
        return verdicts
    }

    private static func verdict(_ instance: Instance, _ options: DatasetOptions) -> UInt8 {
        if let threshold = options.scoreThreshold, instance.boxScore < threshold { return code(.score) }
        return instance.defect.map(code) ?? Verdict.good
    }

    private static func code(_ reason: DroppedInstances.Reason) -> UInt8 {
        Verdict.firstDefect + UInt8(DroppedInstances.Reason.allCases.firstIndex(of: reason) ?? 0)
    }

    private mutating func count(_ verdict: UInt8) {
        switch verdict {
        case Verdict.absent: dropped.add(.notAnnotated)
        case Verdict.good: break
        default: dropped.add(DroppedInstances.Reason.allCases[Int(verdict - Verdict.firstDefect)])
        }
    }

    private mutating func fillTopDown(_ verdicts: [UInt8], renumbers: Bool) {
        var numbers: [Int32]? = renumbers ? [] : nil
        var next: Int32 = 0
        for (candidate, verdict) in verdicts.enumerated() {
            count(verdict)
            if verdict == Verdict.good {
                candidates.append(Int32(candidate))
                numbers?.append(next)
            }
            if verdict != Verdict.absent { next += 1 }
        }
        ids = numbers
    }

    /// Crowds and instances without key points stay in the sample of their image: they make its mask.
    private mutating func fillBottomUp(
        _ verdicts: [UInt8], _ source: any InstanceSource, addingEmpty: Bool
    ) throws {
        var starts: [Int32] = []
        var used = Set<Int>()
        var current: Int?
        for (candidate, verdict) in verdicts.enumerated() {
            guard verdict != Verdict.absent else {
                count(verdict)
                continue
            }
            let key = source.imageKey(candidate)
            if key != current {
                current = key
                used.insert(key)
                starts.append(Int32(candidates.count))
            }
            candidates.append(Int32(candidate))
        }
        starts.append(Int32(candidates.count))
        groups = starts
        if source.renumbers { ids = (0..<Int32(candidates.count)).map(\.self) }
        guard addingEmpty else { return }
        for position in 0..<source.imageCount {
            if let image = try source.image(position), !used.contains(image.key) { emptyImages.append(Int32(position)) }
        }
    }

    private mutating func take(_ wanted: DatasetOptions.Subset, _ options: DatasetOptions) throws {
        let all = fullCount
        switch wanted {
        case .count(let number):
            // As Python slices: more than there are is all of them.
            let range = number >= 0 ? 0..<min(number, all) : max(all + number, 0)..<all
            subset = range.map { Int32($0) }
        case .positions(let positions):
            subset = try positions.map { position in
                let index = position < 0 ? position + all : position
                guard (0..<all).contains(index) else { throw DatasetError.index(position, count: all) }
                return Int32(index)
            }
        }
        dropped.add(.notAsked, all - count)
    }
}

/// The error of the earliest chunk, whichever thread met one first.
private final class FirstFailure: @unchecked Sendable {
    // Guarded by the lock.
    private let lock = NSLock()
    private var failure: (chunk: Int, error: any Error)?

    var first: (any Error)? { lock.withLock { failure?.error } }

    func happened(before chunk: Int) -> Bool { lock.withLock { failure.map { $0.chunk < chunk } ?? false } }

    func record(_ error: any Error, chunk: Int) {
        lock.withLock {
            if failure.map({ chunk < $0.chunk }) ?? true { failure = (chunk, error) }
        }
    }
}

/// A buffer that threads write to at places of their own.
private struct UnsafeSendableBuffer: @unchecked Sendable {
    let buffer: UnsafeMutableBufferPointer<UInt8>

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        self.buffer = buffer
    }
}
