import Foundation
import PoseCore
import PyConfig
import Testing

@testable import PoseDatasets

/// Files made for one test.
struct TemporaryFolder: ~Copyable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("pose-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, _ name: String = "file.json") throws -> URL {
        let file = url.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file
    }
}

/// The index of a COCO-style file, and what is said about broken ones.
struct CocoIndexTests {
    @Test func annotationsAreFoundByImageInTheOrderOfTheFile() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            {"annotations":[{"image_id":7,"id":1},{"id":2,"image_id":5},{"image_id":7,"id":3},{"image_id":9,"id":4}],
             "images":[{"id":5,"file_name":"a.jpg"},{"file_name":"\\u00e9.jpg","id":7}], "x":[[{"id":1}],"]"]}
            """)
        let index = try CocoIndex(file)
        #expect(index.imageOrder.map { index.images.ids[$0] } == [5, 7])
        let ids = index.imageOrder.map { index.annotations(ofImage: $0).map { index.annotations.ids[Int($0)] } }
        // Annotation 4 belongs to no image.
        #expect(ids == [[2], [1, 3]])
        #expect(try index.image(1).string("file_name") == "é.jpg")
    }

    @Test(arguments: [
        ("", "empty"), ("{\"images\":[{\"id\":1", "ends"),
        ("{\"images\":[{\"id\":1}],\"annotations\":[{\"id\":1,", "ends"),
        ("[1]", "expected"), ("{\"annotations\":[]}", "images: is missing"), ("{\"images\":3}", "expected a list"),
        ("{\"images\":[]} x", "more text"),
        ("{\"images\":[{\"id\":\"one\"}]}", "images[0]: id: expected a whole number"),
        (
            "{\"images\":[{\"id\":1}],\"annotations\":[{\"id\":1,\"image_id\":1},7]}",
            "annotations[1]: entry: expected an object"
        ),
        ("{\"images\":[{\"id\":1}],\"annotations\":[{\"id\":1}]}", "annotations[0]: image_id: is missing"),
    ])
    func brokenFilesAreNamedWithTheirFault(text: String, message: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(text)
        let error = #expect(throws: DatasetError.self) { try CocoIndex(file) }
        let said = error?.description ?? ""
        #expect(said.contains(message) && said.contains(file.path), "\(said)")
    }

    @Test func everyPrefixOfAFileIsAnErrorAndNoTrap() throws {
        let folder = try TemporaryFolder()
        let text = """
            {"images":[{"id":1,"width":9,"height":9,"file_name":"a\\n"}],"annotations":[{"id":-1,"image_id":1,"bbox":[1e2,2.5,NaN,-Infinity]}]}
            """
        for length in 1..<text.utf8.count {
            let file = try folder.write(String(decoding: Array(text.utf8)[..<length], as: UTF8.self))
            #expect(throws: DatasetError.self) { try CocoIndex(file) }
        }
        let index = try CocoIndex(try folder.write(text))
        #expect(throws: DatasetError.self) { try index.annotation(0).numbers("bbox") }
        #expect(try index.annotation(0).rawNumbers("bbox")[..<2] == [100, 2.5])
    }

    @Test func numbersAreReadToTheLastBit() throws {
        let texts = [
            "0", "-0.0", "1", "-17", "123456789012345678", "3.14", "0.1", "1e-7", "2.5E+3", "9007199254740993", "1e400",
            "123456789012345678901234567890", "0.30000000000000004", "5e-324", "179.76931348623157",
            "12.000000000000001",
        ]
        let folder = try TemporaryFolder()
        let file = try folder.write("[\(texts.joined(separator: ","))]")
        let value = try JSONValue(contentsOf: file)
        let numbers = value.elements?.compactMap(\.number) ?? []
        #expect(numbers.map(\.bitPattern) == texts.compactMap { Double($0)?.bitPattern })
    }

    /// One fault in an annotation, and what the error says.
    @Test(arguments: [
        (#""keypoints":[1,2,2,3,4,NaN]"#, "keypoints: value 5 is not a finite number"),
        (#""keypoints":[1,2,2,3,4]"#, "keypoints: expected triplets of x, y, visibility, found 5"),
        (#""keypoints":[1,2,2]"#, "keypoints: expected 2 key points (as the metainfo has), found 1"),
        (#""keypoints":[1,2,2,3,"4",2]"#, "keypoints: expected numbers only"),
        (#""keypoints":"none""#, "keypoints: expected a list of numbers"),
        (#""keypoints":[1,2,2,3,4,2],"bbox":[1,2,3]"#, "bbox: expected 4 numbers, found 3"),
        (#""keypoints":[1,2,2,3,4,2],"bbox":[1,2,Infinity,4]"#, "bbox: value 2 is not a finite number"),
        (#""keypoints":[1,2,2,3,4,2],"category_id":"person""#, "category_id: expected a whole number"),
        (#""keypoints":[1,2,2,3,4,2],"area":null"#, "area: expected a number, found null"),
    ])
    func faultsOfAnAnnotationAreErrorsWithItsIDAndField(fields: String, message: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            {"images":[{"id":3,"file_name":"a.jpg","width":50,"height":40}],"categories":[],
             "annotations":[{"id":77,"image_id":3,"bbox":[1,2,30,30],"category_id":1,\(fields)}]}
            """)
        let error = #expect(throws: DatasetError.self) { try Self.dataset(file) }
        #expect(error?.description.contains("annotation 77: \(message)") == true, "\(String(describing: error))")
    }

    private static func dataset(_ file: URL) throws -> any PoseDataset {
        let info: ConfigDict = [0: ["name": "a"], 1: ["name": "b"]]
        let joints: ConfigValue = [
            "dataset_name": "two", "keypoint_info": .dict(info), "skeleton_info": [:], "joint_weights": [1, 1],
            "sigmas": [],
        ]
        let arguments = Arguments(
            ["type": "CocoDataset", "ann_file": .string(file.path), "metainfo": joints], at: "dataset")
        return try Datasets(metainfo: DatasetMetainfo(zooFolders: []), config: file, buildsPipeline: false).make(
            arguments)
    }
}
