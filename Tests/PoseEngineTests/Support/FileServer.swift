import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A web server on the loopback interface that has one file, for tests of downloading. It serves a bounded number of
/// connections, each on its own, and remembers the ranges that were asked for.
final class FileServer: @unchecked Sendable {
    /// How it answers, connection by connection; the last one repeats.
    enum Behaviour: Sendable {
        /// As a good server does, ranges included.
        case correct
        /// Closes the connection after so many bytes of the body.
        case breakOff(after: Int)
        /// Sends everything, whatever range is asked for.
        case ignoreRange
        /// Another status, without the file.
        case status(Int)
    }

    let url: URL
    private let content: [UInt8]
    private let behaviours: [Behaviour]
    private let listener: Int32
    private let lock = NSLock()
    private var firstBytes: [Int] = []

    /// The first byte that each request asked for, in order.
    var requests: [Int] { lock.withLock { firstBytes } }

    init(_ content: [UInt8], named name: String = "model.pth", _ behaviours: Behaviour...) throws {
        self.content = content
        self.behaviours = behaviours
        let (listener, port) = try Self.listen()
        self.listener = listener
        url = try #require(URL(string: "http://127.0.0.1:\(port)/models/\(name)"))
        // Bounded, so that the thread ends even if a test forgets to stop the server.
        Thread.detachNewThread { [self] in
            for _ in 0..<8 {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                answer(connection)
                close(connection)
            }
        }
    }

    /// Ends waiting for connections.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func answer(_ connection: Int32) {
        let start = Self.requestedStart(Self.head(of: connection))
        let index = lock.withLock {
            firstBytes.append(start)
            return firstBytes.count - 1
        }
        switch behaviours.isEmpty ? .correct : behaviours[min(index, behaviours.count - 1)] {
        case .correct: send(from: start, count: content.count, on: connection)
        case .breakOff(let count): send(from: start, count: count, on: connection)
        case .ignoreRange: send(from: 0, count: content.count, on: connection)
        case .status(let status): send("HTTP/1.1 \(status) Told so\r\nContent-Length: 0\r\n\r\n", on: connection)
        }
    }

    private func send(from start: Int, count: Int, on connection: Int32) {
        guard start < content.count else {
            let head = "HTTP/1.1 416 Beyond\r\nContent-Range: bytes */\(content.count)\r\nContent-Length: 0\r\n\r\n"
            return send(head, on: connection)
        }
        let body = content[start...]
        let range = "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)\r\n"
        let status = start > 0 ? "206 Partial\r\n" + range : "200 OK\r\n"
        let head = "HTTP/1.1 \(status)Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        send(Array(head.utf8) + body.prefix(count), on: connection)
    }

    private func send(_ text: String, on connection: Int32) { send(Array(text.utf8), on: connection) }

    private func send(_ bytes: [UInt8], on connection: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Self.send(connection, $0) }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Without a signal when the other side has gone.
    private static func send(_ connection: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.send(connection, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        #else
        Darwin.send(connection, bytes.baseAddress, bytes.count, 0)
        #endif
    }

    /// Everything up to the empty line.
    private static func head(of connection: Int32) -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1024)
        while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n"), bytes.count < 16_384 {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func requestedStart(_ head: String) -> Int {
        guard let match = head.firstMatch(of: /(?i)range: bytes=(\d+)-/), let start = Int(match.1) else { return 0 }
        return start
    }

    /// A socket on a free port of the loopback interface.
    private static func listen() throws -> (socket: Int32, port: UInt16) {
        #if canImport(Glibc)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        try #require(listener >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer -> UInt16? in
            let bound = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, size) == 0 && getsockname(listener, generic, &size) == 0
            }
            return bound ? UInt16(bigEndian: pointer.pointee.sin_port) : nil
        }
        #if canImport(Glibc)
        let isListening = Glibc.listen(listener, 4) == 0
        #else
        let isListening = Darwin.listen(listener, 4) == 0
        #endif
        try #require(isListening)
        return (listener, try #require(port))
    }
}
