import PoseCore
import PyConfig
import Testing

@testable import PoseModels

@Suite("What changes in training") struct TrainingAdjustmentTests {
    private func resize(_ range: [ConfigValue], interval: Int) throws -> BatchSyncRandomResize {
        try BatchSyncRandomResize(
            Arguments(
                ConfigDict(pairs: [
                    (.string("random_size_range"), .tuple(range)), (.string("interval"), .int(interval)),
                ]),
                at: "batch_augments[0]"))
    }

    @Test("sizes of batches stay for an interval, keep the shape, and follow from seed and iteration")
    func sizes() throws {
        let resize = try resize([.int(480), .int(800)], interval: 10)
        let own = ImageSize(width: 640, height: 640)
        let sizes = (0..<200).map { resize.size(at: $0, of: own, seed: 1) }
        #expect(sizes[..<10].allSatisfy { $0 == own })
        #expect((0..<200).allSatisfy { sizes[$0] == sizes[$0 / 10 * 10] })
        #expect(Set(sizes.map(\.height)).count > 5)
        #expect(
            sizes.allSatisfy { (480...800).contains($0.height) && $0.height % 32 == 0 && $0.width == $0.height })
        #expect(sizes.map(\.height) != (0..<200).map { resize.size(at: $0, of: own, seed: 2).height })
        #expect(throws: ConfigError.self) { try self.resize([.int(800), .int(480)], interval: 1) }
    }

    @Test("a hook changes arguments of losses and the head's own, and nothing that is not there")
    func head() throws {
        let head = ConfigDict(pairs: [
            (.string("loss_oks"), .dict(ConfigDict(pairs: [(.string("loss_weight"), .float(30))])))
        ])
        let changed = try RTMOHead.changed(
            head, by: [("proxy_target_cc", .bool(true)), ("loss_oks.loss_weight", .float(10))])
        #expect(changed["proxy_target_cc"] == .bool(true))
        #expect(changed["loss_oks"]?.dictValue?["loss_weight"] == .float(10))
        #expect(throws: ModelError.self) { try RTMOHead.changed(head, by: [("num_keypoints", .int(3))]) }
        #expect(throws: ModelError.self) { try RTMOHead.changed(head, by: [("loss_cls.loss_weight", .int(3))]) }
    }
}
