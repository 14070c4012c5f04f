import Foundation
import PoseEngine
import PoseParity
import PyConfig
import Testing
import Torch

/// What PyTorch and MMEngine compute; `Tools/oracle/training_fixtures.py` explains the fields.
private struct TrainingFixtures: Decodable {
    struct Optimizer: Decodable {
        let text: String
        let weights: [[String: [Float]]]
    }
    struct Clipping: Decodable {
        let text: String
        let norm: Double?
        let gradients: [String: [Float]]
    }
    struct Schedule: Decodable {
        let text: String
        let values: [[[Double]]]
        let epoch_length: Int
    }
    struct Average: Decodable {
        let text: String
        let values: [[String: [Float]]]
    }
    struct Grouping: Decodable {
        let text: String
        let values: [String: [Double]]
    }

    let optimizers: [Optimizer]
    let clipping: [Clipping]
    let schedules: [Schedule]
    let averages: [Average]
    let groupings: [Grouping]

    static func read() throws -> TrainingFixtures {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/training.json")
        return try JSONDecoder().decode(TrainingFixtures.self, from: Data(contentsOf: file))
    }
}

private let shapes = [("a", [3, 4]), ("b", [5]), ("c", [2, 2, 2])]

/// As the script's `tensor`.
private func values(_ name: String, _ shape: [Int], scale: Double = 1) throws -> Tensor {
    try Tensor(FormulaWeights.uniform(name, shape.reduce(1, *)).map { Float(scale * (2 * $0 - 1)) }, shape: shape)
}

private func arguments(_ text: String) throws -> Arguments {
    try Config.parse("value = \(text)").arguments(at: "value")
}

private func parameters() throws -> [Parameter] {
    let store = ParameterStore()
    store.isTraining = true
    return try shapes.map { name, shape in
        try store.root.parameter(name, shape: shape, initializer: .values(values(name, shape)))
    }
}

/// As PyTorch's, to the rounding of float32.
private func isClose(_ own: [Float], _ expected: [Float]) -> Bool {
    own.count == expected.count && zip(own, expected).allSatisfy { abs($0 - $1) <= 2e-6 * max(1, abs($1)) }
}

@Suite struct TrainingSettingsTests {
    @Test("each optimizer's weights are PyTorch's after four steps, with groups and a parameter that starts late")
    func optimizers() throws {
        let fixtures = try TrainingFixtures.read().optimizers
        #expect(fixtures.count == 10)
        for fixture in fixtures {
            let settings = try OptimizerSettings(arguments("dict(optimizer=\(fixture.text))"))
            let parameters = try parameters()
            let groups = [
                ParameterGroup(
                    Array(parameters.prefix(2)), learningRate: settings.learningRate, momentum: settings.momentum,
                    weightDecay: settings.weightDecay),
                ParameterGroup([parameters[2]], learningRate: 0.05, momentum: settings.momentum),
            ]
            let optimizer = Optimizer(settings.rule, groups)
            for (step, expected) in fixture.weights.enumerated() {
                try optimizer.zeroGradients()
                for (parameter, (name, shape)) in zip(parameters, shapes) where name != "b" || step > 0 {
                    try parameter.tensor.setGrad(values("\(name).\(step)", shape, scale: 3))
                }
                try optimizer.step()
                for parameter in parameters {
                    let weights = try parameter.tensor.toArray(Float.self)
                    #expect(
                        isClose(weights, expected[parameter.name] ?? []), "\(fixture.text) \(parameter.name) \(step)")
                }
            }
        }
    }

    @Test("an optimizer that takes over another's state goes on as that one would have")
    func resumedOptimizer() throws {
        for text in ["dict(type='SGD', lr=0.1, momentum=0.9)", "dict(type='AdamW', lr=0.01, amsgrad=True)"] {
            let settings = try OptimizerSettings(arguments("dict(optimizer=\(text))"))
            func step(_ optimizer: Optimizer, _ number: Int) throws -> [[Float]] {
                for (parameter, (name, shape)) in zip(optimizer.parameters, shapes) {
                    try parameter.tensor.setGrad(values("\(name).\(number)", shape))
                }
                try optimizer.step()
                return try optimizer.parameters.map { try $0.tensor.toArray(Float.self) }
            }
            func make() throws -> Optimizer {
                Optimizer(settings.rule, [ParameterGroup(try parameters(), learningRate: 0.1, momentum: 0.9)])
            }
            let (first, second) = (try make(), try make())
            _ = try step(first, 0)
            for (own, other) in zip(second.parameters, first.parameters) {
                try noGrad { _ = try own.tensor.copy_(from: other.tensor) }
            }
            try second.load(first.state)
            #expect(try step(first, 1) == step(second, 1))
        }
    }

    @Test("a state of another optimizer is refused")
    func foreignState() throws {
        let optimizer = Optimizer(.adam(), [ParameterGroup(try parameters(), learningRate: 0.1, momentum: 0.9)])
        #expect(throws: TorchError.self) { try optimizer.load([[:]]) }
        #expect(throws: TorchError.self) {
            try optimizer.load([["momentum_buffer": Tensor.zeros([3, 4])], [:], [:]])
        }
    }

    @Test("clipped gradients and their norm are PyTorch's")
    func clipping() throws {
        for fixture in try TrainingFixtures.read().clipping {
            let kind = fixture.norm == nil ? "value" : "norm"
            let options = fixture.text.dropFirst()
            let settings = try OptimizerSettings(
                arguments("dict(optimizer=dict(type='SGD', lr=1), clip_grad={'type': '\(kind)', \(options))"))
            let parameters = try parameters()
            for (parameter, (name, shape)) in zip(parameters, shapes) {
                try parameter.tensor.setGrad(values("\(name).0", shape, scale: 3))
            }
            let norm = try settings.clipping?.apply(to: parameters)
            #expect((norm == nil) == (fixture.norm == nil))
            if let norm, let expected = fixture.norm { #expect(abs(norm - expected) < 1e-5 * expected) }
            for parameter in parameters {
                let gradient = try #require(try parameter.tensor.grad).toArray(Float.self)
                #expect(isClose(gradient, fixture.gradients[parameter.name] ?? []), "\(fixture.text)")
            }
        }
    }

    @Test("learning rates and momenta are MMEngine's at every iteration")
    func schedules() throws {
        for fixture in try TrainingFixtures.read().schedules {
            let config = Arguments(try Config.parse("param_scheduler = \(fixture.text)").root, at: "")
            let parameters = try parameters()
            let optimizer = Optimizer(
                .sgd(),
                [
                    ParameterGroup(Array(parameters.prefix(2)), learningRate: 0.01, momentum: 0.9),
                    ParameterGroup([parameters[2]], learningRate: 0.05, momentum: 0.9),
                ])
            let schedules = try ScheduleSettings.read(config, epochLength: fixture.epoch_length)
                .map { try $0.schedule(on: optimizer) }
            for (iteration, expected) in fixture.values.enumerated() {
                let own = optimizer.groups.map { [$0[.learningRate], $0[.momentum]] }
                for (own, expected) in zip(own.joined(), expected.joined()) {
                    #expect(abs(own - expected) <= 1e-14, "\(fixture.text) \(iteration)")
                }
                let endsEpoch = (iteration + 1) % fixture.epoch_length == 0
                for schedule in schedules where !schedule.isByEpoch || endsEpoch { schedule.step(optimizer) }
            }
        }
    }

    @Test("averages are MMEngine's and MMPose's, of parameters and of buffers")
    func averages() throws {
        for fixture in try TrainingFixtures.read().averages {
            let store = ParameterStore()
            let weight = try store.root.parameter("weight", shape: [4])
            let statistic = try store.root.buffer("statistic", shape: [3])
            let average = try AverageSettings(arguments(fixture.text)).average(of: store)
            for (step, expected) in fixture.values.enumerated() {
                try noGrad {
                    _ = try weight.tensor.copy_(from: values("weight.\(step)", [4]))
                    _ = try statistic.tensor.copy_(from: values("statistic.\(step)", [3]))
                }
                try average.update()
                for (name, tensor) in average.entries {
                    #expect(isClose(try tensor.toArray(Float.self), expected[name] ?? []), "\(fixture.text) \(step)")
                }
            }
            let before = try average.entries.map { try $0.tensor.toArray(Float.self) }
            let model = try weight.tensor.toArray(Float.self)
            try average.swap()
            #expect(try weight.tensor.toArray(Float.self) == before[0])
            try average.swap()
            #expect(try weight.tensor.toArray(Float.self) == model)
        }
    }

    @Test("each parameter gets the learning rate and weight decay that MMEngine's constructors give it")
    func groupings() throws {
        for fixture in try TrainingFixtures.read().groupings {
            let isTransformer = fixture.text.contains("LayerDecay")
            let store = try isTransformer ? Self.transformer() : Self.parts()
            let optimizer = try OptimizerSettings(arguments(fixture.text)).optimizer(for: store)
            var own: [String: [Double]] = [:]
            for group in optimizer.groups {
                for parameter in group.parameters where parameter.isTrainable {
                    own[parameter.name] = [group[.learningRate], group[.weightDecay]]
                }
            }
            #expect(Set(own.keys) == Set(fixture.values.keys), "\(fixture.text)")
            for (name, expected) in fixture.values {
                let pair = own[name] ?? [.nan, .nan]
                #expect(zip(pair, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(fixture.text) \(name) \(pair)")
            }
        }
    }

    @Test(
        "what cannot be meant is refused with its place and the nearest name",
        arguments: [
            ("dict(optimizer=dict(type='Adamw', lr=1))", "did you mean 'AdamW'"),
            ("dict(optimizer=dict(type='Adam', lr=1, beta=(0.9, 0.99)))", "'betas'"),
            ("dict(optimizer=dict(type='Adam', lr=-1))", "value.optimizer.lr"),
            ("dict(optimizer=dict(type='Adam', lr=1), clip_grad=dict(max=1))", "max_norm"),
            ("dict(optimizer=dict(type='Adam', lr=1), paramwise_cfg=dict(norm_decay_mul=0))", "'norm_decay_mult'"),
            ("dict(optimizer=dict(type='Adam', lr=1), accumulative_counts=0)", "accumulative_counts"),
            ("dict(type='OptimWraper', optimizer=dict(type='Adam', lr=1))", "'OptimWrapper'"),
        ])
    func refusals(text: String, hint: String) {
        do {
            _ = try OptimizerSettings(arguments(text))
            Issue.record("\(text) was accepted")
        } catch {
            #expect("\(error)".contains(hint), "\(error)")
        }
    }

    @Test(
        "impossible schedules are refused",
        arguments: [
            ("dict(type='LinearRL')", "'LinearLR'"), ("dict(type='LinearLR', begin=5, end=5)", "end"),
            ("dict(type='StepLR', step_size=0)", "impossible"), ("dict(type='QuadraticWarmupLR')", "impossible"),
            ("dict(type='CosineAnnealingLR', T_Max=5)", "'T_max'"),
        ])
    func impossibleSchedules(text: String, hint: String) {
        do {
            let optimizer = Optimizer(.sgd(), [ParameterGroup([], learningRate: 1)])
            _ = try ScheduleSettings(arguments(text), epochLength: 3).schedule(on: optimizer)
            Issue.record("\(text) was accepted")
        } catch {
            #expect("\(error)".contains(hint), "\(error)")
        }
    }

    /// The script's `Part` as backbone and head.
    private static func parts() throws -> ParameterStore {
        let store = ParameterStore()
        for name in ["backbone", "head"] {
            let path = store.root / name
            _ = try Conv2d(at: path / "depthwise", inChannels: 4, outChannels: 4, kernel: 3, groups: 4)
            _ = try Conv2d(at: path / "plain", inChannels: 4, outChannels: 4, kernel: 3)
            _ = try BatchNorm2d(at: path / "bn", channels: 4)
            _ = try LayerNorm(at: path / "ln", shape: [4])
            _ = try path.parameter("scale", shape: [4])
        }
        try store["head.plain.weight"]?.setTrainable(false)
        return store
    }

    private static func transformer() throws -> ParameterStore {
        let store = ParameterStore()
        let backbone = store.root / "backbone"
        _ = try backbone.parameter("pos_embed", shape: [1, 3, 2])
        _ = try Linear(at: backbone / "patch_embed", in: 2, out: 2)
        for index in 0..<3 { _ = try Linear(at: backbone / "layers" / index, in: 2, out: 2) }
        _ = try Linear(at: store.root / "head", in: 2, out: 2)
        return store
    }
}
