import Foundation
import PoseCore
import PoseDatasets
import PyConfig

/// Sigmas as a command line names them.
public struct SigmaSource: Sendable {
    private let locations: ConfigLocations

    public init(locations: ConfigLocations) {
        self.locations = locations
    }

    /// Numbers with commas between, a JSON file with a list of numbers, a dataset of the zoo, or a metainfo file.
    ///
    /// - Throws: `SigmaError`, in one line.
    public func sigmas(_ text: String) throws -> [Double] {
        let fields = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if fields.count > 1 || Double(text) != nil {
            return try checked(
                fields.map { field in
                    guard let value = Double(field) else { throw SigmaError(text: "--sigmas: '\(field)' is no number") }
                    return value
                }, text)
        }
        guard text.hasSuffix(".json") else { return try sigmas(dataset: text) }
        guard let data = FileManager.default.contents(atPath: text) else {
            throw SigmaError(text: "--sigmas \(text): no such file")
        }
        guard let values = try? JSONDecoder().decode([Double].self, from: data) else {
            throw SigmaError(text: "--sigmas \(text): not a JSON list of numbers")
        }
        return try checked(values, text)
    }

    /// The sigmas of a definition: the name of one of the zoo's, or a file.
    public func sigmas(dataset name: String) throws -> [Double] {
        let file = name.hasSuffix(".py") ? name : "configs/_base_/datasets/\(name).py"
        let folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
        let skeleton = try DatasetMetainfo(zooFolders: locations.zooFolders).skeleton(
            file: file, config: folder.appendingPathComponent("config.py"))
        guard !skeleton.sigmas.isEmpty else {
            throw SigmaError(text: "the dataset \(name) has no sigmas; give --sigmas")
        }
        return skeleton.sigmas
    }

    private func checked(_ values: [Double], _ text: String) throws -> [Double] {
        guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw SigmaError(text: "--sigmas \(text): sigmas are numbers above zero")
        }
        return values
    }
}

/// Sigmas that cannot be used.
public struct SigmaError: Error, Sendable, CustomStringConvertible {
    let text: String

    public var description: String { text }
}
