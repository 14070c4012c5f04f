import PoseCore

extension PoseSample {
    /// A fact about the sample under MMPose's name for it; a camera gives several. Empty when it is not known.
    func metainfo(_ key: String) -> [String: AnyNDArray] {
        if key == "camera_param" { return cameraArrays() }
        // What a codec made stands in for what it was made of.
        guard let value = targets?.metadata[key] ?? fact(key) ?? extras[key] else { return [:] }
        return [key: value]
    }

    private func fact(_ key: String) -> AnyNDArray? {
        switch key {
        case "id": ids.isEmpty ? nil : integers(ids, asList: listsInstances)
        case "img_id": imageID.map { integers([$0]) }
        case "img_path": imagePath.flatMap(text)
        case "category_id": categories.isEmpty ? nil : integers(categories, asList: listsInstances || listsCategories)
        case "crowd_index": crowdIndex?.array
        case "ori_shape": originalSize.map { .int64(NDArray([Int64($0.height), Int64($0.width)])) }
        case "img_shape": imageSize.map { .int64(NDArray([Int64($0.height), Int64($0.width)])) }
        case "input_size": inputSize.map { .int64(NDArray([Int64($0.width), Int64($0.height)])) }
        case "input_center": inputCenter.flatMap(pair)
        case "input_scale": inputScale.flatMap(pair)
        case "flip": flipped.flatMap { try? .bool(NDArray([$0], shape: [])) }
        case "flip_direction": flipDirection.flatMap { text($0.rawValue) }
        case "flip_indices": flipIndices.isEmpty ? nil : .int64(NDArray(flipIndices.map(Int64.init)))
        case "dataset_name": datasetName.flatMap(text)
        case "hand_type": hands?.handType.array
        case "rel_root_depth":
            hands.map { .float32(NDArray([Float($0.relativeRootDepth)])) }
        case "factor": lifting?.factor?.array
        default: nil
        }
    }

    /// One number stands alone, as MMPose has it for samples of one person.
    private func integers(_ values: [Int], asList: Bool = false) -> AnyNDArray {
        let wide = values.map(Int64.init)
        guard wide.count == 1, !asList, let number = try? NDArray(wide, shape: []) else { return .int64(NDArray(wide)) }
        return .int64(number)
    }

    private func text(_ value: String) -> AnyNDArray? { try? .string(NDArray([value], shape: [])) }

    private func pair(_ value: SIMD2<Double>) -> AnyNDArray? {
        try? RealArray([value.x, value.y], shape: [2], precision: inputPrecision).array
    }

    private func cameraArrays() -> [String: AnyNDArray] {
        guard let camera = lifting?.camera else { return [:] }
        var result = [
            "camera_param/w": AnyNDArray.float64(NDArray([camera.width])),
            "camera_param/h": AnyNDArray.float64(NDArray([camera.height])),
        ]
        for (name, value) in [("f", camera.focal), ("c", camera.center)] {
            guard let value else { continue }
            let array = try? RealArray([value.x, value.y], shape: [2, 1], precision: camera.precision).array
            result["camera_param/\(name)"] = targets?.metadata["camera_param/\(name)"] ?? array
        }
        return result
    }
}
