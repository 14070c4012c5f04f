import Foundation

/// The most memory that was resident at once so far, in bytes.
enum PeakMemory {
    static var ofThisProcess: Int {
        #if os(Linux)
        peak(RUSAGE_SELF.rawValue)
        #else
        peak(RUSAGE_SELF)
        #endif
    }

    /// Of the child processes that have ended, the one with the most.
    static var ofLargestChild: Int {
        #if os(Linux)
        peak(RUSAGE_CHILDREN.rawValue)
        #else
        peak(RUSAGE_CHILDREN)
        #endif
    }

    private static func peak(_ who: Int32) -> Int {
        var usage = rusage()
        guard getrusage(who, &usage) == 0 else { return 0 }
        #if os(Linux)
        return usage.ru_maxrss * 1024
        #else
        return usage.ru_maxrss
        #endif
    }
}
