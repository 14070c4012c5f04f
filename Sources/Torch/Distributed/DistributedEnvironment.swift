public import Foundation

/// Which of several processes this one is, and where they meet: what `torchrun` and `pose launch` put in the environment.
public struct DistributedEnvironment: Hashable, Sendable {
    /// From 0, over all machines.
    public let rank: Int
    /// How many processes there are.
    public let worldSize: Int
    /// From 0, on this machine.
    public let localRank: Int
    /// Where rank 0 listens.
    public let host: String
    public let port: UInt16

    public init(rank: Int, worldSize: Int, localRank: Int? = nil, host: String = "127.0.0.1", port: UInt16 = 29500) {
        self.rank = rank
        self.worldSize = worldSize
        self.localRank = localRank ?? rank
        self.host = host
        self.port = port
    }

    /// Reads `RANK`, `WORLD_SIZE`, `LOCAL_RANK`, `MASTER_ADDR` and `MASTER_PORT`; nil when this process is alone.
    ///
    /// - Throws: `DistributedError.environment` when some are set and others missing or impossible.
    public init?(_ variables: [String: String] = ProcessInfo.processInfo.environment) throws {
        guard variables["RANK"] != nil || variables["WORLD_SIZE"] != nil else { return nil }
        func number(_ name: String, default value: Int? = nil) throws -> Int {
            guard let text = variables[name] else {
                if let value { return value }
                throw DistributedError.environment("\(name) is not set, but RANK or WORLD_SIZE is")
            }
            guard let number = Int(text), number >= 0 else {
                throw DistributedError.environment("\(name)=\(text) is no whole number from 0")
            }
            return number
        }
        let rank = try number("RANK")
        let size = try number("WORLD_SIZE")
        guard size > 0, rank < size else {
            throw DistributedError.environment("RANK=\(rank) is not below WORLD_SIZE=\(size)")
        }
        guard size > 1 else { return nil }
        guard let port = UInt16(exactly: try number("MASTER_PORT", default: 29500)), port > 0 else {
            throw DistributedError.environment("MASTER_PORT is no port")
        }
        guard let host = variables["MASTER_ADDR"], !host.isEmpty else {
            throw DistributedError.environment("MASTER_ADDR is not set: where rank 0 listens")
        }
        self.init(
            rank: rank, worldSize: size, localRank: try number("LOCAL_RANK", default: rank), host: host, port: port)
    }
}

/// What goes wrong between processes.
public enum DistributedError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Variables that do not say who this process is.
    case environment(String)
    /// The processes did not find each other.
    case unreachable(host: String, port: UInt16, reason: String)
    /// Another process ended, or the network did.
    case lostPeer(rank: Int, reason: String)

    public var description: String {
        switch self {
        case .environment(let problem): problem
        case .unreachable(let host, let port, let reason):
            "the processes of this run did not meet at \(host):\(port) (MASTER_ADDR, MASTER_PORT): \(reason)"
        case .lostPeer(let rank, let reason):
            "rank \(rank) lost another process of the run, which ended or cannot be reached any more; the run cannot go on"
                + " without it (\(reason))"
        }
    }

    /// The error for people: failures of the connection to other processes as `lostPeer`, all others as they are.
    public static func explaining(_ error: any Error, rank: Int) -> any Error {
        guard let failure = error as? TorchError else { return error }
        let signs = [
            "Connection closed by peer", "Connection reset", "Broken pipe", "Timed out", "timed out", "Socket closed",
            "connectFullMesh failed", "Connection refused",
        ]
        guard signs.contains(where: failure.message.contains) else { return error }
        // The library puts a place in its source before, and advice behind.
        var reason = failure.message[...]
        if reason.hasPrefix("["), let end = reason.range(of: "] ") { reason = reason[end.upperBound...] }
        if let end = reason.range(of: ". ") { reason = reason[..<end.lowerBound] }
        return DistributedError.lostPeer(rank: rank, reason: String(reason))
    }
}
