/// Parameters that an optimizer updates with the same settings (`param_groups` of PyTorch's optimizers).
public struct ParameterGroup: Sendable {
    /// A setting that schedules change over time.
    public enum Setting: String, Sendable, Hashable, CaseIterable {
        case learningRate = "lr"
        /// SGD's momentum, Adam's first beta.
        case momentum
        case weightDecay = "weight_decay"
    }

    /// What is updated.
    public let parameters: [Parameter]
    private var values: [Setting: Double]
    /// The settings before any schedule changed them.
    public internal(set) var initialValues: [Setting: Double]

    public init(_ parameters: [Parameter], learningRate: Double, momentum: Double = 0, weightDecay: Double = 0) {
        self.parameters = parameters
        values = [.learningRate: learningRate, .momentum: momentum, .weightDecay: weightDecay]
        initialValues = values
    }

    /// The setting as it is now.
    public subscript(setting: Setting) -> Double {
        get { values[setting] ?? 0 }
        set { values[setting] = newValue }
    }

    /// Multiplies a setting from the beginning: what schedules start from, too.
    public mutating func scale(_ setting: Setting, by factor: Double) {
        self[setting] *= factor
        initialValues[setting] = self[setting]
    }
}
