import PoseCodecs
public import PoseCore
public import PyConfig

/// Makes training targets of the key points with one codec, with one for each level, or with several different ones.
public struct GenerateTarget: Transform {
    public let codecs: [any KeypointCodec]
    /// Whether each codec makes a level of the same targets; otherwise they make different ones.
    public let isMultilevel: Bool
    /// Whether weights are multiplied with those of the dataset.
    public let usesDatasetWeights: Bool

    public init(codecs: [any KeypointCodec], isMultilevel: Bool = false, usesDatasetWeights: Bool = false) {
        self.codecs = codecs
        self.isMultilevel = isMultilevel
        self.usesDatasetWeights = usesDatasetWeights
    }

    /// Arguments: `encoder` (a codec or a list), `multilevel=False`, `use_dataset_keypoint_weights=False`;
    /// `target_type` has no effect.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        codecs = try arguments.children("encoder").map(Codecs.make)
        isMultilevel = try arguments.bool("multilevel", default: false)
        usesDatasetWeights = try arguments.bool("use_dataset_keypoint_weights", default: false)
        guard !codecs.isEmpty else { throw arguments.invalid("encoder", "expected a codec or a list of them") }
        if isMultilevel, arguments.value("encoder")?.arrayValue == nil {
            throw arguments.invalid("encoder", "multilevel targets need a list of codecs")
        }
        arguments.ignore("target_type")
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        let annotation = try annotation(of: sample)
        var encoded: [EncodedTargets] = []
        for codec in codecs {
            var targets = try codec.encode(annotation, using: &generator)
            if usesDatasetWeights { try weigh(&targets, by: sample.datasetKeypointWeights) }
            encoded.append(targets)
        }
        sample.targets = isMultilevel ? try levels(encoded) : try combined(encoded)
    }

    private func annotation(of sample: PoseSample) throws -> KeypointAnnotation {
        guard let keypoints = sample.transformedKeypoints ?? sample.keypoints else {
            throw PoseSampleError.missing("key points")
        }
        var annotation = try KeypointAnnotation(keypoints: keypoints, visible: sample.keypointsVisible)
        annotation.boxes = sample.boxes
        annotation.areas = sample.areas
        annotation.categories = sample.categories
        annotation.imageSize = sample.image?.size ?? sample.imageSize
        annotation.datasetKeypointWeights = sample.datasetKeypointWeights
        annotation.hands = sample.hands
        annotation.lifting = sample.lifting
        return annotation
    }

    /// Multiplies `keypoint_weights` `(N, K)` with `(K)` weights.
    private func weigh(_ targets: inout EncodedTargets, by weights: RealArray?) throws {
        guard let array = targets.labels["keypoint_weights"], let values = array.doubles else { return }
        guard let weights, let count = values.shape.last, weights.count == count else {
            throw PoseSampleError.missing("weight of the dataset for each key point")
        }
        let precision = array.precision.promoted(with: weights.precision)
        var product = values
        for index in 0..<values.count { product.elements[index] *= weights.elements[index % max(count, 1)] }
        targets.labels["keypoint_weights"] = RealArray(product, precision: precision).array
    }

    /// Labels stacked, fields side by side.
    private func levels(_ encoded: [EncodedTargets]) throws -> SampleTargets {
        var result = SampleTargets(isMultilevel: true, packing: packing)
        for (name, _) in encoded[0].labels {
            result.labels[name] = try stack(encoded.map { $0.labels[name] }, name)
        }
        for (name, _) in encoded[0].fields {
            let levels = encoded.compactMap { $0.fields[name] }
            guard levels.count == encoded.count else { throw Self.unequal(name) }
            result.fields[name] = levels
        }
        guard
            encoded.allSatisfy({
                $0.labels.count == encoded[0].labels.count && $0.fields.count == encoded[0].fields.count
            })
        else { throw Self.unequal("of them") }
        result.instances = encoded[0].instances
        result.inputs = encoded[0].inputs
        result.metadata = encoded[0].metadata
        return result
    }

    private func stack(_ arrays: [AnyNDArray?], _ name: String) throws -> AnyNDArray {
        let reals = arrays.compactMap { $0?.doubles }
        guard reals.count == arrays.count, let first = arrays[0] else { throw Self.unequal(name) }
        let stacked = try NDArray.stack(reals)
        switch first {
        case .float32, .float64: return RealArray(stacked, precision: first.precision).array
        case .int32: return .int32(stacked.map { Int32($0) })
        default: return .int64(stacked.map { Int64($0) })
        }
    }

    private static func unequal(_ name: String) -> PoseSampleError {
        .invalid("multilevel targets must be the same for every codec, but not all make \(name)")
    }

    /// The targets of all. Two may share nothing but `keypoint_weights`, which are multiplied.
    private func combined(_ encoded: [EncodedTargets]) throws -> SampleTargets {
        var result = SampleTargets(packing: packing)
        for targets in encoded {
            for (name, array) in targets.labels {
                if name == "keypoint_weights", let before = result.labels[name] {
                    result.labels[name] = try product(before, array)
                } else {
                    try add(array, name, to: &result.labels)
                }
            }
            for (name, array) in targets.fields {
                if result.fields.updateValue([array], forKey: name) != nil { throw Self.overlap(name) }
            }
            for (name, array) in targets.instances { try add(array, name, to: &result.instances) }
            result.metadata.merge(targets.metadata) { first, _ in first }
            if let inputs = targets.inputs {
                if result.inputs != nil { throw Self.overlap("inputs") }
                result.inputs = inputs
            }
        }
        return result
    }

    private func add(_ array: AnyNDArray, _ name: String, to group: inout [String: AnyNDArray]) throws {
        if group.updateValue(array, forKey: name) != nil { throw Self.overlap(name) }
    }

    private static func overlap(_ name: String) -> PoseSampleError {
        .invalid("several codecs make '\(name)'; only multilevel targets may")
    }

    private func product(_ first: AnyNDArray, _ second: AnyNDArray) throws -> AnyNDArray {
        guard let a = first.doubles, let b = second.doubles, a.shape == b.shape else {
            throw PoseSampleError.shape("keypoint_weights", expected: "\(first.shape)", found: second.shape)
        }
        let values = zip(a.elements, b.elements).map { $0 * $1 }
        let precision = first.precision.promoted(with: second.precision)
        return try RealArray(values, shape: a.shape, precision: precision).array
    }

    /// What is packed besides the targets: what every codec leaves to the usual rules.
    private var packing: TargetPacking {
        let all = codecs.map(\.packing)
        let named = all.compactMap(\.instances)
        let union = named.reduce(into: [String]()) { union, names in
            union += names.filter { !union.contains($0) }
        }
        return TargetPacking(
            instances: named.isEmpty ? nil : union, visibleWeights: all.allSatisfy(\.visibleWeights),
            heatmapMask: all.allSatisfy(\.heatmapMask))
    }
}

extension AnyNDArray {
    fileprivate var precision: RealPrecision {
        switch self {
        case .float64: .double
        case .int32, .int64: .integer
        default: .single
        }
    }
}
