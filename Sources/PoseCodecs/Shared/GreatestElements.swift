/// The greatest of many numbers in the order of `torch.topk` on the CPU, also among equal ones.
///
/// PyTorch leaves their order to the C++ library: `std::partial_sort` when few of many are asked for, else
/// `std::nth_element` and `std::sort`. These are libstdc++'s, step by step (introselect and introsort, Musser 1997).
/// What is no number counts as greatest.
struct GreatestElements {
    typealias Element = (value: Float, index: Int)

    private var items: [Element]

    /// Places of the greatest values, the greatest first.
    static func indices(of values: [Float], count: Int) -> [Int] {
        let count = min(max(count, 0), values.count)
        guard count > 0 else { return [] }
        var ranking = GreatestElements(items: values.enumerated().map { ($0.element, $0.offset) })
        if count * 64 <= values.count {
            ranking.partiallySort(0..<values.count, count: count)
        } else {
            ranking.select(count - 1)
            ranking.sort(0..<count - 1)
        }
        return ranking.items[..<count].map(\.index)
    }

    private func precedes(_ first: Element, _ second: Element) -> Bool {
        (first.value.isNaN && !second.value.isNaN) || first.value > second.value
    }

    // MARK: heaps

    private mutating func partiallySort(_ range: Range<Int>, count: Int) {
        collect(range, count: count)
        for end in (range.lowerBound + 1..<range.lowerBound + max(count, 1)).reversed() {
            let last = items[end]
            items[end] = items[range.lowerBound]
            sift(last, from: 0, at: range.lowerBound, count: end - range.lowerBound)
        }
    }

    /// Brings the greatest of a range to its front, as a heap with the least of them first.
    private mutating func collect(_ range: Range<Int>, count: Int) {
        let start = range.lowerBound
        for parent in (0..<max(count / 2, 0)).reversed() {
            sift(items[start + parent], from: parent, at: start, count: count)
        }
        for place in start + count..<range.upperBound where precedes(items[place], items[start]) {
            let value = items[place]
            items[place] = items[start]
            sift(value, from: 0, at: start, count: count)
        }
    }

    /// Fills a hole of a heap: lets it sink to a leaf, then the value rise from there.
    private mutating func sift(_ value: Element, from top: Int, at start: Int, count: Int) {
        var hole = top
        while hole < (count - 1) / 2 {
            var child = 2 * (hole + 1)
            if precedes(items[start + child], items[start + child - 1]) { child -= 1 }
            items[start + hole] = items[start + child]
            hole = child
        }
        if count % 2 == 0, hole == (count - 2) / 2 {
            items[start + hole] = items[start + 2 * hole + 1]
            hole = 2 * hole + 1
        }
        while hole > top, precedes(items[start + (hole - 1) / 2], value) {
            items[start + hole] = items[start + (hole - 1) / 2]
            hole = (hole - 1) / 2
        }
        items[start + hole] = value
    }

    // MARK: partitions

    private static func depth(_ count: Int) -> Int { 2 * (Int.bitWidth - 1 - max(count, 1).leadingZeroBitCount) }

    private mutating func select(_ place: Int) {
        var range = 0..<items.count
        var depth = Self.depth(range.count)
        while range.count > 3 {
            guard depth > 0 else {
                collect(range, count: place + 1 - range.lowerBound)
                items.swapAt(range.lowerBound, place)
                return
            }
            depth -= 1
            let cut = partition(range)
            range = cut <= place ? cut..<range.upperBound : range.lowerBound..<cut
        }
        insertionSort(range)
    }

    private mutating func sort(_ range: Range<Int>) {
        sortRoughly(range, depth: Self.depth(range.count))
        insertionSort(range)
    }

    /// Until no part that is still in disorder has more than 16 elements.
    private mutating func sortRoughly(_ whole: Range<Int>, depth: Int) {
        var (range, depth) = (whole, depth)
        while range.count > 16 {
            guard depth > 0 else { return partiallySort(range, count: range.count) }
            depth -= 1
            let cut = partition(range)
            sortRoughly(cut..<range.upperBound, depth: depth)
            range = range.lowerBound..<cut
        }
    }

    /// About the median of three, which goes first. What is before the cut does not come after what is behind it.
    private mutating func partition(_ range: Range<Int>) -> Int {
        let start = range.lowerBound
        let (a, b, c) = (start + 1, start + range.count / 2, range.upperBound - 1)
        let median =
            precedes(items[a], items[b])
            ? (precedes(items[b], items[c]) ? b : precedes(items[a], items[c]) ? c : a)
            : (precedes(items[a], items[c]) ? a : precedes(items[b], items[c]) ? c : b)
        items.swapAt(start, median)
        var (low, high) = (start + 1, range.upperBound)
        while true {
            while precedes(items[low], items[start]) { low += 1 }
            high -= 1
            while precedes(items[start], items[high]) { high -= 1 }
            guard low < high else { return low }
            items.swapAt(low, high)
            low += 1
        }
    }

    private mutating func insertionSort(_ range: Range<Int>) {
        for place in range.dropFirst() {
            let value = items[place]
            var hole = place
            while hole > range.lowerBound, precedes(value, items[hole - 1]) {
                items[hole] = items[hole - 1]
                hole -= 1
            }
            items[hole] = value
        }
    }
}
