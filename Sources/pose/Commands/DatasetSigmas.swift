import ArgumentParser
import Foundation
import PoseEngine

/// `pose dataset sigmas A.json B.json …`
struct DatasetSigmas: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sigmas", abstract: "Estimate the sigmas of own keypoints from repeated annotation.",
        discussion: """
            Each file is a COCO-style annotation of the same instances by another person, or another time; annotation ids say \
            which are the same. 200 instances give a sigma to about 5 %.

            Prints a line for the dataset's metainfo. `pose evaluate --sigmas` takes the JSON.
            """)

    @Argument(help: "Two annotation files or more.")
    var files: [String]

    @Option(help: "Write the sigmas to this file as a JSON list.")
    var json: String?

    func validate() throws {
        guard files.count > 1 else { throw ValidationError("sigmas need two annotation files or more") }
    }

    func run() throws {
        let spread = try AnnotationSpread(files.map { URL(fileURLWithPath: $0) })
        let missing = zip(spread.names, spread.sigmas).filter { $0.1 == nil }.map(\.0)
        guard missing.isEmpty else {
            throw Failure(message: "no instance has these keypoints in two files: \(missing.joined(separator: ", "))")
        }
        let values = spread.sigmas.compactMap(\.self).map { ($0 * 1e5).rounded() / 1e5 }
        Console.note("\(spread.instances) instances annotated more than once")
        print("sigmas=[\(values.map { "\($0)" }.joined(separator: ", "))]")
        if let json { try JSONEncoder().encode(values).write(to: URL(fileURLWithPath: json)) }
    }
}
