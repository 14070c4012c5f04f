import PoseCore
import Testing

/// Shapes, indices and reorderings behave as NumPy's.
struct NDArrayTests {
    private let array = NDArray(Array(0..<24))

    @Test func indexesRowMajor() throws {
        var cube = try array.reshaped([2, 3, 4])
        #expect(cube[1, 2, 3] == 23)
        #expect(cube[1, 0, 1] == 13)
        #expect(cube.strides == [12, 4, 1])
        cube[0, 1, 0] = 99
        #expect(cube.elements[4] == 99)
        #expect(cube.slice(1).elements == Array(12..<24))
    }

    @Test func transposesAsNumPy() throws {
        let turned = try array.reshaped([2, 3, 4]).transposed([2, 0, 1])
        #expect(turned.shape == [4, 2, 3])
        for i in 0..<4 { for j in 0..<2 { for k in 0..<3 { #expect(turned[i, j, k] == j * 12 + k * 4 + i) } } }
        #expect(try NDArray([7], shape: []).transposed([]).elements == [7])
    }

    @Test func refusesShapesThatDoNotFit() throws {
        #expect(throws: NDArrayError.self) { try array.reshaped([5, 5]) }
        #expect(throws: NDArrayError.self) { try array.reshaped([-1, 7]) }
        #expect(throws: NDArrayError.self) { try array.reshaped([-1, 0]) }
        #expect(throws: NDArrayError.self) { try array.transposed([0, 0]) }
        #expect(throws: NDArrayError.self) { try NDArray([1, 2], shape: [.max, .max]) }
        #expect(throws: NDArrayError.self) { try NDArray(repeating: 0, shape: [-1]) }
        #expect(try array.reshaped([-1, 6]).shape == [4, 6])
    }

    @Test func stacks() throws {
        let stacked = try NDArray<Int>.stack([NDArray([1, 2]), NDArray([3, 4])])
        #expect(stacked.shape == [2, 2])
        #expect(stacked.elements == [1, 2, 3, 4])
        #expect(throws: NDArrayError.self) { try NDArray<Int>.stack([NDArray([1]), NDArray([1, 2])]) }
        #expect(throws: NDArrayError.self) { try NDArray<Int>.stack([]) }
    }
}
