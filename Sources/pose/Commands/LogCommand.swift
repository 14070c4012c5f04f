import ArgumentParser
import Foundation
import PoseEngine

/// `pose log`
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "What training runs have written.", subcommands: [Plot.self])

    /// `pose log plot WORK_DIR`
    struct Plot: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw the curves of a run: losses, measures, learning rate, evaluation.",
            discussion: """
                Reads the vis_data/scalars.json of all runs in the folder, of `pose train` or of MMPose; a resumed run \
                continues the curves.

                Example: pose log plot work_dirs/mine --out curves.png
                """)

        @Argument(help: "The working folder of the run.")
        var workDir: String

        @Option(help: "The picture to write (default: WORK_DIR/curves.png).")
        var out: String?

        func run() throws {
            let folder = URL(fileURLWithPath: workDir)
            let url = out.map { URL(fileURLWithPath: $0) } ?? folder.appendingPathComponent("curves.png")
            try TrainingCurves(folder).draw(to: url)
            print(url.path)
        }
    }
}
