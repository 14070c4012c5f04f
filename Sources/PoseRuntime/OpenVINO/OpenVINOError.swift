import COpenVINO

/// Why OpenVINO could not read, compile or run a network.
public struct OpenVINOError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Reason: Hashable, Sendable {
        /// There is no such model file.
        case missing
        /// A call of OpenVINO failed: its status code and its own words.
        case engine(operation: String, status: Int, message: String)
        /// A tensor of another size was given than the network takes.
        case shape(tensor: String, expected: [Int?], given: [Int])
        /// The number of values is not the product of the shape.
        case count(tensor: String, shape: [Int], values: Int)
        /// A tensor holds another type of numbers than was asked for.
        case elementType(tensor: String, expected: TensorElement, given: TensorElement)
        /// There is no input or output of this number.
        case index(Int, count: Int, output: Bool)
        /// The network is a valid one, but not the one needed here.
        case unexpectedNetwork(String)
    }

    /// The model file it is about; nil for models in memory.
    public var path: String?
    /// What went wrong.
    public var reason: Reason

    /// An error about a file, or none.
    public init(path: String? = nil, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// File and reason, for people.
    public var description: String {
        let text =
            switch reason {
            case .missing: "no such model file"
            case .engine(let operation, let status, let message):
                "OpenVINO could not \(operation) (status \(status)): \(message)"
            case .shape(let tensor, let expected, let given):
                "\(tensor) has shape \(Self.text(expected)), but \(Self.text(given)) was given"
            case .count(let tensor, let shape, let values):
                "\(tensor): \(values) values do not fill the shape \(Self.text(shape))"
            case .elementType(let tensor, let expected, let given):
                "\(tensor) holds \(expected) values, not \(given)"
            case .index(let index, let count, let output):
                "there is no \(output ? "output" : "input") \(index): the network has \(count)"
            case .unexpectedNetwork(let message): message
            }
        return path.map { "\($0): \(text)" } ?? text
    }

    private static func text(_ shape: [Int?]) -> String {
        "(" + shape.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + ")"
    }
}

/// Throws when a call of the C API failed, with the reason OpenVINO gives on this thread.
func check(_ operation: String, _ status: ov_status_e) throws(OpenVINOError) {
    guard status.rawValue != 0 else { return }
    let detail = ov_get_last_err_msg().map { String(cString: $0) } ?? ""
    let message = detail.isEmpty ? ov_get_error_info(status).map { String(cString: $0) } ?? "no reason given" : detail
    throw OpenVINOError(
        .engine(
            operation: operation, status: Int(status.rawValue),
            message: message.split(separator: "\n").joined(separator: " ")))
}
