import PyConfig
public import Torch

/// Selects maps, joins them at the size of the first, applies a ReLU and rescales, each step only if asked for.
///
/// Shapes: inputs `(B, Cᵢ, Hᵢ, Wᵢ)`; with `concat` one output `(B, ΣCᵢ, H₀·s, W₀·s)`, else one for each selected map.
public final class FeatureMapProcessor: Neck {
    private let selection: [Int]?
    private let concatenates, activates: Bool
    private let scale: Double
    private let mode: Interpolation

    init(_ arguments: Arguments, at _: ParameterPath) throws {
        selection = try arguments.optionalInts("select_index", orScalar: true)
        concatenates = try arguments.bool("concat", default: false)
        activates = try arguments.bool("apply_relu", default: false)
        scale = try arguments.double("scale_factor", default: 1)
        mode = .bilinear(alignCorners: try arguments.bool("align_corners", default: false))
        guard scale > 0 else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).scale_factor", reason: "must be positive, not \(scale)")
        }
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> [Tensor] {
        var maps = try selection.map { try $0.map { try features.element(at: $0) } } ?? features
        if concatenates, let first = maps.first {
            let size = Array(first.shape.suffix(2))
            maps = [try Tensor.cat(maps.map { try $0.interpolate(size: size, mode: mode) }, dim: 1)]
        }
        if activates { maps = try maps.map { try $0.relu() } }
        if scale != 1 { maps = try maps.map { try $0.interpolate(scaleFactor: scale, mode: mode) } }
        return maps
    }
}

extension [Tensor] {
    /// The map at `index`, counted from the end if negative, as configs write it.
    func element(at index: Int) throws -> Tensor {
        let position = index < 0 ? count + index : index
        guard indices.contains(position) else {
            throw ModelError.invalidInput("feature map \(index) is asked for, but the backbone gives \(count)")
        }
        return self[position]
    }
}
