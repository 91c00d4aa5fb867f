import KafkaProtocol

/// What a client of a cluster is told once.
package struct ClientSettings: Sendable {
    package var bootstrapServers: [HostPort]
    package var connection = ConnectionSettings()

    package init(bootstrapServers: [HostPort]) {
        self.bootstrapServers = bootstrapServers
    }
}

/// Which topics metadata is asked for.
package enum TopicSelection: Sendable {
    case all
    /// None at all: brokers and cluster id only.
    case none
    case named(Set<String>)
}

/// Where a request goes.
package enum RequestTarget: Hashable, Sendable {
    case anyBroker
    /// The controller if it is known, otherwise any broker.
    case controller
    case broker(Int32)
}

/// A client of one cluster: finds its brokers through the bootstrap servers, keeps one connection to each, and
/// remembers what metadata said. It never retries on its own: callers have their own idea of back-off.
///
/// Confined to its transport's loop.
package final class ClusterClient {
    package let settings: ClientSettings
    package let transport: any Transport
    /// The newest metadata; empty before the first answer.
    package private(set) var metadata = ClusterMetadata()
    package private(set) var isClosed = false

    private var connections: [Int32: BrokerConnection] = [:]
    /// The connection for requests that any broker can answer.
    private var general: BrokerConnection?
    private var generalWaiters: [(Result<BrokerConnection, ClientError>) -> Void] = []
    private var isDialing = false
    /// Which bootstrap server is tried first, so that a broken first one is not asked every time.
    private var firstCandidate = 0

    package init(settings: ClientSettings, transport: any Transport) {
        self.settings = settings
        self.transport = transport
    }

    deinit {
        close()
    }

    /// Closes every connection; outstanding requests fail with ``ClientError/closed``.
    package func close() {
        guard !isClosed else {
            return
        }
        isClosed = true
        general?.close()
        general = nil
        for connection in connections.values {
            connection.close()
        }
        connections = [:]
        answerWaiters(.failure(.closed))
    }

    // MARK: Connections

    /// A connection of the caller's own, for instance for long polls, which would keep other requests waiting.
    package func openConnection(to broker: Int32) throws(ClientError) -> BrokerConnection {
        guard !isClosed else {
            throw .closed
        }
        guard let address = metadata.brokers[broker] else {
            throw .unknownBroker(broker)
        }
        return BrokerConnection(to: address, settings: settings.connection, transport: transport)
    }

    /// The shared connection to a broker; dialled when there is none.
    package func connection(to broker: Int32) throws(ClientError) -> BrokerConnection {
        if let existing = connections[broker], !existing.isClosed, existing.address == metadata.brokers[broker] {
            return existing
        }
        let connection = try openConnection(to: broker)
        connections[broker]?.close()
        connections[broker] = connection
        return connection
    }

    /// Gives a ready connection to some broker. Tries bootstrap servers and known brokers one after the other; fails
    /// with the first failure when none can be used.
    package func anyConnection(_ completion: @escaping (Result<BrokerConnection, ClientError>) -> Void) {
        if isClosed {
            return completion(.failure(.closed))
        }
        if let general, general.state == .ready {
            return completion(.success(general))
        }
        generalWaiters.append(completion)
        guard !isDialing else {
            return
        }
        isDialing = true
        dial(candidates()[...], firstFailure: nil)
    }

    private func candidates() -> [HostPort] {
        let bootstrap = settings.bootstrapServers
        let start = bootstrap.isEmpty ? 0 : firstCandidate % bootstrap.count
        let rotated = Array(bootstrap[start...] + bootstrap[..<start])
        let known = metadata.brokers.sorted { $0.key < $1.key }.map(\.value)
        return rotated + known.filter { !rotated.contains($0) }
    }

    private func dial(_ candidates: ArraySlice<HostPort>, firstFailure: ClientError?) {
        guard !isClosed else {
            return
        }
        guard let address = candidates.first else {
            isDialing = false
            firstCandidate += 1
            return answerWaiters(.failure(firstFailure ?? .protocolViolation("no bootstrap server was given")))
        }
        let connection = BrokerConnection(to: address, settings: settings.connection, transport: transport)
        general = connection
        connection.onStateChange = { [weak self, weak connection] state in
            guard let self, let connection else {
                return
            }
            self.generalChanged(connection, state, candidates, firstFailure)
        }
    }

    private func generalChanged(
        _ connection: BrokerConnection, _ state: BrokerConnection.State, _ candidates: ArraySlice<HostPort>,
        _ firstFailure: ClientError?
    ) {
        guard general === connection else {
            return
        }
        switch state {
        case .ready:
            isDialing = false
            answerWaiters(.success(connection))
        case .closed(let error):
            general = nil
            guard isDialing else {
                return
            }
            let failure: ClientError =
                if case .disconnected(let reason) = error { .bootstrapFailed(connection.address, reason) } else {
                    error
                }
            dial(candidates.dropFirst(), firstFailure: firstFailure ?? failure)
        case .connecting, .negotiating, .authenticating: break
        }
    }

    private func answerWaiters(_ result: Result<BrokerConnection, ClientError>) {
        let waiters = generalWaiters
        generalWaiters = []
        for waiter in waiters {
            waiter(result)
        }
    }

    // MARK: Requests

    /// Sends one request and gives its answer, or why there is none. `records` fields are valid during `completion`
    /// only.
    package func send<R: KafkaRequest>(
        _ request: R, to target: RequestTarget = .anyBroker, maxVersion: Int16 = .max, timeoutMs: Int64? = nil,
        completion: @escaping BrokerConnection.Completion<R>
    ) {
        send(R.self, to: target, maxVersion: maxVersion, timeoutMs: timeoutMs, build: { _ in request }, completion)
    }

    /// Like ``send(_:to:maxVersion:timeoutMs:completion:)``, for a request whose fields depend on the version.
    package func send<R: KafkaRequest>(
        _ type: R.Type, to target: RequestTarget, maxVersion: Int16 = .max, timeoutMs: Int64? = nil,
        build: @escaping (Int16) -> R, _ completion: @escaping BrokerConnection.Completion<R>
    ) {
        var node: Int32?
        switch target {
        case .broker(let id): node = id
        case .controller where metadata.brokers[metadata.controllerID] != nil: node = metadata.controllerID
        case .controller, .anyBroker: break
        }
        guard let node else {
            return anyConnection { result in
                switch result {
                case .success(let connection):
                    connection.send(
                        R.self, maxVersion: maxVersion, timeoutMs: timeoutMs, build: build, completion: completion)
                case .failure(let error): completion(.failure(error))
                }
            }
        }
        do throws(ClientError) {
            try connection(to: node).send(
                R.self, maxVersion: maxVersion, timeoutMs: timeoutMs, build: build, completion: completion)
        } catch {
            completion(.failure(error))
        }
    }

    // MARK: Metadata

    /// Asks some broker for brokers and topics and remembers the answer in ``metadata``.
    package func refreshMetadata(
        _ topics: TopicSelection, allowAutoTopicCreation: Bool = false,
        completion: @escaping (Result<ClusterMetadata, ClientError>) -> Void
    ) {
        let build: (Int16) -> MetadataRequest = { version in
            var request = MetadataRequest()
            request.allowAutoTopicCreation = allowAutoTopicCreation
            switch topics {
            // Version 0 has no null list; its empty list means all.
            case .all: request.topics = version == 0 ? [] : nil
            case .none: request.topics = []
            case .named(let names):
                request.topics = names.sorted().map { name in
                    var topic = MetadataRequest.MetadataRequestTopic()
                    topic.name = name
                    return topic
                }
            }
            return request
        }
        send(MetadataRequest.self, to: .anyBroker, build: build) { [weak self] result in
            switch result {
            case .success(let response): self?.takeMetadata(response, topics, completion)
            case .failure(let error): completion(.failure(error))
            }
        }
    }

    private func takeMetadata(
        _ response: MetadataResponse, _ topics: TopicSelection,
        _ completion: (Result<ClusterMetadata, ClientError>) -> Void
    ) {
        guard !isClosed else {
            return completion(.failure(.closed))
        }
        // REBOOTSTRAP_REQUIRED (KIP-1102) and the like: this broker's view must not be used.
        if response.errorCode != 0 {
            general?.close()
            metadata.brokers = [:]
            return completion(.failure(.broker(ErrorCode(rawValue: response.errorCode), message: nil)))
        }
        let isComplete = if case .all = topics { true } else { false }
        metadata.merge(ClusterMetadata(response), isComplete: isComplete)
        completion(.success(metadata))
    }

    /// The broker that leads a partition, as far as metadata knows.
    package func leader(of partition: TopicPartition) throws(ClientError) -> Int32 {
        guard let info = metadata.topics[partition.topic]?.partition(partition.partition), info.leaderID >= 0,
            metadata.brokers[info.leaderID] != nil
        else {
            throw .leaderUnknown(topic: partition.topic, partition: partition.partition)
        }
        return info.leaderID
    }
}
