import Foundation
import PoseCore
import Testing

/// Files that NumPy wrote are read value by value, ours are read back, and hostile ones end in an error.
struct ArrayFileTests {
    private static let grid = Array(0..<24)

    @Test(arguments: ["arrays/stored.npz", "arrays/deflated.npz"])
    func readsEveryElementType(file: String) throws {
        let archive = try NPZFile(contentsOf: Fixture.url(file))
        for name in ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"] {
            let array = try archive.array(name)
            #expect(array.typeName == name)
            #expect(array.shape == [2, 3, 4])
            let expected = Self.grid.map { name.hasPrefix("u") ? $0 : $0 - 7 }
            #expect(array.integers?.elements == expected, "\(name)")
        }
        for name in ["float16", "float32", "float64"] {
            let array = try archive.array(name)
            #expect(array.typeName == name)
            #expect(array.doubles?.elements == Self.grid.map { Double($0 - 7) }, "\(name)")
        }
        #expect(try archive.array("bool").integers?.elements == Self.grid.map { ($0 + 1) % 2 })
        #expect(try archive.array("scalar") == .float64(NDArray([2.5], shape: [])))
        #expect(try archive.array("empty").shape == [0, 17, 3])
        #expect(try archive.array("text") == .string(NDArray(["left_wrist", "née", "", "骨"], shape: [2, 2])))
        #expect(try archive.array("bytes").strings?.elements == ["S1_Directions", "x"])
        #expect(try archive.array("nested/name 1").integers?.elements == [1, 2, 3])
    }

    @Test func widensHalfPrecisionExactly() throws {
        let half = try NPZFile(contentsOf: Fixture.url("arrays/stored.npz")).array("half").floats?.elements
        // 6e-8 and 6.1e-5 rounded to half precision: a subnormal and a normal value.
        let expected: [Float] = [0, -0.0, 0x1p-24, 0x1.ff8p-15, 1, -2.5, 65504, .infinity, -.infinity]
        #expect(half?.map(\.bitPattern) == expected.map(\.bitPattern))
    }

    @Test func decompressesDynamicCodesAndLongReferences() throws {
        let archive = try NPZFile(contentsOf: Fixture.url("arrays/deflated.npz"))
        #expect(try archive.array("zeros").floats?.elements == Array(repeating: 0, count: 6300))
        let noise = try #require(try archive.array("noise").integers?.elements)
        // First draws of NumPy's RandomState(0).randint(0, 50).
        #expect(Array(noise.prefix(8)) == [44, 47, 0, 3, 3, 39, 9, 19])
        #expect(noise.count == 6000)
    }

    @Test func readsOtherLayouts() throws {
        let expected = NDArray(Self.grid.map(Double.init)).elements
        for file in ["fortran.npy", "big_endian.npy", "version2.npy"] {
            let array = try NPYFile.read(Fixture.url("arrays/" + file))
            #expect(array.shape == [2, 3, 4])
            #expect(array.doubles?.elements == expected, "\(file)")
        }
    }

    @Test(arguments: ["objects.npy", "records.npy", "complex.npy"])
    func refusesWhatIsNoArrayOfNumbers(file: String) throws {
        let url = Fixture.url("arrays/" + file)
        let error = try #require(throws: ArrayFileError.self) { try NPYFile.read(url) }
        guard case .unsupported = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(error.description.contains(file))
    }

    private static func samples() throws -> [(name: String, array: AnyNDArray)] {
        [
            ("a", .float32(try NDArray((0..<600).map { Float($0 % 7) / 3 }, shape: [20, 30]))),
            ("b", .int64(try NDArray([.min, -1, .max], shape: [3]))),
            ("c", .bool(try NDArray([true, false], shape: [2, 1]))),
            ("d", .string(NDArray(["", "骨", "left"]))),
            ("e", .uint64(NDArray([.max]))),
            ("f", .float64(try NDArray([], shape: [0, 4]))),
            ("g", .uint8(NDArray((0..<3000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }))),
        ]
    }

    @Test(arguments: [false, true])
    func roundTrips(compressed: Bool) throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("ä b.npz")
            let samples = try Self.samples()
            try NPZFile.write(samples, to: url, compressed: compressed)
            let archive = try NPZFile(contentsOf: url)
            #expect(archive.names == samples.map(\.name))
            for (name, array) in samples { #expect(try archive.array(name) == array, "\(name)") }
            let error = try #require(throws: ArrayFileError.self) { try archive.array("zz") }
            #expect(error.reason == .noSuchArray("zz"))
        }
    }

    @Test func compressionShrinksRepetitions() throws {
        let zeros = [(name: "z", array: AnyNDArray.float32(try NDArray(repeating: 0, shape: [10000])))]
        #expect(NPZFile.encode(zeros, compressed: true).count < NPZFile.encode(zeros).count / 50)
    }

    @Test func everyTruncationIsAnError() throws {
        let data = NPZFile.encode(try Self.samples(), compressed: true)
        for count in stride(from: 0, to: data.count, by: 7) {
            #expect(throws: ArrayFileError.self) { try NPZFile(data.prefix(count)).arrays() }
        }
        let single = NPYFile.encode(.int32(NDArray([1, 2, 3])))
        for count in 0..<single.count {
            #expect(throws: ArrayFileError.self) { try NPYFile.decode(single.prefix(count)) }
        }
    }

    /// Every flipped byte either is noticed or is in a place that does not matter; nothing traps.
    @Test(arguments: [false, true])
    func damagedBytesNeverTrap(compressed: Bool) throws {
        let data = NPZFile.encode(try Self.samples(), compressed: compressed)
        var noticed = 0
        for position in stride(from: 0, to: data.count, by: 3) {
            var damaged = data
            damaged[position] ^= 0xFF
            if (try? NPZFile(damaged).arrays()) == nil { noticed += 1 }
        }
        #expect(noticed > data.count / 3 / 2)
    }

    @Test(arguments: [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-3,), }",
        "{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000000,), }",
        "{'descr': '<f99999999999999999999', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '', 'fortran_order': False, 'shape': (1,)}",
        "{", "", "}", "'", "{'descr",
    ])
    func hostileHeadersAreErrors(header: String) {
        var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
        data.append(contentsOf: [UInt8(header.utf8.count), 0])
        data.append(contentsOf: header.utf8)
        data.append(Data(repeating: 0, count: 16))
        #expect(throws: ArrayFileError.self) { try NPYFile.decode(data) }
    }

    @Test func saysWhatIsWrongWithTheFile() throws {
        try withTemporaryFolder { folder in
            let missing = try #require(throws: ArrayFileError.self) {
                try NPZFile(contentsOf: folder.appendingPathComponent("no.npz"))
            }
            #expect(missing.reason == .missing)
            #expect(missing.description.contains("no.npz"))
            #expect(try #require(throws: ArrayFileError.self) { try NPYFile.read(folder) }.reason == .directory)
            let text = folder.appendingPathComponent("text.npz")
            try Data("not a zip archive at all".utf8).write(to: text)
            #expect(
                try #require(throws: ArrayFileError.self) { try NPZFile(contentsOf: text) }.reason == .notAnArrayFile)
        }
    }
}
