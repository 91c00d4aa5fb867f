import ClusterCore
import KafkaProtocol
import KafkaTransport
import LogStorage
import Logging
import Synchronization
import Testing

/// One cluster in memory behind one listener, with limits that a test chooses.
enum TestLoop {
    /// Runs `body` with the loop and its port; everything is closed afterwards.
    static func run(
        _ change: (inout TransportLimits) -> Void = { _ in },
        connections: ProcessConnections = ProcessConnections(limit: .max), lines: LogLines = LogLines(),
        _ body: (ClusterLoop, Int) async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(BlockingExecutor.shared) {
            var limits = TransportLimits()
            change(&limits)
            let loop = ClusterLoop(
                limits: limits, logger: Logger(label: "test") { _ in lines },
                processMemory: ProcessMemory(limit: 1 << 40), processConnections: connections)
            try await loop.open { now in
                let broker = Broker(nodeID: 1, endpoints: [.plaintext: Endpoint(host: "127.0.0.1", port: 9092)])
                let configuration = ClusterConfiguration(
                    clusterID: "lkc-test", name: "test", brokers: [broker], dataDirectory: "/data",
                    brokerConfigs: ["message.max.bytes": "20000000"])
                return try Cluster(
                    configuration: configuration, fileSystem: MemoryFileSystem(), seed: 1, now: now)
            }
            let listener = try await KafkaListener.bind(
                host: "127.0.0.1", port: 0, loop: loop, listener: .plaintext, nodeID: 1
            ).get()
            try await listener.startAccepting().get()
            do {
                try await body(loop, listener.port)
            } catch {
                await listener.close()
                try? await loop.shutDown()
                throw error
            }
            await listener.close()
            try await loop.shutDown()
        }
    }
}

/// What was logged, line by line. Copies share the lines.
struct LogLines: LogHandler {
    private final class Store: Sendable {
        let lines = Mutex<[String]>([])
    }

    private let store = Store()
    var metadata = Logger.Metadata()
    var logLevel = Logger.Level.info

    var all: [String] { store.lines.withLock { $0 } }

    func log(event: LogEvent) {
        store.lines.withLock { $0.append("\(event.message)") }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}
