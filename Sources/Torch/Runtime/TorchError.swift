/// Why an operator or another call into libtorch failed.
public struct TorchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operator ("aten::conv2d") or, for what is not an operator, the Swift function.
    public let `operator`: String
    /// libtorch's reason, its first line.
    public let message: String

    /// An error of a part of this package that has the form of an operator's.
    public init(operator: String, message: String) {
        self.operator = `operator`
        self.message = message
    }

    /// The text for messages and logs.
    public var description: String { "\(`operator`): \(message)" }
}
