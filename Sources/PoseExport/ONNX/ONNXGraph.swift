import Torch

/// A network in the terms of ONNX (https://onnx.ai/onnx/intro).
struct ONNXGraph {
    /// The version of the operator set that nodes are written for.
    static let operatorSet = 17
    /// What a size that is only known at run time is called.
    static let batch = "batch"

    struct Node {
        let operation: String
        let name: String
        let inputs: [String]
        let outputs: [String]
        let attributes: [(name: String, value: Attribute)]
    }

    enum Attribute {
        case int(Int)
        case float(Double)
        case string(String)
        case ints([Int])
    }

    /// A tensor that is part of the model.
    struct Initializer {
        let name: String
        /// Contiguous, on the CPU.
        let tensor: Tensor
    }

    /// An input or an output.
    struct Port {
        let name: String
        let dtype: ScalarType
        /// nil where the size is the batch's.
        let shape: [Int?]
    }

    var nodes: [Node] = []
    var initializers: [Initializer] = []
    var inputs: [Port] = []
    var outputs: [Port] = []
}

extension ScalarType {
    /// The number ONNX has for the type.
    var onnxCode: Int {
        switch self {
        case .float32: 1
        case .uint8: 2
        case .int8: 3
        case .int16: 5
        case .int32: 6
        case .int64: 7
        case .bool: 9
        case .float16: 10
        case .float64: 11
        case .bfloat16: 16
        }
    }
}
