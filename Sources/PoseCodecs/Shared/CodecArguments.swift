import PoseCore
import PyConfig

/// Extents beyond this are a mistake in a config, not a network's input.
private let largestExtent = 1 << 16

extension Arguments {
    /// A size written as `(width, height)`.
    func size(_ name: String) throws -> ImageSize {
        let extents = try ints(name)
        guard extents.count == 2, extents.allSatisfy({ (1...largestExtent).contains($0) }) else {
            throw invalid(name, "expected (width, height), each from 1 to \(largestExtent), found \(extents)")
        }
        return ImageSize(width: extents[0], height: extents[1])
    }

    /// A number that must be more than zero.
    func positive(_ name: String, default value: Double? = nil) throws -> Double {
        let number = try value.map { try double(name, default: $0) } ?? double(name)
        guard number > 0, number.isFinite else { throw invalid(name, "must be more than 0, found \(number)") }
        return number
    }

    /// Size of a filter's kernel: odd and positive.
    func kernelSize(_ name: String, default value: Int? = nil) throws -> Int {
        let size = try value.map { try int(name, default: $0) } ?? int(name)
        guard size % 2 == 1, (1...largestExtent).contains(size) else {
            throw invalid(name, "the size of a kernel must be odd and positive, found \(size)")
        }
        return size
    }
}
