public import Foundation

/// How a network is compiled.
public struct InferenceOptions: Sendable, Hashable {
    /// Number type of the arithmetic.
    public enum Precision: String, Sendable, Hashable {
        /// What OpenVINO finds fastest on this processor (bfloat16 where it has instructions for it).
        case automatic
        /// Same numbers on every machine, to rounding.
        case float32 = "f32"
        case bfloat16 = "bf16"
        case float16 = "f16"
    }

    /// What is to be made short: the time of one picture, or of many.
    public enum Goal: String, Sendable, Hashable {
        case latency = "LATENCY"
        case throughput = "THROUGHPUT"
    }

    /// OpenVINO's name: `CPU`, `GPU`, `NPU`, `AUTO`.
    public var device: String
    /// Fast for one picture or for many.
    public var goal: Goal
    /// Number type of the arithmetic.
    public var precision: Precision
    /// Threads of the arithmetic; nil leaves it to OpenVINO (all cores).
    public var threads: Int?
    /// Inferences that run side by side; nil leaves it to `goal`.
    public var streams: Int?
    /// Folder for compiled networks, which makes the next start faster.
    public var cacheDirectory: URL?
    /// Further properties by OpenVINO's names; they win over the fields above.
    public var properties: [String: String]

    /// By default the device is left to arrange itself for one picture at a time.
    public init(
        device: String = "CPU", goal: Goal = .latency, precision: Precision = .automatic, threads: Int? = nil,
        streams: Int? = nil, cacheDirectory: URL? = nil, properties: [String: String] = [:]
    ) {
        self.device = device
        self.goal = goal
        self.precision = precision
        self.threads = threads
        self.streams = streams
        self.cacheDirectory = cacheDirectory
        self.properties = properties
    }

    /// As OpenVINO takes them.
    var allProperties: [String: String] {
        var result = ["PERFORMANCE_HINT": goal.rawValue]
        if precision != .automatic { result["INFERENCE_PRECISION_HINT"] = precision.rawValue }
        if let threads { result["INFERENCE_NUM_THREADS"] = String(threads) }
        if let streams { result["NUM_STREAMS"] = String(streams) }
        if let cacheDirectory { result["CACHE_DIR"] = cacheDirectory.path }
        return result.merging(properties) { $1 }
    }
}
