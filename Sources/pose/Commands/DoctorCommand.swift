import ArgumentParser
import PoseEngine

/// `pose doctor`
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what this machine has, what is missing, and the command that fixes it.")

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let report = DoctorReport()
        print(try json ? report.json() : report.text)
        if !report.problems.isEmpty { throw Failure.reported }
    }
}
