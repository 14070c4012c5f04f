import Dispatch
import Foundation

/// Runs recursive work on a thread whose stack is known to suffice. The depth budget counts levels, not bytes, and the
/// caller's stack may be small: threads of Swift concurrency have 512 KB on macOS.
enum LargeStack {
    private static let size = 16 << 20

    static func run<Success: Sendable>(_ body: @escaping @Sendable () throws -> Success) throws -> Success {
        // Written by the thread before it signals, read after waiting for the signal.
        nonisolated(unsafe) var outcome: Result<Success, any Error>?
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            outcome = Result(catching: body)
            done.signal()
        }
        thread.stackSize = size
        thread.start()
        done.wait()
        guard let outcome else { throw ConfigError.file(path: "config", reason: "the reading thread did not finish") }
        return try outcome.get()
    }
}
