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
}
