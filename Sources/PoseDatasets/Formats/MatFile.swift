import Foundation
import PoseCore

/// Arrays of numbers in a Matlab file of version 5 to 7, as far as MPII's head boxes need it.
struct MatFile {
    /// A variable: its sizes and its values in column-major order.
    struct Variable {
        var name: String
        var shape: [Int]
        var values: [Double]
    }

    /// Largest decompressed variable that is accepted; MPII's are a few megabytes.
    private static let limit = 1 << 30

    private(set) var variables: [Variable] = []
    private let path: String

    /// - Throws: `DatasetError.file` for a file that is missing, of another kind, or damaged.
    init(_ url: URL) throws {
        path = url.path
        let bytes = try MappedBytes(url)
        let all = UnsafeRawBufferPointer(start: bytes.start, count: bytes.count)
        guard all.count > 128, all[126] == UInt8(ascii: "I"), all[127] == UInt8(ascii: "M") else {
            throw failure("not a Matlab file of version 5 to 7 (save it with '-v7')")
        }
        do {
            try readElements(UnsafeRawBufferPointer(rebasing: all[128...]))
        } catch let error as ArrayFileError {
            throw failure(error.description)
        }
        withExtendedLifetime(bytes) {}
    }

    func variable(_ name: String) throws -> Variable {
        guard let found = variables.first(where: { $0.name == name }) else {
            throw failure("has no variable '\(name)' of numbers")
        }
        return found
    }

    func failure(_ reason: String) -> DatasetError { .file(path: path, reason: reason) }

    private struct Element {
        var type: UInt32
        var data: UnsafeRawBufferPointer
    }

    private enum Kind {
        static let matrix: UInt32 = 14
        static let compressed: UInt32 = 15
    }

    /// Takes the element at a position: type and size in eight bytes, or in four with up to four bytes of data.
    private func element(_ bytes: UnsafeRawBufferPointer, at position: inout Int) throws -> Element {
        guard position + 8 <= bytes.count else { throw failure("is truncated") }
        let first = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
        if first >> 16 != 0 {
            let size = Int(first >> 16)
            guard size <= 4 else { throw failure("is damaged") }
            defer { position += 8 }
            return Element(
                type: first & 0xFFFF,
                data: UnsafeRawBufferPointer(rebasing: bytes[position + 4..<position + 4 + size]))
        }
        let size = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self)))
        let start = position + 8
        guard start + size <= bytes.count else { throw failure("is truncated") }
        // Data is padded to eight bytes, but for compressed variables.
        let padded = first == Kind.compressed ? size : (size + 7) / 8 * 8
        position = min(start + padded, bytes.count)
        return Element(type: first, data: UnsafeRawBufferPointer(rebasing: bytes[start..<start + size]))
    }

    private mutating func readElements(_ bytes: UnsafeRawBufferPointer) throws {
        var position = 0
        while position + 8 <= bytes.count {
            let element = try element(bytes, at: &position)
            switch element.type {
            case Kind.compressed:
                let inner = try Inflate.decompressZlib(element.data, limit: Self.limit)
                try inner.withUnsafeBytes { try readElements($0) }
            case Kind.matrix: try readMatrix(element.data)
            default: break
            }
        }
    }

    private mutating func readMatrix(_ bytes: UnsafeRawBufferPointer) throws {
        var position = 0
        let flags = try element(bytes, at: &position)
        // Classes 6 to 15 are arrays of numbers; others (cells, structures, text) are passed over.
        guard let kind = flags.data.first, (6...15).contains(kind) else { return }
        let shape = try numbers(try element(bytes, at: &position)).map { Int($0) }
        let name = String(decoding: try element(bytes, at: &position).data, as: UTF8.self)
        guard position < bytes.count else { return }
        let values = try numbers(try element(bytes, at: &position))
        let expected = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        guard shape.allSatisfy({ $0 >= 0 }), values.count == expected else { throw failure("'\(name)' is damaged") }
        variables.append(Variable(name: name, shape: shape, values: values))
    }

    private func numbers(_ element: Element) throws -> [Double] {
        func values<T: FixedWidthInteger>(_ type: T.Type) -> [T] {
            let size = MemoryLayout<T>.size
            return (0..<element.data.count / size).map {
                T(littleEndian: element.data.loadUnaligned(fromByteOffset: $0 * size, as: type))
            }
        }
        switch element.type {
        case 1: return values(Int8.self).map(Double.init)
        case 2: return values(UInt8.self).map(Double.init)
        case 3: return values(Int16.self).map(Double.init)
        case 4: return values(UInt16.self).map(Double.init)
        case 5: return values(Int32.self).map(Double.init)
        case 6: return values(UInt32.self).map(Double.init)
        case 7: return values(UInt32.self).map { Double(Float(bitPattern: $0)) }
        case 9: return values(UInt64.self).map(Double.init(bitPattern:))
        case 12: return values(Int64.self).map(Double.init)
        case 13: return values(UInt64.self).map(Double.init)
        default: throw failure("has numbers of an unknown type (\(element.type))")
        }
    }
}

/// MPII's head boxes (`mpii_gt_val.mat`).
enum HeadBoxFile {
    /// Length of every person's head that PCKh divides by: 0.6 of the diagonal of the box.
    static func lengths(_ url: URL) throws -> [Double] {
        let file = try MatFile(url)
        let boxes = try file.variable("headboxes_src")
        guard boxes.shape.count == 3, boxes.shape[0] == 2, boxes.shape[1] == 2 else {
            throw file.failure("headboxes_src must be 2×2×people, not \(boxes.shape)")
        }
        return (0..<boxes.shape[2]).map { person in
            let corner = Array(boxes.values[4 * person..<4 * person + 4])
            let (dx, dy) = (corner[1] - corner[0], corner[3] - corner[2])
            return 0.6 * (dx * dx + dy * dy).squareRoot()
        }
    }
}
