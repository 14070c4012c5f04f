public import Foundation

/// The first hexadecimal digits of a file's SHA-256, as many as its publisher gives.
public struct Checksum: Sendable, Hashable, CustomStringConvertible {
    /// Lower case, at most 64.
    public let digits: String

    public var description: String { digits }

    /// - Parameter digits: 7 to 64 hexadecimal digits.
    public init?(digits: String) {
        let lowercased = digits.lowercased()
        guard (7...64).contains(lowercased.count), lowercased.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            return nil
        }
        self.digits = lowercased
    }

    /// What OpenMMLab and torchvision put into a file's name: `-78c5fc02_20220705.pth`, `_42b7e6e6-20230207.pth` or
    /// `-0676ba61.pth`. Nil when there is none; a date alone, as in `-20231122.pth`, is not a checksum.
    public init?(inFileName name: String) {
        let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
        let parts = stem.split(whereSeparator: { $0 == "-" || $0 == "_" }).map(String.init)
        guard parts.count > 1, let last = parts.last else { return nil }
        let candidate = Self.isDate(last) && parts.count > 2 ? parts[parts.count - 2] : last
        // Shorter ones are words and sizes; one zoo file lost its eighth digit.
        guard !Self.isDate(candidate), (7...8).contains(candidate.count) || candidate.count == 64 else { return nil }
        self.init(digits: candidate)
    }

    /// Of a file's content, which is read piece by piece.
    public static func sha256(of file: URL) throws -> String {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        var hash = SHA256()
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            piece.withUnsafeBytes { hash.update($0) }
        }
        return hash.finalized()
    }

    /// Whether a whole SHA-256 begins with these digits.
    public func matches(sha256: String) -> Bool { sha256.lowercased().hasPrefix(digits) }

    private static func isDate(_ text: String) -> Bool {
        guard text.count == 8, let number = Int(text) else { return false }
        return (2015...2099).contains(number / 10_000) && (1...12).contains(number / 100 % 100)
            && (1...31).contains(number % 100)
    }
}
