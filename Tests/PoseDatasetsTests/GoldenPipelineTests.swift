import Foundation
import PoseCore
import PoseTransforms
import PyConfig
import Testing

@testable import PoseDatasets

/// Whole pipelines give the samples that MMPose gives (`goldens/pipelines`), through the arrays that `pose dataset dump`
/// writes.
struct GoldenPipelineTests {
    private static var names: [String] {
        guard let folder = SharedData.goldens?.appendingPathComponent("pipelines"), SharedData.testdata != nil,
            SharedData.zoo != nil, Transforms.names.contains("PackPoseInputs")
        else { return [] }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".npz") }.map { String($0.dropLast(4)) }.sorted()
    }

    @Test(arguments: names)
    func sampleEqualsMMPoses(name: String) throws {
        let folder = try #require(SharedData.goldens).appendingPathComponent("pipelines")
        let parts = name.split(separator: "_")
        let index = try #require(Int(parts[parts.count - 1]))
        let file = folder.appendingPathComponent(parts.dropLast().joined(separator: "_") + ".py")
        let config = try Config.load(contentsOf: file)
        let root = try #require(SharedData.testdata).path
        let common = URL(fileURLWithPath: try #require(config["data_root"]?.stringValue)).lastPathComponent
        let dictionary = try DatasetSelection.dataset(in: config, key: "dataset", root: root + "/" + common)
        let builder = Datasets(metainfo: DatasetMetainfo(zooFolders: [try #require(SharedData.zoo)]), config: file)
        let dataset = try builder.make(Arguments(dictionary, at: "dataset"))
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).npz")
        defer { try? FileManager.default.removeItem(at: output) }
        try dataset.dump(index, to: output)
        let found = try NPZFile(contentsOf: output)
        let golden = try NPZFile(contentsOf: folder.appendingPathComponent(name + ".npz"))
        for array in golden.names {
            guard found.names.contains(array) else {
                Issue.record("\(name): no \(array) among \(found.names)")
                continue
            }
            compare(try found.array(array), try golden.array(array), "\(name): \(array)", isImage: array == "inputs")
        }
    }

    private func compare(_ found: AnyNDArray, _ expected: AnyNDArray, _ label: String, isImage: Bool) {
        #expect(found.shape == expected.shape, "\(label) shape")
        #expect(found.typeName == expected.typeName, "\(label) type")
        guard let a = found.doubles?.elements, let b = expected.doubles?.elements, a.count == b.count else { return }
        let differences = zip(a, b).map { abs($0 - $1) }
        let largest = differences.max() ?? 0
        if isImage {
            let changed = differences.count { $0 > 0 }
            #expect(largest <= 2 && Double(changed) <= 0.002 * Double(a.count), "\(label): \(changed) pixels differ")
        } else {
            let limit = label.contains("gt_fields") ? 2e-5 : 1e-3
            #expect(largest <= limit, "\(label): differs by \(largest)")
        }
    }
}
