import Foundation
import Torch

/// Sines and cosines of a position at geometrically growing wavelengths (Vaswani et al. 2017), as RTMO uses them: cosines
/// first.
///
/// Keys: `dim_t`, the wavelengths over 2π, a buffer unless they are learned.
final class SinePositions: Sendable {
    private let wavelengths: Parameter

    /// - Parameter width: numbers for each position, even.
    init(at path: ParameterPath, width: Int, temperature: Double, isLearned: Bool = false) throws {
        guard width > 1, width % 2 == 0, temperature > 0 else {
            throw ModelError.invalidInput(
                "\(path.name): positions of \(width) numbers with temperature \(temperature); the first must be even")
        }
        let count = width / 2
        let values = try Tensor((0..<count).map { Float(pow(temperature, Double(Float($0) / Float(count)))) })
        wavelengths =
            isLearned
            ? try path.parameter("dim_t", shape: [count], initializer: .values(values))
            : try path.buffer("dim_t", constant: values)
    }

    /// Shapes: positions `(…)`, output `(…, width)`.
    func callAsFunction(_ positions: Tensor) throws -> Tensor {
        let angles = try positions.unsqueeze(-1) / wavelengths.tensor
        return try Tensor.cat([angles.cos(), angles.sin()], dim: -1)
    }

    /// The positions in a map, row by row: those of row and column beside each other, number by number.
    ///
    /// Shapes: output `(height·width, width of a position, 2)`.
    func grid(height: Int, width: Int) throws -> Tensor {
        let rows = try Tensor.arange(height, dtype: .float32).repeatInterleave(width, dim: 0)
        let columns = try Tensor.arange(width, dtype: .float32).repeat([height])
        return try Tensor.stack([self(rows), self(columns)], dim: -1)
    }
}
