import Foundation
import Testing

@testable import PoseCodecs

@Suite("The greatest elements come in the order of torch.topk, equal ones too")
struct GreatestElementsTests {
    /// What PyTorch gave (Tools/oracle/topk_fixtures.py).
    private struct Recorded: Decodable {
        struct Case: Decodable {
            let count: Int
            let values: String
            let indices: [Int]
        }

        let levels: [Float]
        let cases: [Case]
    }

    @Test("Few of many (a heap), many of few (a partition), all")
    func order() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/topk.json")
        let recorded = try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: file))
        #expect(recorded.cases.count == 10)
        for item in recorded.cases {
            let values = item.values.utf8.map { recorded.levels[Int($0) - 48] }
            #expect(GreatestElements.indices(of: values, count: item.count) == item.indices, "\(item.count)")
        }
    }

    @Test("What is no number comes first; impossible counts are cut")
    func limits() {
        #expect(GreatestElements.indices(of: [1, .nan, .infinity, -.infinity], count: 2) == [1, 2])
        #expect(GreatestElements.indices(of: [2, 1], count: 9) == [0, 1])
        #expect(GreatestElements.indices(of: [], count: 3).isEmpty)
        #expect(GreatestElements.indices(of: [1], count: -1).isEmpty)
    }
}
