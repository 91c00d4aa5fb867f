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

    /// One thread for HTTP as long as the process lives: the library uses it even when its server object goes away,
    /// some time after the server has ended.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private init(url: String, task: Task<Void, Never>, gate: LogGate) {
        self.url = url
        self.task = task
        self.gate = gate
    }

    /// Returns once the listener accepts.
    /// - Parameter port: 0 lets the system choose.
    static func start(
        fleet: any FleetBackend, _ configuration: ServeConfiguration, port: Int, logger: Logger
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
        let server = makeHTTPServer(
            fleet: fleet,
            configuration: HTTPServerConfiguration(
                host: configuration.listenHost, port: port, allowedHosts: hosts),
            group: group, logger: gatedLogger, onRunning: { port in announce.yield(.success(port)) })
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
            return HTTPService(url: url, task: task, gate: gate)
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
        return StartError(.unavailable, "HTTP: cannot listen on \(address): \(error)")
    }

    private static func bracketed(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }

    func stop() async {
        // The library reports the cancellation that stops it as an error.
        gate.close()
        task.cancel()
        await task.value
    }
}
