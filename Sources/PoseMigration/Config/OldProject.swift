import PyConfig

/// The parts of a 0.x config that the translation reads, found once.
struct OldProject {
    let root: OldDict
    let model: OldDict
    let head: OldDict
    let test: OldDict
    /// Sizes and joints; the data set's own when it has one, else the file's `data_cfg`.
    let data: OldDict
    let train: [OldDict]
    let val: [OldDict]
    let testSteps: [OldDict]
    /// Whether the options that keep 0.x numbers are wanted.
    let keepsBehaviour: Bool

    var ledger: Ledger { root.ledger }

    init(_ root: OldDict, keepsBehaviour: Bool) throws {
        self.root = root
        self.keepsBehaviour = keepsBehaviour
        guard let model = root.dict("model") else {
            throw MigrationError.notPose(file: "config", reason: "has no 'model'")
        }
        self.model = model
        try OldProject.checkPortable(model)
        let empty = OldDict(values: ConfigDict(), path: "", ledger: root.ledger)
        guard let head = model.dict("keypoint_head") else {
            throw MigrationError.invalid(path: "model.keypoint_head", reason: "a pose model of 0.29 has a head")
        }
        self.head = head
        test = model.dict("test_cfg") ?? empty
        let sections = root.dict("data")
        let parts = ["train", "val", "test"].map { name -> OldDict? in
            sections?.dict(name) ?? sections?.dicts(name).first
        }
        let inner = parts.map { $0?.dict("labeled_dataset") ?? $0?.dict("dataset") ?? $0 }
        data = inner.compactMap { $0?.dict("data_cfg") }.first ?? root.dict("data_cfg") ?? empty
        func steps(_ part: OldDict?, _ fallback: String) -> [OldDict] {
            let own = part?.dicts("pipeline") ?? []
            return own.isEmpty ? root.dicts(fallback) : own
        }
        train = steps(inner[0], "train_pipeline")
        val = steps(inner[1], "val_pipeline")
        testSteps = steps(inner[2], "test_pipeline")
    }

    /// All steps of all pipelines.
    var steps: [OldDict] { train + val + testSteps }

    /// The first step of a kind.
    func step(_ type: String, in steps: [OldDict]? = nil) -> OldDict? {
        (steps ?? self.steps).first { $0.type == type }
    }

    /// Ends the migration when 1.x lacks a part of the model, or 0.29 never had it.
    private static func checkPortable(_ model: OldDict) throws {
        try check(model, "type", OldModels.all)
        if let backbone = model.dict("backbone") {
            try check(
                backbone, "type",
                OldModels.goneBackbones.merging(OldModels.backbones.map { ($0, .becomes($0)) }) { a, _ in a })
        }
        if let neck = model.dict("neck") {
            try check(
                neck, "type", OldModels.goneNecks.merging(OldModels.necks.map { ($0, .becomes($0)) }) { a, _ in a })
        }
        if let head = model.dict("keypoint_head") { try check(head, "type", OldModels.heads) }
    }

    private static func check(_ part: OldDict, _ key: String, _ table: [String: OldModels.Fate]) throws {
        let place = part.path(of: key)
        guard let type = part.string(key) else {
            throw MigrationError.invalid(path: place, reason: "names no class")
        }
        switch table[type] {
        case .becomes: return
        case .gone(let reason, let alternative):
            throw MigrationError.notPortable(path: place, name: type, reason: reason, alternative: alternative)
        case nil:
            throw MigrationError.unknownClass(
                path: place, name: type, nearest: nearestName(to: type, among: table.keys))
        }
    }
}
