import Foundation
import PoseModels
import PoseParity
import PyConfig
import Testing
import Torch

/// What stays as it is in training; `Tools/oracle/freezing_fixtures.py` explains the fields.
struct FreezingRecord: Decodable, Sendable, CustomTestStringConvertible {
    struct Digest: Decodable, Equatable, Sendable {
        let count: Int
        let fnv: String
        let some: [String]

        init(_ names: [String]) {
            count = names.count
            fnv = FormulaWeights.hash(names.joined(separator: "\n"))
            some = names.first.flatMap { first in names.last.map { [first, $0] } } ?? []
        }
    }

    let text: String
    let side: Int
    let frozen, moving: Digest

    var testDescription: String { text }
}

private let records: [FreezingRecord] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/freezing.jsonl")
    return (try? JSONLines.read(FreezingRecord.self, from: file)) ?? []
}()

@Suite struct FreezingTests {
    @Test("the fixtures are there")
    func fixtures() { #expect(records.count == 153) }

    @Test(
        "frozen_stages and norm_eval keep the same parameters from learning, and the same statistics from moving",
        arguments: records)
    func freezing(record: FreezingRecord) throws {
        let store = ParameterStore()
        let backbone = try Backbones.build(
            at: store.root, Config.parse("backbone = \(record.text)").arguments(at: "backbone"))
        let frozen = store.parameters.filter { !$0.isTrainable }.map(\.name)
        #expect(FreezingRecord.Digest(frozen) == record.frozen)
        store.isTraining = true
        _ = try noGrad { try backbone(Tensor.zeros([2, 3, record.side, record.side])) }
        let moving = try store.entries.filter {
            try $0.name.hasSuffix("num_batches_tracked") && $0.parameter.tensor.item() > 0
        }
        #expect(FreezingRecord.Digest(moving.map(\.name)) == record.moving)
    }
}
