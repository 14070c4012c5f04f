import PyConfig
import Torch

/// Looks a config's `type` up in one of the explicit tables.
package enum Registry {
    /// Scopes that OpenMMLab configs put before a type name and whose parts are the ones of the table.
    private static let scopes = ["mmpose.", "mmdet.", "mmpretrain.", "mmcls."]

    static func build<Part>(
        _ table: [String: @Sendable (ParameterPath, Arguments) throws -> Part], at path: ParameterPath,
        _ arguments: Arguments
    ) throws -> Part {
        let type = try arguments.type()
        guard let builder = table[type] ?? table[unscoped(type)] else {
            throw ModelError.unknownType(type, at: arguments.path, known: Array(table.keys))
        }
        let part = try builder(path, arguments)
        try arguments.finish()
        return part
    }

    /// `mmdet.CSPNeXt` → `CSPNeXt`; a class object's full path → its last component.
    package static func unscoped(_ type: String) -> String {
        if let scope = scopes.first(where: type.hasPrefix), type.contains(".") {
            let rest = type.dropFirst(scope.count)
            return String(rest.split(separator: ".").last ?? rest)
        }
        return type
    }
}
