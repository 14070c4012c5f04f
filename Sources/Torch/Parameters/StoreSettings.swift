/// What all parameters and modules of one store share.
final class StoreSettings: @unchecked Sendable {
    // Sendable: changed only between forward passes, as documented at `ParameterStore`.
    var isTraining = false
    var drops = true
    var device: Device
    /// The processes whose batches count as one for layers that share statistics.
    var group: ProcessGroup?
    var seed: UInt64

    init(seed: UInt64, device: Device) {
        self.seed = seed
        self.device = device
    }

    /// A seed of its own for every name (FNV-1a), so that values do not depend on the order of first use.
    func seed(for name: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        for shift in stride(from: UInt64(0), to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: seed >> shift)) }
        for byte in name.utf8 { mix(byte) }
        return hash
    }
}
