public import Foundation

/// Runs a program as several processes on this machine that know of each other as `torchrun`'s do.
///
/// The first that fails ends the others.
public final class LocalLauncher: @unchecked Sendable {
    // Sendable: the processes are guarded by the lock.
    /// What the processes are told.
    public struct Options: Sendable {
        /// Processes on this machine.
        public var processes = 1
        /// Machines, and which of them this is.
        public var nodes = 1
        public var node = 0
        /// Where the first process listens; nil for a free port here.
        public var host = "127.0.0.1"
        public var port: UInt16?

        public init() {}
    }

    private let options: Options
    private let lock = NSLock()
    private var processes: [Process] = []
    private var isStopped = false

    public init(_ options: Options) { self.options = options }

    /// Runs the program and waits for all its processes.
    ///
    /// - Returns: nil when all succeeded; otherwise the rank that failed first and its exit status (negative for a signal).
    /// - Throws: `PipelineError` without a free port, and what starting a process throws.
    public func run(_ program: URL, _ arguments: [String]) throws -> (rank: Int, status: Int)? {
        let port = try options.port ?? Self.freePort()
        let ended = DispatchSemaphore(value: 0)
        for local in 0..<options.processes {
            let process = Process()
            process.executableURL = program
            process.arguments = arguments
            process.environment = environment(local, port: port)
            process.terminationHandler = { _ in ended.signal() }
            do {
                try lock.withLock {
                    guard !isStopped else { return }
                    try process.run()
                    processes.append(process)
                }
            } catch {
                stop()
                throw error
            }
        }
        var failure: (rank: Int, status: Int)?
        for _ in lock.withLock({ processes }) {
            ended.wait()
            guard failure == nil, let (local, process) = lock.withLock({ firstFailure }) else { continue }
            let status = Int(process.terminationStatus)
            failure = (rank(local), process.terminationReason == .exit ? status : -status)
            stop()
        }
        return failure
    }

    /// Ends all processes: politely first, after five seconds at once.
    public func stop() {
        let running = lock.withLock {
            isStopped = true
            return processes.filter(\.isRunning)
        }
        for process in running { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 5) {
            for process in running where process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
    }

    private var firstFailure: (Int, Process)? {
        processes.enumerated().first { !$1.isRunning && ($1.terminationReason != .exit || $1.terminationStatus != 0) }
            .map { ($0.offset, $0.element) }
    }

    private func rank(_ local: Int) -> Int { options.node * options.processes + local }

    private func environment(_ local: Int, port: UInt16) -> [String: String] {
        var variables = ProcessInfo.processInfo.environment
        variables["RANK"] = "\(rank(local))"
        variables["LOCAL_RANK"] = "\(local)"
        variables["WORLD_SIZE"] = "\(options.nodes * options.processes)"
        variables["LOCAL_WORLD_SIZE"] = "\(options.processes)"
        variables["MASTER_ADDR"] = options.host
        variables["MASTER_PORT"] = "\(port)"
        // All processes together should not use more threads than there are processors.
        let threads = max(ProcessInfo.processInfo.activeProcessorCount / max(options.processes, 1), 1)
        variables["OMP_NUM_THREADS"] = variables["OMP_NUM_THREADS"] ?? "\(threads)"
        return variables
    }

    private static func freePort() throws -> UInt16 {
        #if canImport(Glibc)
        let stream = Int32(SOCK_STREAM.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        let listener = socket(AF_INET, stream, 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && getsockname(listener, address, &size) == 0
            }
        }
        guard listener >= 0, isBound else { throw PipelineError(description: "no free port on this machine") }
        return UInt16(bigEndian: address.sin_port)
    }
}
