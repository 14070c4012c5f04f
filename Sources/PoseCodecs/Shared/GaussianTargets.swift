import Foundation
import PoseCore

/// Target maps with a Gaussian at every visible key point.
///
/// Several instances share a key point's map; the greater value wins. A key point whose Gaussian lies wholly outside
/// gets weight zero; one that is not annotated (visibility below 0.5) leaves its map and its weight alone.
struct GaussianTargets {
    /// How the centre of a Gaussian sits on the grid of pixels.
    enum Placement {
        /// At the nearest pixel (Xiao et al. 2018).
        case nearestPixel
        /// Exactly, but evaluated only around the nearest pixel (UDP, Huang et al. 2020).
        case subpixel
        /// Exactly, on the whole map (DARK, Zhang et al. 2020).
        case unbounded
    }

    private let size: ImageSize
    /// `(K, H, W)`
    private(set) var maps: NDArray<Float>
    /// `(N, K)`
    private(set) var weights: RealArray

    /// - Parameters:
    ///   - keypoints: `(N, K, 2)` in pixels of the map.
    ///   - visible: `(N, K)`.
    ///   - sigmas: width of the Gaussians of every instance, in pixels.
    init(
        size: ImageSize, keypoints: RealArray, visible: RealArray, sigmas: [Double], placement: Placement
    ) throws {
        let (instances, count) = (keypoints.shape[0], keypoints.shape[1])
        self.size = size
        maps = try NDArray(repeating: 0, shape: [count, size.height, size.width])
        weights = visible
        for instance in 0..<instances {
            for keypoint in 0..<count where !(visible.elements[instance * count + keypoint] < 0.5) {
                let place = instance * count + keypoint
                let center = SIMD2(keypoints.elements[place * 2], keypoints.elements[place * 2 + 1])
                let sigma = sigmas[instance]
                let drawn =
                    placement == .unbounded
                    ? drawEverywhere(on: keypoint, center: center, sigma: sigma, precision: keypoints.precision)
                    : draw(
                        on: keypoint, center: center, sigma: sigma, precision: keypoints.precision,
                        exact: placement == .subpixel)
                if !drawn { weights.values.elements[place] = 0 }
            }
        }
    }

    /// Merges a patch of 3 sigma about the nearest pixel into a map; false when none of it lies inside.
    private mutating func draw(
        on map: Int, center: SIMD2<Double>, sigma: Double, precision: RealPrecision, exact: Bool
    ) -> Bool {
        let radius = sigma * 3
        let nearestX = truncated(precision.round(center.x + 0.5))
        let nearestY = truncated(precision.round(center.y + 0.5))
        let left = truncated(Double(nearestX) - radius)
        let top = truncated(Double(nearestY) - radius)
        let right = truncated(Double(nearestX) + radius + 1)
        let bottom = truncated(Double(nearestY) + radius + 1)
        if left >= size.width || top >= size.height || right < 0 || bottom < 0 { return false }
        // Where the centre is in the patch. For radii that are not whole the patch is not symmetric about it.
        let middle = ((2 * radius + 1) / 2).rounded(.down)
        let middleX = Float(exact ? middle + (center.x - Double(nearestX)) : middle)
        let middleY = Float(exact ? middle + (center.y - Double(nearestY)) : middle)
        let columns = max(0, left)..<max(0, left, min(size.width, right))
        let rows = max(0, top)..<max(0, top, min(size.height, bottom))
        fill(map, columns, rows, sigma) {
            (Float($0 - left) - middleX, Float($1 - top) - middleY)
        }
        return true
    }

    /// Evaluates a Gaussian on the whole map; false when it lies more than 3 sigma outside.
    private mutating func drawEverywhere(
        on map: Int, center: SIMD2<Double>, sigma: Double, precision: RealPrecision
    ) -> Bool {
        let radius = sigma * 3
        let left = precision.round(center.x - radius)
        let top = precision.round(center.y - radius)
        let right = precision.round(precision.round(center.x + radius) + 1)
        let bottom = precision.round(precision.round(center.y + radius) + 1)
        let inside = left < Double(size.width) && top < Double(size.height) && right >= 0 && bottom >= 0
        guard inside else { return false }
        let (x, y) = (Float(center.x), Float(center.y))
        fill(map, 0..<size.width, 0..<size.height, sigma) { (Float($0) - x, Float($1) - y) }
        return true
    }

    /// Raises pixels of a map to `exp(-(dx² + dy²) / 2 sigma²)`, in float32 as MMPose does.
    private mutating func fill(
        _ map: Int, _ columns: Range<Int>, _ rows: Range<Int>, _ sigma: Double,
        distance: (_ x: Int, _ y: Int) -> (Float, Float)
    ) {
        let spread = Float(2 * sigma * sigma)
        let origin = map * size.height * size.width
        maps.withUnsafeMutableBufferPointer { values in
            for y in rows {
                for x in columns {
                    let (dx, dy) = distance(x, y)
                    let value = exp(-(dx * dx + dy * dy) / spread)
                    let place = origin + y * size.width + x
                    if value > values[place] { values[place] = value }
                }
            }
        }
    }
}

/// The whole part of a number, as NumPy's `astype(int64)` gives it. Numbers beyond any image, and what is no number,
/// become one far to the left of everything.
func truncated(_ value: Double) -> Int { abs(value) < 1e15 ? Int(value) : -1 << 60 }
