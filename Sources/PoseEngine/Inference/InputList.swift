public import Foundation

/// One image to run on.
public struct InferenceInput: Sendable, Hashable {
    /// Where the file is.
    public let url: URL
    /// Path without suffix, relative to the argument that named it: results of two folders do not overwrite each other.
    public let name: String
}

/// The inputs that command-line arguments mean: files, folders and glob patterns.
public struct InputList: Sendable {
    /// The images, in the order of the arguments and by name within a folder.
    public private(set) var inputs: [InferenceInput] = []
    /// Arguments that mean no image, with the reason.
    public private(set) var problems: [String] = []

    /// Suffixes taken from folders. A file named outright is tried whatever its suffix.
    public static let imageSuffixes: Set<String> = [
        "jpg", "jpeg", "jpe", "png", "bmp", "dib", "tif", "tiff", "webp", "ppm", "pgm", "pbm", "jp2",
    ]

    public init(_ arguments: [String]) {
        for argument in arguments { add(argument) }
        makeNamesUnique()
    }

    private mutating func add(_ argument: String) {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) {
            let url = URL(fileURLWithPath: argument)
            if isFolder.boolValue {
                addFolder(url)
            } else {
                inputs.append(InferenceInput(url: url, name: Self.stem(url.lastPathComponent)))
            }
        } else if argument.contains(where: { "*?[".contains($0) }) {
            addPattern(argument)
        } else {
            problems.append("\(argument): no such file or folder")
        }
    }

    private mutating func addFolder(_ folder: URL) {
        let before = inputs.count
        let base = folder.standardizedFileURL.path
        let files = FileManager.default.enumerator(
            at: folder, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        let images = (files?.compactMap { $0 as? URL } ?? [])
            .filter { Self.imageSuffixes.contains($0.pathExtension.lowercased()) }
            .sorted { $0.path < $1.path }
        for image in images {
            let path = image.standardizedFileURL.path
            let relative = path.hasPrefix(base + "/") ? String(path.dropFirst(base.count + 1)) : image.lastPathComponent
            inputs.append(InferenceInput(url: image, name: Self.stem(relative)))
        }
        if inputs.count == before { problems.append("\(folder.path): no image in this folder") }
    }

    private mutating func addPattern(_ pattern: String) {
        let matches = Glob.expand(pattern)
        if matches.isEmpty { problems.append("\(pattern): nothing matches this pattern") }
        for match in matches {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: match, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            let url = URL(fileURLWithPath: match)
            inputs.append(InferenceInput(url: url, name: Self.stem(url.lastPathComponent)))
        }
    }

    /// Inputs with the same name keep as many of their folders as it takes to tell them apart; a photo named in two
    /// formats keeps its suffix; the same file named twice is taken once.
    private mutating func makeNamesUnique() {
        var seen: Set<String> = []
        inputs = inputs.filter { seen.insert($0.url.standardizedFileURL.path).inserted }
        var depth = 1
        while depth < 64 {
            let counts = Dictionary(grouping: inputs.indices) { inputs[$0].name }.filter { $0.value.count > 1 }
            if counts.isEmpty { return }
            for index in counts.values.joined() {
                inputs[index] = InferenceInput(
                    url: inputs[index].url, name: Self.longerName(inputs[index], folders: depth))
            }
            depth += 1
        }
    }

    private static func longerName(_ input: InferenceInput, folders: Int) -> String {
        let components = input.url.standardizedFileURL.pathComponents.filter { $0 != "/" }
        let parts = components.suffix(folders + 1)
        // Once every folder is in the name, only the suffix can still differ.
        let joined = parts.joined(separator: "/")
        return parts.count <= folders ? joined : stem(joined)
    }

    private static func stem(_ path: String) -> String {
        let suffix = (path as NSString).pathExtension
        return suffix.isEmpty ? path : String(path.dropLast(suffix.count + 1))
    }
}

/// Shell patterns, for shells and callers that do not expand them.
enum Glob {
    /// The paths that match, sorted.
    static func expand(_ pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, 0, nil, &result) == 0 else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { index in
            result.gl_pathv[index].map { String(cString: $0) }
        }
    }
}
