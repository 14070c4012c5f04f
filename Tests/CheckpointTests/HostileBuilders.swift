import Foundation

/// Builds files byte by byte, as an attacker would.
enum Hostile {
    static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// A `.pth` around a pickle, correct in everything else.
    static func pth(_ pickle: [UInt8], storages: [String: [UInt8]] = [:], byteOrder: String = "little") -> [UInt8] {
        var records = [("archive/data.pkl", pickle), ("archive/byteorder", Array(byteOrder.utf8))]
        records += storages.sorted { $0.key < $1.key }.map { ("archive/data/" + $0.key, $0.value) }
        return zip(records)
    }

    /// A plain zip archive of stored records; `patch` may forge the directory entries.
    static func zip(
        _ records: [(String, [UInt8])], method: UInt16 = 0, flags: UInt16 = 0,
        patch: (inout [UInt8], _ entry: Int) -> Void = { _, _ in }
    ) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for (index, (name, data)) in records.enumerated() {
            let offset = file.count
            let common =
                little(UInt16(20)) + little(flags) + little(method) + little(UInt32(0)) + little(crc(data))
                + little(UInt32(data.count)) + little(UInt32(data.count)) + little(UInt16(name.utf8.count))
                + little(UInt16(0))
            file += little(UInt32(0x0403_4B50)) + common + name.utf8 + data
            var entry = little(UInt32(0x0201_4B50)) + little(UInt16(20)) + common + [UInt8](repeating: 0, count: 10)
            entry += little(UInt32(offset)) + name.utf8
            patch(&entry, index)
            directory += entry
        }
        let start = file.count
        return file + directory + little(UInt32(0x0605_4B50)) + little(UInt32(0)) + little(UInt16(records.count))
            + little(UInt16(records.count)) + little(UInt32(directory.count)) + little(UInt32(start)) + [0, 0]
    }

    /// The slow, obvious CRC-32: an independent check of the library's.
    static func crc(_ data: [UInt8]) -> UInt32 {
        var value: UInt32 = .max
        for byte in data {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        return ~value
    }

    /// Text of an old-style pickle, whose instructions are printable.
    static func text(_ pickle: String) -> [UInt8] { Array(pickle.utf8) }

    static func string(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + text.utf8 }

    static func int(_ value: Int) -> [UInt8] { [0x8A, 8] + little(Int64(value)) }

    static func tuple(_ items: [[UInt8]]) -> [UInt8] { [0x28] + items.flatMap(\.self) + [0x74] }

    static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

    /// A pickle of `{"w": tensor}` with everything about the tensor free to lie.
    static func tensor(
        key: String = "0", count: Int = 4, offset: Int = 0, shape: [Int] = [4], strides: [Int] = [1],
        storage: String = "FloatStorage", extra: [UInt8] = [], kind: String = "storage"
    ) -> [UInt8] {
        let id = tuple([string(kind), global("torch", storage), string(key), string("cpu"), int(count), extra])
        let arguments = tuple([
            id + [0x51], int(offset), tuple(shape.map(int)), tuple(strides.map(int)), [0x89, 0x4E],
        ])
        return [0x80, 2, 0x7D] + string("w") + global("torch._utils", "_rebuild_tensor_v2") + arguments + [
            0x52, 0x73, 0x2E,
        ]
    }

    static func safetensors(_ header: String, data: Int, length: UInt64? = nil) -> [UInt8] {
        little(length ?? UInt64(header.utf8.count)) + header.utf8 + [UInt8](repeating: 0, count: data)
    }

    /// The older layout around a main pickle.
    static func legacy(
        _ pickle: [UInt8], keys: [String] = ["0"], tail: [UInt8]? = nil, littleEndian: Bool = true, version: Int = 1001
    ) -> [UInt8] {
        let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
        let system = [0x80, 2, 0x7D] + string("little_endian") + [littleEndian ? 0x88 : 0x89, 0x73, 0x2E]
        let list = [0x80, 2, 0x5D, 0x28] + keys.flatMap(string) + [0x65, 0x2E]
        return [0x80, 2, 0x8A, 10] + magic + [0x2E, 0x80, 2] + int(version) + [0x2E] + system + pickle + list
            + (tail ?? little(Int64(4)) + [UInt8](repeating: 0, count: 16))
    }
}
