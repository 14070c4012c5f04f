import Foundation
import Testing

@testable import PoseEngine

/// How publishers write a checksum into a file's name.
struct ChecksumTests {
    @Test(arguments: [
        ("td-hm_hrnet-w32_8xb64-210e_coco-256x192-81c58e40_20220909.pth", "81c58e40"),
        ("cid_hrnet-w32_8xb20-140e_coco-512x512_42b7e6e6-20230207.pth", "42b7e6e6"),
        ("rtmpose-m_simcc-hand5_pt-aic-coco_210e-256x256-74fb594_20230320.pth", "74fb594"),
        ("res50_intehand3dv1.0_all_256x256-42b7f2ac_20210702.pth", "42b7f2ac"),
        ("resnet50-0676ba61.pth", "0676ba61"),
    ])
    func isFound(name: String, digits: String) {
        #expect(Checksum(inFileName: name)?.digits == digits)
    }

    /// A date, a size or a word must not be taken for one: a good file would be thrown away.
    @Test(arguments: [
        "edpose_res50_coco_3rdparty.pth", "td-hm_hrnet-w32_8xb64-210e_exlpose-ll-256x192.pth",
        "rtmw-dw-l-m_simcc-cocktail14_270e-256x192-20231122.pth", "latest.pth", "epoch_210.pth", "",
    ])
    func isAbsent(name: String) {
        #expect(Checksum(inFileName: name) == nil)
    }

    @Test func matchesTheBeginningOnly() throws {
        let checksum = try #require(Checksum(digits: "BA7816BF"))
        #expect(checksum.matches(sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
        #expect(!checksum.matches(sha256: "00ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"))
    }

    @Test(arguments: ["", "12345", "not hex!", String(repeating: "a", count: 65)])
    func otherTextIsRefused(digits: String) {
        #expect(Checksum(digits: digits) == nil)
    }
}
