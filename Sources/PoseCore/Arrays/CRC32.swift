/// The checksum of zip archives (ISO 3309, polynomial EDB88320), four bytes a step.
enum CRC32 {
    private static let tables: [[UInt32]] = {
        let first: [UInt32] = (0..<256).map { (index: UInt32) in
            var value = index
            for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
            return value
        }
        var tables = [first]
        for step in 1..<4 {
            tables.append(tables[step - 1].map { ($0 >> 8) ^ first[Int($0 & 0xFF)] })
        }
        return tables
    }()

    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var crc: UInt32 = ~0
        var position = 0
        tables[0].withUnsafeBufferPointer { t0 in
            let (t1, t2, t3) = (tables[1], tables[2], tables[3])
            while position + 4 <= bytes.count {
                crc ^= UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
                let low = t3[Int(crc & 0xFF)] ^ t2[Int((crc >> 8) & 0xFF)]
                let high = t1[Int((crc >> 16) & 0xFF)] ^ t0[Int(crc >> 24)]
                crc = low ^ high
                position += 4
            }
            while position < bytes.count {
                crc = (crc >> 8) ^ t0[Int((crc ^ UInt32(bytes[position])) & 0xFF)]
                position += 1
            }
        }
        return ~crc
    }
}
