import Dispatch
import Foundation

/// Work on many alike things, shared out to the processors.
enum Parallel {
    /// Cuts `0..<count` into ranges, works on them at once and gives the results in order.
    ///
    /// - Parameter minimum: how many things make a range worth a thread.
    /// - Throws: the error of the first range, in order, that failed.
    static func map<Result: Sendable>(
        _ count: Int, atLeast minimum: Int, _ work: @Sendable (Range<Int>) throws -> Result
    ) throws -> [Result] {
        // More ranges than processors, because ranges take unequally long.
        let threads = ProcessInfo.processInfo.activeProcessorCount
        let ranges = max(min(threads * 4, count / max(minimum, 1)), 1)
        let results = Results<Result>(count: ranges)
        DispatchQueue.concurrentPerform(iterations: ranges) { index in
            let range = count * index / ranges..<count * (index + 1) / ranges
            let result = Swift.Result { try work(range) }
            results.set(result, at: index)
        }
        return try results.all.map { try $0.get() }
    }

    private final class Results<Value: Sendable>: @unchecked Sendable {
        private let lock = NSLock()
        private var values: [Swift.Result<Value, any Error>?]

        init(count: Int) {
            values = Array(repeating: nil, count: count)
        }

        func set(_ value: Swift.Result<Value, any Error>, at index: Int) {
            lock.withLock { values[index] = value }
        }

        var all: [Swift.Result<Value, any Error>] { lock.withLock { values.compactMap(\.self) } }
    }
}
