import Foundation

/// A walk over a JPEG file's markers (ITU-T T.81, B.1): the frame's size, and whether the file runs up to its end marker.
///
/// libjpeg accepts a file that stops anywhere and leaves the missing rows grey, so that truncation has to be found here.
struct JPEGScan {
    private(set) var size: ImageSize?
    private(set) var isComplete = false

    init(_ bytes: UnsafeRawBufferPointer) {
        var position = 2
        while let marker = Self.nextMarker(bytes, &position) {
            switch marker {
            case 0xD9:
                isComplete = true
                return
            case 0x01, 0xD0...0xD8:
                continue  // Markers without a segment.
            default:
                guard let length = bytes.bigEndian16(position), length >= 2 else { return }
                if Self.isFrame(marker), let height = bytes.bigEndian16(position + 3),
                    let width = bytes.bigEndian16(position + 5)
                {
                    size = ImageSize(width: width, height: height)
                }
                position += length
            }
        }
    }

    /// Start of frame: C0…CF without DHT, JPG and DAC.
    private static func isFrame(_ marker: UInt8) -> Bool {
        (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
    }

    /// The next marker's code; `position` moves behind it. Entropy-coded data are skipped on the way: there FF is always
    /// followed by 00.
    private static func nextMarker(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> UInt8? {
        guard let base = bytes.baseAddress else { return nil }
        // `memchr` finds the few FF among megabytes much faster than a loop.
        while position + 1 < bytes.count, let found = memchr(base + position, 0xFF, bytes.count - 1 - position) {
            position = UnsafeRawPointer(found) - base
            let code = bytes[position + 1]
            switch code {
            case 0x00: position += 2
            case 0xFF: position += 1  // Fill bytes.
            default:
                position += 2
                return code
            }
        }
        return nil
    }
}
