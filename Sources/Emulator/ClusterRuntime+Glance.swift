import ClusterCore
import ClusterLinking
import KafkaProtocol
import KafkaTransport
import LogStorage
import RESTAPI

// What the HTTP surface shows of topics and connections, taken from the cluster some at a time: others are served in
// between, however many there are.

extension ClusterRuntime {
    /// Partitions that are looked at in one go; a topic counts as some of them.
    private static let partitionsPerPiece = 500
    private static let topicWeight = 10

    func topicSummaries(_ wanted: [String]?, partitions withPartitions: Bool) async throws -> [TopicSummary] {
        let names: [String]
        if let wanted {
            names = wanted
        } else {
            names = try await loop.submit { cluster, _ in cluster.topics.all.map(\.name) }.sorted()
        }
        var found: [TopicSummary] = []
        found.reserveCapacity(names.count)
        var next = TopicPlace()
        while next.topic < names.count {
            let begin = next
            let piece = try await loop.submit { cluster, _ in
                Self.piece(cluster, names, from: begin, withPartitions: withPartitions)
            }
            for part in piece.parts {
                if part.isContinued, let last = found.indices.last, found[last].id == part.summary.id {
                    found[last].add(part.summary)
                } else if !part.isContinued {
                    found.append(part.summary)
                }
            }
            next = piece.next
        }
        let mirrors = try await mirrorStatuses(of: found.filter(\.isMirror).map(\.name))
        for index in found.indices {
            found[index].mirror = mirrors[found[index].name]
        }
        return found
    }

    /// Where one piece ends and the next begins.
    private struct TopicPlace {
        /// Position in the list of names.
        var topic = 0
        var partition = 0
    }

    private struct TopicPart {
        var summary: TopicSummary
        /// Whether the topic's first partitions are in an earlier piece.
        var isContinued: Bool
    }

    private static func piece(
        _ cluster: Cluster, _ names: [String], from begin: TopicPlace, withPartitions: Bool
    ) -> (parts: [TopicPart], next: TopicPlace) {
        var (place, room, parts) = (begin, partitionsPerPiece, [TopicPart]())
        while place.topic < names.count, room > 0 {
            guard let topic = cluster.topics[names[place.topic]] else {
                place = TopicPlace(topic: place.topic + 1)
                continue
            }
            var summary = TopicSummary(topic, cluster)
            let end = min(topic.partitions.count, place.partition + room)  // bounded: both are counts of this piece
            if place.partition < end {
                for partition in topic.partitions[place.partition..<end] {
                    summary.add(partition, keeps: withPartitions)
                }
            }
            parts.append(TopicPart(summary: summary, isContinued: place.partition > 0))
            room -= max(0, end - place.partition) + topicWeight
            place =
                end < topic.partitions.count
                ? TopicPlace(topic: place.topic, partition: end) : TopicPlace(topic: place.topic + 1)
        }
        return (parts, place)
    }

    /// Mirror topics by name, of those that are named; one at a time, since one may have very many partitions.
    func mirrorStatuses(of names: [String]) async throws -> [String: MirrorStatus] {
        var found: [String: MirrorStatus] = [:]
        var next = 0
        while next < names.count {
            let begin = next
            let (statuses, end) = try await linkService.run { engine in
                var (statuses, index, room) = ([MirrorStatus](), begin, Self.partitionsPerPiece)
                while index < names.count, room > 0 {
                    if let mirror = engine.mirror(topic: names[index]) {
                        statuses.append(MirrorStatus(mirror))
                        room -= mirror.partitions.count + Self.topicWeight
                    }
                    index += 1
                }
                return (statuses, index)
            }
            for status in statuses {
                found[status.mirrorTopicName] = status
            }
            next = end
        }
        return found
    }

    func connections(limit: Int) async throws -> (listed: [ConnectionSummary], count: Int) {
        let loop = loop
        return try await loop.onLoop {
            let (listed, count) = loop.describeConnections(limit: limit)
            return loop.eventLoop.makeSucceededFuture((listed.map(ConnectionSummary.init), count))
        }
    }
}

extension ClusterRuntime {
    func timeSeries(of subject: SeriesSubject, step: SeriesStep, sinceMs: Int64?) async throws -> TimeSeries {
        let exists = try await loop.submit { cluster, _ in
            switch subject {
            case .cluster: true
            case .topic(let name): cluster.topics[name] != nil
            case .link(let name): cluster.links[name] != nil
            }
        }
        switch subject {
        case .topic(let name) where !exists:
            throw RESTError(.unknownTopicOrPartition, message: "The topic '\(name)' does not exist.")
        case .link(let name) where !exists: throw RESTError.linkNotFound(name)
        default: return sampler.lines(of: subject, step: step, sinceMs: sinceMs)
        }
    }
}

extension TopicSummary {
    /// Without its partitions.
    fileprivate init(_ topic: Topic, _ cluster: Cluster) {
        self.init(
            name: topic.name, id: topic.id, isInternal: topic.isInternal, replicationFactor: topic.replicationFactor,
            cleanupPolicy: cluster.configs.topic(topic.name, "cleanup.policy") ?? "delete",
            retentionMs: cluster.configs.topicInt(topic.name, "retention.ms") ?? -1)
        isMirror = topic.mirror != nil
    }

    fileprivate mutating func add(_ partition: Partition, keeps: Bool) {
        partitionCount += 1
        let log = partition.log.flatMap { $0.isOffline ? nil : LogSummary($0) }
        sizeBytes = sizeBytes +| (log?.sizeBytes ?? 0)
        recordCount = recordCount +| max(0, (log?.endOffset ?? 0) -| (log?.startOffset ?? 0))
        if keeps {
            partitions.append(
                PartitionSummary(
                    index: partition.index, leader: partition.leader, leaderEpoch: partition.leaderEpoch,
                    replicas: partition.replicas, isr: partition.isr, log: log))
        }
    }

    /// Puts the topic's next partitions to those that are there.
    fileprivate mutating func add(_ more: TopicSummary) {
        partitionCount = partitionCount +| more.partitionCount
        sizeBytes = sizeBytes +| more.sizeBytes
        recordCount = recordCount +| more.recordCount
        partitions += more.partitions
    }
}

extension LogSummary {
    fileprivate init(_ log: PartitionLog) {
        self.init(
            startOffset: log.logStartOffset, endOffset: log.logEndOffset, highWatermark: log.highWatermark,
            lastStableOffset: log.lastStableOffset, sizeBytes: log.size)
    }
}

extension ConnectionSummary {
    fileprivate init(_ connection: ConnectionDescription) {
        self.init(
            id: connection.id, clientID: connection.info.client.id, softwareName: connection.info.client.softwareName,
            softwareVersion: connection.info.client.softwareVersion, address: connection.address,
            listener: connection.info.listener.rawValue, principal: "\(connection.info.principal)",
            connectedMs: connection.connectedMs, requests: connection.info.client.requests)
    }
}
