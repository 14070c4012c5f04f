import PoseCore
import PyConfig
import Torch

/// Decides which predictions of a one-stage head answer for which person in training (SimOTA, Ge et al. 2021): each person
/// gets the cheapest ones, as many as the best overlaps add up to.
struct SimOTAAssigner: Sendable {
    /// What the number of a person's predictions follows from.
    private enum Indicator: String, CaseIterable {
        case iou, oks
    }

    /// Predictions of one image. Shapes: points `(N, 4)`, boxes `(N, 4)`, scores `(N, classes)`, keypoints `(N, K, 2)`,
    /// visibility `(N, K)`; scores and visibility are probabilities.
    struct Predictions {
        let points, boxes, scores, keypoints, visibility: Tensor
    }

    /// People of one image. Shapes: boxes `(M, 4)`, labels `(M)`, keypoints `(M, K, 2)`, visible `(M, K)`, areas `(M)`.
    struct People {
        let boxes, labels, keypoints, visible, areas: Tensor
        var count: Int { labels.count }
    }

    /// Predictions that answer for somebody, in their order: which, for whom, and how well they fit.
    struct Matches {
        var predictions: [Int] = []
        var people: [Int] = []
        var overlaps: [Float] = []
    }

    let similarity: PoseOKS
    private let radius, boxWeight, classWeight, keypointWeight, visibilityWeight: Double
    private let candidates: Int
    private let indicator: Indicator
    private let centersOnKeypoints: Bool

    init(_ arguments: Arguments) throws {
        let type = try arguments.type()
        guard Registry.unscoped(type) == "SimOTAAssigner" else {
            throw ModelError.unknownType(type, at: arguments.path, known: ["SimOTAAssigner"])
        }
        radius = try arguments.double("center_radius", default: 2.5)
        candidates = try arguments.int("candidate_topk", default: 10, in: 1...1 << 20)
        boxWeight = try arguments.double("iou_weight", default: 3)
        classWeight = try arguments.double("cls_weight", default: 1)
        keypointWeight = try arguments.double("oks_weight", default: 3)
        visibilityWeight = try arguments.double("vis_weight", default: 0)
        let name = try arguments.string("dynamic_k_indicator", default: "iou")
        guard let indicator = Indicator(rawValue: name) else {
            throw ModelError.unknownType(
                name, at: arguments.path(of: "dynamic_k_indicator"), known: Indicator.allCases.map(\.rawValue))
        }
        self.indicator = indicator
        centersOnKeypoints = try arguments.bool("use_keypoints_for_center", default: false)
        if let calculator = try arguments.child("iou_calculator") {
            let type = try calculator.type()
            guard Registry.unscoped(type) == "BBoxOverlaps2D" else {
                throw ModelError.unknownType(type, at: calculator.path, known: ["BBoxOverlaps2D"])
            }
            // Both are for half precision.
            calculator.ignore("scale", "dtype")
            try calculator.finish()
        }
        similarity = try PoseOKS(arguments.child("oks_calculator"))
        try arguments.finish()
    }

    /// - Throws: `TorchError` when shapes do not fit.
    func callAsFunction(_ predictions: Predictions, _ people: People) throws -> Matches {
        guard people.count > 0 else { return Matches() }
        let inBox = try near(predictions.points, people.boxes)
        let inCenter = try near(predictions.points, centers(people, strides: predictions.points[.all, 2...]))
        let valid = try inBox.logicalOr(inCenter).any(dim: 1).nonzero().flatten()
        let places = try valid.toArray(Int.self)
        guard !places.isEmpty else { return Matches() }
        func chosen(_ tensor: Tensor) throws -> Tensor { try tensor.indexSelect(dim: 0, index: valid) }

        let overlaps = try BoxOverlap.pairs(chosen(predictions.boxes), people.boxes)
        let similarities = try similarity(
            chosen(predictions.keypoints).unsqueeze(1), people.keypoints.unsqueeze(0),
            weights: people.visible.unsqueeze(0), areas: people.areas)
        // Outside of box and centre a prediction is the last resort.
        var cost = try chosen(inBox).logicalAnd(chosen(inCenter)).logicalNot().to(.float32) * 100_000
        if boxWeight > 0 { cost = try cost - (overlaps + 1e-7).log() * boxWeight }
        if keypointWeight > 0 { cost = try cost - (similarities + 1e-7).log() * keypointWeight }
        if classWeight > 0 {
            let scores = try chosen(predictions.scores)
            let labels = try people.labels.to(.int64).oneHot(classes: scores.size(1)).to(.float32)
            cost = try cost + crossEntropy(scores, labels) * classWeight
        }
        if visibilityWeight > 0 {
            cost = try cost + crossEntropy(chosen(predictions.visibility), people.visible) * visibilityWeight
        }
        return try match(cost, indicator == .iou ? overlaps : similarities, places)
    }

    /// Of every row of probabilities `(N, C)` with every row of targets `(M, C)`: `(N, M)`.
    private func crossEntropy(_ output: Tensor, _ target: Tensor) throws -> Tensor {
        let shape = [try output.size(0), try target.size(0), try output.size(1)]
        return try output.unsqueeze(1).expand(shape)
            .binaryCrossEntropy(target.unsqueeze(0).expand(shape), reduction: .none).sum(dims: [-1])
    }

    /// Whether points are inside of boxes `(M, 4)` or `(N, M, 4)`: `(N, M)`.
    private func near(_ points: Tensor, _ boxes: Tensor) throws -> Tensor {
        let place = try points[.all, ..<2].unsqueeze(1)
        let before = try place - boxes[.ellipsis, ..<2]
        let after = try boxes[.ellipsis, 2...] - place
        return try Tensor.cat([before, after], dim: -1).amin(dim: -1).gt(0)
    }

    /// Squares around the people's middles, of a size that goes with each prediction's stride: `(N, M, 4)`.
    private func centers(_ people: People, strides: Tensor) throws -> Tensor {
        var middle = try (people.boxes[.all, ..<2] + people.boxes[.all, 2...]) / 2
        if centersOnKeypoints {
            let count = try people.visible.sum(dims: [-1], keepDim: true)
            let mean = try (people.keypoints * people.visible.unsqueeze(-1)).sum(dims: [-2]) / count
            middle = try Tensor.where(count.gt(0), mean, middle)
        }
        let reach = try strides.unsqueeze(1) * radius
        return try Tensor.cat([middle.unsqueeze(0) - reach, middle.unsqueeze(0) + reach], dim: -1)
    }

    /// Shapes: `(N, M)` each; `places` are the `N` predictions among all.
    private func match(_ cost: Tensor, _ fit: Tensor, _ places: [Int]) throws -> Matches {
        let (count, people) = (places.count, try cost.size(1))
        let sums = try fit.topk(min(candidates, count), dim: 0).values.sum(dims: [0]).toArray(Float.self)
        var wanted = Array(repeating: Set<Int>(), count: count)
        for person in 0..<people {
            let number = sums[person].isFinite ? min(max(Int(sums[person]), 1), count) : 1
            let cheapest = try cost.select(dim: 1, index: person).topk(number, largest: false).indices
            for row in try cheapest.toArray(Int.self) { wanted[row].insert(person) }
        }
        let costs = try cost.toArray(Float.self)
        let fits = try fit.toArray(Float.self)
        var matches = Matches()
        for (row, people_) in wanted.enumerated() where !people_.isEmpty {
            // A prediction that several want answers for the one it is cheapest for, of all.
            let row_ = costs[row * people..<(row + 1) * people]
            let person =
                people_.count == 1 ? people_.first ?? 0 : (row_.indices.min { costs[$0] < costs[$1] } ?? 0) % people
            matches.predictions.append(places[row])
            matches.people.append(person)
            matches.overlaps.append(fits[row * people + person])
        }
        return matches
    }
}

/// Object keypoint similarity of poses as tensors, weighted by visibility.
struct PoseOKS: Sendable {
    private let sigmas: [Float]

    /// Sigmas are COCO's unless `metainfo` gives others.
    init(_ arguments: Arguments?) throws {
        if let arguments {
            let type = try arguments.type()
            guard Registry.unscoped(type) == "PoseOKS" else {
                throw ModelError.unknownType(type, at: arguments.path, known: ["PoseOKS"])
            }
            if arguments.value("metainfo") != nil {
                sigmas = try arguments.sigmas() ?? []
                try arguments.finish()
                return
            }
            try arguments.finish()
        }
        sigmas = Skeleton.coco.sigmas.map(Float.init)
    }

    /// Shapes: output and target `(…, K, 2)`, weights `(…, K)`, areas broadcastable to `(…)`; the result `(…)`.
    func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor, areas: Tensor) throws -> Tensor {
        var distance = try (output - target).norm(dim: -1) / areas.pow(0.5).clamp(min: 1e-8).unsqueeze(-1)
        if !sigmas.isEmpty { distance = try distance / (Tensor(sigmas, shape: [sigmas.count]) * 2) }
        let shares = try weights / weights.sum(dims: [-1], keepDim: true).clamp(min: 1e-8)
        return try ((-distance.pow(2) / 2).exp() * shares).sum(dims: [-1])
    }
}
