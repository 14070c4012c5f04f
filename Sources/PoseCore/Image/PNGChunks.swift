import Foundation

/// A PNG file's chunks (ISO/IEC 15948, 5): what pixels depend on, checked before a decoder sees it.
///
/// libpng reports doubtful chunks on standard error by itself. It gets only what OpenCV makes pixels of; text, times,
/// colour profiles and the like, which OpenCV ignores, never reach it.
struct PNGChunks {
    /// Nil when a chunk that pixels depend on is damaged: a wrong checksum, an impossible header, data without a palette.
    let cleaned: Cleaned?

    enum Cleaned {
        /// Nothing has to go.
        case asIs
        case rewritten(Data)
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        var scan = Scan(bytes: bytes)
        guard scan.run() else {
            cleaned = nil
            return
        }
        if scan.kept.count == 1, scan.kept[0] == 0..<bytes.count {
            cleaned = .asIs
            return
        }
        var data = Data(capacity: scan.kept.reduce(0) { $0 + $1.count })
        for range in scan.kept { data.append(contentsOf: bytes[range]) }
        cleaned = .rewritten(data)
    }
}

/// One walk over the chunks up to the end chunk.
private struct Scan {
    let bytes: UnsafeRawBufferPointer
    /// Ranges of the file to keep, neighbours joined.
    private(set) var kept: [Range<Int>] = [0..<8]
    private var color = 0
    private var hasPalette = false
    private var hasData = false

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// - Returns: false when the file is damaged where it matters.
    mutating func run() -> Bool {
        var position = 8
        while let length = bytes.bigEndian32(position), bytes.count - position >= 12,
            length <= bytes.count - position - 12
        {
            let chunk = position..<position + length + 12
            let type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
            guard position > 8 || type == "IHDR" else { return false }
            switch type {
            case "IHDR", "PLTE", "IDAT":
                guard isSound(chunk), take(type, chunk) else { return false }
            case "IEND":
                keep(chunk)
                return hasData
            case "tRNS", "eXIf":
                if isSound(chunk), type != "tRNS" || isUsable(transparency: length) { keep(chunk) }
            default:
                // An upper-case first letter says that a decoder must know the chunk.
                guard bytes[position + 4] & 0x20 != 0 else { return false }
            }
            position = chunk.upperBound
        }
        return false
    }

    private mutating func take(_ type: String, _ chunk: Range<Int>) -> Bool {
        switch type {
        case "IHDR":
            guard chunk.lowerBound == 8, isPossibleHeader(chunk) else { return false }
        case "PLTE":
            // Grey images have none; libpng says so and goes on without it.
            guard color & 2 != 0 else { return true }
            let length = chunk.count - 12
            guard !hasPalette, !hasData, length > 0, length <= 768, length % 3 == 0 else { return color != 3 }
            hasPalette = true
        default:
            guard color != 3 || hasPalette else { return false }
            hasData = true
        }
        keep(chunk)
        return true
    }

    private mutating func isPossibleHeader(_ chunk: Range<Int>) -> Bool {
        guard chunk.count == 25, let width = bytes.bigEndian32(16), let height = bytes.bigEndian32(20) else {
            return false
        }
        let limit = Int(Int32.max)
        guard (1...limit).contains(width), (1...limit).contains(height) else { return false }
        let depth = Int(bytes[24])
        color = Int(bytes[25])
        let depths: [Int: [Int]] = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
        return depths[color]?.contains(depth) == true && bytes[26] == 0 && bytes[27] == 0 && bytes[28] <= 1
    }

    /// What libpng would warn of and leave out.
    private func isUsable(transparency length: Int) -> Bool {
        switch color {
        case 0: length == 2 && !hasData
        case 2: length == 6 && !hasData
        case 3: length > 0 && length <= 256 && hasPalette && !hasData
        default: false
        }
    }

    private func isSound(_ chunk: Range<Int>) -> Bool {
        let content = UnsafeRawBufferPointer(rebasing: bytes[chunk.lowerBound + 4..<chunk.upperBound - 4])
        return bytes.bigEndian32(chunk.upperBound - 4) == Int(CRC32.checksum(content))
    }

    private mutating func keep(_ chunk: Range<Int>) {
        if let last = kept.last, last.upperBound == chunk.lowerBound {
            kept[kept.count - 1] = last.lowerBound..<chunk.upperBound
        } else {
            kept.append(chunk)
        }
    }
}
