public import Foundation

/// What the first bytes of a video file say, without decoding it.
public struct VideoHeader: Hashable, Sendable {
    /// What its first bytes say it is.
    public enum Container: String, Hashable, Sendable {
        case mp4, avi, matroska, flv, asf, ogg, mpegProgram, mpegTransport, gif
    }

    public let container: Container
    /// The file certainly ends too early. Known of MP4 (and QuickTime), AVI and Matroska (and WebM); others are streams
    /// that may end anywhere.
    public let isTruncated: Bool

    /// Looks at a file; nil when it cannot be read or is not of a known video format.
    public init?(contentsOf url: URL) {
        guard let file = try? FileHandle(forReadingFrom: url), let size = try? file.seekToEnd() else { return nil }
        defer { try? file.close() }
        let parts = FileParts(file: file, size: size)
        guard let container = Self.container(parts.bytes(at: 0, count: 192)) else { return nil }
        self.container = container
        isTruncated =
            switch container {
            case .mp4: parts.endsInsideBox
            case .avi: parts.endsInsideChunk
            case .matroska: parts.endsInsideSegment
            case .flv, .asf, .ogg, .mpegProgram, .mpegTransport, .gif: false
            }
    }

    private static let signatures: [(Container, [UInt8])] = [
        (.matroska, [0x1A, 0x45, 0xDF, 0xA3]), (.flv, Array("FLV\u{1}".utf8)), (.ogg, Array("OggS".utf8)),
        (.asf, [0x30, 0x26, 0xB2, 0x75]), (.mpegProgram, [0, 0, 1, 0xBA]), (.gif, Array("GIF8".utf8)),
    ]

    private static func container(_ bytes: [UInt8]) -> Container? {
        if let (container, _) = signatures.first(where: { bytes.starts(with: $0.1) }) { return container }
        guard bytes.count >= 12 else { return nil }
        let (first, type, brand) = (text(bytes[0..<4]), text(bytes[4..<8]), text(bytes[8..<12]))
        if first == "RIFF", brand == "AVI " { return .avi }
        if type == "ftyp" {
            // Still pictures use the same boxes.
            return ["heic", "heix", "mif1", "avif", "avis"].contains(brand) ? nil : .mp4
        }
        if ["moov", "mdat", "wide", "free", "skip", "pnot"].contains(type) { return .mp4 }
        // Packets of 188 bytes, each beginning with a sync byte.
        return bytes.count > 188 && bytes[0] == 0x47 && bytes[188] == 0x47 ? .mpegTransport : nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// The parts a file is made of, by their sizes; parts are read only where they begin.
private struct FileParts {
    let file: FileHandle
    let size: UInt64

    func bytes(at offset: UInt64, count: Int) -> [UInt8] {
        guard offset < size, (try? file.seek(toOffset: offset)) != nil else { return [] }
        return (try? file.read(upToCount: count)).map(Array.init) ?? []
    }

    /// ISO base media boxes: a size of 32 bits, a type, where the size is 1 another of 64 bits; 0 is all the rest.
    var endsInsideBox: Bool {
        var offset: UInt64 = 0
        while offset < size {
            let head = bytes(at: offset, count: 16)
            guard head.count >= 8 else { return false }
            var length = number(head[0..<4])
            if length == 0 { return false }
            if length == 1 {
                guard head.count == 16 else { return true }
                length = number(head[8..<16])
            }
            guard length >= 8 else { return false }
            if length > size - offset { return true }
            offset += length
        }
        return false
    }

    /// RIFF: the size of what follows it. Zero or the greatest value stand for unknown.
    var endsInsideChunk: Bool {
        let length = number(ArraySlice(bytes(at: 4, count: 4).reversed()))
        return length != 0 && length < UInt64(UInt32.max) && length + 8 > size
    }

    /// EBML: the header element, then the segment, whose size may be unknown.
    var endsInsideSegment: Bool {
        let header = bytes(at: 4, count: 8)
        guard let (length, width) = variableNumber(header) else { return true }
        guard length < size else { return true }
        let segment = 4 + UInt64(width) + length
        guard let (content, contentWidth) = variableNumber(bytes(at: segment + 4, count: 8)) else { return true }
        let unknown: UInt64 = (1 << UInt64(7 * contentWidth)) - 1
        return content != unknown && content > size - min(size, segment + 4 + UInt64(contentWidth))
    }

    /// A number whose leading zero bits say how many bytes it has.
    private func variableNumber(_ bytes: [UInt8]) -> (value: UInt64, width: Int)? {
        guard let first = bytes.first, first != 0 else { return nil }
        let width = first.leadingZeroBitCount + 1
        guard bytes.count >= width else { return nil }
        return (number(bytes[0..<width]) & ((1 << UInt64(7 * width)) - 1), width)
    }

    /// Big-endian.
    private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
