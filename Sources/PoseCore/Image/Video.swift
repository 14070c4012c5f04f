import COpenCV
public import Foundation

/// Reads a video file frame by frame. Not for use from several threads at once.
public final class VideoReader {
    private let handle: OpaquePointer
    /// The file, for messages.
    public let path: String
    /// Zero where the file does not say.
    public let framesPerSecond: Double
    /// As the file claims; nil where it does not. Reading may give fewer or more.
    public let frameCount: Int?
    /// Frames that `next` has given.
    public private(set) var framesRead = 0
    private let listsFrames: Bool
    /// As the file claims; a frame's own size is what counts.
    public let size: ImageSize
    /// Seconds from the start of the video to the frame that `next` gave last, by the file's time stamps; zero where it
    /// has none.
    public private(set) var time = 0.0

    /// Opens a video.
    ///
    /// - Throws: `ImageError` when the file is missing, empty, cut off or not a video that OpenCV can read here.
    public init(_ url: URL) throws {
        path = url.path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ImageError(path: path, .missing)
        }
        if isDirectory.boolValue { throw ImageError(path: path, .directory) }
        guard FileManager.default.isReadableFile(atPath: path) else { throw ImageError(path: path, .notPermitted) }
        let header = VideoHeader(contentsOf: url)
        listsFrames = header?.container == .mp4 || header?.container == .avi
        if header?.isTruncated == true {
            throw ImageError(path: path, .system("the video is truncated: its data end too early"))
        }
        var result: OpaquePointer?
        guard ocv_capture_open(path, &result) == 0, let result else {
            throw ImageError(path: path, .system("not a video that can be read here"))
        }
        handle = result
        let info = ocv_capture_info(result)
        framesPerSecond = info.framesPerSecond
        frameCount = info.frameCount > 0 ? Int(info.frameCount) : nil
        size = ImageSize(width: Int(info.width), height: Int(info.height))
    }

    deinit {
        ocv_capture_free(handle)
    }

    /// The next frame, nil at the end.
    public func next() throws -> Image? {
        var result: OpaquePointer?
        guard ocv_capture_read(handle, &result) == 0 else {
            throw ImageError(path: path, .system(String(cString: ocv_last_error())))
        }
        time = ocv_capture_time(handle)
        if result != nil { framesRead += 1 }
        return result.map(Image.init(owning:))
    }

    /// At the end of the video: how many of the frames that its container lists could not be read. Zero for containers
    /// that only let the number be estimated.
    public var missingFrames: Int {
        listsFrames ? max(0, (frameCount ?? 0) - framesRead) : 0
    }
}

/// Writes frames of one size into a video file. Not for use from several threads at once.
public final class VideoWriter {
    private var handle: OpaquePointer?
    public let path: String
    public let size: ImageSize

    /// Begins a video.
    ///
    /// - Parameter codec: a code of four characters; "mp4v" suits `.mp4` files everywhere.
    /// - Throws: `ImageError` when the file cannot be made or OpenCV cannot write such videos here.
    public init(_ url: URL, size: ImageSize, framesPerSecond: Double, codec: String = "mp4v") throws {
        path = url.path
        self.size = size
        let status = ocv_writer_open(
            path, codec, framesPerSecond, Int32(clamping: size.width), Int32(clamping: size.height), &handle)
        guard status == 0 else { throw ImageError(path: path, .system(String(cString: ocv_last_error()))) }
    }

    deinit {
        ocv_writer_free(handle)
    }

    /// Adds a frame.
    ///
    /// - Throws: `ImageError` for a frame of another size or kind, or after `finish`.
    public func write(_ frame: Image) throws {
        guard let handle else { throw ImageError(path: path, .system("the video is finished already")) }
        guard ocv_writer_write(handle, frame.handle) == 0 else {
            throw ImageError(path: path, .system(String(cString: ocv_last_error())))
        }
    }

    /// Completes the file. Without it the file is complete when the writer goes.
    public func finish() {
        ocv_writer_free(handle)
        handle = nil
    }
}
