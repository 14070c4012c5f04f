import PoseCore

/// The one pass over a COCO-style file that finds ids and offsets.
struct CocoScan {
    private let document: JSONDocument
    private(set) var images = CocoIndex.ImageColumns()
    private(set) var annotations = CocoIndex.AnnotationColumns()
    private(set) var categories: [JSONValue] = []
    private var hasImages = false

    init(_ document: JSONDocument) {
        self.document = document
    }

    mutating func run(_ report: (DatasetError) throws -> Void) throws {
        var scanner = document.scanner()
        guard scanner.peek() == UInt8(ascii: "{") else {
            throw scanner.expected("an object with images and annotations")
        }
        try scanner.object { key, scanner in
            if scanner.matches(key, "annotations") {
                try scanAnnotations(&scanner, report)
            } else if scanner.matches(key, "images") {
                hasImages = true
                try scanImages(&scanner, report)
            } else if scanner.matches(key, "categories"), scanner.peek() == UInt8(ascii: "[") {
                categories = try JSONValue(document, at: scanner.position).elements ?? []
                try scanner.skipValue()
            } else {
                try scanner.skipValue()
            }
        }
        guard scanner.peek() == 0, scanner.position >= scanner.count else {
            throw scanner.failure("more text after the end of the object")
        }
        guard hasImages else {
            throw DatasetError.field(path: document.path, item: .whole, field: "images", reason: .missing)
        }
    }

    private mutating func scanImages(_ scanner: inout JSONScanner, _ report: (DatasetError) throws -> Void) throws {
        try list(&scanner, "images")
        var index = 0
        try scanner.array { scanner in
            defer { index += 1 }
            guard let start = try entry(&scanner, "images", index, report) else { return }
            var id: Int?
            try scanner.object { key, scanner in
                if scanner.matches(key, "id") { id = try integer(&scanner) } else { try scanner.skipValue() }
            }
            guard let id else {
                return try reportEntry(start, "images", index, "id", report)
            }
            guard images.count < Int32.max else { throw scanner.failure("more than 2³¹ images") }
            images.positions[id] = Int32(images.count)
            images.ids.append(id)
            images.offsets.append(start)
        }
    }

    private mutating func scanAnnotations(
        _ scanner: inout JSONScanner, _ report: (DatasetError) throws -> Void
    ) throws {
        try list(&scanner, "annotations")
        // A person with 17 key points takes some 400 bytes; reserving by that spares most of the growing.
        let expected = min((scanner.count - scanner.position) / 400, 1 << 24)
        annotations.ids.reserveCapacity(expected)
        annotations.offsets.reserveCapacity(expected)
        annotations.imageIDs.reserveCapacity(expected)
        var index = 0
        try scanner.array { scanner in
            defer { index += 1 }
            guard let start = try entry(&scanner, "annotations", index, report) else { return }
            var id: Int?
            var image: Int?
            try scanner.object { key, scanner in
                if scanner.matches(key, "id") {
                    id = try integer(&scanner)
                } else if scanner.matches(key, "image_id") {
                    image = try integer(&scanner)
                } else {
                    try scanner.skipValue()
                }
            }
            guard let id else { return try reportEntry(start, "annotations", index, "id", report) }
            guard let image else { return try reportEntry(start, "annotations", index, "image_id", report) }
            guard annotations.count < Int32.max else { throw scanner.failure("more than 2³¹ annotations") }
            annotations.ids.append(id)
            annotations.offsets.append(start)
            annotations.imageIDs.append(image)
        }
    }

    /// Takes a whole number; anything else is taken too and gives nil.
    @inline(__always) private func integer(_ scanner: inout JSONScanner) throws -> Int? {
        if let number = try scanner.number() {
            switch number {
            case .integer(let value): return value
            case .real(let value): return Int(exactly: value)
            }
        }
        try scanner.skipValue()
        return nil
    }

    private func list(_ scanner: inout JSONScanner, _ name: String) throws {
        guard scanner.peek() == UInt8(ascii: "[") else {
            throw DatasetError.field(
                path: document.path, item: .whole, field: name,
                reason: .wrongType(expected: "a list", found: document.kind(at: scanner.position)))
        }
    }

    /// Where an entry begins; nil after reporting and taking one that is not an object.
    private func entry(
        _ scanner: inout JSONScanner, _ list: String, _ index: Int, _ report: (DatasetError) throws -> Void
    ) throws -> Int? {
        guard scanner.peek() != UInt8(ascii: "{") else { return scanner.position }
        guard scanner.position < scanner.count else { throw scanner.expected("an entry of \(list)") }
        let found = document.kind(at: scanner.position)
        try scanner.skipValue()
        try report(
            .field(
                path: document.path, item: .entry(of: list, index: index), field: "entry",
                reason: .wrongType(expected: "an object", found: found)))
        return nil
    }

    private func reportEntry(
        _ start: Int, _ list: String, _ index: Int, _ field: StaticString, _ report: (DatasetError) throws -> Void
    ) throws {
        let object = try JSONObject(document, at: start, item: .entry(of: list, index: index))
        guard let position = object.position(field) else { return try report(object.problem(field, .missing)) }
        let found = document.kind(at: position)
        try report(object.problem(field, .wrongType(expected: "a whole number", found: found)))
    }
}
