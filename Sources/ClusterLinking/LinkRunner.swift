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
    let name: String

    /// When something began: to be shown, and to be measured. In milliseconds.
    struct Moment {
        let wallMs: Int64
        let monotonicMs: Int64
    }

    /// Why the source could not be asked, and since when.
    struct Outage {
        let error: ClientError
        let since: Moment
    }

    var now: Moment { Moment(wallMs: host.transport.nowMs, monotonicMs: host.transport.monotonicMs) }

    /// nil while it answers.
    var outage: Outage?
    /// When the outage is worth the next line in the log.
    var nextOutageLine = RareLines<ClientError>()
    /// When mirrors last went back to ACTIVE because the source answers again; -1 when they never did.
    var availableAgainMs: Int64 = -1
    /// Whether the source has answered since the link (or this process) began.
    var hasAnswered = false
    /// Why the link must not copy although the source answers.
    var refusal: String?
    /// When ``refusal`` changed last; -1 when it never did.
    var refusalTimeMs: Int64 = -1
    /// Since when the source says that a topic does not exist, on both clocks.
    var missingSince: [String: Moment] = [:]
    /// When a topic that was missing was there again.
    var foundAgain: [String: Int64] = [:]

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
            // The link may have been paused, or have another address now: it begins with the mirror's last batch.
            partitions[item.source]?.lookBack = item.hasRecords ? .underWay : .due
            let offset = item.hasRecords ? item.offset -| 1 : item.offset
            consumer.assign(item.source, at: offset, lastFetchedEpoch: item.epoch)
        }
    }

    private struct Wanted {
        let source: TopicPartition
        let topicID: KafkaUUID
        let offset: Int64
        let epoch: Int32
        /// Whether its last batch can be compared with the source's.
        let hasRecords: Bool
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
                        offset: log.logEndOffset, epoch: log.latestLeaderEpoch ?? -1,
                        hasRecords: MirrorStep.mayLookBack(log))
                }
            }
        }
    }

    /// The source's high watermark by partition, as it was last heard: -1 where never, and then perhaps in an earlier
    /// process.
    func sourceEnds(of topic: Topic) -> [Int64] {
        guard let mirror = topic.mirror else {
            return []
        }
        return topic.partitions.map { partition in
            let known = partitions[TopicPartition(mirror.sourceTopicName, partition.index)]
            guard let known, known.topicID == topic.id, known.sourceHighWatermark >= 0 else {
                return mirror.sourceEnd(of: partition.index) ?? -1
            }
            return known.sourceHighWatermark
        }
    }

    /// Stops a mirror for good; only failover leads on.
    func fail(_ topic: Topic, _ error: MirrorError, _ reason: String) {
        do throws(LinkFailure) {
            try host.tryCluster { (cluster, now) throws(LinkFailure) in
                try cluster.setMirrorState(topic, .failed, error: error, sourceEnds: sourceEnds(of: topic), now: now)
            }
            host.log(.error, "mirror topic \(topic.name) of link \(name) has failed, \(error): \(reason)")
        } catch {
            host.log(.error, "mirror topic \(topic.name) could not be marked as failed: \(error)")
        }
        for partition in consumer.assigned where partitions[partition]?.topicID == topic.id {
            consumer.remove(partition)
        }
    }
}
