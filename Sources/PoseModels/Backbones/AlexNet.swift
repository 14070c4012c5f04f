import PyConfig
public import Torch

/// AlexNet (Krizhevsky et al. 2012).
///
/// Shapes: input `(B, 3, H, W)`; output `(B, 256, H/32 − 1, W/32 − 1)` for sizes that 32 divides, or with `num_classes`
/// and an input of 224×224 their logits `(B, num_classes)`.
public final class AlexNet: Backbone {
    private let layers: Sequential
    private let classifier: Sequential?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let features = path / "features"
        func convolution(
            _ index: Int, _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1
        ) throws -> [any Layer] {
            [
                try Conv2d(
                    at: features / index, inChannels: inChannels, outChannels: outChannels, kernel: kernel,
                    stride: stride, padding: kernel == 11 ? 2 : kernel / 2),
                ActivationLayer(.relu),
            ]
        }
        let pooling = MaxPool2d(kernel: 3, stride: 2)
        layers = Sequential(
            try convolution(0, 3, 64, kernel: 11, stride: 4) + [pooling] + convolution(3, 64, 192, kernel: 5)
                + [pooling] + convolution(6, 192, 384, kernel: 3) + convolution(8, 384, 256, kernel: 3)
                + convolution(10, 256, 256, kernel: 3) + [pooling])
        let classes = try arguments.int("num_classes", default: -1)
        classifier = try classes > 0 ? Self.classifier(at: path / "classifier", classes: classes) : nil
        arguments.ignore("init_cfg")
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        let y = try layers(x)
        return [try classifier?(y.flatten(from: 1)) ?? y]
    }

    private static func classifier(at path: ParameterPath, classes: Int) throws -> Sequential {
        Sequential([
            Dropout(at: path / 0), try Linear(at: path / 1, in: 256 * 6 * 6, out: 4096), ActivationLayer(.relu),
            Dropout(at: path / 3), try Linear(at: path / 4, in: 4096, out: 4096), ActivationLayer(.relu),
            try Linear(at: path / 6, in: 4096, out: classes),
        ])
    }
}
