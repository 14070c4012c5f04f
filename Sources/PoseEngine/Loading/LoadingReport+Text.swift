public import Torch

extension LoadingReport {
    /// Whether every parameter got its value and no tensor was left over.
    public var fitsExactly: Bool { isComplete && unexpected.isEmpty }

    /// One line for each thing worth knowing of a checkpoint that was accepted.
    public var notes: [String] {
        converted.map { "\($0.rule): \($0.keys.count) keys converted" } + (fitsExactly ? [] : [summary])
    }

    /// Counts in one line.
    public var summary: String {
        "\(loaded.count) loaded, \(missing.count) missing, \(unexpected.count) unexpected, "
            + "\(shapeMismatches.count) of another shape"
    }

    /// The keys, a few of each kind.
    public var details: String {
        let mismatches = shapeMismatches.map { "\($0.name) (model \($0.declared), checkpoint \($0.found))" }
        return [("missing", missing), ("unexpected", unexpected), ("other shape", mismatches)]
            .filter { !$0.1.isEmpty }
            .map { kind, keys in
                let shown = keys.prefix(8).joined(separator: ", ")
                return "  \(kind): \(shown)\(keys.count > 8 ? " … and \(keys.count - 8) more" : "")"
            }
            .joined(separator: "\n")
    }
}
