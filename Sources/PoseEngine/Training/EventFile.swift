import Foundation

/// A file of numbers over time that TensorBoard reads.
///
/// Records are TFRecords, a length, data and a CRC-32C of each; the data is a TensorFlow `Event` in protocol buffers:
/// `wall_time=1, step=2, file_version=3, summary=5 {value=1 {tag=1, simple_value=2}}`.
struct EventFile {
    private let file: FileHandle

    /// Begins a file in a folder.
    ///
    /// - Throws: what making or writing the file throws.
    init(in folder: URL, at time: Date = Date()) throws {
        let process = ProcessInfo.processInfo
        let name =
            "events.out.tfevents.\(Int(time.timeIntervalSince1970)).\(process.hostName)"
            + ".\(process.processIdentifier).0"
        let url = folder.appendingPathComponent(name)
        guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
            throw TrainingError.cannotTrain("\(url.path): cannot be written")
        }
        file = try FileHandle(forWritingTo: url)
        try file.write(
            contentsOf: Self.record(Self.wallTime(time) + Self.message(3, Array("brain.Event:2".utf8))))
    }

    /// Adds numbers of one step.
    func write(_ numbers: [(name: String, value: Double)], step: Int, at time: Date = Date()) throws {
        try file.write(contentsOf: Self.record(Self.event(numbers, step: step, at: time)))
    }

    static func event(_ numbers: [(name: String, value: Double)], step: Int, at time: Date) -> [UInt8] {
        let values = numbers.flatMap { name, value in
            message(1, message(1, Array(name.utf8)) + [2 << 3 | 5] + bytes(Float(value).bitPattern))
        }
        return wallTime(time) + [2 << 3] + varint(UInt64(bitPattern: Int64(step))) + message(5, values)
    }

    static func record(_ data: [UInt8]) -> Data {
        let length = bytes(UInt64(data.count))
        return Data(length + bytes(masked(length)) + data + bytes(masked(data)))
    }

    private static func wallTime(_ time: Date) -> [UInt8] {
        [1 << 3 | 1] + bytes(time.timeIntervalSince1970.bitPattern)
    }

    /// A field that has a length.
    private static func message(_ number: UInt8, _ data: [UInt8]) -> [UInt8] {
        [number << 3 | 2] + varint(UInt64(data.count)) + data
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var (rest, result) = (value, [UInt8]())
        while rest > 0x7F {
            result.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return result + [UInt8(rest)]
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// TFRecord's mask, so that a sum over data that holds sums stays one.
    private static func masked(_ data: [UInt8]) -> UInt32 {
        let sum = crc32c(data)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }

    /// CRC-32C (Castagnoli), bits reflected.
    static func crc32c(_ data: [UInt8]) -> UInt32 {
        ~data.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
        }
    }
}
