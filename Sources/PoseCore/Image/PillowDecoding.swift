import COpenCV

/// What Pillow's decoders and conversions make of a file, as MMCV calls them.
extension ImageFile {
    /// What Pillow calls the mode of an image.
    private enum PillowMode {
        case gray, grayWithAlpha, color, colorWithAlpha, bits, palette
        /// Grey of 16 bits, which Pillow saturates where others reduce it.
        case deepGray
        /// What is not decoded alike here.
        case other(String)
    }

    func decodedByPillow(_ decoding: ImageDecoding) throws -> Image {
        let mode = try pillowMode()
        if decoding.colorType == .unchanged { return try unchangedByPillow(mode) }
        let isTurned = decoding.colorType == .color || decoding.colorType == .grayscale
        let color = isTurned ? OCV_DECODE_COLOR : OCV_DECODE_COLOR | OCV_DECODE_IGNORE_ORIENTATION
        let image: Image
        switch mode {
        case .deepGray: throw refused(.pillow, "grey of 16 bits in color_type '\(decoding.colorType.rawValue)'")
        case .other(let kind): throw refused(.pillow, kind)
        case .grayWithAlpha:
            let gray = try decoded(color)
            let alpha = try decoded(OCV_DECODE_UNCHANGED)
            // Only as stored is there transparency to be had, so that the two must lie alike.
            guard ImageHeader(bytes)?.format == .png, alpha.size == gray.size, alpha.channels == 4 else {
                throw refused(.pillow, "a turned image with transparency")
            }
            image = try alpha.overPillowBackground()
        default: image = try decoded(color)
        }
        return decoding.isGray ? try image.grayAsPillow() : image
    }

    private func unchangedByPillow(_ mode: PillowMode) throws -> Image {
        switch mode {
        case .gray: try decoded(OCV_DECODE_GRAY | OCV_DECODE_IGNORE_ORIENTATION)
        case .color: try decoded(OCV_DECODE_COLOR | OCV_DECODE_IGNORE_ORIENTATION)
        case .deepGray: try decoded(OCV_DECODE_UNCHANGED)
        case .colorWithAlpha: try decoded(OCV_DECODE_UNCHANGED).reducedToBytes()
        case .grayWithAlpha: try decoded(OCV_DECODE_UNCHANGED).reducedToBytes().selecting([0, 3])
        case .bits: throw refused(.pillow, "black and white with color_type 'unchanged'")
        case .palette: throw refused(.pillow, "indices into a palette with color_type 'unchanged'")
        case .other(let kind): throw refused(.pillow, kind)
        }
    }

    private func pillowMode() throws -> PillowMode {
        switch format {
        case .png:
            guard bytes.count > 25 else { throw ImageError(path: name, .truncated) }
            return switch (bytes[25], bytes[24]) {
            case (0, 1): .bits
            case (0, 16): .deepGray
            case (0, _): .gray
            case (3, _): .palette
            case (4, _): .grayWithAlpha
            case (6, _): .colorWithAlpha
            default: .color
            }
        case .jpeg:
            let components = JPEGScan(bytes).components
            return components == 1
                ? .gray : components == 3 ? .color : .other("a JPEG neither grey nor of three colours")
        case .bmp, .webp, .tiff, .pnm:
            let stored = try decoded(OCV_DECODE_UNCHANGED)
            switch (stored.depth, stored.channels) {
            case (.uint8, 1): return .gray
            case (.uint8, 3): return .color
            case (.uint8, 4) where format == .webp: return .colorWithAlpha
            default: return .other("\(stored.channels) channels of \(stored.depth) in this format")
            }
        default: throw refused(.pillow, "a file of this format")
        }
    }
}

extension Image {
    /// ITU-R 601-2 luma of B, G, R in the whole numbers that Pillow uses.
    fileprivate func grayAsPillow() throws -> Image {
        let pixels = withUnsafeBytes { bytes in
            (0..<width * height).map { index in
                let (blue, green, red) = (
                    UInt32(bytes[3 * index]), UInt32(bytes[3 * index + 1]), UInt32(bytes[3 * index + 2])
                )
                return UInt8((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
            }
        }
        return try Image(pixels, width: width, height: height, channels: 1)
    }

    /// An image of four channels over the colour that MMCV puts behind grey with transparency.
    fileprivate func overPillowBackground() throws -> Image {
        let background: [UInt32] = [104, 117, 124]
        let image = try reducedToBytes()
        let pixels = image.withUnsafeBytes { bytes in
            (0..<width * height * 3).map { place in
                let (index, channel) = (place / 3, place % 3)
                let alpha = UInt32(bytes[4 * index + 3])
                let sum = UInt32(bytes[4 * index + channel]) * alpha + background[channel] * (255 - alpha) + 128
                return UInt8((sum >> 8 + sum) >> 8)
            }
        }
        return try Image(pixels, width: width, height: height)
    }

    /// The upper bytes of values of 16 bits.
    fileprivate func reducedToBytes() throws -> Image {
        guard depth == .uint16 else { return self }
        let pixels = withUnsafeBytes { $0.bindMemory(to: UInt16.self).map { UInt8($0 >> 8) } }
        return try Image(pixels, width: width, height: height, channels: channels)
    }

    /// Some of the channels of an 8-bit image.
    fileprivate func selecting(_ selected: [Int]) throws -> Image {
        let all = channels
        guard selected.allSatisfy({ $0 < all }) else {
            throw ImageError(.invalid(operation: "select", message: "\(selected) of \(all) channels"))
        }
        let pixels = withUnsafeBytes { bytes in
            (0..<width * height).flatMap { index in selected.map { bytes[index * all + $0] } }
        }
        return try Image(pixels, width: width, height: height, channels: selected.count)
    }
}
