import ClusterCore
import KafkaClient
import KafkaProtocol
import LogStorage

/// One link at work: a client of the source, a consumer of what is mirrored, and what is known about the source's
/// health.
///
/// Durable state lives in the cluster; the runner derives everything else from it (``reconcile()``), so a restart of
/// either side resumes at the mirrors' log ends.
final class LinkRunner {
    let linkID: KafkaUUID
    private(set) var client: ClusterClient
    private(set) var consumer: Consumer
    private(set) var settings: LinkSettings
    /// By partition of the source.
    var partitions: [TopicPartition: MirrorPartition] = [:]

    unowned let host: any LinkHost
    private let random: RandomBits
    private let name: String

    /// Why the source could not be asked, and since when: to be shown, and to be measured. In milliseconds.
    struct Outage {
        let error: ClientError
        let wallMs: Int64
        let monotonicMs: Int64
    }

    /// nil while it answers.
    private(set) var outage: Outage?
    /// Whether the source has answered since the link (or this process) began.
    private(set) var hasAnswered = false
    /// Why the link must not copy although the source answers.
    private(set) var refusal: String?
    /// Since when the source says that a topic does not exist, on the monotonic clock.
    private var missingSince: [String: Int64] = [:]

    init(_ link: ClusterLink, host: any LinkHost, random: @escaping RandomBits) {
        linkID = link.id
        name = link.name
        settings = link.settings
        self.host = host
        self.random = random
        client = LinkRunner.makeClient(link.settings, host.transport)
        consumer = Consumer(client: client, settings: LinkRunner.consumerSettings(link.settings), random: random)
    }

    static func makeClient(_ settings: LinkSettings, _ transport: any Transport) -> ClusterClient {
        let servers = settings.bootstrapServers.compactMap { HostPort($0) }
        var client = ClientSettings(bootstrapServers: servers)
        client.connection.clientID = "cluster-link"
        client.connection.connectTimeoutMs = settings.number("socket.connection.setup.timeout.ms")
        client.connection.requestTimeoutMs = settings.number("request.timeout.ms")
        // Checked when they were set; what cannot be read all the same finds no listener that takes it.
        client.connection.security = (try? settings.security()) ?? .plaintext
        return ClusterClient(settings: client, transport: transport)
    }

    private static func consumerSettings(_ settings: LinkSettings) -> ConsumerSettings {
        func int32(_ name: String) -> Int32 { Int32(clamping: settings.number(name)) }
        var consumer = ConsumerSettings()
        consumer.fetch.maxWaitMs = int32("replica.fetch.wait.max.ms")
        consumer.fetch.minBytes = int32("replica.fetch.min.bytes")
        consumer.fetch.maxBytes = int32("replica.fetch.response.max.bytes")
        consumer.fetch.partitionMaxBytes = int32("replica.fetch.max.bytes")
        consumer.retryBackoffMs = settings.number("retry.backoff.ms")
        consumer.retryBackoffMaxMs = settings.number("replica.fetch.backoff.ms")
        // Metadata is the probe of availability too.
        consumer.metadataMaxAgeMs = min(
            settings.number("metadata.max.age.ms"), settings.number("availability.check.ms"))
        return consumer
    }

    func start() {
        consumer.delegate = self
        reconcile()
        consumer.start()
    }

    func close() {
        consumer.close()
        client.close()
    }

    /// Takes over changed configs: with new connections, since the address may be among them.
    func apply(_ link: ClusterLink) {
        guard link.settings != settings else {
            return reconcile()
        }
        close()
        settings = link.settings
        // What the old address told says nothing about the new one.
        for partition in partitions.values where !settings.isPaused {
            partition.sourceHighWatermark = -1
        }
        client = LinkRunner.makeClient(settings, host.transport)
        consumer = Consumer(client: client, settings: LinkRunner.consumerSettings(settings), random: random)
        start()
    }

    // MARK: What is mirrored

    /// Assigns exactly the partitions that are to be mirrored, each from its mirror's log end on.
    func reconcile() {
        let isHalted = settings.isPaused || refusal != nil
        let wanted = host.withCluster { cluster, _ in
            isHalted ? [] : self.wantedPartitions(cluster)
        }
        let sources = Set(wanted.map(\.source))
        for partition in consumer.assigned where !sources.contains(partition) {
            consumer.remove(partition)
        }
        let assigned = Set(consumer.assigned)
        for item in wanted {
            if partitions[item.source]?.topicID != item.topicID {
                partitions[item.source] = MirrorPartition(topicID: item.topicID, source: item.source)
                consumer.remove(item.source)
            } else if assigned.contains(item.source) {
                continue
            }
            consumer.assign(item.source, at: item.offset, lastFetchedEpoch: item.epoch)
        }
    }

    private struct Wanted {
        let source: TopicPartition
        let topicID: KafkaUUID
        let offset: Int64
        let epoch: Int32
    }

    private func wantedPartitions(_ cluster: Cluster) -> [Wanted] {
        cluster.mirrorTopics(of: linkID).flatMap { topic -> [Wanted] in
            guard let mirror = topic.mirror, mirror.state.isMirroring else {
                return []
            }
            return topic.partitions.compactMap { partition in
                partition.log.map { log in
                    Wanted(
                        source: TopicPartition(mirror.sourceTopicName, partition.index), topicID: topic.id,
                        offset: log.logEndOffset, epoch: log.latestLeaderEpoch ?? -1)
                }
            }
        }
    }

    /// Stops a mirror for good; only failover leads on.
    func fail(_ topic: Topic, _ error: MirrorError, _ reason: String) {
        do throws(LinkFailure) {
            try host.tryCluster { (cluster, now) throws(LinkFailure) in
                try cluster.setMirrorState(topic, .failed, error: error, now: now)
            }
            host.log(.error, "mirror topic \(topic.name) of link \(name) has failed, \(error): \(reason)")
        } catch {
            host.log(.error, "mirror topic \(topic.name) could not be marked as failed: \(error)")
        }
        for partition in consumer.assigned where partitions[partition]?.topicID == topic.id {
            consumer.remove(partition)
        }
    }

    // MARK: Health

    /// Whether the source has been silent for so long that mirrors show it.
    var sourceIsUnavailable: Bool {
        outage.map { host.transport.monotonicMs -| $0.monotonicMs >= patienceMs } ?? false
    }

    /// The moment from which mirrors show it, in milliseconds since the epoch.
    var unavailableSinceMs: Int64? { outage.map { $0.wallMs +| patienceMs } }

    /// How long a source may be silent before mirrors show it.
    private var patienceMs: Int64 {
        settings.number("availability.check.ms")
            *| settings.number("availability.check.consecutive.failure.threshold")
    }

    func health(now: Int64) -> (LinkHealth, LinkError, String?) {
        if settings.isPaused {
            return (.paused, .noError, nil)
        }
        if let refusal {
            return (.failed, .unknown, refusal)
        }
        if let outage {
            return (.unavailable, LinkError(outage.error), "\(outage.error)")
        }
        return (hasAnswered ? .active : .unknown, .noError, nil)
    }

    /// Takes note of what a round of metadata told about the source as a whole.
    func noteSource(_ result: Result<ClusterMetadata, ClientError>) {
        switch result {
        case .failure(let error):
            if outage == nil {
                host.log(.warning, "link \(name) cannot reach its source: \(error)")
            }
            outage = Outage(
                error: error, wallMs: outage?.wallMs ?? host.transport.nowMs,
                monotonicMs: outage?.monotonicMs ?? host.transport.monotonicMs)
        case .success(let metadata):
            if outage != nil {
                host.log(.info, "link \(name) reaches its source again")
            }
            outage = nil
            hasAnswered = true
            checkIdentity(metadata)
        }
    }

    /// Records of another cluster must never be mixed into a mirror, so a source with another id halts the link.
    private func checkIdentity(_ metadata: ClusterMetadata) {
        guard let found = metadata.clusterID else {
            return
        }
        let expected = host.withCluster { cluster, _ in cluster.links[linkID]?.remoteClusterID }
        var problem: String?
        if let expected, expected != found {
            problem =
                "The cluster at \(settings.bootstrapServers.joined(separator: ",")) is '\(found)', not '\(expected)'."
        } else if expected == nil {
            do throws(LinkFailure) {
                try host.tryCluster { (cluster, now) throws(LinkFailure) in
                    try cluster.noteRemoteCluster(found, of: linkID, now: now)
                }
            } catch {
                host.log(.error, "link \(name): \(error)")
            }
        }
        if problem != refusal {
            refusal = problem
            if let problem {
                host.log(.error, "link \(name) has stopped: \(problem)")
            }
            reconcile()
        }
    }

    /// Compares each mirror with what the source says about its topic now.
    func followTopics(_ metadata: ClusterMetadata) {
        let topics = host.withCluster { cluster, _ in cluster.mirrorTopics(of: linkID) }
        for topic in topics {
            guard let mirror = topic.mirror, mirror.state.isMirroring,
                let source = metadata.topics[mirror.sourceTopicName]
            else {
                continue
            }
            follow(topic, mirror, source)
        }
        reconcile()
    }

    private func follow(_ topic: Topic, _ mirror: MirrorTopic, _ source: ClusterMetadata.TopicInfo) {
        guard source.error != .unknownTopicOrPartition, source.error != .unknownTopicID else {
            let now = host.transport.monotonicMs
            let since = missingSince[source.name] ?? now
            missingSince[source.name] = since
            if now -| since >= settings.number("cluster.link.retry.timeout.ms") {
                fail(topic, .sourceTopicMayBeDeleted, "the source has no topic '\(source.name)'")
            }
            return
        }
        missingSince[source.name] = nil
        guard source.error == .none, !source.partitions.isEmpty else {
            return
        }
        if source.id != .zero, mirror.sourceTopicID != .zero, source.id != mirror.sourceTopicID {
            return fail(
                topic, .sourceTopicIDChanged,
                "'\(source.name)' had id \(mirror.sourceTopicID.base64), now \(source.id.base64)")
        }
        if source.partitions.count < topic.partitions.count {
            return fail(
                topic, .sourcePartitionsDecreased,
                "'\(source.name)' has \(source.partitions.count) partitions, the mirror \(topic.partitions.count)")
        }
        do throws(LinkFailure) {
            try host.tryCluster { (cluster, now) throws(LinkFailure) in
                try cluster.noteSourceTopicID(source.id, of: topic, now: now)
                try cluster.addMirrorPartitions(
                    topic, leaderEpochs: source.partitions.map(\.leaderEpoch), now: now)
            }
        } catch {
            host.log(.error, "mirror topic \(topic.name) cannot follow its source's partitions: \(error)")
        }
    }
}
