import ArgumentParser
import Foundation
import PoseEngine
import PyConfig

/// `pose config`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Work with MMEngine-style configs.", subcommands: [Show.self])

    /// `pose config show FILE`
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a config with its bases merged, as JSON or as a config file.")

        @Argument(help: "The config, a .py file.")
        var file: String

        @OptionGroup var options: ConfigOverrides

        @Flag(help: "Print it as a config file instead of JSON.")
        var python = false

        func run() throws {
            let config = try options.load(file)
            print(try python ? config.python() : config.json(pretty: true))
        }
    }
}

/// `--cfg-options`, for every command that takes a config.
struct ConfigOverrides: ParsableArguments {
    @Option(
        name: .customLong("cfg-options"), parsing: .upToNextOption,
        help: ArgumentHelp("Override entries of the config: model.backbone.depth=101 …", valueName: "key=value"))
    var overrides: [String] = []

    /// Reads a config, given as a path or as one below the zoo's `configs` folder.
    func load(_ file: String) throws -> Config {
        let locations = ConfigLocations()
        return try locations.load(locations.url(of: file), overrides: overrides)
    }

    /// Reads a config and builds its model.
    func model(_ file: String) throws -> LoadedModel {
        let locations = ConfigLocations()
        return try LoadedModel(contentsOf: locations.url(of: file), overrides: overrides, locations: locations)
    }
}
