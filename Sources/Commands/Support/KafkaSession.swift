import KafkaClient
import KafkaProtocol
import KafkaTransport
import NIOCore
import NIOPosix

/// A Kafka client on a thread of its own, for the length of one command.
///
/// The client and everything built on it belong to that thread; callers wait for its answers.
final class KafkaSession: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let client: NIOLoopBound<ClusterClient>
    /// ``KafkaEndpoint/rememberedKey``.
    private let rememberedKey: String?

    /// How long a command waits for one answer.
    private static let requestTimeoutMs: Int64 = 15_000

    private init(
        group: MultiThreadedEventLoopGroup, loop: any EventLoop, client: NIOLoopBound<ClusterClient>,
        rememberedKey: String?
    ) {
        self.rememberedKey = rememberedKey
        self.group = group
        self.loop = loop
        self.client = client
    }

    static func open(_ endpoint: KafkaEndpoint) async throws -> KafkaSession {
        guard let servers = HostPort.list(endpoint.bootstrap) else {
            throw CLIError("\"\(endpoint.bootstrap)\" is not a list of HOST:PORT addresses")
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let client = try await loop.submit {
            var settings = ClientSettings(bootstrapServers: servers)
            settings.connection.requestTimeoutMs = requestTimeoutMs
            settings.connection.security = endpoint.security
            let tls = ClientTLS(ownAuthority: endpoint.authority)
            let client = ClusterClient(settings: settings, transport: NIOClientTransport(on: loop, tls: tls))
            return NIOLoopBound(client, eventLoop: loop)
        }.get()
        return KafkaSession(group: group, loop: loop, client: client, rememberedKey: endpoint.rememberedKey)
    }

    func close() async {
        let client = client
        try? await loop.submit { client.value.close() }.get()
        try? await group.shutdownGracefully()
    }

    /// Runs `body` on the client's thread; it must call its second argument once.
    func run<T: Sendable>(
        _ body: @escaping @Sendable (ClusterClient, @escaping (Result<T, ClientError>) -> Void) -> Void
    ) async throws -> T {
        let (client, rememberedKey) = (client, rememberedKey)
        return try await withCheckedThrowingContinuation { continuation in
            loop.execute {
                body(client.value) { result in
                    continuation.resume(with: result.mapError { Self.describe($0, rememberedKey) })
                }
            }
        }
    }

    private static func describe(_ error: ClientError, _ rememberedKey: String?) -> CLIError {
        guard error.refusesLogin, let rememberedKey else {
            return CLIError(error)
        }
        return CLIError("\(error): \(rememberedKey)")
    }

    /// Makes something that belongs to the client's thread.
    func make<T>(_ build: @escaping @Sendable (ClusterClient) -> T) async throws -> NIOLoopBound<T> {
        let client = client
        let loop = loop
        return try await loop.submit { NIOLoopBound(build(client.value), eventLoop: loop) }.get()
    }

    /// Asks something that was made with ``make(_:)``, on its own thread.
    func on<T, R: Sendable>(_ bound: NIOLoopBound<T>, _ body: @escaping @Sendable (T) -> R) async throws -> R {
        try await loop.submit { body(bound.value) }.get()
    }

    /// The topic's partitions, ordered.
    func partitions(of topic: String) async throws -> [Int32] {
        let metadata: ClusterMetadata = try await run { client, done in
            client.refreshMetadata(.named([topic]), completion: done)
        }
        guard let info = metadata.topics[topic], info.error != .unknownTopicOrPartition else {
            throw CLIError("unknown topic \"\(topic)\"")
        }
        guard info.error == .none else {
            throw CLIError("topic \"\(topic)\": \(info.error.message)")
        }
        return info.partitions.map { $0.index }
    }

    /// One offset of each partition.
    func offsets(_ query: OffsetQuery, _ partitions: [TopicPartition]) async throws -> [TopicPartition: Int64] {
        try await run { client, done in
            let queries = partitions.map { ($0, query) }
            client.listOffsets(Dictionary(queries, uniquingKeysWith: { first, _ in first })) { results in
                var offsets: [TopicPartition: Int64] = [:]
                for (partition, result) in results {
                    switch result {
                    case .success(let listed): offsets[partition] = listed.offset
                    case .failure(let error): return done(.failure(error))
                    }
                }
                done(.success(offsets))
            }
        }
    }

    /// Sends one request. A broker that cannot be reached ends the command.
    func send<R: KafkaRequest>(
        _ request: R, to target: RequestTarget = .anyBroker, maxVersion: Int16 = .max, timeoutMs: Int64? = nil
    ) async throws -> R.Response {
        try await run { client, done in
            client.send(request, to: target, maxVersion: maxVersion, timeoutMs: timeoutMs, completion: done)
        }
    }
}
