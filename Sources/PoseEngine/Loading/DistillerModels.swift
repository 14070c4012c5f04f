import Foundation
import PyConfig

/// Distillers name the configs of their teacher and their student; here the models of those configs take their place.
enum DistillerModels {
    private static let places = ["teacher_cfg", "student_cfg"]

    /// `model` with the models of the configs it names.
    ///
    /// - Parameter config: where `model` is from, for messages.
    /// - Throws: `ConfigError` when such a config cannot be read or has no model.
    static func resolved(_ model: ConfigDict, locations: ConfigLocations, config: URL) throws -> ConfigDict {
        var model = model
        for place in places {
            guard let path = model[place]?.stringValue else { continue }
            let url = location(of: path, locations)
            guard FileManager.default.fileExists(atPath: url.path) else {
                throw ConfigError.file(
                    path: config.path, reason: "model.\(place) names \(path), which is neither here nor in the zoo")
            }
            guard let inner = try locations.load(url).root["model"]?.dictValue else {
                throw ConfigError.file(path: url.path, reason: "defines no model for \(config.path)")
            }
            model[place] = .dict(inner)
        }
        return model
    }

    /// A path from the current folder; or, as MMPose's own configs have it, from the folder above the zoo's `configs`.
    private static func location(of path: String, _ locations: ConfigLocations) -> URL {
        let direct = locations.url(of: path)
        let prefix = "configs/"
        guard !FileManager.default.fileExists(atPath: direct.path), path.hasPrefix(prefix) else { return direct }
        return locations.url(of: String(path.dropFirst(prefix.count)))
    }
}
