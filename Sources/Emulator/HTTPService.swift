import KafkaTransport
import Logging
import NIOCore
import NIOPosix
import RESTAPI

/// The running HTTP surface: its thread and its listener.
final class HTTPService: Sendable {
    /// Base URL as the user types it.
    let url: String
    private let task: Task<Void, Never>
    private let gate: LogGate
    private let connections: HTTPConnections

    /// Milliseconds that requests under way get when the server stops; after as many again it is not waited for any
    /// more. What follows must not depend on who holds a connection.
    private static let patienceMs: Int64 = 1_000

    /// One thread for HTTP as long as the process lives: the library uses it even when its server object goes away,
    /// some time after the server has ended.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private init(url: String, task: Task<Void, Never>, gate: LogGate, connections: HTTPConnections) {
        self.url = url
        self.connections = connections
        self.task = task
        self.gate = gate
    }

    /// Returns once the listener accepts.
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - table: what is served.
    static func start(
        fleet: any FleetBackend, _ configuration: ServeConfiguration, port: Int, logger: Logger,
        table: RouteTable = RouteTable()
    ) async throws(StartError) -> HTTPService {
        let (events, announce) = AsyncStream.makeStream(of: Result<Int, any Error>.self)
        var hosts = [configuration.advertisedHost]
        if !ServeConfiguration.isWildcard(configuration.listenHost) {
            hosts.append(configuration.listenHost)
        }
        let gate = LogGate()
        let gatedLogger = Logger(label: "http") { _ in
            GatedLogHandler(handler: logger.handler, gate: gate, logLevel: max(logger.logLevel, .warning))
        }
        let connections = HTTPConnections()
        var http = HTTPServerConfiguration(host: configuration.listenHost, port: port, allowedHosts: hosts)
        http.places = DescriptorShares.process.http
        http.files = ConsoleFiles()
        let server = HTTPServer(
            fleet: fleet, configuration: http, group: group, logger: gatedLogger, nowMs: WallClock.nowMs,
            connections: connections, table: table,
            onRunning: { port in announce.yield(.success(port)) })
        let task = Task {
            do {
                try await server.run()
            } catch {
                announce.yield(.failure(error))
            }
            announce.finish()
        }
        var first: Result<Int, any Error>?
        for await event in events {
            first = event
            break
        }
        switch first {
        case .success(let port):
            let url = "http://\(bracketed(configuration.advertisedHost)):\(port)"
            return HTTPService(url: url, task: task, gate: gate, connections: connections)
        case .failure(let error):
            throw failure(error, "\(configuration.listenHost):\(port)")
        case nil:
            throw StartError(.unavailable, "HTTP: the server ended at once")
        }
    }

    private static func failure(_ error: any Error, _ address: String) -> StartError {
        if let error = error as? IOError {
            let hint = ListenFailure.isInUse(error.errnoCode) ? ": choose another with --http-port or --ports auto" : ""
            return StartError(
                .unavailable, "HTTP: cannot listen on \(address): \(ListenFailure.text(error.errnoCode))\(hint)")
        }
        let reason = error is SocketAddressError.UnknownHost ? "the host name has no address" : "\(error)"
        return StartError(.unavailable, "HTTP: cannot listen on \(address): \(reason)")
    }

    private static func bracketed(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }

    /// Ends the listener and every connection; takes a bounded time whatever clients do.
    func stop() async {
        // The library reports the end of its listener as an error.
        gate.close()
        await connections.finish()
        guard await !task.ends(withinMs: Self.patienceMs) else {
            return
        }
        connections.closeAll()
        _ = await task.ends(withinMs: Self.patienceMs)
    }
}

extension Task where Success == Void, Failure == Never {
    /// Whether the task ends before so many milliseconds have passed.
    fileprivate func ends(withinMs limit: Int64) async -> Bool {
        let (results, first) = AsyncStream.makeStream(of: Bool.self)
        let waiting = Task<Void, Never> {
            await value
            first.yield(true)
        }
        let timer = Task<Void, Never> {
            try? await Task<Never, Never>.sleep(for: .milliseconds(limit))
            first.yield(false)
        }
        defer {
            waiting.cancel()
            timer.cancel()
        }
        for await result in results {
            return result
        }
        return false
    }
}
