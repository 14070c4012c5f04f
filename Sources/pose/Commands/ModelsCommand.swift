import ArgumentParser
import Foundation
import PoseEngine
import PoseRuntime

/// `pose models`
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "The built-in model and those of MMPose's zoo.",
        subcommands: [List.self, Get.self])

    /// `pose models list`
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print models with what they were measured to do, licence, source and whether they are here.")

        @Argument(help: "Only models whose name, task or data matches all of these words.")
        var words: [String] = []

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let zoo = try ModelZoo.find()
            let entries = zoo.entries(matching: words.joined(separator: " "))
            guard !entries.isEmpty else {
                throw Failure(
                    message: "no model matches '\(words.joined(separator: " "))'; 'pose models list' shows all")
            }
            let listing = ModelListing(entries, folders: ModelLocations().folders)
            print(try json ? listing.json() : listing.text)
        }
    }

    /// `pose models get`
    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Download a model, go on where an earlier try stopped, and verify its checksum.")

        @Argument(help: "Name, alias, config or file of weights, as 'pose models list' prints them.")
        var names: [String]

        func run() async throws {
            let zoo = try ModelZoo.find()
            let downloader = ModelDownloader()
            var failed = false
            for name in names {
                do {
                    let installation = try await downloader.get(zoo.entry(named: name)) { progress in
                        DownloadProgress.show(name, progress)
                    }
                    for file in installation.files { print(file.path) }
                    if !installation.isVerified {
                        Console.warning("\(name): its publisher gives no checksum, so the file was not verified")
                    }
                } catch {
                    Console.error("\(name): \(error)")
                    failed = true
                }
            }
            if failed { throw Failure.reported }
        }
    }
}
