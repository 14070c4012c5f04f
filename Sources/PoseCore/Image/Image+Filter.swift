import COpenCV

extension Image {
    /// Gaussian blur as `cv2.GaussianBlur` does it; a `sigma` of 0 follows from the kernel's size.
    ///
    /// - Throws: `ImageError` when a kernel size is even or not positive.
    public func gaussianBlurred(
        width: Int, height: Int? = nil, sigma: Double = 0, border: Border = .reflect101
    ) throws -> Image {
        let height = height ?? width
        if depth == .uint8 {
            return try Image.make("GaussianBlur") {
                ocv_gaussian_blur(
                    handle, Int32(clamping: width), Int32(clamping: height), sigma, sigma, border.code, $0)
            }
        }
        let kernelX = try GaussianKernel.values(count: width, sigma: sigma)
        let kernelY = try GaussianKernel.values(count: height, sigma: sigma)
        return try filtered(kernelX: kernelX, kernelY: kernelY, border: border)
    }

    /// Separable correlation with two kernels of odd length, as `cv2.sepFilter2D` does it.
    public func filtered(kernelX: [Float], kernelY: [Float], border: Border = .reflect101) throws -> Image {
        try Image.make("sepFilter2D") {
            ocv_separable_filter(
                handle, kernelX, Int32(clamping: kernelX.count), kernelY, Int32(clamping: kernelY.count), border.code,
                $0)
        }
    }

    /// Mean of a neighbourhood, as `cv2.blur` does it.
    public func boxBlurred(width: Int, height: Int, border: Border = .reflect101) throws -> Image {
        try Image.make("blur") {
            ocv_box_blur(handle, Int32(clamping: width), Int32(clamping: height), border.code, $0)
        }
    }

    /// Median of a neighbourhood of odd size, as `cv2.medianBlur` does it.
    public func medianBlurred(size: Int) throws -> Image {
        try Image.make("medianBlur") { ocv_median_blur(handle, Int32(clamping: size), $0) }
    }
}
