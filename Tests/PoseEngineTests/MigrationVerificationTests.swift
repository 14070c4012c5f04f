import Foundation
import PoseEngine
import Testing

@Suite struct MigrationVerificationTests {
    private func old(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("PoseMigrationTests/Fixtures/old/\(name).py")
    }

    @Test("A model without refinement moves under 1.x's arithmetic, and says why")
    func difference() throws {
        let result = try MigrationVerification(of: old("argmax_no_refinement"), keepsBehaviour: false)
        #expect(!result.isEqual)
        #expect(result.causes == ["no-refinement"])
        // A quarter of a heatmap pixel is one pixel of the input, along both axes at most.
        #expect(result.distance > 0.9 && result.distance < 1.5)
    }

    @Test("With the options that keep 0.x numbers it does not")
    func equality() throws {
        let result = try MigrationVerification(of: old("argmax_no_refinement"), keepsBehaviour: true)
        #expect(result.isEqual)
        #expect(result.keypoints == 17)
    }
}
