import PoseMetrics
import Testing

struct SigmaEstimatorTests {
    /// Clicks that scatter by a known share of the size of instances, whatever that size, give the share back.
    @Test func knownSpreadIsFound() throws {
        var generator = SystemRandomNumberGenerator()
        func normal() -> Double {
            (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
        }
        let spreads = [0.02, 0.1]
        var estimator = SigmaEstimator(keypoints: 3)
        for _ in 0..<4000 {
            let side = Double.random(in: 20...400, using: &generator)
            let place = SIMD2(Double.random(in: 0...500, using: &generator), 7)
            let clicks: [[SIMD2<Double>?]] = (0..<3).map { _ in
                // The squared distance has both coordinates' variances.
                spreads.map { place + SIMD2(normal(), normal()) * ($0 * side / 2.0.squareRoot()) } + [nil]
            }
            try estimator.add(clicks, area: side * side)
        }
        let sigmas = estimator.sigmas
        for (index, spread) in spreads.enumerated() {
            #expect(abs(try #require(sigmas[index]) / spread - 1) < 0.05)
        }
        #expect(sigmas[2] == nil)
    }

    @Test func whatDoesNotFitIsRefused() {
        var estimator = SigmaEstimator(keypoints: 2)
        #expect(throws: MetricError.self) { try estimator.add([[SIMD2(1, 2)]], area: 5) }
        #expect(throws: MetricError.self) { try estimator.add([[SIMD2(1, 2), nil]], area: 0) }
    }
}
