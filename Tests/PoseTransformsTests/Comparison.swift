import PoseCore
import Testing

/// Where two arrays first differ by more than `tolerance` times the expected value, or nil.
///
/// - Parameter floor: expected values smaller than this count as this large.
func difference(
    _ found: [Double], _ expected: [Double], tolerance: Double = 1e-6, floor: Double = 1e-30
) -> String? {
    if found.count != expected.count { return "\(found.count) values instead of \(expected.count)" }
    for (index, (a, b)) in zip(found, expected).enumerated() {
        if a == b || (a.isNaN && b.isNaN) { continue }
        if abs(a - b) <= tolerance * max(abs(b), floor) { continue }
        return "[\(index)]: \(a) instead of \(b)"
    }
    return nil
}

extension Fixture.Case {
    /// Whether an array came out as MMPose's, in shape, type and values; what the steps left as it was
    /// is not in the file and must be as before.
    func expect(
        _ found: RealArray?, _ name: String, location: SourceLocation = #_sourceLocation
    ) throws {
        let expected = try real("out." + name) ?? real(name)
        guard let found, let expected else {
            #expect(found == nil && expected == nil, "\(name) is missing", sourceLocation: location)
            return
        }
        #expect(found.shape == expected.shape, "\(name)", sourceLocation: location)
        #expect(found.precision == expected.precision, "\(name)", sourceLocation: location)
        let problem = difference(
            found.elements, expected.elements, tolerance: tolerance, floor: tolerance > 0 ? 1 : 1e-30)
        #expect(problem == nil, "\(name)", sourceLocation: location)
    }

    /// Whether every pixel came out as MMPose's.
    func expectImage(_ found: Image?, _ name: String = "img", location: SourceLocation = #_sourceLocation) throws {
        let expected = try #require(try image("out." + name) ?? self.sample().image, sourceLocation: location)
        let image = try #require(found, sourceLocation: location)
        #expect(image.size == expected.size, sourceLocation: location)
        let problem = difference(image.floats().map(Double.init), expected.floats().map(Double.init))
        #expect(problem == nil, "\(name)", sourceLocation: location)
    }
}
