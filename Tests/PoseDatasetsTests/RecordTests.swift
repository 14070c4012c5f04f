import Foundation
import PoseCore
import PyConfig
import Testing

@testable import PoseDatasets

/// Every dataset class reads annotations to the records that MMPose reads (`Tools/oracle/dataset_fixtures.py`).
struct RecordTests {
    /// On MMPose's own test data, where it is at hand.
    @Test(.enabled(if: SharedData.testdata != nil && SharedData.zoo != nil))
    func recordsOfMMPosesTestData() throws {
        let root = try #require(SharedData.testdata)
        let cases = try RecordCase.load("records_testdata.jsonl")
        #expect(cases.count >= 50)
        for item in cases { try item.check(root: root) }
    }
}

extension RecordTests {
    /// H3WB is not read (pickled Python objects); the others have no format of their own.
    private static let notShipped: Set<String> = [
        "H36MWholeBodyDataset", "BaseCocoStyleDataset", "HalpeHandDataset", "CombinedDataset",
        "ConcatDataset", "RepeatDataset",
    ]

    /// On small files made up for every class (`Tools/oracle/dataset_handmade.py`).
    @Test(.enabled(if: SharedData.zoo != nil, "needs MMPose's configs, which scripts/bootstrap brings"))
    func recordsOfHandmadeFiles() throws {
        let cases = try RecordCase.load("records_handmade.jsonl")
        let types = Set(cases.compactMap { $0.dataset["type"]?.text })
        #expect(types.union(Self.notShipped) == Set(Datasets.names))
        for item in cases { try item.check(root: Fixtures.folder.appendingPathComponent("handmade")) }
    }

    /// A format that is not read is an error with the reason.
    @Test(.enabled(if: SharedData.zoo != nil, "needs MMPose's configs, which scripts/bootstrap brings"))
    func h3wbIsRefusedByName() throws {
        let builder = Datasets(
            metainfo: DatasetMetainfo(zooFolders: [try #require(SharedData.zoo)]),
            config: Fixtures.folder.appendingPathComponent("config.py"), buildsPipeline: false)
        let dataset: ConfigDict = ["type": "H36MWholeBodyDataset", "ann_file": "h3wb.npz"]
        let error = try #require(throws: (any Error).self) { try builder.make(Arguments(dataset, at: "dataset")) }
        #expect("\(error)".contains("H3WB"))
    }
}

/// One dataset and some of its records as MMPose has them.
struct RecordCase {
    let dataset: JSONValue
    let count: Int
    let records: [JSONValue]

    static func load(_ name: String) throws -> [RecordCase] {
        let text = try String(contentsOf: Fixtures.folder.appendingPathComponent(name), encoding: .utf8)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try text.split(separator: "\n").dropFirst().map { line in
            let file = folder.appendingPathComponent("line.json")
            try Data(line.utf8).write(to: file)
            let value = try JSONValue(contentsOf: file)
            return RecordCase(
                dataset: try #require(value["dataset"]), count: try #require(value["count"]?.integer),
                records: try #require(value["records"]?.elements))
        }
    }

    func check(root: URL) throws {
        guard case .object(let members) = dataset else { return }
        var arguments = ConfigDict(pairs: members.map { (ConfigKey.string($0.name), $0.value.config) })
        let prefix = root.path + "/"
        for name in ["data_root", "bbox_file"] {
            if let path = arguments[name]?.stringValue { arguments[name] = .string(prefix + path) }
        }
        let label = "\(arguments["type"]?.stringValue ?? "") \(arguments["ann_file"]?.stringValue ?? "")"
        let zoo = try #require(SharedData.zoo)
        let builder = Datasets(
            metainfo: DatasetMetainfo(zooFolders: [zoo]), config: root.appendingPathComponent("config.py"),
            buildsPipeline: false)
        let made = try builder.make(Arguments(arguments, at: "dataset"))
        #expect(made.count == count, "\(label)")
        for record in records {
            let index = try #require(record["index"]?.integer)
            let sample = try made.sample(at: index)
            let checker = RecordChecker(record: record, prefix: prefix, label: "\(label)[\(index)]")
            checker.check(sample)
            if let annotated = made as? AnnotatedDataset { checker.check(try annotated.instances(at: index)) }
        }
    }
}

/// Compares one record field by field.
struct RecordChecker {
    let record: JSONValue
    let prefix: String
    let label: String

    func check(_ sample: PoseSample) {
        array("bbox", sample.boxes)
        array("bbox_score", sample.boxScores)
        array("bbox_center", sample.boxCenters)
        array("bbox_scale", sample.boxScales)
        array("keypoints", sample.keypoints)
        array("keypoints_visible", sample.keypointsVisible)
        array("area", sample.areas)
        array("head_size", sample.headSizes)
        array("hand_type", sample.hands?.handType)
        array("hand_type_valid", sample.hands?.handTypeValid)
        array("keypoints_cam", sample.cameraKeypoints)
        array("lifting_target", sample.lifting?.target)
        array("lifting_target_visible", sample.lifting?.targetVisible)
        array("factor", sample.lifting?.factor)
        number("rel_root_depth", sample.hands?.relativeRootDepth)
        number("rel_root_valid", sample.hands?.relativeRootValid)
        number("box_size", sample.extras["box_size"]?.doubles?.elements.first)
        for name in ["focal", "principal_pt", "abs_depth", "frame_weights", "headbox"] {
            if record[name] != nil { values(name, sample.extras[name]?.doubles?.elements ?? []) }
        }
        if let ids = record["id"] { #expect(ids.integer.map { [$0] } ?? ids.numbers?.map { Int($0) } == sample.ids) }
        if record["img_id"] != nil { number("img_id", sample.imageID.map { Double($0) }) }
        if let paths = record["img_path"]?.elements ?? record["img_paths"]?.elements {
            let known = sample.extras["img_paths"]?.strings?.elements ?? []
            #expect(paths.compactMap(\.text) == known.map(relative), "\(label) img_path")
        } else if let path = record["img_path"]?.text {
            #expect(sample.imagePath.map(relative) == path, "\(label) img_path")
        }
        if let flip = record["flip_indices"]?.numbers { #expect(flip.map { Int($0) } == sample.flipIndices) }
        // MMPose has no names in motion capture.
        if let name = record["dataset_name"]?.text { #expect(sample.datasetName == name, "\(label) dataset_name") }
    }

    func check(_ instances: [Instance]) {
        if instances.first?.isDetection == true { return }
        if record["num_keypoints"] != nil {
            values("num_keypoints", instances.compactMap { $0.keypointCount.map { Double($0) } })
        }
        if record["iscrowd"] != nil { values("iscrowd", instances.map { $0.isCrowd ? 1 : 0 }) }
        if record["category_id"] != nil {
            values("category_id", instances.compactMap { $0.categoryID.map { Double($0) } })
        }
        if record["crowd_index"] != nil {
            values("crowd_index", instances.compactMap { $0.crowdIndex?.elements.first })
        }
    }

    private func relative(_ path: String) -> String {
        path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    private func array(_ name: String, _ found: RealArray?) {
        guard let expected = record[name], expected != .null else { return }
        guard let found else {
            Issue.record("\(label) \(name) is missing")
            return
        }
        if let shape = expected["shape"]?.numbers, !shape.isEmpty {
            #expect(shape.map { Int($0) } == found.shape, "\(label) \(name) shape")
        }
        values(name, found.elements)
    }

    private func number(_ name: String, _ found: Double?) {
        guard let expected = record[name], expected != .null else { return }
        values(name, found.map { [$0] } ?? [])
        _ = expected
    }

    private func values(_ name: String, _ found: [Double]) {
        guard let value = record[name] else { return }
        let expected = (value["values"] ?? value).flattened
        guard expected.count == found.count else {
            Issue.record("\(label) \(name): \(found.count) values instead of \(expected.count)")
            return
        }
        for (position, (a, b)) in zip(expected, found).enumerated() where !(abs(a - b) <= 1e-4 + 1e-5 * abs(a)) {
            Issue.record("\(label) \(name)[\(position)]: \(b) instead of \(a)")
            return
        }
    }
}

extension JSONValue {
    /// Numbers and truth values of any nesting.
    fileprivate var flattened: [Double] {
        switch self {
        case .array(let elements): elements.flatMap(\.flattened)
        case .bool(let value): [value ? 1 : 0]
        case .object: self["values"]?.flattened ?? []
        default: number.map { [$0] } ?? []
        }
    }

    fileprivate var config: ConfigValue {
        switch self {
        case .null: .none
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .float(value)
        case .string(let value): .string(value)
        case .array(let elements): .list(elements.map(\.config))
        case .object(let members):
            .dict(ConfigDict(pairs: members.map { (ConfigKey.string($0.name), $0.value.config) }))
        }
    }
}
