import ArgumentParser
import Foundation

/// The command line of swift-pose. Exit status: 0 all done; 1 something asked for could not be done; 2 usage.
struct Pose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pose",
        abstract: "Keypoints on images: runs MMPose's configs and checkpoints without Python.",
        version: Version.current,
        subcommands: [
            InferCommand.self, ConfigCommand.self, ModelCommand.self, CheckpointCommand.self, ModelsCommand.self,
            DatasetCommand.self, TrainCommand.self, TestCommand.self, LaunchCommand.self, EvaluateCommand.self,
            LogCommand.self, ExportCommand.self, MigrateCommand.self, BenchCommand.self, DoctorCommand.self,
        ])
}

@main
enum Main {
    static func main() async {
        do {
            var command = try Pose.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(status(for: error))
        }
    }

    /// Says what went wrong in one line, on standard error; help and version go to standard output.
    private static func status(for error: any Error) -> Int32 {
        if let failure = error as? Failure {
            if let message = failure.message { Console.error(message) }
            return 1
        }
        let code = Pose.exitCode(for: error)
        let message = Pose.fullMessage(for: error)
        if code.isSuccess {
            print(message)
            return 0
        }
        if code == .validationFailure {
            Console.line(message)
            return 2
        }
        Console.error("\(error)")
        return 1
    }
}

/// A command could not do all that was asked.
struct Failure: Error {
    /// What to print; `nil` when it has been said already.
    let message: String?

    static let reported = Failure(message: nil)
}
