import ClusterCore
import KafkaProtocol
import LogStorage

/// The life of a cluster as a seed decides it. Whatever it leaves behind, says or plans must be the same in every
/// process: dictionaries and sets are ordered differently in each.
package final class Workload {
    private var dice: Dice
    private var cluster: Cluster
    private let fileSystem = MemoryFileSystem()
    private let configuration: ClusterConfiguration
    private var now: Int64 = 1_700_000_000_000
    private var clock: Now { Now(wallMs: now, monotonicMs: now) }
    private var digest = Digest()
    private var correlationID: Int32 = 0
    private var members: [(group: String, connection: ConnectionID, id: String, generation: Int32)] = []

    package init(seed: UInt64) throws {
        dice = Dice(seed: seed)
        let brokers = (1...3).map { node in
            Broker(
                nodeID: node,
                endpoints: [.plaintext: Endpoint(host: "127.0.0.1", port: 9000 + node)])
        }
        configuration = ClusterConfiguration(
            clusterID: "lkc-same", name: "same", brokers: brokers, dataDirectory: "/data",
            durability: seed % 2 == 0 ? .os : .fsync,
            brokerConfigs: [
                "offsets.topic.num.partitions": "2", "group.initial.rebalance.delay.ms": "10",
                "offsets.retention.check.interval.ms": "60000", "offsets.retention.minutes": "30",
            ])
        cluster = try Cluster(
            configuration: configuration, fileSystem: fileSystem, seed: seed, now: Now(wallMs: now, monotonicMs: now))
        for group in 0..<4 {
            for member in 0..<3 {
                members.append(("g\(group)", ConnectionID(rawValue: UInt64(group * 10 + member + 1)), "", -1))
            }
        }
        connect()
    }

    private func connect() {
        for index in members.indices {
            members[index].id = ""
            cluster.connectionOpened(
                members[index].connection, ConnectionInfo(listener: .plaintext, nodeID: 1, clientHost: "127.0.0.1"))
        }
    }

    /// Runs it; the result is a digest of every answer, every planned time and every byte of every file.
    package func run(steps: Int = 600) throws -> String {
        for _ in 0..<steps {
            try step()
            collect()
            digest.add("\(cluster.nextTimer ?? -1)")
        }
        try cluster.close()
        try digestFiles("/data")
        return digest.text
    }

    private func topic() -> String { "t\(dice.roll(8))" }

    private func step() throws {
        switch dice.roll(16) {
        case 0, 1: createTopics()
        case 2: send(deletion())
        case 3, 4, 5: produce()
        case 6, 7: join()
        case 8: sync()
        case 9: commit()
        case 10: alter()
        case 11: link()
        case 12: fetch()
        case 13: removal()
        case 14: if dice.roll(6) == 0 { try restart() }
        default: break
        }
        now += Int64(dice.pick([0, 1, 20, 500, 5_000, 40_000, 700_000]))
        cluster.tick(now: clock)
    }

    // MARK: What clients do

    private func createTopics() {
        var request = CreateTopicsRequest()
        request.topics = (0..<3).map { _ in
            var item = CreateTopicsRequest.CreatableTopic()
            item.name = topic()
            item.numPartitions = Int32(1 + dice.roll(4))
            item.replicationFactor = Int16(1 + dice.roll(3))
            item.configs = ["retention.ms", "segment.ms", "max.message.bytes"].prefix(dice.roll(4)).map { name in
                var config = CreateTopicsRequest.CreatableTopicConfig()
                config.name = name
                config.value = "1000000"
                return config
            }
            return item
        }
        send(request)
    }

    private func deletion() -> DeleteTopicsRequest {
        var request = DeleteTopicsRequest()
        request.topics = (0..<2).map { _ in
            var item = DeleteTopicsRequest.DeleteTopicState()
            item.name = topic()
            return item
        }
        return request
    }

    private func produce() {
        guard let topic = cluster.topics[topic()] else { return }
        var request = ProduceRequest()
        request.acks = -1
        request.timeoutMs = 1_000
        var item = ProduceRequest.TopicProduceData()
        item.topicID = topic.id
        item.partitionData = topic.partitions.map { partition in
            var data = ProduceRequest.PartitionProduceData()
            data.index = partition.index
            data.records = .owned((try? Batches.plain(now: now, values: 1 + dice.roll(4))) ?? [])
            return data
        }
        request.topicData = [item]
        send(request, at: nil)
    }

    private func join() {
        let index = dice.roll(members.count)
        var request = JoinGroupRequest()
        request.groupID = members[index].group
        request.memberID = members[index].id
        request.protocolType = "consumer"
        request.sessionTimeoutMs = 30_000
        request.rebalanceTimeoutMs = 2_000
        if index % 3 == 0 { request.groupInstanceID = "i\(index)" }
        request.protocols = ["range", "roundrobin"].map { name in
            var item = JoinGroupRequest.JoinGroupRequestProtocol()
            item.name = name
            item.metadata = [0, 0, 0, 0, 0, 1, 0, 2, UInt8(ascii: "t"), UInt8(ascii: "1"), 0xff, 0xff, 0xff, 0xff]
            return item
        }
        send(request, at: index)
    }

    private func sync() {
        let index = dice.roll(members.count)
        var request = SyncGroupRequest()
        request.groupID = members[index].group
        request.memberID = members[index].id
        request.generationID = members[index].generation
        request.assignments = members.filter { $0.group == members[index].group }.map { member in
            var item = SyncGroupRequest.SyncGroupRequestAssignment()
            item.memberID = member.id
            item.assignment = Array(member.id.utf8)
            return item
        }
        send(request, at: index)
    }

    private func commit() {
        let index = dice.roll(members.count)
        var request = OffsetCommitRequest()
        let isMember = dice.roll(2) == 0
        request.groupID = isMember ? members[index].group : "free\(dice.roll(3))"
        request.memberID = isMember ? members[index].id : ""
        request.generationIDOrMemberEpoch = isMember ? members[index].generation : -1
        request.topics = (0..<3).compactMap { _ in cluster.topics[topic()] }.map { topic in
            var item = OffsetCommitRequest.OffsetCommitRequestTopic()
            item.topicID = topic.id
            item.partitions = topic.partitions.map { partition in
                var entry = OffsetCommitRequest.OffsetCommitRequestPartition()
                entry.partitionIndex = partition.index
                entry.committedOffset = Int64(dice.roll(10))
                return entry
            }
            return item
        }
        send(request, at: index)
    }

    private func alter() {
        let name = dice.pick(["retention.ms", "segment.bytes", "cleanup.policy", "min.insync.replicas"])
        let value = ["retention.ms": "100000", "segment.bytes": "1048576", "cleanup.policy": "delete"][name] ?? "1"
        var config = IncrementalAlterConfigsRequest.AlterableConfig()
        config.name = name
        config.value = value
        config.configOperation = Int8(dice.roll(2))
        var item = IncrementalAlterConfigsRequest.AlterConfigsResource()
        item.resourceType = 2
        item.resourceName = topic()
        item.configs = [config]
        var request = IncrementalAlterConfigsRequest()
        request.resources = [item]
        send(request)
        send(DescribeConfigs.everything(topic()))
    }

    private func link() {
        let name = "l\(dice.roll(3))"
        switch dice.roll(4) {
        case 0:
            let configs = [
                "bootstrap.servers": "127.0.0.1:1", "request.timeout.ms": "5000", "retry.backoff.ms": "7",
                "metadata.max.age.ms": "9000",
            ]
            _ = try? cluster.createLink(NewLink(name: name, configs: configs), now: now)
        case 1, 2:
            let source = SourceTopic(
                id: .zero, leaderEpochs: [1, 2, 3], startOffsets: [5, 0, 1],
                configs: [SourceConfig(name: "retention.ms", value: "5000", isSetOnTopic: true)])
            let mirror = NewMirror(linkName: name, sourceTopicName: "m\(dice.roll(6))")
            _ = try? cluster.createMirrorTopic(mirror, source: source, now: now) { _ in }
        default:
            _ = try? cluster.deleteLink(name, force: true, validateOnly: false, now: now)
        }
    }

    private func fetch() {
        var request = FetchRequest()
        request.maxWaitMs = 300
        request.minBytes = 100_000
        request.maxBytes = 1 << 20
        request.topics = cluster.topics.sorted.prefix(4).map { topic in
            var item = FetchRequest.FetchTopic()
            item.topicID = topic.id
            item.partitions = topic.partitions.map { partition in
                var entry = FetchRequest.FetchPartition()
                entry.partition = partition.index
                entry.partitionMaxBytes = 1 << 16
                return entry
            }
            return item
        }
        if dice.roll(2) == 0 { request.sessionEpoch = 0 }
        send(request, at: dice.roll(members.count))
    }

    private func removal() {
        let index = dice.roll(members.count)
        switch dice.roll(4) {
        case 0:
            var request = DeleteGroupsRequest()
            request.groupsNames = ["free0", "free1", members[index].group]
            send(request)
        case 1:
            var entry = LeaveGroupRequest.MemberIdentity()
            entry.memberID = members[index].id
            var request = LeaveGroupRequest()
            request.groupID = members[index].group
            request.members = [entry]
            send(request)
        case 2:
            send(ListGroupsRequest())
            send(MetadataRequest())
            var request = OffsetFetchRequest()
            request.groups = ["free0", "free1", "g0"].map { id in
                var group = OffsetFetchRequest.OffsetFetchRequestGroup()
                group.groupID = id
                group.topics = nil
                return group
            }
            send(request)
        default:
            cluster.connectionClosed(members[index].connection)
            cluster.connectionOpened(
                members[index].connection, ConnectionInfo(listener: .plaintext, nodeID: 1, clientHost: "127.0.0.1"))
        }
    }

    private func restart() throws {
        if dice.roll(2) == 0 { try cluster.close() }
        cluster = try Cluster(configuration: configuration, fileSystem: fileSystem, seed: dice.next(), now: clock)
        connect()
    }

    // MARK: What becomes of it

    private func send<R: KafkaRequest>(_ request: R, at index: Int? = nil) {
        correlationID += 1
        var writer = WireWriter(capacity: 256)
        let version = R.servedVersions.upperBound
        RequestHeader(apiKey: R.apiKey, apiVersion: version, correlationID: correlationID, clientID: "same")
            .encode(into: &writer)
        request.encode(into: &writer, version: version)
        let frame = writer.copyBytes()
        let connection = members[index ?? 0].connection
        switch frame.withUnsafeBytes({ cluster.handle(frame: $0, from: connection, now: clock) }) {
        case .reply(let reply): note(reply, connection)
        case .close(let reason): digest.add(reason)
        case .pending: digest.add("pending")
        case .noReply: digest.add("none")
        }
    }

    private func collect() {
        cluster.finishRecordChecks(now: clock)
        while case let syncs = cluster.drainDiskSyncs(), !syncs.isEmpty {
            for sync in syncs {
                cluster.finish(sync, sync.perform(), now: clock)
            }
        }
        if cluster.needsFlush { cluster.flush(now: clock) }
        for delivery in cluster.drainDeliveries() { note(delivery.reply, delivery.connection) }
        for notice in cluster.drainNotices() { digest.add(notice.text) }
    }

    private func note(_ reply: Reply, _ connection: ConnectionID) {
        var writer = WireWriter(capacity: 512)
        reply.encode(into: &writer)
        digest.add("\(connection.rawValue)")
        digest.add(writer.copyBytes())
        guard let answer = reply.body as? JoinGroupResponse,
            let index = members.firstIndex(where: { $0.connection == connection })
        else { return }
        if !answer.memberID.isEmpty { members[index].id = answer.memberID }
        if answer.generationID >= 0 { members[index].generation = answer.generationID }
    }

    private func digestFiles(_ path: String) throws {
        for entry in try fileSystem.list(path).sorted(by: { $0.name < $1.name }) {
            digest.add(path + "/" + entry.name)
            if entry.isDirectory {
                try digestFiles(path + "/" + entry.name)
            } else {
                digest.add(try fileSystem.contents(of: path + "/" + entry.name) ?? [])
            }
        }
    }
}

private enum DescribeConfigs {
    static func everything(_ topic: String) -> DescribeConfigsRequest {
        var item = DescribeConfigsRequest.DescribeConfigsResource()
        item.resourceType = 2
        item.resourceName = topic
        var request = DescribeConfigsRequest()
        request.resources = [item]
        request.includeSynonyms = true
        return request
    }
}

/// FNV-1a over everything that is added, and how much that was.
struct Digest {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    private var count = 0

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            count += 1
        }
        hash = (hash ^ 0xff) &* 0x100_0000_01b3
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    var text: String { "\(String(hash, radix: 16)) over \(count) bytes" }
}
