public import Foundation
import PoseCore

/// One image or video to run on.
public struct InferenceInput: Sendable, Hashable {
    /// What a file is to be read as.
    public enum Kind: Sendable, Hashable {
        case image, video
    }

    /// By the file's first bytes, or, where these say nothing, by its suffix.
    public let kind: Kind
    /// Where the file is.
    public let url: URL
    /// Path without suffix, relative to the argument that named it: results of two folders do not overwrite each other.
    public let name: String

    init(url: URL, name: String) {
        let isVideo =
            VideoHeader(contentsOf: url) != nil || InputList.videoSuffixes.contains(url.pathExtension.lowercased())
        self.init(url: url, name: name, kind: isVideo ? .video : .image)
    }

    init(url: URL, name: String, kind: Kind) {
        self.url = url
        self.name = name
        self.kind = kind
    }
}

/// The inputs that command-line arguments mean: files, folders and glob patterns.
public struct InputList: Sendable {
    /// The images and videos, in the order of the arguments and by name within a folder.
    public private(set) var inputs: [InferenceInput] = []
    /// Arguments that mean no image or video, with the reason.
    public private(set) var problems: [String] = []

    /// Suffixes of images taken from folders. A file named outright is tried whatever its suffix.
    public static let imageSuffixes: Set<String> = [
        "jpg", "jpeg", "jpe", "png", "bmp", "dib", "tif", "tiff", "webp", "ppm", "pgm", "pbm", "jp2",
    ]
    /// Suffixes of videos taken from folders.
    public static let videoSuffixes: Set<String> = [
        "mp4", "m4v", "mov", "avi", "mkv", "webm", "mpg", "mpeg", "ts", "mts", "m2ts", "wmv", "flv", "ogv", "3gp",
        "gif",
    ]

    public init(_ arguments: [String]) {
        for argument in arguments { add(argument) }
        makeNamesUnique()
    }

    private mutating func add(_ argument: String) {
        if addExisting(argument) { return }
        if argument.contains(where: { "*?[".contains($0) }) {
            addPattern(argument)
        } else {
            problems.append("\(argument): no such file or folder")
        }
    }

    /// Adds a file or the contents of a folder; false when there is none of this name.
    private mutating func addExisting(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return false }
        let url = URL(fileURLWithPath: path)
        if isFolder.boolValue {
            addFolder(url)
        } else {
            inputs.append(InferenceInput(url: url, name: Self.stem(url.lastPathComponent)))
        }
        return true
    }

    private mutating func addFolder(_ folder: URL) {
        let before = inputs.count
        let base = folder.standardizedFileURL.path
        let files = FileManager.default.enumerator(
            at: folder, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        let found = (files?.compactMap { $0 as? URL } ?? [])
            .filter { file in
                let suffix = file.pathExtension.lowercased()
                return Self.imageSuffixes.contains(suffix) || Self.videoSuffixes.contains(suffix)
            }
            .sorted { $0.path < $1.path }
        for file in found {
            let path = file.standardizedFileURL.path
            let relative = path.hasPrefix(base + "/") ? String(path.dropFirst(base.count + 1)) : file.lastPathComponent
            inputs.append(InferenceInput(url: file, name: Self.stem(relative)))
        }
        if inputs.count == before { problems.append("\(folder.path): no image or video in this folder") }
    }

    private mutating func addPattern(_ pattern: String) {
        let matches = Glob.expand(pattern)
        if matches.isEmpty { problems.append("\(pattern): nothing matches this pattern") }
        // A link that leads nowhere matches, and must not be taken for a pattern again.
        for match in matches {
            if !addExisting(match) { problems.append("\(match): no such file or folder") }
        }
    }

    /// Inputs with the same name keep as many of their folders as it takes to tell them apart; a photo named in two
    /// formats keeps its suffix; the same file named twice is taken once.
    private mutating func makeNamesUnique() {
        var seen: Set<String> = []
        inputs = inputs.filter { seen.insert($0.url.standardizedFileURL.path).inserted }
        keepSuffixes()
        var depth = 1
        while depth < 64 {
            let counts = Dictionary(grouping: inputs.indices) { inputs[$0].name }.filter { $0.value.count > 1 }
            if counts.isEmpty { return }
            for index in counts.values.joined() {
                inputs[index] = InferenceInput(
                    url: inputs[index].url, name: Self.longerName(inputs[index], folders: depth),
                    kind: inputs[index].kind)
            }
            depth += 1
        }
    }

    /// Gives files of one folder that differ in their suffix only their suffix back.
    private mutating func keepSuffixes() {
        let groups = Dictionary(grouping: inputs.indices) { index in
            inputs[index].url.standardizedFileURL.deletingPathExtension().path
        }
        for index in groups.values.filter({ $0.count > 1 }).joined() where !inputs[index].url.pathExtension.isEmpty {
            let name = inputs[index].name + "." + inputs[index].url.pathExtension
            inputs[index] = InferenceInput(url: inputs[index].url, name: name, kind: inputs[index].kind)
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
