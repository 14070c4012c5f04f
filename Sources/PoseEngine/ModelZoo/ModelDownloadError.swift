/// Why a file could not be downloaded.
public enum ModelDownloadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No connection: no network, an unknown host, a refused connection, a time-out.
    case unreachable(host: String, reason: String)
    /// The server answered with something else than the file.
    case refused(url: String, status: Int)
    /// The connection broke off; what came so far is kept and the next try goes on from there.
    case interrupted(file: String, received: Int, expected: Int?, reason: String)
    /// The file is not the one its publisher named; nothing of it was kept.
    case wrongChecksum(file: String, expected: String, actual: String)
    /// The archive is damaged or lacks a member.
    case damagedArchive(file: String, reason: String)
    /// The file system said no.
    case cannotWrite(file: String, reason: String)

    public var description: String {
        switch self {
        case .unreachable(let host, let reason):
            return "\(host) cannot be reached (\(reason)); downloading needs a network connection"
        case .refused(let url, let status):
            return "\(url): the server answered with status \(status) instead of the file"
        case .interrupted(let file, let received, let expected, let reason):
            let whole = expected.map { " of \($0)" } ?? ""
            return
                "\(file): the download stopped after \(received)\(whole) bytes (\(reason)); the same command goes on there"
        case .wrongChecksum(let file, let expected, let actual):
            return "\(file): its SHA-256 is \(actual), which does not begin with \(expected); the file was not kept"
        case .damagedArchive(let file, let reason):
            return "\(file) cannot be unpacked: \(reason)"
        case .cannotWrite(let file, let reason):
            return "\(file) cannot be written: \(reason)"
        }
    }
}
