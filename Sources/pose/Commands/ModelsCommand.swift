import ArgumentParser
import PoseEngine

/// `pose models`
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Built-in models and those of MMPose's zoo.", subcommands: [])
}
