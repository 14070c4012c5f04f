import Foundation
import PoseCore
import PyConfig
import Testing

@testable import PoseDatasets

@Suite("Arrays have the element types that MMPose's have")
struct ElementTypeTests {
    private func sample(_ text: String, _ json: String) throws -> PoseSample {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
        try Data(json.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let names = """
            metainfo=dict(dataset_name='t', keypoint_info={0: dict(name='a', id=0), 1: dict(name='b', id=1)}, \
            skeleton_info={}, joint_weights=[1.0, 1.0], sigmas=[0.1, 0.1])
            """
        let root = try Config.parse("dataset = dict(\(text), \(names), ann_file='\(file.path)')").root
        let arguments = Arguments(try #require(root["dataset"]?.dictValue), at: "dataset")
        let builder = Datasets(metainfo: DatasetMetainfo(zooFolders: []), config: file)
        return try builder.make(arguments).sample(at: 0)
    }

    @Test("MPII: whole flags are integers, others doubles; the category that nobody wrote is a list")
    func mpii() throws {
        func person(_ flags: String) -> String {
            """
            [{"image": "7.jpg", "center": [50.5, 60.25], "scale": 3.1, "joints": [[1, 2], [3, 4]], "joints_vis": \(flags)}]
            """
        }
        let whole = try sample("type='MpiiDataset'", person("[1, 0]"))
        #expect(whole.keypointsVisible?.array == .int64(try NDArray([1, 0], shape: [1, 2])))
        #expect(whole.listsCategories && whole.categories == [1])
        let real = try sample("type='MpiiDataset'", person("[1.0, 0]"))
        #expect(real.keypointsVisible?.precision == .double)
    }

    @Test("An image's crowd index is a number, of everyone in it a list; whole ones are integers")
    func crowdIndex() throws {
        func file(_ index: String) -> String {
            let person = """
                "image_id": 1, "category_id": 1, "bbox": [1, 1, 9, 9], "area": 50, "num_keypoints": 2, "iscrowd": 0,
                "keypoints": [2, 2, 2, 3, 3, 2]
                """
            return """
                {"images": [{"id": 1, "file_name": "a.jpg", "width": 20, "height": 20, "crowdIndex": \(index)}],
                "categories": [], "annotations": [{"id": 1, \(person)}, {"id": 2, \(person)}]}
                """
        }
        let type = "type='CrowdPoseDataset'"
        #expect(try sample(type, file("1")).crowdIndex?.array == .int64(try NDArray([1], shape: [])))
        #expect(try sample(type, file("0.5")).crowdIndex?.array == .float64(try NDArray([0.5], shape: [])))
        let all = try sample(type + ", data_mode='bottomup'", file("1"))
        #expect(all.crowdIndex?.array == .int64(try NDArray([1, 1], shape: [2])))
    }
}
