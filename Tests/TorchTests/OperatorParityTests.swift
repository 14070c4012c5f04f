import Foundation
import Testing
import Torch

/// Every typed wrapper against what PyTorch computes; the numbers are from Tools/oracle/torch_fixtures.py.
@Suite struct OperatorParityTests {
    @Test("Operator agrees with PyTorch", arguments: OperatorFixture.all.keys.sorted())
    func agrees(_ name: String) throws {
        let fixture = try #require(OperatorFixture.all[name])
        let compute = try #require(operatorCases[name], "no Swift side for the case")
        let results = try compute(fixture.inputs.map { try $0.tensor() })
        #expect(results.count == fixture.outputs.count)
        for (result, expected) in zip(results, try fixture.outputs.map({ try $0.tensor() })) {
            #expect(result.shape == expected.shape)
            #expect(result.dtype == expected.dtype)
            try expectClose(result, expected)
        }
    }

    @Test("Every Swift case has numbers from PyTorch")
    func complete() {
        #expect(Set(operatorCases.keys) == Set(OperatorFixture.all.keys))
    }

    private func expectClose(_ result: Tensor, _ expected: Tensor) throws {
        let result = try result.toArray(Double.self)
        let expected = try expected.toArray(Double.self)
        let worst = zip(result, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
        #expect(worst < 2e-6)
    }
}

/// One case of operators.json.
struct OperatorFixture: Decodable {
    struct Values: Decodable {
        let shape: [Int]
        let dtype: String
        let values: [Double]

        func tensor() throws -> Tensor {
            let type = try #require(ScalarType(rawValue: dtype))
            return try Tensor(values, shape: shape).to(dtype: type)
        }
    }

    let inputs, outputs: [Values]

    private struct File: Decodable { let cases: [String: OperatorFixture] }

    /// Empty when the file cannot be read, which `complete` notices.
    static let all: [String: OperatorFixture] = {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/operators.json")
        guard let data = try? Data(contentsOf: url) else { return [:] }
        return (try? JSONDecoder().decode(File.self, from: data))?.cases ?? [:]
    }()
}
