import CTorch

/// What calling an operator from Swift by name costs beyond the plain C++ function.
public struct OperatorOverhead: Sendable {
    /// Nanoseconds of `at::add` in C++ on two tensors of one element, result released.
    public let unboxed: Double
    /// Nanoseconds of `a + b` in Swift on the same tensors.
    public let call: Double

    /// Nanoseconds that Swift and the boxed dispatcher add.
    public var difference: Double { call - unboxed }

    /// Measures both in turn, without gradients, and keeps the median round of each.
    ///
    /// - Throws: `TorchError` when an operator fails.
    public static func measure(repetitions: Int = 100_000, rounds: Int = 7) throws -> OperatorOverhead {
        let repetitions = max(repetitions, 1)
        let a = try Tensor([1] as [Float])
        let b = try Tensor([2] as [Float])
        let clock = ContinuousClock()
        return try noGrad {
            var plain: [Double] = []
            var swift: [Double] = []
            for _ in 0..<max(rounds, 1) {
                let nanoseconds = ct_measure_unboxed_add(a.handle, b.handle, Int64(repetitions))
                guard nanoseconds >= 0 else { throw Tensor.failure("aten::add") }
                plain.append(nanoseconds)
                let elapsed = try clock.measure {
                    for _ in 0..<repetitions { _ = try a + b }
                }
                swift.append(elapsed / .nanoseconds(1) / Double(repetitions))
            }
            return OperatorOverhead(unboxed: median(plain), call: median(swift))
        }
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
