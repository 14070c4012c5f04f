import Foundation
import PoseCore
import PyConfig
import Testing

@testable import PoseDatasets

/// The doctor finds every fault that is put into a good dataset, and none in the good one.
struct DoctorTests {
    /// A synthetic dataset of four pictures, as values that a fault can change.
    struct Subject {
        var file: JSONValue
        var dataset: ConfigDict
        var head: ConfigDict = ["out_channels": 17]
    }

    /// One way of spoiling a dataset, and what must be found.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: Finding.Kind
        let spoil: @Sendable (inout Subject, URL) throws -> Void
    }

    @Test func aGoodDatasetHasNoFindings() throws {
        let report = try Self.report(nil)
        #expect(report.isClean, "\(report.findings)")
        #expect(report.images == 4 && report.samples == report.annotations)
    }

    @Test(arguments: faults)
    func everyFaultIsFound(_ fault: Fault) throws {
        let report = try Self.report(fault)
        let found = report.findings.filter { $0.kind == fault.kind }
        #expect(!found.isEmpty, "found only \(report.findings)")
        #expect(found.allSatisfy { !$0.field.isEmpty && !$0.remedy.isEmpty && !$0.file.isEmpty })
        let decoded = try JSONDecoder().decode(DoctorReport.self, from: try report.json())
        #expect(decoded.count(fault.kind) == found.count)
    }

    @Test("faults in one file do not hide each other")
    func allAnnotationFaultsTogether() throws {
        let folder = try TemporaryFolder()
        try Synthesis.write(to: folder.url, images: 40, people: 2, seed: 5)
        let file = folder.url.appendingPathComponent("annotations.json")
        let json = try JSONValue(contentsOf: file)
        let annotations = try #require(json["annotations"]?.elements)
        var expected: [Int: Finding.Kind] = [:]
        var spoilt: [JSONValue] = []
        for (index, entry) in annotations.enumerated() {
            let id = try #require(entry["id"]?.integer)
            guard index < Self.fields.count else {
                spoilt.append(entry)
                continue
            }
            let (kind, field, value) = Self.fields[index]
            expected[id] = kind
            spoilt.append(entry.with(field, value))
        }
        try Data(json.with("annotations", .array(spoilt)).text().utf8).write(to: file)
        let report = DatasetDoctor(metainfo: DatasetMetainfo(zooFolders: []), config: folder.url).examine(
            Self.dataset(folder.url), at: "train_dataloader.dataset", model: nil)
        for (id, kind) in expected {
            #expect(report.findings.contains { $0.annotation == id && $0.kind == kind }, "\(kind) of annotation \(id)")
        }
        #expect(report.findings.allSatisfy { $0.annotation.map { expected[$0] != nil } ?? false })
    }

    /// What spoils one field of an annotation each, and is found there.
    private static let fields: [(Finding.Kind, String, JSONValue?)] = [
        (.unknownImage, "image_id", .int(77)), (.unknownCategory, "category_id", .int(5)),
        (.missingField, "category_id", nil), (.missingField, "keypoints", nil), (.missingField, "bbox", nil),
        (.wrongType, "bbox", .string("1, 2, 3, 4")),
        (.boxSize, "bbox", .array([.int(5), .int(5), .int(0), .int(9)])),
        (.boxSize, "bbox", .array([.int(5), .int(5), .int(-7), .int(9)])),
        (.boxOutside, "bbox", .array([.int(900), .int(5), .int(20), .int(20)])),
        (.keypointsOffBox, "bbox", .array([.int(0), .int(0), .int(3), .int(3)])), (.area, "area", nil),
        (.area, "area", .int(-1)), (.area, "area", .int(9_999_999)), (.crowdFlag, "iscrowd", .int(3)),
        (.numKeypoints, "num_keypoints", .int(1)), (.keypointCount, "keypoints", .array([.int(1), .int(2), .int(2)])),
        (.wrongType, "keypoints", .string("none")),
    ]

    private static func report(_ fault: Fault?) throws -> DoctorReport {
        let folder = try TemporaryFolder()
        try Synthesis.write(to: folder.url, images: 4, people: 2, seed: 3)
        let file = folder.url.appendingPathComponent("annotations.json")
        var subject = Subject(file: try JSONValue(contentsOf: file), dataset: dataset(folder.url))
        if let fault {
            try fault.spoil(&subject, folder.url)
            if FileManager.default.fileExists(atPath: file.path), fault.kind != .unreadableFile {
                try Data(subject.file.text().utf8).write(to: file)
            }
        }
        return DatasetDoctor(metainfo: DatasetMetainfo(zooFolders: []), config: folder.url).examine(
            subject.dataset, at: "train_dataloader.dataset", model: ["head": .dict(subject.head)])
    }

    private static func dataset(_ folder: URL) -> ConfigDict {
        let joints = Figure.names.enumerated().map { index, name in
            let swap =
                name.hasPrefix("left")
                ? "right" + name.dropFirst(4) : name.hasPrefix("right") ? "left" + name.dropFirst(5) : ""
            return (ConfigKey.int(index), ["name": .string(name), "swap": .string(swap)] as ConfigValue)
        }
        let links = Figure.links.enumerated().map { index, link in
            let ends: ConfigValue = [.string(Figure.names[link.0]), .string(Figure.names[link.1])]
            return (ConfigKey.int(index), ["link": ends] as ConfigValue)
        }
        let info: ConfigDict = [
            "dataset_name": "synthetic", "keypoint_info": .dict(ConfigDict(pairs: joints)),
            "skeleton_info": .dict(ConfigDict(pairs: links)),
            "joint_weights": .list(Array(repeating: 1.0, count: 17)),
            "sigmas": .list(Array(repeating: 0.05, count: 17)),
        ]
        return [
            "type": "CocoDataset", "data_root": .string(folder.path), "ann_file": "annotations.json",
            "data_prefix": ["img": "images"], "metainfo": .dict(info),
        ]
    }

    private static func annotation(_ name: String, _ kind: Finding.Kind, _ field: String, _ value: JSONValue?) -> Fault
    {
        Fault(testDescription: name, kind: kind) { subject, _ in subject.file.set("annotations", 0, field, value) }
    }

    private static func keypoint(_ name: String, _ kind: Finding.Kind, _ position: Int, _ value: JSONValue) -> Fault {
        Fault(testDescription: name, kind: kind) { subject, _ in
            guard var points = subject.file["annotations"]?.elements?[0]["keypoints"]?.elements else { return }
            points[position] = value
            subject.file.set("annotations", 0, "keypoints", .array(points))
        }
    }

    private static func metainfo(
        _ name: String, _ kind: Finding.Kind, _ change: @escaping @Sendable (inout ConfigDict) -> Void
    ) -> Fault {
        Fault(testDescription: name, kind: kind) { subject, _ in
            guard var info = subject.dataset["metainfo"]?.dictValue else { return }
            change(&info)
            subject.dataset["metainfo"] = .dict(info)
        }
    }

    private static func joint(
        _ index: Int, _ field: String, _ value: ConfigValue
    ) -> @Sendable (inout ConfigDict) -> Void {
        { info in
            guard var joints = info["keypoint_info"]?.dictValue, var joint = joints[key: .int(index)]?.dictValue else {
                return
            }
            joint[field] = value
            joints[key: .int(index)] = .dict(joint)
            info["keypoint_info"] = .dict(joints)
        }
    }

    static let faults: [Fault] = [
        Fault(testDescription: "no annotation file", kind: .unreadableFile) { _, folder in
            try FileManager.default.removeItem(at: folder.appendingPathComponent("annotations.json"))
        },
        Fault(testDescription: "truncated annotation file", kind: .unreadableFile) { _, folder in
            let file = folder.appendingPathComponent("annotations.json")
            try Data(try Data(contentsOf: file).dropLast(100)).write(to: file)
        },
        Fault(testDescription: "no picture", kind: .missingImage) { _, folder in
            try FileManager.default.removeItem(at: folder.appendingPathComponent("images/000001.png"))
        },
        Fault(testDescription: "broken picture", kind: .unreadableImage) { _, folder in
            try Data("not a picture".utf8).write(to: folder.appendingPathComponent("images/000001.png"))
        },
        Fault(testDescription: "wrong size", kind: .imageSize) { subject, _ in
            subject.file.set("images", 1, "width", .int(240))
            subject.file.set("images", 1, "height", .int(320))
        },
        Fault(testDescription: "image id twice", kind: .duplicateImageID) { subject, _ in
            subject.file.set("images", 1, "id", .int(1))
        },
        Fault(testDescription: "file twice", kind: .duplicateFileName) { subject, _ in
            subject.file.set("images", 1, "file_name", .string("000000.png"))
        },
        Fault(testDescription: "annotation id twice", kind: .duplicateAnnotationID) { subject, _ in
            subject.file.set("annotations", 1, "id", .int(1))
        },
        Fault(testDescription: "annotation twice", kind: .duplicateAnnotation) { subject, _ in
            guard var list = subject.file["annotations"]?.elements else { return }
            list.append(list[0].with("id", .int(999)))
            subject.file = subject.file.with("annotations", .array(list))
        },
        annotation("unknown image", .unknownImage, "image_id", .int(77)),
        annotation("unknown category", .unknownCategory, "category_id", .int(5)),
        annotation("no category", .missingField, "category_id", nil),
        annotation("no key points", .missingField, "keypoints", nil),
        annotation("id of another type", .wrongType, "id", .string("first")),
        annotation("box of strings", .wrongType, "bbox", .array([.string("1"), .int(2), .int(3), .int(4)])),
        annotation("box of three", .wrongType, "bbox", .array([.int(1), .int(2), .int(3)])),
        annotation("box without size", .boxSize, "bbox", .array([.int(5), .int(5), .int(0), .int(9)])),
        annotation("box far outside", .boxOutside, "bbox", .array([.int(900), .int(5), .int(20), .int(20)])),
        annotation("box of another instance", .keypointsOffBox, "bbox", .array([.int(0), .int(0), .int(3), .int(3)])),
        annotation("area 0", .area, "area", .int(0)),
        annotation("no area", .area, "area", nil),
        annotation("area of a city", .area, "area", .int(9_999_999)),
        annotation("crowd of 3", .crowdFlag, "iscrowd", .int(3)),
        annotation("num_keypoints 0", .numKeypoints, "num_keypoints", .int(0)),
        annotation("five numbers", .keypointCount, "keypoints", .array([.int(1), .int(2), .int(2), .int(4), .int(5)])),
        keypoint("visibility 7", .visibility, 2, .int(7)),
        keypoint("NaN", .notFinite, 0, .double(.nan)),
        keypoint("outside the picture", .keypointOutside, 0, .int(5000)),
        Fault(testDescription: "annotated at the origin", kind: .keypointAtOrigin) { subject, _ in
            guard var points = subject.file["annotations"]?.elements?[0]["keypoints"]?.elements else { return }
            points.replaceSubrange(0..<3, with: [.int(0), .int(0), .int(2)])
            subject.file.set("annotations", 0, "keypoints", .array(points))
        },
        Fault(testDescription: "category of other key points", kind: .categoryKeypoints) { subject, _ in
            subject.file.set("categories", 0, "keypoints", .array([.string("nose")]))
        },
        metainfo("16 sigmas", .sigmas) { $0["sigmas"] = .list(Array(repeating: 0.05, count: 16)) },
        metainfo("sigma 0", .sigmas) { $0["sigmas"] = .list(Array(repeating: 0.05, count: 16) + [0.0]) },
        metainfo("3 weights", .jointWeights) { $0["joint_weights"] = [1, 1, 1] },
        metainfo("one-way swap", .flipPairs, joint(5, "swap", "")),
        metainfo("swap with nobody", .flipPairs, joint(5, "swap", "tail")),
        metainfo("link to nobody", .links) { $0["skeleton_info"] = ["0": ["link": ["nose", "tail"]]] },
        Fault(testDescription: "swap on the same side", kind: .sides) { subject, _ in
            guard var info = subject.dataset["metainfo"]?.dictValue else { return }
            joint(5, "swap", "left_hip")(&info)
            joint(11, "swap", "left_shoulder")(&info)
            subject.dataset["metainfo"] = .dict(info)
        },
        Fault(testDescription: "4 outputs", kind: .outChannels) { subject, _ in subject.head["out_channels"] = 4 },
        Fault(testDescription: "misspelt argument", kind: .configuration) { subject, _ in
            subject.dataset["ann_fil"] = "x"
        },
        Fault(testDescription: "category filter that drops all", kind: .droppedEverything) { subject, folder in
            let detections = #"[{"image_id":1,"category_id":18,"bbox":[1,2,30,40],"score":0.9}]"#
            let file = folder.appendingPathComponent("boxes.json")
            try Data(detections.utf8).write(to: file)
            subject.dataset["bbox_file"] = .string(file.path)
            subject.dataset["test_mode"] = true
        },
        Fault(testDescription: "only crowds", kind: .droppedEverything) { subject, _ in
            for index in 0..<(subject.file["annotations"]?.elements?.count ?? 0) {
                subject.file.set("annotations", index, "iscrowd", .int(1))
            }
        },
    ]
}

extension JSONValue {
    /// With a member set, or removed.
    fileprivate func with(_ name: String, _ value: JSONValue?) -> JSONValue {
        guard case .object(var members) = self else { return self }
        let position = members.firstIndex { $0.name == name }
        if let value {
            if let position { members[position].value = value } else { members.append(Member(name, value)) }
        } else if let position {
            members.remove(at: position)
        }
        return .object(members)
    }

    fileprivate mutating func set(_ list: String, _ index: Int, _ field: String, _ value: JSONValue?) {
        guard var entries = self[list]?.elements, entries.indices.contains(index) else { return }
        entries[index] = entries[index].with(field, value)
        self = with(list, .array(entries))
    }

    /// As JSON, with Python's `NaN`.
    fileprivate func text() -> String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .double(let value): value.isNaN ? "NaN" : "\(value)"
        case .string(let value): "\"\(value)\""
        case .array(let elements): "[" + elements.map { $0.text() }.joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\"\($0.name)\":\($0.value.text())" }.joined(separator: ",") + "}"
        }
    }
}
