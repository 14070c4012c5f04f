import COpenCV

/// The installed OpenCV.
public enum OpenCV {
    /// "4.6.0"
    public static var version: String { String(cString: ocv_version()) }

    /// How many threads OpenCV may use for one operation; 0 or 1 keeps to the caller's. For programs that run many
    /// operations at once.
    public static func setThreadCount(_ count: Int) throws {
        try Image.check("setNumThreads", ocv_set_threads(Int32(clamping: count)))
    }
}
