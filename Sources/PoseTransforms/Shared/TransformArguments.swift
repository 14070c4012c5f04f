import PoseCore
import PyConfig

extension Arguments {
    /// A size written as `(width, height)`.
    func size(_ name: String) throws -> ImageSize {
        let extents = try ints(name)
        let largest = 1 << 16
        guard extents.count == 2, extents.allSatisfy({ (1...largest).contains($0) }) else {
            throw invalid(name, "expected (width, height), each from 1 to \(largest), found \(extents)")
        }
        return ImageSize(width: extents[0], height: extents[1])
    }

    /// A probability.
    func probability(_ name: String, default value: Double) throws -> Double {
        let number = try double(name, default: value)
        guard (0...1).contains(number) else { throw invalid(name, "a probability is from 0 to 1, found \(number)") }
        return number
    }
}
