import PyConfig

/// The keypoint definitions that come with MMPose, by a digest of what matters to numbers: names, mirror partners,
/// links, weights and sigmas. A `dataset_info` that equals one needs no file of its own.
enum StockDefinitions {
    /// The names of the files in MMPose's `configs/_base_/datasets` that hold the same definition.
    static func names(of info: ConfigDict) -> [String] { digests[digest(info)] ?? [] }

    /// FNV-1a of a canonical text.
    static func digest(_ info: ConfigDict) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in canonical(info).utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    private static func canonical(_ info: ConfigDict) -> String {
        var text = ""
        let points = info["keypoint_info"]?.dictValue ?? [:]
        for point in points.values.sorted(by: { ($0["id"]?.intValue ?? 0) < ($1["id"]?.intValue ?? 0) }) {
            text +=
                "\(point["name"]?.stringValue ?? "")|\(point["swap"]?.stringValue ?? "")|\(point["type"]?.stringValue ?? "");"
        }
        for link in (info["skeleton_info"]?.dictValue ?? [:]).values {
            text += (link["link"]?.arrayValue ?? []).map { $0.stringValue ?? "" }.joined(separator: "-") + ";"
        }
        for name in ["joint_weights", "sigmas"] {
            text += (info[name]?.arrayValue ?? []).map { number($0.doubleValue ?? 0) }.joined(separator: ",") + ";"
        }
        return text
    }

    /// Millionths, so that the text does not depend on how numbers are printed.
    private static func number(_ value: Double) -> String {
        let scaled = (value * 1e6).rounded()
        return scaled.magnitude < 1e15 ? String(Int(scaled)) : "large"
    }
}

extension StockDefinitions {
    /// Digests of the definitions of MMPose 0.29, which 1.3.2 has unchanged but for colours; some are equal.
    static let digests: [UInt64: [String]] = [
        0xf224_7fa7_0fb6_36d4: ["300w"],
        0x818c_916b_f771_d08d: ["aflw"],
        0x997a_7bf6_273c_2396: ["aic"],
        0xa794_bf21_4ee6_9d19: ["animalpose"],
        0xdef7_bd6d_3b69_17e2: ["ap10k"],
        0x8b78_aa86_223f_9720: ["atrw"],
        0x4509_3d71_663d_3b8d: ["campus", "shelf"],
        0x636c_b64f_0f7b_fbc6: ["coco", "macaque", "ochuman"],
        0x58a8_7b13_5577_026c: ["coco_wholebody"],
        0x5e98_f737_3477_4e36: ["coco_wholebody_face"],
        0x7c15_d968_2e67_184b: ["coco_wholebody_hand"],
        0x0638_5efd_b62c_1c66: ["cofw"],
        0x7c34_12e7_4fb0_f7ce: ["crowdpose"],
        0xff31_7b2e_eb49_1bc7: ["deepfashion_full"],
        0x93d7_62e0_612a_f0f1: ["deepfashion_lower"],
        0xd7ce_cfa7_b7a4_bbe3: ["deepfashion_upper"],
        0xe191_5ccf_a88d_9a56: ["fly"],
        0x8f7e_9aae_a97f_8e46: ["freihand2d", "onehand10k", "panoptic_hand2d"],
        0xe1b9_99e3_8c9f_b624: ["h36m"],
        0x64ff_184a_ef92_35ff: ["halpe"],
        0x20af_33ff_036f_e8f4: ["horse10"],
        0x275d_9170_1954_a906: ["interhand2d"],
        0x625e_da1e_ae5a_fa53: ["interhand3d"],
        0x0e47_ef90_2418_ff72: ["jhmdb"],
        0x996d_612a_bac1_c0e7: ["locust"],
        0xd0fe_0341_cd1c_36a0: ["mhp", "mpii"],
        0xc666_ed7d_f91f_e964: ["mpi_inf_3dhp"],
        0xa31d_160c_91a9_4a54: ["mpii_trb"],
        0x2a7d_14cd_a181_e14f: ["panoptic_body3d"],
        0x33c6_487d_b0dc_6c0f: ["posetrack18"],
        0x31a0_2f18_88ed_aebe: ["rhd2d"],
        0xaa53_8c7b_5a63_b303: ["wflw"],
        0xf6ee_6eb9_e2aa_80f3: ["zebra"],
    ]
}
