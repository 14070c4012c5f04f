import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Downloads one address into one file, going on where an earlier try stopped.
///
/// The bytes are written as they arrive, so memory does not grow with the file. The state is touched by the session's
/// delegate queue alone, which runs one callback at a time; the caller reads it after the last of them.
final class ResumableDownload: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let url: URL
    private let file: URL
    private let progress: @Sendable (ModelDownloader.Progress) -> Void

    private var handle: FileHandle?
    private var received = 0
    private var expected: Int?
    private var failure: ModelDownloadError?
    /// An answer with a body that is wanted has come.
    private var isAnswered = false
    /// The server says that what is there already is everything.
    private var isComplete = false
    private var continuation: CheckedContinuation<Void, any Error>?

    /// - Parameter file: What came of an earlier try, if it exists; bytes are added to its end.
    init(url: URL, file: URL, progress: @escaping @Sendable (ModelDownloader.Progress) -> Void) {
        self.url = url
        self.file = file
        self.progress = progress
    }

    /// - Throws: `ModelDownloadError`; `CancellationError` when the task is cancelled, keeping what came.
    func run(timeout: TimeInterval) async throws {
        received = (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0
        var request = URLRequest(url: url, timeoutInterval: timeout)
        // A compressed answer could not be continued by counting bytes of the file.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if received > 0 { request.setValue("bytes=\(received)-", forHTTPHeaderField: "Range") }
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = 1
        let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: queue)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: request)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.continuation = continuation
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        isAnswered = accept(response)
        completionHandler(isAnswered ? .allow : .cancel)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard failure == nil, let handle else { return }
        do {
            try handle.write(contentsOf: data)
            received += data.count
            progress(.init(received: received, expected: expected))
        } catch {
            failure = .cannotWrite(file: file.path, reason: error.localizedDescription)
            dataTask.cancel()
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        try? handle?.close()
        handle = nil
        continuation?.resume(with: outcome(error))
        continuation = nil
    }

    /// Decides by the answer's head whether its body is wanted, and opens the file for it.
    private func accept(_ response: URLResponse) -> Bool {
        guard let response = response as? HTTPURLResponse else {
            failure = .refused(url: url.absoluteString, status: 0)
            return false
        }
        switch response.statusCode {
        case 206 where Self.rangeStart(response) == received:
            expected = response.expectedContentLength >= 0 ? received + Int(response.expectedContentLength) : nil
        case 200:
            // The server does not continue: everything comes again.
            received = 0
            expected = response.expectedContentLength >= 0 ? Int(response.expectedContentLength) : nil
        case 416 where received > 0:
            // Nothing lies beyond what is there. Whether that is the file, its checksum or its size tells.
            isComplete = Self.wholeSize(response) == received
            if !isComplete { failure = .refused(url: url.absoluteString, status: 416) }
            return false
        default:
            failure = .refused(url: url.absoluteString, status: response.statusCode)
            return false
        }
        return open()
    }

    private func open() -> Bool {
        do {
            if received == 0 { try Data().write(to: file) }
            let handle = try FileHandle(forWritingTo: file)
            try handle.seekToEnd()
            self.handle = handle
            return true
        } catch {
            failure = .cannotWrite(file: file.path, reason: error.localizedDescription)
            return false
        }
    }

    private func outcome(_ error: (any Error)?) -> Result<Void, any Error> {
        if isComplete { return .success(()) }
        if let failure { return .failure(failure) }
        if let error = error.map({ $0 as NSError }) {
            if error.code == NSURLErrorCancelled { return .failure(CancellationError()) }
            if !isAnswered {
                let host = url.host ?? url.absoluteString
                return .failure(ModelDownloadError.unreachable(host: host, reason: error.localizedDescription))
            }
            return .failure(interrupted(error.localizedDescription))
        }
        if let expected, received != expected { return .failure(interrupted("the connection was closed")) }
        return .success(())
    }

    private func interrupted(_ reason: String) -> ModelDownloadError {
        .interrupted(file: file.path, received: received, expected: expected, reason: reason)
    }

    /// The first number of `Content-Range: bytes 100-199/200`.
    private static func rangeStart(_ response: HTTPURLResponse) -> Int? {
        guard let range = response.value(forHTTPHeaderField: "Content-Range"), range.hasPrefix("bytes ") else {
            return nil
        }
        return range.dropFirst("bytes ".count).split(separator: "-").first.flatMap { Int($0) }
    }

    /// The last number of `Content-Range: bytes */200`.
    private static func wholeSize(_ response: HTTPURLResponse) -> Int? {
        response.value(forHTTPHeaderField: "Content-Range")?.split(separator: "/").last.flatMap { Int($0) }
    }
}
