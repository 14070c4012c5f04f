import Foundation

#if canImport(Darwin)
import Darwin
#endif

/// What the processor of this machine is and can do, as far as it decides speed.
public struct Processor: Sendable, Hashable, Encodable {
    /// As it calls itself; `unknown` when the system does not tell.
    public let name: String
    /// `x86_64`, `arm64` or `other`.
    public let architecture: String
    /// Those that this process may run on.
    public let cores: Int
    /// The instruction sets of interest and whether it has them, in a fixed order.
    public let features: [Feature]

    /// An instruction set.
    public struct Feature: Sendable, Hashable, Encodable {
        public let name: String
        public let isPresent: Bool
        /// What it makes faster.
        public let use: String
    }

    /// Of this machine.
    public static func current() -> Processor {
        #if canImport(Darwin)
        return darwin()
        #else
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        return Processor(cpuInfo: text, cores: ProcessInfo.processInfo.activeProcessorCount)
        #endif
    }

    /// - Parameter cpuInfo: Text of Linux's `/proc/cpuinfo`.
    init(cpuInfo: String, cores: Int) {
        var fields: [String: String] = [:]
        for line in cpuInfo.split(separator: "\n") {
            let pair = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            // The first processor stands for all.
            if pair.count == 2, fields[pair[0]] == nil { fields[pair[0]] = pair[1] }
        }
        let flags = Set((fields["flags"] ?? fields["Features"] ?? "").split(separator: " ").map(String.init))
        self.init(
            name: fields["model name"] ?? fields["CPU part"] ?? "unknown", cores: cores,
            features: Self.linuxFeatures.map { feature in
                Feature(name: feature.name, isPresent: flags.contains(feature.flag), use: feature.use)
            })
    }

    private init(name: String, cores: Int, features: [Feature]) {
        self.name = name
        self.cores = cores
        self.features = features
        architecture = Self.architectureName
    }

    private static var architectureName: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "arm64"
        #else
        "other"
        #endif
    }

    #if arch(arm64)
    private static let linuxFeatures = [
        (name: "NEON", flag: "asimd", use: "float32"),
        (name: "FP16", flag: "asimdhp", use: "float16"),
        (name: "DOT", flag: "asimddp", use: "int8"),
        (name: "BF16", flag: "bf16", use: "bfloat16"),
        (name: "I8MM", flag: "i8mm", use: "int8 matrices"),
        (name: "SVE", flag: "sve", use: "long vectors"),
    ]
    #else
    private static let linuxFeatures = [
        (name: "AVX2", flag: "avx2", use: "float32, 8 at a time"),
        (name: "FMA", flag: "fma", use: "fused multiply and add"),
        (name: "AVX-512", flag: "avx512f", use: "float32, 16 at a time"),
        (name: "AVX-512 VNNI", flag: "avx512_vnni", use: "int8"),
        (name: "AVX-VNNI", flag: "avx_vnni", use: "int8"),
        (name: "AVX-512 BF16", flag: "avx512_bf16", use: "bfloat16"),
        (name: "AMX BF16", flag: "amx_bf16", use: "bfloat16 matrices"),
        (name: "AMX INT8", flag: "amx_int8", use: "int8 matrices"),
    ]
    #endif

    #if canImport(Darwin)
    private static func darwin() -> Processor {
        let features = [
            ("NEON", "hw.optional.AdvSIMD", "float32"), ("FP16", "hw.optional.arm.FEAT_FP16", "float16"),
            ("DOT", "hw.optional.arm.FEAT_DotProd", "int8"), ("BF16", "hw.optional.arm.FEAT_BF16", "bfloat16"),
            ("I8MM", "hw.optional.arm.FEAT_I8MM", "int8 matrices"),
        ]
        return Processor(
            name: string("machdep.cpu.brand_string") ?? "unknown", cores: ProcessInfo.processInfo.activeProcessorCount,
            features: features.map { Feature(name: $0.0, isPresent: flag($0.1), use: $0.2) })
    }

    private static func string(_ name: String) -> String? {
        var size = 0
        guard sysctlbyname(name, nil, &size, nil, 0) == 0, size > 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func flag(_ name: String) -> Bool {
        var value: Int32 = 0
        var size = MemoryLayout<Int32>.size
        return sysctlbyname(name, &value, &size, nil, 0) == 0 && value != 0
    }
    #endif
}
