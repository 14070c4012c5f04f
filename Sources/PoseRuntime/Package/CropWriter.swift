import PoseCore

/// Writes crops as a network reads them: one plane a channel, normalised, straight into its input.
struct CropWriter: Sendable {
    /// For each channel of the network's input the value of every byte.
    private let tables: [[Float]]
    private let reversesChannels: Bool
    private let size: ImageSize

    init(_ description: PackageDescription) {
        reversesChannels = description.reversesChannels
        size = description.inputSize
        tables = (0..<3).map { channel in
            guard !description.mean.isEmpty else { return (0...255).map { Float($0) } }
            let index = description.mean.count == 1 ? 0 : channel
            let (mean, deviation) = (Float(description.mean[index]), Float(description.deviation[index]))
            return (0...255).map { (Float($0) - mean) / deviation }
        }
    }

    /// Values of one crop.
    var count: Int { 3 * size.area }

    /// - Parameters:
    ///   - crop: 8-bit B, G, R.
    ///   - isMirrored: writes every row from its end.
    /// - Throws: `PackageError` for an image of another size or kind.
    func write(_ crop: Image, mirrored isMirrored: Bool, into planes: UnsafeMutableBufferPointer<Float>) throws {
        guard crop.size == size, crop.channels == 3, planes.count == count else {
            throw PackageError(
                "a crop has \(crop.width)×\(crop.height)×\(crop.channels) values, the network reads"
                    + " \(size.width)×\(size.height)×3")
        }
        let (width, area) = (size.width, size.area)
        crop.withUnsafeBytes { bytes in
            for channel in 0..<3 {
                let offset = reversesChannels ? 2 - channel : channel
                tables[channel].withUnsafeBufferPointer { table in
                    let plane = UnsafeMutableBufferPointer(rebasing: planes[channel * area..<(channel + 1) * area])
                    for row in 0..<size.height {
                        let start = row * width
                        for column in 0..<width {
                            let source = isMirrored ? width - 1 - column : column
                            plane[start + column] = table[Int(bytes[(start + source) * 3 + offset])]
                        }
                    }
                }
            }
        }
    }
}

/// A package that cannot be used as it is.
public struct PackageError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
