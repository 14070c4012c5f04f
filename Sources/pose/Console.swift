import Foundation
import PoseEngine

/// Standard error: progress, warnings and errors. Results go to standard output with `print`.
enum Console {
    static func line(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    static func error(_ text: String) { line("pose: error: \(text)") }
    static func warning(_ text: String) { line("pose: warning: \(text)") }
    static func note(_ text: String) { line("pose: \(text)") }
}

/// Progress of work on many inputs: one line that rewrites itself on a terminal, a line every tenth of the way elsewhere.
struct Progress {
    private let total: Int
    private let label: String
    private let start = ContinuousClock.now
    private let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
    private var lastTenth = 0

    init(_ label: String, total: Int) {
        self.label = label
        self.total = total
    }

    /// Says that `done` of all inputs are done. Silent for a single input.
    mutating func update(_ done: Int) {
        // A video may have more frames than it claims.
        guard total > 1, done <= total else { return }
        let seconds = Double((ContinuousClock.now - start).components.seconds) + 0.001
        let left = Int(seconds / Double(max(done, 1)) * Double(total - done))
        let text = "\(label) \(done)/\(total), \(left) s left"
        if isTerminal {
            let end = done == total ? "\n" : ""
            FileHandle.standardError.write(Data("\r\u{1B}[K\(text)\(end)".utf8))
        } else if done * 10 / total > lastTenth {
            lastTenth = done * 10 / total
            Console.line(text)
        }
    }
}

/// How far a download is, on a terminal.
enum DownloadProgress {
    static func show(_ name: String, _ progress: ModelDownloader.Progress) {
        guard isatty(FileHandle.standardError.fileDescriptor) == 1 else { return }
        let megabytes = String(format: "%.1f", Double(progress.received) / 1e6)
        let total = progress.expected.map { String(format: " of %.1f", Double($0) / 1e6) } ?? ""
        let end = progress.received == progress.expected ? "\n" : ""
        FileHandle.standardError.write(Data("\r\u{1B}[K\(name): \(megabytes)\(total) MB\(end)".utf8))
    }
}
