import COpenCV

/// How values between pixels are computed (OpenCV's numbers).
public enum Interpolation: Int32, Sendable, CaseIterable {
    case nearest = 0
    case linear = 1
    case cubic = 2
    /// Mean of the covered pixels; for making images smaller with `resized`.
    case area = 3
    case lanczos4 = 4
}

/// What lies outside the image (OpenCV's numbers).
public enum Border: Sendable, Hashable {
    /// One colour.
    case constant(Color)
    /// `aaa|abcd|ddd`
    case replicate
    /// `cba|abcd|dcb`
    case reflect
    /// `bcd|abcd|abc`
    case wrap
    /// `dcb|abcd|cba`, OpenCV's default for filters.
    case reflect101

    /// Black.
    public static let zero = Border.constant(Color(gray: 0))

    var code: Int32 {
        switch self {
        case .constant: 0
        case .replicate: 1
        case .reflect: 2
        case .wrap: 3
        case .reflect101: 4
        }
    }

    var color: [Double] {
        if case .constant(let color) = self { color.components } else { [0, 0, 0, 0] }
    }
}

extension Image {
    /// The image seen through `transform`, which maps this image's pixels to the result's, as `cv2.warpAffine` does it.
    ///
    /// - Throws: `ImageError` when the matrix is not finite or a size is beyond 32 766 pixels (OpenCV's limit).
    public func warpAffine(
        _ transform: AffineMap, size: ImageSize, interpolation: Interpolation = .linear, border: Border = .zero
    ) throws -> Image {
        var matrix = transform.rowMajor
        var color = border.color
        return try Image.make("warpAffine") {
            ocv_warp_affine(
                handle, &matrix, 0, Int32(clamping: size.width), Int32(clamping: size.height), interpolation.rawValue,
                border.code, &color, $0)
        }
    }

    /// The image seen through a 3×3 matrix (row-major), as `cv2.warpPerspective` does it.
    ///
    /// - Throws: `ImageError` when the matrix has not nine finite numbers or a size is beyond 32 766 pixels.
    public func warpPerspective(
        _ matrix: [Double], size: ImageSize, interpolation: Interpolation = .linear, border: Border = .zero
    ) throws -> Image {
        guard matrix.count == 9 else {
            let message = "a matrix has 9 numbers, not \(matrix.count)"
            throw ImageError(.invalid(operation: "warpPerspective", message: message))
        }
        var color = border.color
        return try Image.make("warpPerspective") {
            ocv_warp_perspective(
                handle, matrix, 0, Int32(clamping: size.width), Int32(clamping: size.height), interpolation.rawValue,
                border.code, &color, $0)
        }
    }

    /// The image in another size, as `cv2.resize` does it.
    public func resized(to size: ImageSize, interpolation: Interpolation = .linear) throws -> Image {
        try Image.make("resize") {
            ocv_resize(
                handle, Int32(clamping: size.width), Int32(clamping: size.height), interpolation.rawValue, $0)
        }
    }

    /// Mirrored left to right, top to bottom, or both.
    public func flipped(horizontal: Bool = true, vertical: Bool = false) throws -> Image {
        try Image.make("flip") { ocv_flip(handle, horizontal ? 1 : 0, vertical ? 1 : 0, $0) }
    }

    /// A rectangle of whole pixels, which must lie inside.
    public func cropped(x: Int, y: Int, width: Int, height: Int) throws -> Image {
        try Image.make("crop") {
            ocv_mat_crop(
                handle, Int32(clamping: x), Int32(clamping: y), Int32(clamping: width), Int32(clamping: height), $0)
        }
    }

    /// With pixels added around.
    public func padded(
        top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0, border: Border = .zero
    ) throws -> Image {
        var color = border.color
        return try Image.make("pad") {
            ocv_pad(
                handle, Int32(clamping: top), Int32(clamping: bottom), Int32(clamping: left), Int32(clamping: right),
                border.code, &color, $0)
        }
    }
}
