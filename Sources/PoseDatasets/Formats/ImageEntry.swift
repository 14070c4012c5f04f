import PoseCore

/// What an annotation file says about one image.
struct ImageEntry {
    let object: JSONObject
    let id: Int
    /// Folder prefix and file name joined.
    let path: String

    init(_ object: JSONObject, id: Int, prefix: String) throws {
        self.object = object
        self.id = id
        path = PythonPath.join(prefix, try object.string("file_name"))
    }

    /// Width and height.
    ///
    /// - Throws: `DatasetError.field` when they are missing or not positive.
    func size() throws -> ImageSize {
        let size = ImageSize(width: try object.int("width"), height: try object.int("height"))
        guard size.width > 0, size.height > 0 else {
            throw object.problem("width", .other("an image of \(size.width)×\(size.height) pixels"))
        }
        return size
    }
}

/// Joining of paths as Python's `os.path.join` does it: results compare equal to MMPose's.
enum PythonPath {
    static func join(_ folder: String, _ name: String) -> String {
        if name.hasPrefix("/") || folder.isEmpty { return name }
        return folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// Up to the last slash, without it.
    static func folder(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        let folder = path[..<slash]
        return folder.isEmpty ? "/" : String(folder)
    }

    /// After the last slash.
    static func name(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }

    /// The name without its suffix.
    static func stem(_ path: String) -> String {
        let name = name(path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }
}
