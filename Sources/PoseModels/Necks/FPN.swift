import PyConfig
public import Torch

/// Feature pyramid network (Lin et al. 2017): coarse maps are enlarged and added to finer ones.
///
/// Shapes: inputs `(B, in_channels[i], Hᵢ, Wᵢ)`; outputs those from `start_level` to `end_level` with `out_channels`, then
/// up to `num_outs` coarser maps.
public final class FPN: Neck {
    /// What the coarser maps are computed from.
    private enum Extra: String, CaseIterable {
        case input = "on_input"
        case lateral = "on_lateral"
        case output = "on_output"
    }

    private let laterals, outputs: [ConvModule]
    private let start, end, outputCount: Int
    /// The one map to hand on; heads of MMPose 0.x chose it themselves. MMPose 1.x has no such option.
    private let selected: Int?
    private let extra: Extra?
    private let activatesExtras: Bool
    private let enlargement: Enlargement

    init(_ arguments: Arguments, at path: ParameterPath) throws {
        let channels = try arguments.ints("in_channels")
        let width = try arguments.int("out_channels")
        start = try arguments.int("start_level", default: 0)
        let last = try arguments.int("end_level", default: -1)
        end = last == -1 ? channels.count : last + 1
        outputCount = try arguments.int("num_outs")
        selected = try arguments.optionalInt("select_index")
        if let selected, !(0..<max(outputCount, 0)).contains(selected) {
            throw arguments.invalid("select_index", "map \(selected) of \(outputCount)")
        }
        let levels = end - start
        guard start >= 0, end <= channels.count, levels > 0 else {
            throw arguments.invalid("end_level", "levels \(start) to \(last) of \(channels.count) maps")
        }
        guard outputCount >= levels, outputCount <= 64, end == channels.count || outputCount == levels else {
            throw arguments.invalid("num_outs", "\(outputCount) maps cannot come from \(levels) levels")
        }
        extra = try Self.extra(arguments)
        activatesExtras = try arguments.bool("relu_before_extra_convs", default: false)
        enlargement = try Enlargement(arguments.child("upsample_cfg"))
        let normalization = try arguments.normalization(default: nil)
        let lateralNormalization = try arguments.bool("no_norm_on_lateral", default: false) ? nil : normalization
        let activation = try arguments.activation(default: nil)
        let levelPaths = (path / "lateral_convs", path / "fpn_convs")
        laterals = try channels[start..<end].enumerated().map { index, inChannels in
            try ConvModule(
                at: levelPaths.0 / index, inChannels: inChannels, outChannels: width, kernel: 1,
                normalization: lateralNormalization, activation: activation)
        }
        let convolved = extra == nil ? levels : outputCount
        let (source, lastChannels) = (extra, channels[end - 1])
        outputs = try (0..<convolved).map { index in
            try ConvModule(
                at: levelPaths.1 / index, inChannels: index == levels && source == .input ? lastChannels : width,
                outChannels: width, kernel: 3, stride: index < levels ? 1 : 2, padding: 1,
                normalization: normalization, activation: activation)
        }
        try arguments.requirePlainConvolution()
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> [Tensor] {
        guard features.count >= end else {
            throw ModelError.invalidInput("the neck reads \(end) maps, not \(features.count)")
        }
        var lateral = try laterals.enumerated().map { try $1(features[start + $0]) }
        for level in lateral.indices.dropFirst().reversed() {
            lateral[level - 1] = try lateral[level - 1] + enlargement(lateral[level], like: lateral[level - 1])
        }
        var maps = try zip(outputs, lateral).map { try $0($1) }
        while maps.count < outputCount {
            let coarsest = maps[maps.count - 1]
            guard let extra else {
                maps.append(try coarsest.maxPool2d(kernel: [1, 1], stride: [2, 2]))
                continue
            }
            var source = activatesExtras ? try coarsest.relu() : coarsest
            if maps.count == lateral.count {
                source =
                    switch extra {
                    case .input: features[end - 1]
                    case .lateral: lateral[lateral.count - 1]
                    case .output: coarsest
                    }
            }
            maps.append(try outputs[maps.count](source))
        }
        return selected.map { [maps[$0]] } ?? maps
    }

    private static func extra(_ arguments: Arguments) throws -> Extra? {
        guard let name = arguments.value("add_extra_convs")?.stringValue else {
            return try arguments.bool("add_extra_convs", default: false) ? .input : nil
        }
        guard let extra = Extra(rawValue: name) else {
            throw ModelError.unknownType(
                name, at: arguments.path(of: "add_extra_convs"), known: Extra.allCases.map(\.rawValue))
        }
        return extra
    }
}

/// How a coarser map is brought to the size of a finer one.
private struct Enlargement {
    private let factor: Double?
    private let mode: Interpolation

    init(_ arguments: Arguments?) throws {
        factor = try arguments?.optionalDouble("scale_factor")
        let name = try arguments?.string("mode", default: "nearest") ?? "nearest"
        let aligns = try arguments?.optionalBool("align_corners") ?? false
        switch name {
        case "nearest": mode = .nearest
        case "bilinear": mode = .bilinear(alignCorners: aligns)
        default:
            throw ModelError.unknownType(name, at: arguments?.path ?? "", known: ["nearest", "bilinear"])
        }
        try arguments?.finish()
    }

    func callAsFunction(_ map: Tensor, like finer: Tensor) throws -> Tensor {
        try factor.map { try map.interpolate(scaleFactor: $0, mode: mode) }
            ?? map.interpolate(size: Array(finer.shape.suffix(2)), mode: mode)
    }
}
