import PyConfig
public import Torch

/// Kullback–Leibler divergence of SimCC's distributions (Li et al. 2022): the mean over the bins, summed over samples and
/// keypoints and divided by the number of keypoints. The number of samples does not divide.
///
/// Shapes: for each axis `(N, K, bins)`; weights `(N, K)`.
public struct KLDiscretLoss: DistributionLoss {
    /// The temperature of the softmax; distillation sharpens its logits by the same.
    let beta: Double
    private let labelBeta: Double?
    private let use: WeightUse
    private let masked: [Int]?
    private let maskWeight: Double

    init(_ arguments: Arguments) throws {
        beta = try arguments.double("beta", default: 1)
        let temperature = try arguments.double("label_beta", default: 10)
        labelBeta = try arguments.bool("label_softmax", default: false) ? temperature : nil
        use = try arguments.weightUse(default: true)
        masked = try arguments.optionalInts("mask")
        maskWeight = try arguments.double("mask_weight", default: 1)
    }

    public func callAsFunction(_ output: [Tensor], _ target: [Tensor], weights: Tensor?) throws -> Tensor {
        let first = try output.element(at: 0)
        let keypoints = try first.size(1)
        var factors = try use(weights)?.reshape([-1])
        if let masked {
            guard masked.allSatisfy({ (0..<keypoints).contains($0) }) else {
                throw ModelError.invalidInput("the loss masks keypoints \(masked), but there are \(keypoints)")
            }
            var row = [Float](repeating: 1, count: keypoints)
            for index in masked { row[index] = Float(maskWeight) }
            let mask = try Tensor(row).to(first.device).repeat([first.size(0)])
            factors = try factors.map { try $0 * mask } ?? mask
        }
        let parts = try zip(output, target).map { output, target in
            let output = try output.flatten(to: 1)
            var target = try target.flatten(to: 1)
            if let labelBeta { target = try (target * labelBeta).softmax(dim: 1) }
            let loss = try (output * beta).logSoftmax(dim: 1).klDivergence(target, reduction: .none).mean(dim: 1)
            return try (factors.map { try loss * $0 } ?? loss).sum()
        }
        return try parts.dropFirst().reduce(parts[0]) { try $0 + $1 } / keypoints
    }
}
