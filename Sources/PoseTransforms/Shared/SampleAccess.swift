import PoseCore

extension PoseSample {
    /// The pixels.
    ///
    /// - Throws: `PoseSampleError.missing` when they have not been loaded.
    func requiredImage() throws -> Image {
        guard let image else { throw PoseSampleError.missing("image; LoadImage must come first") }
        return image
    }

    /// Centre and scale of every instance's region.
    ///
    /// - Throws: `PoseSampleError` when they are missing or do not fit together.
    func requiredRegions() throws -> (centers: RealArray, scales: RealArray) {
        guard let centers = boxCenters, let scales = boxScales else {
            throw PoseSampleError.missing("centre and scale of its box; GetBBoxCenterScale must come first")
        }
        guard centers.rank == 2, centers.shape[1] == 2, centers.shape == scales.shape else {
            throw PoseSampleError.shape("scales", expected: "(N, 2) like centers \(centers.shape)", found: scales.shape)
        }
        return (centers, scales)
    }

    /// Size of the image as it is now: the extent in which transforms of the whole image move coordinates.
    ///
    /// - Throws: `PoseSampleError.missing` when nothing tells.
    func extent() throws -> ImageSize {
        guard let size = image?.size ?? imageSize else { throw PoseSampleError.missing("image, nor the size of one") }
        return size
    }

    /// Key points `(N, K, D)` with their visibilities `(N, K)`, which are 1 if there are none.
    ///
    /// - Throws: `PoseSampleError` when they are missing or do not fit together.
    func requiredKeypoints() throws -> (keypoints: RealArray, visible: RealArray) {
        guard let keypoints else { throw PoseSampleError.missing("key points") }
        guard keypoints.rank == 3, keypoints.shape[2] >= 2 else {
            throw PoseSampleError.shape("key points", expected: "(N, K, 2)", found: keypoints.shape)
        }
        let shape = Array(keypoints.shape.prefix(2))
        let visible = try keypointsVisible ?? RealArray(repeating: 1, shape: shape)
        guard visible.shape == shape else {
            throw PoseSampleError.shape("visibilities", expected: "\(shape)", found: visible.shape)
        }
        return (keypoints, visible)
    }
}
