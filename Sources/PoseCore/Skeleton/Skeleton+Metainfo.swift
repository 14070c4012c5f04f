public import PyConfig

extension Skeleton {
    /// From a definition in MMPose's `dataset_info` format: `dataset_name`, `keypoint_info` {id: {name, color, type, swap}},
    /// `skeleton_info` {id: {link, color}}, `joint_weights`, `sigmas`, `stats_info`.
    ///
    /// As in MMPose the key of an entry is its id; an `id` field inside is ignored.
    ///
    /// - Parameter path: what field names in errors begin with.
    /// - Throws: `SkeletonError` naming the field: absent or of the wrong type, unknown or repeated keypoint names, gaps in
    ///   the ids, a number of sigmas that is neither zero nor that of the keypoints.
    public init(metainfo: ConfigDict, at path: String = "dataset_info") throws {
        let reader = MetainfoReader(dictionary: metainfo, path: path)
        let definitions = try reader.child("keypoint_info").numberedEntries()
        let names = try Self.names(definitions)
        var remarks: [String] = []
        let joints = try definitions.map { try Self.joint($0, names: names) }
        for (index, joint) in joints.enumerated() {
            if let swap = joint.swap, joints[swap].swap != index {
                remarks.append(
                    "'\(joint.name)' becomes '\(joints[swap].name)' in the mirror, which does not become it in turn")
            }
        }
        let links = try reader.child("skeleton_info").entries().map { try Self.link($0, names: names) }
        let weights = try reader.numbers("joint_weights")
        if weights.count != joints.count {
            remarks.append("joint_weights has \(weights.count) values for \(joints.count) keypoints")
        }
        let sigmas = try reader.numbers("sigmas")
        guard sigmas.isEmpty || sigmas.count == joints.count else {
            throw SkeletonError.wrongCount(field: reader.path("sigmas"), expected: joints.count, found: sigmas.count)
        }
        var statistics: [String: [Double]] = [:]
        if metainfo["stats_info"].map(\.isNone) == false {
            let stats = try reader.child("stats_info")
            for (key, value) in stats.dictionary {
                guard let name = key.stringValue else { continue }
                statistics[name] = try value.doubleValue.map { [$0] } ?? stats.numbers(name)
            }
        }
        self.init(
            name: try reader.string("dataset_name"), joints: joints, links: links, sigmas: sigmas,
            jointWeights: weights,
            statistics: statistics, remarks: remarks)
    }

    private static func names(_ definitions: [MetainfoReader]) throws -> [String: Int] {
        var names: [String: Int] = [:]
        for (index, definition) in definitions.enumerated() {
            let name = try definition.string("name")
            if let first = names.updateValue(index, forKey: name) {
                throw SkeletonError.duplicateName(
                    field: definition.path("name"), name: name, first: definitions[first].path("name"))
            }
        }
        return names
    }

    private static func joint(_ definition: MetainfoReader, names: [String: Int]) throws -> Joint {
        let name = try definition.string("name")
        var joint = Joint(name: name, color: try definition.color() ?? defaultJointColor)
        joint.part = BodyPart(rawValue: try definition.optionalString("type") ?? "")
        if let swap = try definition.optionalString("swap"), !swap.isEmpty, swap != name {
            joint.swap = try resolve(swap, names, field: definition.path("swap"))
        }
        return joint
    }

    private static func link(_ definition: MetainfoReader, names: [String: Int]) throws -> Link {
        let field = definition.path("link")
        guard let value = definition.dictionary["link"] else { throw SkeletonError.missing(field: field) }
        guard let ends = value.arrayValue?.compactMap(\.stringValue), ends.count == 2, value.arrayValue?.count == 2
        else {
            throw SkeletonError.wrongType(field: field, expected: "two keypoint names", found: value.python)
        }
        return Link(
            start: try resolve(ends[0], names, field: field), end: try resolve(ends[1], names, field: field),
            color: try definition.color() ?? defaultLinkColor)
    }

    private static func resolve(_ name: String, _ names: [String: Int], field: String) throws -> Int {
        guard let index = names[name] else {
            throw SkeletonError.unknownName(field: field, name: name, nearest: nearestName(to: name, among: names.keys))
        }
        return index
    }
}

/// A dictionary of the definition together with its path.
private struct MetainfoReader {
    let dictionary: ConfigDict
    let path: String

    func path(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func required(_ name: String) throws -> ConfigValue {
        guard let value = dictionary[name] else { throw SkeletonError.missing(field: path(name)) }
        return value
    }

    func string(_ name: String) throws -> String {
        let value = try required(name)
        guard let text = value.stringValue else { throw wrongType(name, "a string", value) }
        return text
    }

    func optionalString(_ name: String) throws -> String? {
        guard let value = dictionary[name], !value.isNone else { return nil }
        return try string(name)
    }

    func numbers(_ name: String) throws -> [Double] {
        let value = try required(name)
        guard let list = value.arrayValue else { throw wrongType(name, "a list of numbers", value) }
        return try list.map { element in
            guard let number = element.doubleValue, number.isFinite else { throw wrongType(name, "numbers", element) }
            return number
        }
    }

    func child(_ name: String) throws -> MetainfoReader {
        let value = try required(name)
        guard let dictionary = value.dictValue else { throw wrongType(name, "a dictionary", value) }
        return MetainfoReader(dictionary: dictionary, path: path(name))
    }

    /// The dictionaries inside, in their order.
    func entries() throws -> [MetainfoReader] {
        try dictionary.map { key, value in
            let name = key.stringValue ?? key.value.python
            guard let entry = value.dictValue else { throw wrongType(name, "a dictionary", value) }
            return MetainfoReader(dictionary: entry, path: path(name))
        }
    }

    /// The same, in the order of their integer keys, which must be 0, 1, 2 …
    func numberedEntries() throws -> [MetainfoReader] {
        let entries = try entries()
        var ordered = [MetainfoReader?](repeating: nil, count: entries.count)
        for (key, entry) in zip(dictionary.keys, entries) {
            // A definition that went through JSON has its numbers as strings.
            guard let index = key.value.intValue ?? key.stringValue.flatMap(Int.init), entries.indices.contains(index)
            else {
                throw SkeletonError.unknownIndex(field: path, index: key.value.python, count: entries.count)
            }
            ordered[index] = entry
        }
        guard !entries.isEmpty else { throw SkeletonError.missing(field: path("0")) }
        return try ordered.enumerated().map { index, entry in
            guard let entry else { throw SkeletonError.missing(field: path("\(index)")) }
            return entry
        }
    }

    func color() throws -> Color? {
        guard let value = dictionary["color"], !value.isNone else { return nil }
        guard let numbers = value.arrayValue?.compactMap(\.doubleValue), numbers.count == 3,
            value.arrayValue?.count == 3,
            numbers.allSatisfy({ (0...255).contains($0) })
        else { throw wrongType("color", "three numbers from 0 to 255", value) }
        return Color(red: numbers[0], green: numbers[1], blue: numbers[2])
    }

    private func wrongType(_ name: String, _ expected: String, _ value: ConfigValue) -> SkeletonError {
        .wrongType(field: path(name), expected: expected, found: value.python)
    }
}
