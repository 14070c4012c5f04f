import Checkpoint
import Foundation
import PoseCore

/// One line for the user from any error of this package.
public enum ErrorText {
    /// - Parameter file: named in front unless the error names it itself.
    public static func line(_ error: any Error, file: String) -> String {
        let text = "\(error)".split(separator: "\n").joined(separator: " ")
        return text.contains(file) ? text : "\(file): \(text)"
    }
}
