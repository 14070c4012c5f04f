import COpenCV

extension NDArray where Element == Float {
    /// Every plane (the last two dimensions) blurred as `cv2.GaussianBlur` of OpenCV 4.10 blurs a float image.
    ///
    /// - Parameters:
    ///   - kernelSize: odd.
    ///   - sigma: in pixels; 0 follows from the kernel's size.
    ///   - border: what lies outside; `wrap` is not supported, and a constant is zero.
    /// - Throws: `NDArrayError.rank` for fewer than two dimensions, `ImageError` for an even kernel size.
    public func gaussianBlurred(kernelSize: Int, sigma: Double = 0, border: Border = .reflect101) throws -> NDArray {
        guard rank >= 2 else { throw NDArrayError.rank(rank, needed: 2) }
        let kernel = try GaussianKernel.values(count: kernelSize, sigma: sigma)
        guard count > 0 else { return self }
        let rows = shape[rank - 2]
        let columns = shape[rank - 1]
        var result = self
        try result.elements.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for plane in stride(from: 0, to: values.count, by: rows * columns) {
                let status = ocv_separable_filter_plane(
                    base + plane, base + plane, Int32(clamping: rows), Int32(clamping: columns), kernel,
                    Int32(clamping: kernel.count), kernel, Int32(clamping: kernel.count), border.code)
                try Image.check("GaussianBlur", status)
            }
        }
        return result
    }
}

extension Image {
    /// The pixels as an array of shape `(height, width, channels)`.
    public func array() -> NDArray<Float> {
        NDArray(unchecked: floats(), shape: [height, width, channels])
    }

    /// A float image from an array of shape `(height, width, channels)` or `(height, width)`.
    ///
    /// - Throws: `NDArrayError.rank` for another number of dimensions, `ImageError` for an empty array.
    public convenience init(_ array: NDArray<Float>) throws {
        guard array.rank == 2 || array.rank == 3 else { throw NDArrayError.rank(array.rank, needed: 2) }
        let channels = array.rank == 3 ? array.shape[2] : 1
        try self.init(array.elements, width: array.shape[1], height: array.shape[0], channels: channels)
    }
}
