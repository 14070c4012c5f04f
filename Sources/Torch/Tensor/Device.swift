import CTorch

/// Where a tensor's memory is.
public enum Device: Hashable, Sendable, CustomStringConvertible {
    case cpu
    case cuda(Int)
    /// The GPU of a Mac.
    case mps
    /// No memory at all: shapes are computed, values are not.
    case meta

    /// Whether this libtorch and this machine have the device.
    public var isAvailable: Bool { ct_device_available(typeCode) }

    /// The text for messages and logs.
    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        case .mps: "mps"
        case .meta: "meta"
        }
    }

    /// The number of the kind of device in `c10::DeviceType`.
    var typeCode: Int32 {
        switch self {
        case .cpu: 0
        case .cuda: 1
        case .mps: 13
        case .meta: 14
        }
    }

    var index: Int32 {
        if case .cuda(let index) = self { return Int32(clamping: index) }
        return -1
    }

    init?(typeCode: Int32, index: Int32) {
        switch typeCode {
        case 0: self = .cpu
        case 1: self = .cuda(Int(max(index, 0)))
        case 13: self = .mps
        case 14: self = .meta
        default: return nil
        }
    }
}
