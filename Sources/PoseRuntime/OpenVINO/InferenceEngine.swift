import COpenVINO
public import Foundation

/// OpenVINO's runtime: reads networks (OpenVINO IR, ONNX, TFLite) and compiles them for a device.
///
/// Threads may share one engine. Engines are cheap to keep and slow to make: one for a process is enough.
public final class InferenceEngine: @unchecked Sendable {
    // `ov::Core` is documented as thread-safe and the pointer never changes, hence `@unchecked Sendable`.
    private let core: OpaquePointer

    /// Starts the runtime.
    ///
    /// - Throws: `OpenVINOError` when its plugins cannot be found next to `libopenvino`.
    public init() throws(OpenVINOError) {
        var core: OpaquePointer?
        try check("start", ov_core_create(&core))
        guard let core else { throw OpenVINOError(.unexpectedNetwork("OpenVINO gave no runtime")) }
        self.core = core
    }

    deinit { ov_core_free(core) }

    /// OpenVINO's version, as it names itself.
    public static var version: String {
        var version = ov_version_t()
        guard ov_get_openvino_version(&version).rawValue == 0 else { return "unknown" }
        defer { ov_version_free(&version) }
        return version.buildNumber.map { String(cString: $0) } ?? "unknown"
    }

    /// Names of the devices that can be used on this machine.
    public func devices() throws(OpenVINOError) -> [String] {
        var list = ov_available_devices_t()
        try check("list the devices", ov_core_get_available_devices(core, &list))
        defer { ov_available_devices_free(&list) }
        return (0..<list.size).compactMap { list.devices?[$0].map { String(cString: $0) } }
    }

    /// A property of a device, for example `FULL_DEVICE_NAME` or `OPTIMIZATION_CAPABILITIES`.
    public func property(_ name: String, of device: String) throws(OpenVINOError) -> String {
        var value: UnsafeMutablePointer<CChar>?
        try check("read the property \(name) of \(device)", ov_core_get_property(core, device, name, &value))
        guard let value else { return "" }
        defer { ov_free(value) }
        return String(cString: value)
    }

    /// Reads and compiles a model file. Weights of an IR file (`.xml`) lie in the `.bin` beside it.
    ///
    /// - Throws: `OpenVINOError` naming the file when it is missing, not a model, or cannot be compiled.
    public func load(
        contentsOf url: URL, options: InferenceOptions = InferenceOptions()
    ) throws(OpenVINOError) -> InferenceModel {
        var isDirectory = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory), !isDirectory.boolValue else {
            throw OpenVINOError(path: url.path, .missing)
        }
        do {
            var model: OpaquePointer?
            try check("read the model", ov_core_read_model(core, url.path, nil, &model))
            return try compile(model, options: options)
        } catch {
            throw OpenVINOError(path: url.path, error.reason)
        }
    }

    /// Reads and compiles a model in memory: ONNX as it is, or the XML of an IR with its weights.
    ///
    /// - Throws: `OpenVINOError`. TFLite models cannot be read from memory (a limit of OpenVINO).
    public func load(
        _ model: Data, weights: Data? = nil, options: InferenceOptions = InferenceOptions()
    ) throws -> InferenceModel {
        guard let weights else { return try read(model, weights: nil, options: options) }
        return try weights.withUnsafeBytes { bytes in
            var tensor: OpaquePointer?
            var size = Int64(bytes.count)
            var shape = ov_shape_t()
            try check("make a shape", ov_shape_create(1, &size, &shape))
            defer { ov_shape_free(&shape) }
            // OpenVINO only reads these bytes, and copies what it keeps when it compiles.
            let pointer = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            try check("take the weights", ov_tensor_create_from_host_ptr(U8, shape, pointer, &tensor))
            defer { ov_tensor_free(tensor) }
            return try read(model, weights: tensor, options: options)
        }
    }

    private func read(_ data: Data, weights: OpaquePointer?, options: InferenceOptions) throws -> InferenceModel {
        var model: OpaquePointer?
        try data.withUnsafeBytes { bytes in
            let text = bytes.bindMemory(to: CChar.self)
            try check(
                "read the model from memory",
                ov_core_read_model_from_memory_buffer(core, text.baseAddress, text.count, weights, &model))
        }
        return try compile(model, options: options)
    }

    /// Compiles a model that was read, and frees it.
    private func compile(_ model: OpaquePointer?, options: InferenceOptions) throws(OpenVINOError) -> InferenceModel {
        defer { ov_model_free(model) }
        let properties = options.allProperties.sorted { $0.key < $1.key }
        let strings = properties.map { (key: strdup($0.key), value: strdup($0.value)) }
        defer {
            for string in strings {
                free(string.key)
                free(string.value)
            }
        }
        let list = strings.map { ov_property_t(key: UnsafePointer($0.key), value: UnsafeRawPointer($0.value)) }
        var compiled: OpaquePointer?
        try check(
            "compile the model for \(options.device)",
            ov_core_compile_model_props(core, model, options.device, list.count, list, &compiled))
        guard let compiled else { throw OpenVINOError(.unexpectedNetwork("OpenVINO gave no compiled model")) }
        return try InferenceModel(owning: compiled, engine: self)
    }
}
