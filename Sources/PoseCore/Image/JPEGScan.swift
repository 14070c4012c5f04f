import Foundation

/// A walk over a JPEG file's markers (ITU-T T.81, B.1): the frame's size, whether the file runs up to its end marker,
/// and whether EXIF turns the picture.
///
/// libjpeg accepts a file that stops anywhere and leaves the missing rows grey, so that truncation has to be found here.
struct JPEGScan {
    private(set) var size: ImageSize?
    /// Channels of the frame.
    private(set) var components: Int?
    private(set) var isComplete = false
    /// False when an application segment says, or may say, that the picture is to be turned.
    private(set) var isUpright = true

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
                    components = position + 7 < bytes.count ? Int(bytes[position + 7]) : nil
                }
                if marker == 0xE1 {
                    let end = min(position + length, bytes.count)
                    isUpright = isUpright && Self.isUpright(UnsafeRawBufferPointer(rebasing: bytes[position + 2..<end]))
                }
                position += length
            }
        }
    }

    /// Start of frame: C0…CF without DHT, JPG and DAC.
    private static func isFrame(_ marker: UInt8) -> Bool {
        (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
    }

    /// Whether an application segment has no EXIF orientation but "top, left". OpenCV looks for one behind six bytes,
    /// whatever these are; where it is not plain what it would find, the answer is no.
    private static func isUpright(_ segment: UnsafeRawBufferPointer) -> Bool {
        guard segment.count > 7 else { return true }
        let exif = UnsafeRawBufferPointer(rebasing: segment[6...])
        let isLittle = exif[0] == UInt8(ascii: "I")
        guard exif[0] == exif[1], isLittle || exif[0] == UInt8(ascii: "M") else { return true }
        let read16 = isLittle ? exif.littleEndian16 : exif.bigEndian16
        guard let directory = isLittle ? exif.littleEndian32(4) : exif.bigEndian32(4), let count = read16(directory)
        else { return false }
        for entry in 0..<count {
            let place = directory + 2 + 12 * entry
            guard let tag = read16(place), let value = read16(place + 8) else { return false }
            if tag == 0x0112, value != 1 { return false }
        }
        return true
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
