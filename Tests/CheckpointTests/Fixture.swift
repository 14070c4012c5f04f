import Checkpoint
import Foundation

/// Files written by the real PyTorch (Tools/oracle/checkpoint_fixtures.py).
enum Fixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func url(_ name: String) -> URL { folder.appending(path: name) }

    static func open(_ name: String) throws -> CheckpointFile { try CheckpointFile.open(url(name)) }

    static func data(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }

    struct Tensor: Decodable {
        let dtype: String
        let shape: [Int]
        let strides: [Int]
        let values: [Double]
    }

    /// What PyTorch says is in the state dict of a file, by key.
    static func expected(_ name: String) throws -> [String: Tensor] {
        let all = try JSONSerialization.jsonObject(with: Data(contentsOf: url("expected.json"))) as? [String: Any]
        let part = try JSONSerialization.data(withJSONObject: all?[name] as? [String: Any] ?? [:])
        return try JSONDecoder().decode([String: Tensor].self, from: part)
    }

    /// Writes bytes to a file of its own, hands it over, removes it.
    @discardableResult
    static func withFile<Result>(_ bytes: [UInt8], _ body: (URL) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "checkpoint-\(UUID().uuidString)")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url)
    }
}

extension TensorEntry {
    /// The elements as numbers in row-major order.
    func numbers() -> [Double] {
        let bytes = contiguousBytes()
        func elements<Element>(_ type: Element.Type) -> [Element] {
            bytes.withUnsafeBytes { buffer in
                (0..<elementCount).map {
                    buffer.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.size, as: Element.self)
                }
            }
        }
        return switch dtype {
        case .float32: elements(Float.self).map(Double.init)
        case .float64: elements(Double.self)
        case .float16: elements(UInt16.self).map(half)
        case .bfloat16: elements(UInt16.self).map { Double(Float(bitPattern: UInt32($0) << 16)) }
        case .int64: elements(Int64.self).map(Double.init)
        case .int32: elements(Int32.self).map(Double.init)
        case .int16: elements(Int16.self).map(Double.init)
        case .int8: elements(Int8.self).map(Double.init)
        case .uint8, .bool: elements(UInt8.self).map(Double.init)
        }
    }

    /// Normal half-precision numbers and zero, which is all the fixtures hold.
    private func half(_ bits: UInt16) -> Double {
        guard bits & 0x7FFF != 0 else { return 0 }
        let magnitude = Double(
            sign: .plus, exponent: Int(bits >> 10 & 31) - 25, significand: Double(1024 + (bits & 1023)))
        return bits >> 15 == 0 ? magnitude : -magnitude
    }
}
