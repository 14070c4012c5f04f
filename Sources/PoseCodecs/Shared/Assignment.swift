/// Which column each row gets so that the sum of costs is least (Hungarian method, Kuhn 1955, Munkres 1957).
///
/// Among equally cheap assignments the choice is that of the Python package `munkres` 1.1, which MMPose uses; costs with
/// rounded distances are full of such ties.
struct Assignment {
    private let size: Int
    private var cost: [Double]
    private var rowCovered, columnCovered: [Bool]
    /// Column of the starred zero of a row, row of that of a column, column of the primed zero of a row; −1 for none.
    private var starOfRow, starOfColumn, primeOfRow: [Int]

    /// The column of every row; −1 for rows left over when there are more rows than columns.
    ///
    /// - Parameter costs: finite, as many in every row.
    static func solve(_ costs: [[Double]]) -> [Int] {
        let columns = costs.first?.count ?? 0
        var state = Assignment(costs, size: max(costs.count, columns))
        state.reduceRows()
        state.starZeros()
        while !state.coverStarredColumns() {
            state.augment(from: state.primeUntilFree())
        }
        return costs.indices.map { state.starOfRow[$0] < columns ? state.starOfRow[$0] : -1 }
    }

    /// A square matrix, filled up with zeros.
    private init(_ costs: [[Double]], size: Int) {
        self.size = size
        cost = [Double](repeating: 0, count: size * size)
        for (row, values) in costs.enumerated() {
            for (column, value) in values.enumerated() { cost[row * size + column] = value }
        }
        rowCovered = Array(repeating: false, count: size)
        columnCovered = rowCovered
        starOfRow = Array(repeating: -1, count: size)
        starOfColumn = starOfRow
        primeOfRow = starOfRow
    }

    private mutating func reduceRows() {
        for row in 0..<size {
            let values = row * size..<(row + 1) * size
            let least = cost[values].min() ?? 0
            for index in values { cost[index] -= least }
        }
    }

    private mutating func starZeros() {
        for row in 0..<size {
            let free = (0..<size).first { cost[row * size + $0] == 0 && starOfColumn[$0] < 0 }
            if let free {
                starOfRow[row] = free
                starOfColumn[free] = row
            }
        }
    }

    /// True when every column has its star.
    private mutating func coverStarredColumns() -> Bool {
        for column in 0..<size { columnCovered[column] = starOfColumn[column] >= 0 }
        return columnCovered.allSatisfy { $0 }
    }

    /// Primes uncovered zeros until one is in a row without a star.
    private mutating func primeUntilFree() -> (row: Int, column: Int) {
        // The search goes on, around the matrix, from where the last one ended.
        var from = (row: 0, column: 0)
        while true {
            guard let zero = uncoveredZero(from: from) else {
                lowerUncovered()
                from = (0, 0)
                continue
            }
            primeOfRow[zero.row] = zero.column
            let star = starOfRow[zero.row]
            if star < 0 { return zero }
            rowCovered[zero.row] = true
            columnCovered[star] = false
            from = (zero.row, star)
        }
    }

    /// In the first row with an uncovered zero its last one, both counted around from a place.
    private func uncoveredZero(from place: (row: Int, column: Int)) -> (row: Int, column: Int)? {
        for step in 0..<size {
            let row = (place.row + step) % size
            if rowCovered[row] { continue }
            for back in 1...size {
                let column = (place.column + size - back) % size
                if !columnCovered[column], cost[row * size + column] == 0 { return (row, column) }
            }
        }
        return nil
    }

    /// Makes another uncovered zero: the least uncovered cost is taken from uncovered columns and added to covered rows.
    private mutating func lowerUncovered() {
        var least = Double.infinity
        for row in 0..<size where !rowCovered[row] {
            for column in 0..<size where !columnCovered[column] { least = min(least, cost[row * size + column]) }
        }
        for row in 0..<size {
            for column in 0..<size {
                if rowCovered[row] { cost[row * size + column] += least }
                if !columnCovered[column] { cost[row * size + column] -= least }
            }
        }
    }

    /// Turns primes into stars along the path of alternating stars and primes that ends at a zero.
    private mutating func augment(from zero: (row: Int, column: Int)) {
        var (row, column) = zero
        while true {
            let next = starOfColumn[column]
            starOfRow[row] = column
            starOfColumn[column] = row
            if next < 0 { break }
            row = next
            column = primeOfRow[row]
        }
        for index in 0..<size {
            rowCovered[index] = false
            primeOfRow[index] = -1
        }
    }
}
