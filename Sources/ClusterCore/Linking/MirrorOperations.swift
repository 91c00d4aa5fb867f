import KafkaProtocol
import LogStorage

/// A mirror topic that somebody wants.
package struct NewMirror: Sendable {
    package var linkName: String
    package var sourceTopicName: String
    /// nil: the source's name with the link's prefix.
    package var mirrorTopicName: String?
    /// nil takes `default.replication.factor`.
    package var replicationFactor: Int?
    /// Configs that are the mirror's own.
    package var configs: [String: String]

    package init(
        linkName: String, sourceTopicName: String, mirrorTopicName: String? = nil, replicationFactor: Int? = nil,
        configs: [String: String] = [:]
    ) {
        self.linkName = linkName
        self.sourceTopicName = sourceTopicName
        self.mirrorTopicName = mirrorTopicName
        self.replicationFactor = replicationFactor
        self.configs = configs
    }
}

/// The source topic as the source described it.
package struct SourceTopic: Sendable {
    /// Zero when the source tells no ids.
    package var id: KafkaUUID
    /// Leader epoch of each partition in order, -1 where unknown.
    package var leaderEpochs: [Int32]
    /// Where each partition of the mirror begins; nil begins at offset 0, from where the link finds the source's start.
    package var startOffsets: [Int64]?
    package var configs: [SourceConfig]

    package init(id: KafkaUUID, leaderEpochs: [Int32], startOffsets: [Int64]? = nil, configs: [SourceConfig]) {
        self.id = id
        self.leaderEpochs = leaderEpochs
        self.startOffsets = startOffsets
        self.configs = configs
    }
}

extension Cluster {
    /// Checks what can be checked without the source. Returns the link and the mirror's name.
    package func validateMirror(_ mirror: NewMirror) throws(LinkFailure) -> (link: ClusterLink, mirrorName: String) {
        let link = try link(mirror.linkName)
        let expected = (link.settings.prefix ?? "") + mirror.sourceTopicName
        let name = mirror.mirrorTopicName ?? expected
        if let problem = TopicName.problem(mirror.sourceTopicName) ?? TopicName.problem(name) {
            throw LinkFailure(.refused, problem, code: .invalidTopicException)
        }
        guard name == expected else {
            let rule = link.settings.prefix.map { prefix in
                ": with cluster.link.prefix '\(prefix)' the mirror of '\(mirror.sourceTopicName)' is named "
                    + "'\(expected)', not '\(name)'."
            }
            throw LinkFailure(.unsupported, "Topic renaming for mirroring not yet supported" + (rule ?? ""))
        }
        if topics[name] != nil {
            throw .topicExists(name)
        }
        if InternalTopic.isInternal(mirror.sourceTopicName) || InternalTopic.isInternal(name) {
            throw LinkFailure(.refused, "Internal topic '\(mirror.sourceTopicName)' cannot be mirrored.")
        }
        let synced = MirrorTopicConfigs.synced(link.settings).intersection(mirror.configs.keys)
        if !synced.isEmpty {
            throw LinkFailure(.refused, Cluster.alwaysSynced(name, synced))
        }
        let count = topics.all.count { $0.mirror != nil } +| making.mirrorTopicCount
        guard count < configuration.limits.mirrorTopics else {
            throw LinkFailure(
                .refused, "This cluster has its limit of \(configuration.limits.mirrorTopics) mirror topics.")
        }
        return (link, name)
    }

    private static func alwaysSynced(_ topic: String, _ names: some Sequence<String>) -> String {
        "Cannot modify mirror topic \(topic) because '\(names.sorted().joined(separator: ","))' are set to always sync"
    }

    /// Refuses to set configs of a mirror topic that follow its source. For whoever alters topic configs.
    package func refuseSyncedConfigs(_ topic: String, _ names: [String]) throws(AdminFailure) {
        guard let mirror = topics[topic]?.mirror, mirror.state.isReadOnly, let link = links[mirror.linkID] else {
            return
        }
        let synced = MirrorTopicConfigs.synced(link.settings).intersection(names)
        if !synced.isEmpty {
            throw AdminFailure(.invalidRequest, Cluster.alwaysSynced(topic, synced))
        }
    }

    /// Creates a mirror topic as its source is: partitions, configs, leader epochs. Few partitions are made at once,
    /// more in slices.
    ///
    /// - Parameter completion: called once unless this throws, before it returns or in a later step of the cluster,
    ///   with what has failed. It must not touch the cluster.
    package mutating func createMirrorTopic(
        _ mirror: NewMirror, source: SourceTopic, now: Int64, completion: @escaping (LinkFailure?) -> Void
    ) throws(LinkFailure) {
        let (link, name) = try validateMirror(mirror)
        if let start = source.startOffsets?.first(where: { $0 > Cluster.highestMirrorStart }) {
            throw LinkFailure(.refused, "No log can begin at offset \(start).", code: .offsetOutOfRange)
        }
        let planned = try planMirror(mirror, source, link, name)
        let state = MirrorTopic(
            linkID: link.id, sourceTopicName: mirror.sourceTopicName, sourceTopicID: source.id, state: .active,
            error: .noError, stateTimeMs: now)
        var changes = planned.records()
        // Before the partitions, so that none of them is writable for a moment.
        changes.insert(.mirrorTopic(state.record(topicID: planned.id)), at: 1)
        for (index, epoch) in source.leaderEpochs.enumerated() where epoch > 0 {
            changes.append(.mirrorLeaderEpoch(leaderEpochRecord(planned.id, Int32(index), epoch)))
        }
        let wish = reserve(planned, changes: changes, startOffsets: source.startOffsets ?? [])
        make([wish], now: now) { failures in
            completion(failures[0].map { LinkFailure(.storage, $0.message ?? $0.code.message, code: $0.code) })
        }
    }

    private mutating func planMirror(
        _ mirror: NewMirror, _ source: SourceTopic, _ link: ClusterLink, _ name: String
    ) throws(LinkFailure) -> PlannedTopic {
        let local = configs
        let followed = MirrorTopicConfigs.taken(from: source.configs, settings: link.settings) { config in
            local.describeTopic(overrides: [:]).first { $0.name == config }?.value
        }
        if let factor = mirror.replicationFactor, factor > configuration.brokers.count {
            throw LinkFailure(
                .refused,
                "Replication factor: \(factor) larger than available brokers: \(configuration.brokers.count).",
                code: .invalidReplicationFactor)
        }
        let wish = NewTopic(
            name: name, partitionCount: source.leaderEpochs.count, replicationFactor: mirror.replicationFactor,
            configs: followed.merging(mirror.configs) { _, own in own })
        do throws(AdminFailure) {
            return try plan(wish)
        } catch {
            throw LinkFailure(.refused, error.message ?? error.code.message, code: error.code)
        }
    }

    /// Follows a source that has more partitions now. Fewer are the caller's to judge.
    ///
    /// - Parameters:
    ///   - leaderEpochs: of all partitions of the source in order, -1 where unknown.
    ///   - completion: called once the partitions are there, or cannot be made, unless this throws or there is nothing
    ///     to do; before this returns or in a later step. It must not touch the cluster.
    package mutating func addMirrorPartitions(
        _ topic: Topic, leaderEpochs: [Int32], now: Int64, completion: @escaping (LinkFailure?) -> Void
    ) throws(LinkFailure) {
        let present = topic.partitions.count
        guard leaderEpochs.count > present, !making.isGrowing(topic.id) else {
            return
        }
        do throws(AdminFailure) {
            try checkRoom(for: leaderEpochs.count - present)
            let added = try spread(
                leaderEpochs.count - present, max(1, topic.replicationFactor), startingAt: present)
            var changes = PlannedTopic.partitions(added, startingAt: present, topicID: topic.id, 0)
            for (index, epoch) in leaderEpochs.enumerated().dropFirst(present) where epoch > 0 {
                changes.append(.mirrorLeaderEpoch(leaderEpochRecord(topic.id, Int32(index), epoch)))
            }
            var wish = reserve(topic, startingAt: present, changes: changes)
            wish.followsSource = true
            make([wish], now: now) { failures in
                completion(failures[0].map { LinkFailure(.refused, $0.message ?? $0.code.message, code: $0.code) })
            }
        } catch {
            throw LinkFailure(.refused, error.message ?? error.code.message, code: error.code)
        }
    }

    /// Moves a mirror topic to another state: the only way to do so.
    ///
    /// - Parameter sourceEnds: the source's high watermark by partition, to be shown while nothing is copied.
    /// - Throws: `refused` when the states do not follow each other, `mirrorNotFound` for a topic that is no mirror.
    package mutating func setMirrorState(
        _ topic: Topic, _ state: MirrorState, error: MirrorError = .noError, sourceEnds: [Int64] = [], now: Int64
    ) throws(LinkFailure) {
        guard var mirror = topic.mirror else {
            throw .mirrorNotFound(topic.name, link: "")
        }
        guard mirror.state.canMove(to: state) else {
            throw LinkFailure(.refused, refusal(topic, mirror, state))
        }
        guard mirror.state != state || mirror.error != error else {
            return
        }
        if state == .stopped, mirror.state != .stopped {
            try store(stopping(topic, error: error, now: now), now: now)
            endSourceProducers(of: topic)
        } else {
            if mirror.state != state {
                mirror.stateTimeMs = now
            }
            if mirror.state == .stopped {
                mirror.producerEnds = []
                topic.partitions.forEach { $0.log?.resumeProducers() }
            }
            mirror.state = state
            mirror.error = error
            mirror.sourceEnds = sourceEnds
            try store([.mirrorTopic(mirror.record(topicID: topic.id))], now: now)
        }
        for partition in topic.partitions {
            parking.wake(.partition(partition.handle))
        }
        resumeWoken(now: now)
    }

    private func refusal(_ topic: Topic, _ mirror: MirrorTopic, _ next: MirrorState) -> String {
        let link = links[mirror.linkID]?.name ?? mirror.linkID.base64
        if mirror.state == .stopped || mirror.state == .pendingStopped {
            return "Topic '\(topic.name)' has already stopped its mirror from '\(link)'"
        }
        return "Mirror topic '\(topic.name)' cannot move from \(mirror.state) to \(next)."
    }

    /// Remembers the source topic's id when it becomes known only later.
    package mutating func noteSourceTopicID(_ id: KafkaUUID, of topic: Topic, now: Int64) throws(LinkFailure) {
        guard var mirror = topic.mirror, mirror.sourceTopicID == .zero, id != .zero else {
            return
        }
        mirror.sourceTopicID = id
        try store([.mirrorTopic(mirror.record(topicID: topic.id))], now: now)
    }

    func leaderEpochRecord(_ topicID: KafkaUUID, _ partition: Int32, _ epoch: Int32) -> MirrorLeaderEpochRecord {
        var record = MirrorLeaderEpochRecord()
        record.topicID = topicID
        record.partitionID = partition
        record.leaderEpoch = epoch
        return record
    }

    /// Leader epochs of a partition never go down, whatever a record says.
    mutating func replay(_ record: MirrorLeaderEpochRecord) {
        guard let partition = topics[record.topicID]?.partition(record.partitionID) else {
            return
        }
        partition.raiseLeaderEpoch(to: record.leaderEpoch)
        parking.wake(.partition(partition.handle))
    }
}
