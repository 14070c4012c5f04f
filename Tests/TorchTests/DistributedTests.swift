import Foundation
import Testing

@testable import Torch

/// Several members of a process group, here threads of one process that talk over TCP as processes would.
@Suite(.serialized) struct DistributedTests {
    private static func freePort() throws -> UInt16 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && getsockname(listener, address, &size) == 0
            }
        }
        try #require(bound)
        return UInt16(bigEndian: address.sin_port)
    }

    private final class Results<Value: Sendable>: @unchecked Sendable {
        let lock = NSLock()
        var values: [Int: Result<Value, any Error>] = [:]
    }

    /// Runs `body` as each member of a group and gives the results by rank.
    private func together<Value: Sendable>(
        _ size: Int = 2, _ body: @escaping @Sendable (ProcessGroup) throws -> Value
    ) throws -> [Value] {
        let port = try Self.freePort()
        let results = Results<Value>()
        let done = DispatchGroup()
        for rank in 0..<size {
            done.enter()
            Thread.detachNewThread {
                let result = Result {
                    try body(
                        ProcessGroup(DistributedEnvironment(rank: rank, worldSize: size, port: port), timeout: 30))
                }
                results.lock.withLock { results.values[rank] = result }
                done.leave()
            }
        }
        done.wait()
        return try (0..<size).map { try #require(results.values[$0]).get() }
    }

    @Test func membersExchangeTensorsAndBytes() throws {
        let results = try together(3) { group in
            let tensor = try Tensor([Float(group.rank), 1], shape: [2])
            try group.sum_(tensor)
            let own = try Tensor([Float(group.rank)], shape: [1])
            try group.broadcast_(own, from: 2)
            let gathered = try group.gather(Array(repeating: UInt8(group.rank + 7), count: group.rank * 2))
            try group.barrier()
            return (try tensor.toArray(Float.self), try own.toArray(Float.self), gathered)
        }
        for result in results {
            #expect(result.0 == [3, 3])
            #expect(result.1 == [2])
            #expect(result.2 == [[], [8, 8], [9, 9, 9, 9]])
        }
    }

    /// A small network with convolution and batch normalisation.
    private struct Network {
        let store = ParameterStore(seed: 3)
        let layers: Sequential

        init() throws {
            let root = store.root
            layers = Sequential([
                try Conv2d(at: root / "conv", inChannels: 3, outChannels: 8, kernel: 3, padding: 1),
                try BatchNorm2d(at: root / "norm", channels: 8), ActivationLayer(.relu),
                try Conv2d(at: root / "head", inChannels: 8, outChannels: 4, kernel: 3, stride: 2),
            ])
            root.shareStatistics()
            store.isTraining = true
        }

        var values: [[Float]] {
            get throws { try store.entries.map { try $0.parameter.tensor.detach().toArray(Float.self) } }
        }
    }

    private static func batch(_ step: Int) throws -> (x: Tensor, y: Tensor) {
        func values(_ count: Int, _ scale: Float) -> [Float] {
            (0..<count).map { sin(Float($0 * 37 % 101 + step * 13)) * scale + 0.3 * scale }
        }
        return (
            try Tensor(values(8 * 3 * 8 * 8, 2), shape: [8, 3, 8, 8]),
            try Tensor(values(8 * 4 * 3 * 3, 1), shape: [8, 4, 3, 3])
        )
    }

    /// Trains on `part` of every batch; gradients are averaged when there is a group.
    private static func train(_ group: ProcessGroup?, part: Range<Int>, findsUnused: Bool = false) throws -> [[Float]] {
        let network = try Network()
        network.store.group = group
        let parameters = try network.store.parameters.map { try $0.tensor }
        let optimizer = Optimizer(
            .sgd(nesterov: false),
            [ParameterGroup(network.store.parameters, learningRate: 0.1, momentum: 0.9, weightDecay: 0.01)])
        let reducer = try group.map {
            try GradientReducer(parameters, in: $0, bucketMegabytes: 0.001, findsUnused: findsUnused)
        }
        for step in 0..<5 {
            let (x, y) = try batch(step)
            try reducer?.beginForward()
            let rows = part.lowerBound..<part.upperBound
            let output = try network.layers(x.narrow(dim: 0, start: rows.lowerBound, length: rows.count))
            let difference = try output - y.narrow(dim: 0, start: rows.lowerBound, length: rows.count)
            let loss = try difference.square().mean()
            try reducer?.beginBackward([loss])
            for parameter in parameters { try parameter.setGrad(nil) }
            try loss.backward()
            try optimizer.step()
        }
        return try network.values
    }

    /// Two members with half of each batch, sharing statistics, learn what one with the whole batch learns.
    @Test(arguments: [false, true]) func twoMembersEqualOneWithTheDoubleBatch(findsUnused: Bool) throws {
        let whole = try Self.train(nil, part: 0..<8)
        let results = try together { group in
            try Self.train(group, part: group.rank * 4..<group.rank * 4 + 4, findsUnused: findsUnused)
        }
        #expect(results[0] == results[1])
        for (half, full) in zip(results[0], whole) {
            for (a, b) in zip(half, full) { #expect(abs(a - b) <= 1e-5 * max(1, abs(b))) }
        }
    }

    /// A member that ends leaves the others with an error that says so.
    @Test func lostMemberIsNamed() throws {
        let results = try together { group -> String in
            if group.rank == 1 { return "" }
            do {
                for _ in 0..<50 { try group.sum_(Tensor([Float(1)], shape: [1])) }
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(results[0].contains("rank 0 lost another process of the run"))
    }

    @Test func environmentIsRead() throws {
        #expect(try DistributedEnvironment([:]) == nil)
        #expect(try DistributedEnvironment(["RANK": "0", "WORLD_SIZE": "1"]) == nil)
        let variables = [
            "RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1", "MASTER_ADDR": "10.0.0.1", "MASTER_PORT": "1234",
        ]
        let environment = try DistributedEnvironment(variables)
        #expect(
            environment
                == DistributedEnvironment(rank: 3, worldSize: 4, localRank: 1, host: "10.0.0.1", port: 1234))
        for (name, value) in [("RANK", "4"), ("WORLD_SIZE", "x"), ("MASTER_PORT", "70000"), ("MASTER_ADDR", "")] {
            #expect(throws: DistributedError.self) {
                try DistributedEnvironment(variables.merging([name: value]) { $1 })
            }
        }
        #expect(throws: DistributedError.self) { try DistributedEnvironment(["RANK": "1"]) }
    }
}
