import Foundation
import PoseModels
public import Torch

/// What `pose model inspect` prints.
public struct ModelInspection: Encodable {
    struct Entry: Encodable {
        let key: String
        let shape: [Int]
        let dtype: String
    }

    struct Loading: Encodable {
        struct Mismatch: Encodable {
            let key: String
            let model, checkpoint: [Int]
        }

        struct Conversion: Encodable {
            let rule: String
            /// As they are after the conversion.
            let keys: [String]
        }

        let loaded: Int
        let missing, unexpected: [String]
        let shape_mismatch: [Mismatch]
        let converted: [Conversion]
    }

    let type: String
    let parameters: Int
    let state_dict: [Entry]
    let loading: Loading?

    /// - Parameter loading: what became of a checkpoint, if one was loaded.
    public init(_ model: LoadedModel, loading report: LoadingReport?) {
        let store = model.estimator.store
        type = model.type
        parameters = store.parameterCount
        state_dict = store.entries.map {
            Entry(key: $0.name, shape: $0.parameter.shape, dtype: $0.parameter.dtype.rawValue)
        }
        loading = report.map { report in
            Loading(
                loaded: report.loaded.count, missing: report.missing,
                unexpected: report.unexpected,
                shape_mismatch: report.shapeMismatches.map {
                    Loading.Mismatch(key: $0.name, model: $0.declared, checkpoint: $0.found)
                },
                converted: report.converted.map { Loading.Conversion(rule: $0.rule, keys: $0.keys) })
        }
    }

    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
