import ArgumentParser
import Foundation
import PoseEngine

/// `pose launch -n N -- train …`
struct LaunchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch", abstract: "Run another command as several processes that work together.",
        discussion: """
            Sets RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and MASTER_PORT as torchrun does, which works too. The first \
            process that fails ends the others.

            On several machines run it on each, with --nodes, --node, --master-addr and --master-port.

            Example: pose launch -n 2 -- test config.py weights.pth
            """)

    @Option(name: [.customShort("n"), .customLong("processes")], help: "Processes on this machine.")
    var processes: Int

    @Option(help: "Machines.")
    var nodes = 1

    @Option(help: "Which machine this is, from 0.")
    var node = 0

    @Option(help: "Address of the first machine.")
    var masterAddr = "127.0.0.1"

    @Option(help: "Port on which the first process listens; a free one unless there are several machines.")
    var masterPort: UInt16?

    @Argument(parsing: .postTerminator, help: "The command, with its arguments, after --.")
    var command: [String]

    func validate() throws {
        guard processes > 0, nodes > 0, (0..<nodes).contains(node) else {
            throw ValidationError("-n and --nodes are positive, --node is below --nodes")
        }
        guard !command.isEmpty else {
            throw ValidationError("name the command to run after --, such as: -- train C.py")
        }
        guard nodes == 1 || masterPort != nil else { throw ValidationError("several machines need --master-port") }
    }

    func run() throws {
        guard let program = Bundle.main.executableURL else {
            throw Failure(message: "launch: this program cannot find its own file")
        }
        var options = LocalLauncher.Options()
        options.processes = processes
        options.nodes = nodes
        options.node = node
        options.host = masterAddr
        options.port = masterPort
        let launcher = LocalLauncher(options)
        // Who ends this process ends the others too.
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { launcher.stop() }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        if let failure = try launcher.run(program, command) {
            let how =
                failure.status < 0 ? "was ended by signal \(-failure.status)" : "ended with status \(failure.status)"
            throw Failure(message: "launch: rank \(failure.rank) \(how); the other processes were stopped")
        }
    }
}
