import PoseCore

/// Looks at shapes before any codec computes with them.
struct CodecChecks {
    let codec: String

    /// Instances and key points of an annotation with `(N, K, D)` coordinates, D at least 2, and `(N, K)` visibilities.
    ///
    /// - Parameter single: the codec encodes exactly one instance.
    func annotation(_ annotation: KeypointAnnotation, single: Bool) throws -> (instances: Int, keypoints: Int) {
        let shape = annotation.keypoints.shape
        guard shape.count == 3, shape[2] >= 2, !single || shape[0] == 1 else {
            let expected = single ? "(1, K, 2)" : "(N, K, 2)"
            throw CodecError.shape(codec: codec, array: "key points", expected: expected, found: shape)
        }
        guard annotation.visible.shape == Array(shape.prefix(2)) else {
            throw CodecError.shape(
                codec: codec, array: "visibilities", expected: "(\(shape[0]), \(shape[1]))",
                found: annotation.visible.shape)
        }
        return (shape[0], shape[1])
    }

    /// One image's part of a batch.
    ///
    /// - Parameters:
    ///   - rank: number of dimensions with the batch's.
    ///   - expected: the shape in words.
    func image(
        _ index: Int, of array: BorrowedArray, named name: String, rank: Int, expected: String
    ) throws
        -> BorrowedArray
    {
        guard array.rank == rank else {
            throw CodecError.shape(codec: codec, array: name, expected: expected, found: array.shape)
        }
        guard let part = array.part(index) else {
            throw CodecError.index(codec: codec, index, count: array.shape[0])
        }
        return part
    }

    /// One image's `(K, H, W)` maps; K may be zero, a map's extents not.
    ///
    /// - Parameter size: what the maps must have, when the codec has one size only.
    func maps(
        _ array: BorrowedArray, image index: Int, named name: String = "heatmaps", size: ImageSize? = nil
    ) throws -> Maps {
        let extents = size.map { "\($0.height), \($0.width)" } ?? "H, W"
        let expected = "(B, K, \(extents))"
        let image = try image(index, of: array, named: name, rank: 4, expected: expected)
        let maps = try maps(ofOneImage: image, named: name)
        if let size, size.width != maps.width || size.height != maps.height {
            throw CodecError.shape(codec: codec, array: name, expected: expected, found: array.shape)
        }
        return maps
    }

    /// `(K, H, W)` as maps.
    func maps(ofOneImage array: BorrowedArray, named name: String = "heatmaps") throws -> Maps {
        guard array.rank == 3, array.shape[1] > 0, array.shape[2] > 0 else {
            throw CodecError.shape(codec: codec, array: name, expected: "(K, H, W)", found: array.shape)
        }
        return Maps(values: array.values, count: array.shape[0], height: array.shape[1], width: array.shape[2])
    }

    /// The error for a head's output of the wrong kind.
    func unexpected(_ output: HeadOutput, expected: String) -> CodecError {
        .output(codec: codec, expected: expected, found: output.name)
    }
}

/// Maps of equal size behind each other, not owned. Extents are positive.
struct Maps {
    let values: UnsafeBufferPointer<Float>
    let count, height, width: Int

    /// Values of a map; `index` must be less than `count`.
    subscript(_ index: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(rebasing: values[index * height * width..<(index + 1) * height * width])
    }

    /// As an array of its own, to change.
    func copy() throws -> NDArray<Float> { try NDArray(Array(values), shape: [count, height, width]) }
}
