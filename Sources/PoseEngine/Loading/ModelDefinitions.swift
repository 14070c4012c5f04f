import Foundation
import PoseDatasets
import PyConfig

/// Reads the keypoint definitions that parts of a model name by file, such as a loss that needs the keypoints' sigmas: the
/// part gets the definition in the file's place.
struct ModelDefinitions {
    let metainfo: DatasetMetainfo
    /// Where the config was read.
    let url: URL

    /// - Throws: `ConfigError` when a file is missing or does not parse.
    func resolved(_ model: ConfigDict) throws -> ConfigDict {
        var result = model
        for (key, value) in model {
            guard let name = key.stringValue else { continue }
            if name == "metainfo", let file = value.stringValue {
                result[name] = .dict(try metainfo.definition(file: file, config: url))
            } else {
                result[name] = try resolved(value)
            }
        }
        return result
    }

    private func resolved(_ value: ConfigValue) throws -> ConfigValue {
        switch value {
        case .dict(let dictionary): .dict(try resolved(dictionary))
        case .list(let values): .list(try values.map(resolved))
        case .tuple(let values): .tuple(try values.map(resolved))
        default: value
        }
    }
}
