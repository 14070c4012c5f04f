import Checkpoint
import Foundation
import OrderedCollections
import Testing

/// Files of the real PyTorch and MMEngine read as PyTorch reads them.
struct ReadingTests {
    @Test(arguments: [
        "dtypes.pth", "dtypes_legacy.pth", "views.pth", "views_legacy.pth", "openmmlab.pth", "openmmlab_legacy.pth",
        "ema.pth", "parallel.pth", "protocol4.pth", "protocol5.pth",
    ])
    func tensorsEqualPyTorchs(name: String) throws {
        let expected = try Fixture.expected(name)
        let state = try Fixture.open(name).stateDict()
        #expect(Set(state.keys) == Set(expected.keys) && !expected.isEmpty)
        for tensor in state {
            let truth = try #require(expected[tensor.name])
            #expect(tensor.dtype.rawValue == truth.dtype, "\(tensor.name)")
            #expect(tensor.shape == truth.shape && tensor.strides == truth.strides, "\(tensor.name)")
            #expect(tensor.numbers() == truth.values, "\(tensor.name)")
        }
    }

    @Test(arguments: ["views.pth", "views_legacy.pth"])
    func sharedStoragesStayShared(name: String) throws {
        let state = try Fixture.open(name).stateDict()
        let base = try #require(state["base"])
        for key in ["grid", "transposed", "part", "strided", "expanded", "cube", "element"] {
            #expect(state[key]?.storage === base.storage, "\(key)")
        }
        #expect(state["scalar"]?.storage !== base.storage)
        #expect(state["grid"]?.isContiguous == true && state["transposed"]?.isContiguous == false)
        #expect(state["element"]?.byteOffset == 40)
    }

    @Test(arguments: ["openmmlab.pth", "openmmlab_legacy.pth", "protocol4.pth", "protocol5.pth"])
    func metaIsReadWithoutRunningAnything(name: String) throws {
        let file = try Fixture.open(name)
        let meta = try #require(file.meta?.dictValue)
        #expect(meta["epoch"]?.intValue == 1 && meta["seed"]?.isNone == true)
        let dataset = try #require(meta["dataset_meta"]?.dictValue)
        guard case .array(let sigmas)? = dataset["sigmas"] else { throw Missing() }
        #expect(sigmas.typeCode == "f4" && sigmas.doubles == [0.25, 0.5])
        #expect(dataset["keypoint_id2name"]?.dictValue?.entries[.int(1)]?.stringValue == "right")
        #expect(dataset["upper"]?.arrayValue?.first?.stringValue == "left")
        guard case .array(let fortran)? = meta["fortran"], case .array(let big)? = meta["big_endian"] else {
            throw Missing()
        }
        #expect(fortran.isFortranOrder && fortran.integers == [0, 3, 1, 4, 2, 5])
        #expect(big.integers == [1, 258])
        #expect(meta["options"]?.dictValue?["b"]?.dictValue?["c"]?.arrayValue?.count == 2)
        #expect(meta["when"]?.objectValue?.className == "datetime.datetime")
        #expect(meta["device"]?.objectValue?.arguments?.first?.stringValue == "cpu")
        #expect(meta["dtype"]?.objectValue?.className == "torch.float32")
        guard case .bigInt? = meta["big"], case .bytes([0xFF, 0])? = meta["raw"] else { throw Missing() }
        let scalars = file.root.dictValue?["message_hub"]?.dictValue?["log_scalars"]?.dictValue
        let history = scalars?["train/loss"]?.objectValue?.state?.dictValue
        guard case .array(let losses)? = history?["_log_history"] else { throw Missing() }
        #expect(losses.doubles == [0.5, 0.25])
        let state = file.root.dictValue?["optimizer"]?.dictValue?["state"]?.dictValue
        #expect(state?.entries[.int(0)]?.dictValue?["exp_avg"]?.tensorValue?.shape == [4, 3, 3, 3])
        #expect(try file.stateDict().versions["backbone.1"] == 2)
        #expect(try file.stateDict().versions[""] == 2)
    }

    /// MMEngine's hook swaps before it saves: `state_dict` has the averages.
    @Test func averagedWeights() throws {
        let file = try Fixture.open("ema.pth")
        let averaged = try file.stateDict(preferEMA: true)
        let last = try file.stateDict(under: "ema_state_dict")
        #expect(try averaged["head.weight"]?.numbers() == file.stateDict()["head.weight"]?.numbers())
        #expect(averaged["head.weight"]?.numbers() != last["head.weight"]?.numbers())
        #expect(last["steps"]?.dtype == .int64)
    }

    @Test func parallelPrefixGoesFromKeysButNotFromVersions() throws {
        let state = try Fixture.open("parallel.pth").stateDict()
        #expect(state.keys.allSatisfy { !$0.hasPrefix("module.") })
        #expect(state.versions["module.backbone.1"] == 2)
    }

    @Test func unreadableElementTypesAreNamed() throws {
        let error = #expect(throws: CheckpointError.self) { try Fixture.open("complex.pth") }
        #expect(error?.description.contains("torch.ComplexFloatStorage") == true)
    }
}

/// A value the fixture should have had.
struct Missing: Error {}
