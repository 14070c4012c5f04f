import PoseCore

/// Looks through one annotation after another.
struct AnnotationCheck {
    let path: String
    let format: AnnotationFormat
    let categories: Set<Int>?
    let keypointCount: Int?
    /// Image, box and key points of the annotations so far, hashed, to find one that was written twice.
    private var seen = Set<Int>()
    /// Ids of the annotations without an area, and whether others have one.
    private var withoutArea: [Int] = []
    private var knowsAreas = false

    init(path: String, format: AnnotationFormat, categories: Set<Int>?, keypointCount: Int?) {
        self.path = path
        self.format = format
        self.categories = categories
        self.keypointCount = keypointCount
    }

    /// An annotation under examination.
    private struct Subject {
        let annotation: JSONObject
        let id: Int
        let imageID: Int
        let size: ImageSize?
    }

    mutating func run(_ annotation: JSONObject, imageID: Int, size: ImageSize?, _ report: inout DoctorReport) {
        guard case .annotation(let id) = annotation.item else { return }
        let subject = Subject(annotation: annotation, id: id, imageID: imageID, size: size)
        // Annotations without key points are boxes only: fine, and left out of training.
        if format.skipsUnannotated, !annotation.has("keypoints") || !annotation.has("bbox") {
            if annotation.has("keypoints") || annotation.has("bbox") { checkMissing(subject, &report) }
            return
        }
        checkCategory(subject, &report)
        checkCrowd(subject, &report)
        let box = attempt(&report) { try checkBox(subject, &$0) } ?? nil
        attempt(&report) { try checkArea(subject, box, &$0) }
        if let points = attempt(&report, { _ in try keypoints(subject) }) ?? nil {
            checkKeypoints(subject, points, box, &report)
            checkRepetition(subject, points, box, &report)
        }
    }

    /// Runs a check; an error that it throws becomes a finding.
    @discardableResult
    private func attempt<R>(_ report: inout DoctorReport, _ body: (inout DoctorReport) throws -> R) -> R? {
        do {
            return try body(&report)
        } catch {
            let problem = error as? DatasetError ?? .file(path: path, reason: String(describing: error))
            report.add(Finding(problem, file: path))
            return nil
        }
    }

    private func add(
        _ kind: Finding.Kind, severity: Finding.Severity = .error, _ subject: Subject, _ field: String,
        _ problem: String, _ remedy: String, _ report: inout DoctorReport
    ) {
        report.add(
            Finding(
                kind, severity, file: path, annotation: subject.id, image: subject.imageID, field: field,
                problem: problem, remedy: remedy))
    }

    private func checkMissing(_ subject: Subject, _ report: inout DoctorReport) {
        let field = subject.annotation.has("bbox") ? "keypoints" : "bbox"
        add(
            .missingField, severity: .warning, subject, field, "is missing, so the annotation is left out",
            "add it, or remove the annotation", &report)
    }

    private func checkCategory(_ subject: Subject, _ report: inout DoctorReport) {
        guard let categories, let id = try? subject.annotation.int("category_id"), !categories.contains(id) else {
            if format.needsCategory, format.hasCategory, !subject.annotation.has("category_id") {
                add(.missingField, subject, "category_id", "is missing", "add the field to the entry", &report)
            }
            return
        }
        add(
            .unknownCategory, subject, "category_id", "the file has no category \(id)",
            "add it to categories, or correct it", &report)
    }

    private func checkCrowd(_ subject: Subject, _ report: inout DoctorReport) {
        guard subject.annotation.hasValue("iscrowd") else {
            if format.needsCrowdFlag {
                add(.missingField, subject, "iscrowd", "is missing", "add the field to the entry", &report)
            }
            return
        }
        let value = try? subject.annotation.int("iscrowd")
        guard value != 0, value != 1 else { return }
        add(.crowdFlag, subject, "iscrowd", "is neither 0 nor 1", "write 1 for a crowd, 0 otherwise", &report)
    }

    // MARK: box and area

    private func checkBox(_ subject: Subject, _ report: inout DoctorReport) throws -> Box? {
        let name: StaticString
        switch format.box {
        case .clipped(let field, _), .plain(let field): name = field
        case .fixed, .centerScale: return nil
        }
        if let validity = format.validity, !subject.annotation.flag(validity) { return nil }
        let values = try subject.annotation.numbers(name, count: 4)
        let box = Box(x: values[0], y: values[1], width: values[2], height: values[3])
        guard box.width > 0, box.height > 0 else {
            add(
                .boxSize, subject, name.description, "has width \(values[2]) and height \(values[3])",
                "write x, y, width, height, both sizes positive", &report)
            return nil
        }
        guard let size = subject.size else { return box }
        // Annotation tools round outwards: a pixel beyond the border is no mistake.
        let margin = 2.0
        let extent = Box(x: 0, y: 0, width: Double(size.width), height: Double(size.height))
        if box.intersection(extent) == nil {
            add(
                .boxOutside, subject, name.description, "\(values) lies outside the \(size.width)×\(size.height) image",
                "correct the box; coordinates are pixels", &report)
        } else if box.x1 < -margin || box.y1 < -margin || box.x2 > extent.x2 + margin || box.y2 > extent.y2 + margin {
            add(
                .boxOutside, severity: .warning, subject, name.description,
                "\(values) reaches beyond the \(size.width)×\(size.height) image",
                "check that it is x, y, width, height",
                &report)
        }
        return box
    }

    private mutating func checkArea(_ subject: Subject, _ box: Box?, _ report: inout DoctorReport) throws {
        guard case .annotatedOrBox = format.area else { return }
        guard subject.annotation.has("area") else {
            withoutArea.append(subject.id)
            return
        }
        knowsAreas = true
        let area = try subject.annotation.double("area")
        if area <= 0 {
            add(.area, subject, "area", "is \(area)", "write the instance's area in pixels, or leave it out", &report)
        } else if let size = subject.size, area > 1.05 * Double(size.width) * Double(size.height) {
            add(
                .area, severity: .warning, subject, "area", "\(area) is more than the whole image has",
                "write the instance's area in pixels", &report)
        }
    }

    /// After the last annotation: those that lack an area where others have one. A file without any is no fault.
    func finish(_ report: inout DoctorReport) {
        guard knowsAreas else { return }
        for id in withoutArea {
            report.add(
                Finding(
                    .area, .warning, file: path, annotation: id, field: "area",
                    problem: "is missing; 0.53 of its box stands in for it, which shifts OKS",
                    remedy: "write the instance's area in pixels, as the other annotations do"))
        }
    }

    // MARK: key points

    private func keypoints(_ subject: Subject) throws -> [Double]? {
        if let validity = format.validity, !subject.annotation.flag(validity) { return nil }
        var triplets: [Double] = []
        for name in format.keypoints { triplets += try subject.annotation.numbers(name) }
        let expected = keypointCount.map { 3 * $0 } ?? triplets.count
        guard triplets.count == expected, triplets.count % 3 == 0 else {
            throw subject.annotation.problem(
                format.keypoints[0],
                .count(
                    expected: keypointCount.map { "\($0) key points of x, y, visibility" }
                        ?? "triplets of x, y, visibility",
                    found: triplets.count))
        }
        return triplets
    }

    private func checkKeypoints(_ subject: Subject, _ points: [Double], _ box: Box?, _ report: inout DoctorReport) {
        let field = format.keypoints[0].description
        var labelled = 0
        var inside = 0
        // Scores in place of flags are common in pseudo-labels of whole bodies.
        let allowsFractions = format.keypoints.count > 1 || format.validity != nil
        for index in 0..<points.count / 3 {
            let (x, y, flag) = (points[3 * index], points[3 * index + 1], points[3 * index + 2])
            if ![0, 1, 2].contains(flag), !(allowsFractions && (0...2).contains(flag)) {
                add(
                    .visibility, severity: .warning, subject, "\(field)[\(3 * index + 2)]",
                    "visibility of key point \(index) is \(flag)",
                    "write 0 (not annotated), 1 (hidden) or 2 (visible)", &report)
            }
            guard flag > 0 else { continue }
            labelled += 1
            if x == 0, y == 0 {
                add(
                    .keypointAtOrigin, severity: .warning, subject, "\(field)[\(3 * index)]",
                    "key point \(index) is annotated at (0, 0)", "set its visibility to 0 if it is not annotated",
                    &report)
            } else if let size = subject.size, !Self.isInside(x, y, size) {
                add(
                    .keypointOutside, severity: .warning, subject, "\(field)[\(3 * index)]",
                    "key point \(index) at (\(x), \(y)) is outside the \(size.width)×\(size.height) image",
                    "correct it, or set its visibility to 0", &report)
            }
            if let box, box.scaled(by: 1.5).contains(x, y) { inside += 1 }
        }
        if box != nil, labelled > 1, inside == 0 {
            add(
                .keypointsOffBox, subject, field, "no annotated key point is near the box",
                "box and key points seem to belong to different instances", &report)
        }
        checkCount(subject, labelled, &report)
    }

    private static func isInside(_ x: Double, _ y: Double, _ size: ImageSize) -> Bool {
        x >= -1 && y >= -1 && x <= Double(size.width) + 1 && y <= Double(size.height) + 1
    }

    private func checkCount(_ subject: Subject, _ labelled: Int, _ report: inout DoctorReport) {
        // Of several lists `num_keypoints` counts the body's only.
        guard format.keypoints.count == 1, format.validity == nil, case .annotatedOrCounted = format.count,
            subject.annotation.has("num_keypoints")
        else { return }
        guard let count = try? subject.annotation.int("num_keypoints") else {
            return add(
                .wrongType, subject, "num_keypoints", "is not a whole number", "make it a whole number", &report)
        }
        if count == 0, labelled > 0 {
            add(
                .numKeypoints, subject, "num_keypoints", "is 0 though \(labelled) key points are annotated: never used",
                "write \(labelled)", &report)
        } else if count != labelled, count != 0 || labelled != 0 {
            add(
                .numKeypoints, severity: .warning, subject, "num_keypoints",
                "is \(count), but \(labelled) are annotated",
                "write \(labelled)", &report)
        }
    }

    private mutating func checkRepetition(
        _ subject: Subject, _ points: [Double], _ box: Box?, _ report: inout DoctorReport
    ) {
        guard points.contains(where: { $0 != 0 }) else { return }
        var hasher = Hasher()
        hasher.combine(subject.imageID)
        hasher.combine(points)
        hasher.combine(box)
        guard !seen.insert(hasher.finalize()).inserted else { return }
        add(
            .duplicateAnnotation, severity: .warning, subject, "keypoints",
            "box and key points of another annotation of this image",
            "remove one of them", &report)
    }
}

extension Box {
    fileprivate func contains(_ x: Double, _ y: Double) -> Bool { x >= x1 && x <= x2 && y >= y1 && y <= y2 }
}
