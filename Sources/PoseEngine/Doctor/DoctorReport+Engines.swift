import COpenCV
import PoseRuntime
import Torch

extension DoctorReport.Engine {
    /// The libraries of this process, asked for their versions, and what keeps them from working.
    static func loaded() -> (engines: [Self], problems: [DoctorReport.Problem]) {
        var problems: [DoctorReport.Problem] = []
        var openVINODevices: [String] = []
        do {
            openVINODevices = try InferenceEngine().devices()
        } catch {
            problems.append(.init(what: "OpenVINO does not start: \(error)", remedy: "scripts/bootstrap"))
        }
        let engines = [
            Self(
                name: "LibTorch", version: Torch.libtorchVersion, use: "training, configs and checkpoints",
                devices: torchDevices()),
            Self(
                name: "OpenVINO", version: InferenceEngine.version, use: "deployed models",
                devices: openVINODevices),
            Self(name: "OpenCV", version: String(cString: ocv_version()), use: "pictures and videos", devices: ["CPU"]),
        ]
        return (engines, problems)
    }

    /// Those that both this build of LibTorch and this machine have.
    private static func torchDevices() -> [String] {
        let candidates: [(name: String, device: Device)] = [("CPU", .cpu), ("CUDA", .cuda(0)), ("MPS", .mps)]
        return candidates.filter { $0.device.isAvailable }.map(\.name)
    }
}
