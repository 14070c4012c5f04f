import PoseCore

/// Reads the entries of a list in a mapped JSON file on all processors.
///
/// One pass finds where the entries begin; then every thread reads a share of them straight into the columns.
struct CocoFileReader {
    let document: JSONDocument
    let layout: KeypointLayout
    /// What the list holds, for messages: `annotations` or `results`.
    let list: String

    /// Where the elements of the list begin at which the scanner stands; the scanner moves past the list.
    static func offsets(_ list: String, _ scanner: inout JSONScanner, _ document: JSONDocument) throws -> [Int] {
        guard scanner.peek() == UInt8(ascii: "[") else {
            throw DatasetError.field(
                path: document.path, item: .whole, field: list,
                reason: .wrongType(expected: "a list", found: document.kind(at: scanner.position)))
        }
        var offsets: [Int] = []
        offsets.reserveCapacity((scanner.count - scanner.position) / 512)
        try scanner.array { scanner in
            _ = scanner.peek()
            offsets.append(scanner.position)
            try scanner.skipValue()
        }
        return offsets
    }

    /// How many key points the `keypoints` of an entry has.
    static func keypointCount(of offset: Int?, in document: JSONDocument) throws -> Int {
        guard let offset else { return 0 }
        let entry = try JSONObject(document, at: offset, item: .entry(of: "annotations", index: 0))
        let numbers = try entry.rawNumbers("keypoints").count
        guard numbers.isMultiple(of: 3) else {
            throw entry.problem("keypoints", .count(expected: "three numbers a keypoint", found: numbers))
        }
        return numbers / 3
    }

    /// The instances at these places.
    ///
    /// - Parameter partScores: filled with the scores of parts, by part and instance, where the file has them; NaN where not.
    ///   The last row is of all parts together.
    func instances(at offsets: [Int], partScores: inout [[Double]]) throws -> InstanceColumns {
        let shares = try Parallel.map(offsets.count, atLeast: 64) { range in
            var share = Share(layout, count: range.count)
            for index in range {
                try document.reading { try entry(index, at: offsets[index], row: index - range.lowerBound, of: &share) }
            }
            return share
        }
        var columns = InstanceColumns(keypointCount: layout.count)
        columns.reserveCapacity(offsets.count)
        partScores = Array(repeating: [], count: shares.first?.partScores.count ?? 0)
        for share in shares {
            columns.append(share.columns)
            for row in partScores.indices { partScores[row] += share.partScores[row] }
        }
        return columns
    }

    /// What one thread reads.
    private struct Share: Sendable {
        var columns: InstanceColumns
        var partScores: [[Double]]

        init(_ layout: KeypointLayout, count: Int) {
            columns = InstanceColumns(keypointCount: layout.count, count: count)
            let rows = layout.parts.count > 1 ? layout.parts.count + 1 : 0
            partScores = Array(repeating: Array(repeating: .nan, count: count), count: rows)
        }
    }

    private func entry(_ index: Int, at offset: Int, row: Int, of share: inout Share) throws {
        var scanner = document.scanner(at: offset)
        let item = DatasetError.Item.entry(of: list, index: index)
        guard scanner.peek() == UInt8(ascii: "{") else {
            throw DatasetError.field(
                path: document.path, item: item, field: "entry",
                reason: .wrongType(expected: "an object", found: document.kind(at: offset)))
        }
        var found: Fields = []
        var partsFound = 0
        try scanner.object { key, scanner in
            if let part = layout.parts.firstIndex(where: { scanner.matches(key, $0.field) }) {
                try readKeypoints(layout.parts[part], &scanner, item, row, &share.columns)
                partsFound |= 1 << part
            } else if scanner.matches(key, "image_id") {
                share.columns.images[row] = try integer(&scanner, item, "image_id")
                found.insert(.image)
            } else if scanner.matches(key, "category_id") {
                share.columns.categories[row] = try integer(&scanner, item, "category_id")
                found.insert(.category)
            } else if scanner.matches(key, "score") {
                share.columns.scores[row] = try real(&scanner, item, "score")
                found.insert(.score)
            } else if scanner.matches(key, "id") {
                share.columns.ids[row] = try integer(&scanner, item, "id")
                found.insert(.id)
            } else if scanner.matches(key, "bbox") {
                try readBox(&scanner, item, &share.columns.boxes[row])
            } else if scanner.matches(key, "area") {
                share.columns.areas[row] = try real(&scanner, item, "area")
            } else if scanner.matches(key, "iscrowd") {
                share.columns.crowdFlags[row] = try flag(&scanner)
            } else if scanner.matches(key, "num_keypoints") {
                share.columns.annotatedCounts[row] = try integer(&scanner, item, "num_keypoints")
            } else {
                try readPartScore(key, &scanner, row, &share)
            }
        }
        try check(found, partsFound, item)
    }

    private struct Fields: OptionSet {
        let rawValue: Int
        static let image = Fields(rawValue: 1)
        static let category = Fields(rawValue: 2)
        static let score = Fields(rawValue: 4)
        static let id = Fields(rawValue: 8)
    }

    private func check(_ found: Fields, _ parts: Int, _ item: DatasetError.Item) throws {
        func missing(_ field: String) -> DatasetError {
            .field(path: document.path, item: item, field: field, reason: .missing)
        }
        if !found.contains(.image) { throw missing("image_id") }
        if !found.contains(.category) { throw missing("category_id") }
        if list == "results", !found.contains(.score) { throw missing("score") }
        if list == "annotations", !found.contains(.id) { throw missing("id") }
        if let part = layout.parts.indices.first(where: { parts & 1 << $0 == 0 }) {
            throw missing("\(layout.parts[part].field)")
        }
    }

    // MARK: values

    private func integer(_ scanner: inout JSONScanner, _ item: DatasetError.Item, _ field: String) throws -> Int {
        let start = scanner.position
        switch try scanner.number() {
        case .integer(let value): return value
        case .real(let value):
            if let whole = Int(exactly: value) { return whole }
        case nil: break
        }
        throw DatasetError.field(
            path: document.path, item: item, field: field,
            reason: .wrongType(expected: "a whole number", found: document.kind(at: start + 1)))
    }

    private func real(_ scanner: inout JSONScanner, _ item: DatasetError.Item, _ field: String) throws -> Double {
        guard let value = try scanner.number()?.double else {
            throw DatasetError.field(
                path: document.path, item: item, field: field,
                reason: .wrongType(expected: "a number", found: document.kind(at: scanner.position)))
        }
        guard value.isFinite else {
            throw DatasetError.field(path: document.path, item: item, field: field, reason: .notFinite(index: 0))
        }
        return value
    }

    private func flag(_ scanner: inout JSONScanner) throws -> Bool {
        if let number = try scanner.number() { return number.double != 0 }
        let start = scanner.position
        try scanner.skipValue()
        return scanner.matches(start..<scanner.position, "true")
    }

    private func readPartScore(
        _ key: Range<Int>, _ scanner: inout JSONScanner, _ row: Int, _ share: inout Share
    ) throws {
        guard layout.parts.count > 1 else { return try scanner.skipValue() }
        var part = layout.parts.firstIndex { $0.scoreField.map { scanner.matches(key, $0) } ?? false }
        if part == nil, scanner.matches(key, "wholebody_score") { part = layout.parts.count }
        guard let part, let value = try scanner.number()?.double else { return try scanner.skipValue() }
        share.partScores[part][row] = value
    }

    private func readBox(
        _ scanner: inout JSONScanner, _ item: DatasetError.Item, _ box: inout SIMD4<Double>
    ) throws {
        var count = 0
        try scanner.array { scanner in
            let value = try real(&scanner, item, "bbox")
            if count < 4 { box[count] = value }
            count += 1
        }
        // An empty box is none, as in COCO's own tools.
        guard count == 4 || count == 0 else {
            throw DatasetError.field(
                path: document.path, item: item, field: "bbox", reason: .count(expected: "4 numbers", found: count))
        }
    }

    private func readKeypoints(
        _ part: KeypointLayout.Part, _ scanner: inout JSONScanner, _ item: DatasetError.Item, _ row: Int,
        _ columns: inout InstanceColumns
    ) throws {
        let start = (row * layout.count + part.keypoints.lowerBound) * 3
        let capacity = part.keypoints.count * 3
        func problem(_ reason: DatasetError.Reason) -> DatasetError {
            .field(path: document.path, item: item, field: "\(part.field)", reason: reason)
        }
        guard scanner.peek() == UInt8(ascii: "[") else {
            throw problem(.wrongType(expected: "a list of numbers", found: document.kind(at: scanner.position)))
        }
        var count = 0
        try scanner.array { scanner in
            guard let value = try scanner.number()?.double else {
                throw problem(.wrongType(expected: "numbers only", found: document.kind(at: scanner.position)))
            }
            // A score may be NaN, a place may not.
            guard value.isFinite || count % 3 == 2 else { throw problem(.notFinite(index: count)) }
            if count < capacity { columns.keypoints[start + count] = value }
            count += 1
        }
        guard count == capacity else {
            throw problem(.count(expected: "\(capacity) numbers (\(capacity / 3) keypoints)", found: count))
        }
    }
}
