/// Why an operator or another call into libtorch failed.
public struct TorchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operator ("aten::conv2d") or, for what is not an operator, the Swift function.
    public let `operator`: String
    /// libtorch's reason, its first line.
    public let message: String

    public init(operator: String, message: String) {
        self.operator = `operator`
        self.message = message
    }

    public var description: String { "\(`operator`): \(message)" }
}
