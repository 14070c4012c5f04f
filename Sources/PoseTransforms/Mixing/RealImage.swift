import PoseCore

/// A colour image of doubles, as NumPy makes one when a float meets bytes.
struct RealImage {
    let size: ImageSize
    private let values: [Double]

    init(_ pixels: Pixels) {
        size = ImageSize(width: pixels.width, height: pixels.height)
        values = pixels.bytes.map(Double.init)
    }

    private init(_ values: [Double], size: ImageSize) {
        self.values = values
        self.size = size
    }

    /// A value without its fraction; outside the image the padding.
    func value(x: Int, y: Int, _ channel: Int, padding: UInt8) -> UInt8 {
        guard x < size.width, y < size.height else { return padding }
        return UInt8(min(max(values[(y * size.width + x) * 3 + channel], 0), 255))
    }

    /// Left and right exchanged.
    func mirrored() -> RealImage {
        var result: [Double] = []
        result.reserveCapacity(values.count)
        for y in 0..<size.height {
            for x in (0..<size.width).reversed() {
                let start = (y * size.width + x) * 3
                result += values[start..<start + 3]
            }
        }
        return RealImage(result, size: size)
    }

    /// Bilinear, in double precision throughout, as OpenCV resizes doubles; first along rows.
    func resized(to target: ImageSize) -> RealImage {
        if target == size { return self }
        var narrow = [Double](repeating: 0, count: size.height * target.width * 3)
        for (x, tap) in Self.taps(from: size.width, to: target.width).enumerated() {
            for y in 0..<size.height {
                for channel in 0..<3 {
                    let low = values[(y * size.width + tap.low) * 3 + channel]
                    let high = values[(y * size.width + tap.high) * 3 + channel]
                    narrow[(y * target.width + x) * 3 + channel] = low.addingProduct(high - low, tap.share)
                }
            }
        }
        var result = [Double](repeating: 0, count: target.area * 3)
        let stride = target.width * 3
        for (y, tap) in Self.taps(from: size.height, to: target.height).enumerated() {
            for index in 0..<stride {
                let (low, high) = (narrow[tap.low * stride + index], narrow[tap.high * stride + index])
                result[y * stride + index] = low.addingProduct(high - low, tap.share)
            }
        }
        return RealImage(result, size: target)
    }

    /// For every place of the target the two of the source that it lies between, and how near it is to the second.
    private static func taps(from source: Int, to target: Int) -> [(low: Int, high: Int, share: Double)] {
        (0..<target).map { index in
            let place = (Double(index) + 0.5) * (Double(source) / Double(target)) - 0.5
            let low = place.rounded(.down)
            if low < 0 { return (0, 0, 0) }
            if low >= Double(source - 1) { return (source - 1, source - 1, 0) }
            return (Int(low), Int(low) + 1, place - low)
        }
    }
}
