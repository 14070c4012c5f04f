public import PoseCore
public import PyConfig
public import Torch

/// Head of ED-Pose (Yang et al. 2023, "Explicit Box Detection Unifies End-to-End Multi-Person Pose Estimation"): a
/// transformer whose queries first find people's boxes, then each box's keypoints.
///
/// Images fill the network's input: there is no padding to be masked. MMPose publishes no loss for it, and there is none
/// here; what only its training would read is passed over.
///
/// Shapes: reads maps `(B, C, Hᵢ, Wᵢ)`, `num_feature_levels` of them; gives for the best `num_group` boxes the classes'
/// scores before their sigmoid `(B, G, classes)`, centre and size as parts of the input `(B, G, 4)`, and keypoints
/// `(B, G, 3K)`: all coordinates as parts of the input, then as many constants in place of visibilities.
public final class EDPoseHead: BottomupHead {
    private let positions: MapPositions
    private let levelEmbedding: Parameter
    private let encoder: [DeformableEncoderLayer]
    private let decoder_: EDPoseDecoder
    private let queries: EDPoseQueries
    private let levels: Int
    public let keypointCount: Int
    public let decoder: ConfigDict?

    /// Arguments: `num_queries=100`, `num_feature_levels=4`, `num_keypoints=17`, `as_two_stage=False`, `encoder`, `decoder`,
    /// `out_head`, `positional_encoding`, `data_decoder`, `denosing_cfg`, `dec_pred_class_embed_share=False`,
    /// `dec_pred_bbox_embed_share=False`.
    init(at path: ParameterPath, _ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_keypoints", default: 17, in: 1...65536)
        levels = try arguments.int("num_feature_levels", default: 4, in: 1...64)
        let encoding = try arguments.requiredChild("encoder")
        let encoderStyle = try DeformableEncoderLayer.Style(encoding.requiredChild("layer_cfg"))
        let encoderDepth = try encoding.int("num_layers", in: 1...1024)
        encoding.ignore("init_cfg")
        try encoding.finish()
        let width = encoderStyle.attention.width
        positions = try MapPositions(arguments.requiredChild("positional_encoding"), width: width)
        levelEmbedding = try path.parameter(
            "level_embed", shape: [levels, width], initializer: .normal(std: 1))
        encoder = try (0..<encoderDepth).map {
            try DeformableEncoderLayer(at: path / "encoder" / "layers" / $0, encoderStyle)
        }
        decoder_ = try EDPoseDecoder(
            at: path, arguments.requiredChild("decoder"), predictions: arguments.requiredChild("out_head"),
            keypoints: keypointCount)
        guard decoder_.width == width, encoderStyle.attention.levels == levels, decoder_.levels == levels else {
            throw arguments.invalid(
                "encoder", "encoder and decoder must be of one width and read num_feature_levels \(levels) maps")
        }
        let noise = try arguments.requiredChild("denosing_cfg")
        _ = try Embedding(
            at: path / "label_enc", count: noise.int("dn_labelbook_size", in: 0...1 << 24) + 1, dimension: width)
        queries = try EDPoseQueries(at: path, arguments, width: width, predictors: decoder_.predictors)
        guard decoder_.groups <= queries.count else {
            throw arguments.invalid(
                "num_queries", "\(queries.count) queries are fewer than num_group \(decoder_.groups)")
        }
        decoder = arguments.value("data_decoder")?.dictValue
        // Training's, which is not published.
        arguments.ignore("refine_queries_num", "two_stage_keep_all_tokens", "init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        guard features.count == levels, features.allSatisfy({ $0.rank == 4 && $0.shape[1] == decoder_.width }) else {
            throw ModelError.invalidInput(
                "ED-Pose's head reads \(levels) maps of \(decoder_.width) channels, not \(features.map(\.shape))")
        }
        let sizes = features.map { MapSize(height: $0.shape[2], width: $0.shape[3]) }
        let places = try Tensor.cat(
            sizes.enumerated().map { level, size in
                try positions(size).to(device: features[level].device) + levelEmbedding.tensor[level]
            })
        let centers = try Tensor.cat(sizes.map(EDPoseQueries.centers)).unsqueeze(0).to(device: features[0].device)
        let tokens = try Tensor.cat(features.map { try $0.flatten(from: 2).transpose(1, 2) }, dim: 1)
        let references = try centers.expand([tokens.shape[0], tokens.shape[1], 2])
        let memory = try encoder.reduce(tokens) {
            try $1($0, positions: places, references: references, sizes: sizes)
        }
        let start = try queries(memory, centers: centers, sizes: sizes)
        return try decoder_(start, memory: memory, sizes: sizes)
    }

    // MARK: test time

    public var augmentations: TestTimeAugmentations { [] }

    public func people(_ scales: [TestTimeFeatures], _ test: BottomupTest) throws -> [DecodedPose] {
        try test.decode(self(scales.atOwnScale().maps))
    }
}

/// Sines and cosines of rows and columns, sine and cosine of a wavelength beside each other; the rows' come first.
struct MapPositions: Sendable {
    private let count: Int
    private let rowTemperature, columnTemperature: Double
    private let scale: Double?

    /// Arguments: `num_pos_feats=64`, `temperatureH=10000`, `temperatureW=10000`, `normalize=False`, `scale=2π`.
    init(_ arguments: Arguments, width: Int) throws {
        count = try arguments.int("num_pos_feats", default: 64, in: 2...65536)
        rowTemperature = try arguments.double("temperatureH", default: 10000)
        columnTemperature = try arguments.double("temperatureW", default: 10000)
        let isNormalized = try arguments.bool("normalize", default: false)
        let extent = try arguments.optionalDouble("scale")
        scale = isNormalized ? extent ?? 2 * Double.pi : nil
        guard isNormalized || extent == nil else { throw arguments.invalid("scale", "needs normalize=True") }
        guard count % 2 == 0, 2 * count == width else {
            throw arguments.invalid("num_pos_feats", "must be half of the channels \(width), and even")
        }
        guard rowTemperature > 0, columnTemperature > 0 else {
            throw arguments.invalid("temperatureH", "temperatures must be positive")
        }
        try arguments.finish()
    }

    /// Shapes: output `(height·width, 2·num_pos_feats)`, row by row.
    func callAsFunction(_ size: MapSize) throws -> Tensor {
        func places(_ extent: Int) throws -> Tensor {
            let steps = try Tensor.arange(from: 1, to: extent + 1, dtype: .float32)
            guard let scale else { return steps }
            return try steps / (Double(extent) + 1e-6) * scale
        }
        let rows = try SineCode(count: count, temperature: rowTemperature)(places(size.height))
        let columns = try SineCode(count: count, temperature: columnTemperature)(places(size.width))
        return try Tensor.cat([rows.repeatInterleave(size.width, dim: 0), columns.repeat([size.height, 1])], dim: 1)
    }
}

/// Sines and cosines of numbers at geometrically growing wavelengths, sine and cosine of each beside each other.
struct SineCode: Sendable {
    /// Numbers for each number, even.
    let count: Int
    let temperature: Double

    /// Shapes: `(…)` → `(…, count)`.
    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let exponents = (0..<count / 2).map { Float(2 * $0) / Float(count) }
        let wavelengths = try Tensor.full([count / 2], temperature).pow(
            Tensor(exponents, shape: [count / 2])
        ).to(device: x.device)
        let angles = try x.unsqueeze(-1) / wavelengths
        return try Tensor.stack([angles.sin(), angles.cos()], dim: -1).flatten(from: -2)
    }
}

extension Tensor {
    /// The logit of probabilities, which are kept 0.001 away from 0 and 1, as ED-Pose takes it.
    func boundedLogit() throws -> Tensor {
        let x = try clamp(min: 0, max: 1)
        return try (x.clamp(min: 1e-3) / (1 - x).clamp(min: 1e-3)).log()
    }
}
