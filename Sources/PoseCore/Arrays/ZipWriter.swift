import Foundation

/// Builds a zip archive in memory; sizes beyond 32 bits are written as zip64.
struct ZipWriter {
    private var data = Data()
    private var directory = Data()
    private var count = 0

    /// Adds an entry.
    mutating func add(_ name: String, _ contents: Data, compressed: Bool) {
        let checksum = contents.withUnsafeBytes(CRC32.checksum)
        let packed = compressed ? contents.withUnsafeBytes(Deflate.compress) : contents
        let offset = data.count
        let method = compressed ? 8 : 0
        let isLarge = contents.count >= 0xFFFF_FFFF || packed.count >= 0xFFFF_FFFF || offset >= 0xFFFF_FFFF
        var extra = Data()
        if isLarge {
            extra.append(1, bytes: 2)
            extra.append(24, bytes: 2)
            for value in [contents.count, packed.count, offset] { extra.append(value, bytes: 8) }
        }
        var common = Data()
        common.append(isLarge ? 45 : 20, bytes: 2)  // Version needed.
        common.append(1 << 11, bytes: 2)  // Names are UTF-8.
        common.append(method, bytes: 2)
        // 1 January 1980, so that equal contents give equal files.
        common.append(0, bytes: 2)
        common.append(0x21, bytes: 2)
        common.append(Int(checksum), bytes: 4)
        common.append(isLarge ? 0xFFFF_FFFF : packed.count, bytes: 4)
        common.append(isLarge ? 0xFFFF_FFFF : contents.count, bytes: 4)
        common.append(name.utf8.count, bytes: 2)
        common.append(extra.count, bytes: 2)

        data.append(0x0403_4B50, bytes: 4)
        data.append(common)
        data.append(contentsOf: name.utf8)
        data.append(extra)
        data.append(packed)

        directory.append(0x0201_4B50, bytes: 4)
        directory.append(45, bytes: 2)  // Version made by.
        directory.append(common)
        directory.append(0, bytes: 2)  // Comment.
        directory.append(0, bytes: 2)  // Disk.
        directory.append(0, bytes: 2)  // Internal attributes.
        directory.append(0, bytes: 4)  // External attributes.
        directory.append(isLarge ? 0xFFFF_FFFF : offset, bytes: 4)
        directory.append(contentsOf: name.utf8)
        directory.append(extra)
        count += 1
    }

    /// The archive.
    func finished() -> Data {
        var result = data
        let start = result.count
        result.append(directory)
        let isLarge = count >= 0xFFFF || start >= 0xFFFF_FFFF || directory.count >= 0xFFFF_FFFF
        if isLarge {
            let record = result.count
            result.append(0x0606_4B50, bytes: 4)
            result.append(44, bytes: 8)
            result.append(45, bytes: 2)
            result.append(45, bytes: 2)
            result.append(0, bytes: 8)  // Disks.
            for value in [count, count, directory.count, start] { result.append(value, bytes: 8) }
            result.append(0x0706_4B50, bytes: 4)
            result.append(0, bytes: 4)
            result.append(record, bytes: 8)
            result.append(1, bytes: 4)
        }
        result.append(0x0605_4B50, bytes: 4)
        result.append(0, bytes: 4)  // Disks.
        for _ in 0..<2 { result.append(min(count, 0xFFFF), bytes: 2) }
        result.append(isLarge ? 0xFFFF_FFFF : directory.count, bytes: 4)
        result.append(isLarge ? 0xFFFF_FFFF : start, bytes: 4)
        result.append(0, bytes: 2)
        return result
    }
}

extension Data {
    /// The low bytes of a number, least significant first.
    fileprivate mutating func append(_ value: Int, bytes: Int) {
        for index in 0..<bytes { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
