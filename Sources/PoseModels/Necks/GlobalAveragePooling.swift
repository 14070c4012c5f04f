import PyConfig
public import Torch

/// The mean of each channel over the image.
///
/// Shapes: inputs `(B, Cᵢ, Hᵢ, Wᵢ)`, outputs `(B, Cᵢ)`.
public final class GlobalAveragePooling: Neck {
    init(_ arguments: Arguments, at _: ParameterPath) throws {
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> [Tensor] {
        try features.map { try $0.adaptiveAvgPool2d([1, 1]).flatten(from: 1) }
    }
}
