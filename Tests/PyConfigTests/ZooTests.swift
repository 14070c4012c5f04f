import Foundation
import PyConfig
import Testing

/// The configs of MMPose 1.3.2, compared with what MMEngine made of them (Tools/oracle/pyconfig_goldens.py).
@Suite struct ZooTests {
    private struct Digests: Decodable {
        let digests: [String: String]
    }

    private static func digests() throws -> [String: String] {
        try JSONDecoder().decode(Digests.self, from: Files.data("zoo-digests.json")).digests
    }

    /// Every config resolves to the same JSON text as MMEngine's: keys, order, integers apart from floats, all digits.
    /// Written as Python and read again, it is the same config.
    @Test(arguments: 0..<4) func resolvesAsMMEngineAndSurvivesWriting(part: Int) throws {
        let expected = try Self.digests().sorted { $0.key < $1.key }
        #expect(expected.count == 408)
        for index in stride(from: part, to: expected.count, by: 4) {
            let (name, digest) = expected[index]
            let file = Files.zoo.appending(path: name)
            let config = try Config.load(contentsOf: file)
            #expect(fnv1a(try config.json(pretty: false)) == digest, "\(name)")
            let again = try Config.parse(try config.python(), path: file.path)
            #expect(again.root == config.root, "\(name)")
        }
    }
}
