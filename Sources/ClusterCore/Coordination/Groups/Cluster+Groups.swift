import KafkaProtocol
import LogStorage

/// Where groups meet the cluster: who coordinates them, where they are stored, and what their timers do.
extension Cluster {
    var groupSettings: GroupSettings { GroupSettings(configs, configuration.limits) }

    // MARK: Coordinator

    /// The partition of `__consumer_offsets` that stores a group; the topic is created when it is first needed.
    mutating func offsetsPartition(of group: String, now: Int64) throws(ErrorCode) -> Partition {
        let topic = try offsetsTopic(now: now)
        guard !topic.partitions.isEmpty else {
            throw .coordinatorNotAvailable
        }
        return topic.partitions[JavaHash.bucket(group, of: topic.partitions.count)]
    }

    private mutating func offsetsTopic(now: Int64) throws(ErrorCode) -> Topic {
        if let topic = topics[InternalTopic.consumerOffsets] {
            return topic
        }
        var topic = NewTopic(name: InternalTopic.consumerOffsets)
        topic.partitionCount = configs.brokerInt("offsets.topic.num.partitions")
        // As many replicas as there are brokers: a cluster of one must be able to store offsets (Kafka would refuse).
        topic.replicationFactor = min(
            configs.brokerInt("offsets.topic.replication.factor"), configuration.brokers.count)
        topic.configs = [
            "cleanup.policy": "compact",
            "compression.type": "producer",
            "segment.bytes": "\(configs.brokerInt("offsets.topic.segment.bytes"))",
        ]
        guard !making.newNames.contains(topic.name) else {
            throw .coordinatorNotAvailable
        }
        do throws(AdminFailure) {
            if makesAtOnce(topic.partitionCount ?? 0) {
                return try createTopic(topic, now: now)
            }
            let planned = try plan(topic)
            offsetsTopicJob = makeLater([reserve(planned, changes: planned.records())])
            throw AdminFailure(.coordinatorNotAvailable)
        } catch  where error.code == .coordinatorNotAvailable {
            throw .coordinatorNotAvailable
        } catch {
            let text = "\(topic.name) was not created: \(error.message ?? error.code.name)"
            if offsetsTopicLines.isDue(text, now: monotonicMs) {
                notices.append(Notice(level: .error, text: text))
            }
            throw .coordinatorNotAvailable
        }
    }

    /// Partitions of the offsets topic that are made without letting anybody wait (Kafka's number).
    private static let offsetsPartitionsAtOnce = 50

    private func makesAtOnce(_ count: Int) -> Bool {
        count <= (configuration.durability == .fsync ? Self.partitionsSyncedAtOnce : Self.offsetsPartitionsAtOnce)
    }

    /// The job that makes the offsets topic, if there is one; begins it if need be.
    mutating func offsetsTopicInMaking(now: Int64) -> UInt64? {
        do throws(ErrorCode) {
            _ = try offsetsTopic(now: now)
            return nil
        } catch {
            return making.newNames.contains(InternalTopic.consumerOffsets) ? offsetsTopicJob : nil
        }
    }

    /// Refuses a request about a group that another broker coordinates.
    mutating func requireCoordinator(of group: String, _ context: RequestContext) throws(ErrorCode) {
        let partition = try offsetsPartition(of: group, now: context.now)
        let leader = partition.leader
        guard leader >= 0 else {
            throw .coordinatorNotAvailable
        }
        // Nobody knows the groups of a log that is not open. Clients then look for the coordinator until there is one.
        guard partition.log != nil else {
            throw .notCoordinator
        }
        guard leader == context.connection.nodeID || context.token.connection == .internalCaller else {
            throw .notCoordinator
        }
    }

    /// As ``requireCoordinator(of:_:)``, for requests that only members send: they name a group.
    mutating func requireMemberCoordinator(of group: String, _ context: RequestContext) throws(ErrorCode) {
        guard !group.isEmpty else {
            throw .invalidGroupID
        }
        try requireCoordinator(of: group, context)
    }

    // MARK: Records

    /// Appends records about one group, then applies them. When it throws nothing has changed; of records that may go
    /// in parts some may have been appended and applied, first ones first.
    ///
    /// With durability `fsync`, and when `flush.messages` is reached, the answer to the request that is being handled
    /// leaves once the records are on disk; otherwise `flush.ms` holds as for the records of clients.
    /// What others are told meanwhile may be lost with the power: they find a group that they have to join again.
    mutating func append(
        _ records: [GroupRecord], group: String, _ grouping: RecordGrouping = .inOneBatch, now: Int64
    ) throws(ErrorCode) {
        guard !records.isEmpty else {
            return
        }
        let partition = try offsetsPartition(of: group, now: now)
        let log = try partition.usableLog()
        let encoded = records.map { $0.encoded() }
        var appended = 0
        var failure: ErrorCode?
        for part in grouping.parts(of: encoded, for: log.config) {
            do throws(ErrorCode) {
                let batch = encoded[part].map { (key: [UInt8]?.some($0.key), value: $0.value) }
                try log.appendCoordinatorBatch(batch, leaderEpoch: partition.leaderEpoch, now: now)
                appended = part.upperBound
            } catch {
                failure = error
                break
            }
        }
        if let failure, appended == 0 {
            parking.wake(.partition(partition.handle))
            throw failure
        }
        if configuration.durability == .fsync || log.hasReachedFlushMessages {
            flushes.touch(partition, log)
        } else {
            scheduleFlush(of: partition, log)
        }
        tidyFilesSoon(partition)
        parking.wake(.partition(partition.handle))
        for record in records[..<appended] {
            groups.replay(record)
        }
        if let failure {
            throw failure
        }
    }

    // MARK: Steps

    /// Hands an event to a group and does what the group wants.
    ///
    /// - Returns: the answer to `token`, if the event brought it.
    mutating func step(
        _ groupID: String, answering token: RequestToken? = nil, now: Int64,
        _ event: (inout Group, inout GroupActions) -> Void
    ) -> GroupReply? {
        var actions = GroupActions(now: now, monotonicMs: monotonicMs, settings: groupSettings)
        _ = groups.update(groupID) { event(&$0, &actions) }
        if let write = actions.takeWrite() {
            store(write, groupID, &actions)
        }
        for (timer, deadline) in actions.timers {
            timers.schedule(.group(timer), at: deadline)
        }
        var answer: GroupReply?
        for (waiting, reply) in actions.replies {
            let reply = reply.fit(for: waiting.apiVersion)
            if waiting == token {
                answer = reply
            } else {
                deliver(reply.body, to: waiting)
            }
        }
        return answer
    }

    private mutating func store(_ write: GroupWrite, _ groupID: String, _ actions: inout GroupActions) {
        do throws(ErrorCode) {
            try append([.group(id: groupID, write.value)], group: groupID, now: actions.now)
        } catch {
            complain(.groups, of: groupID, "group \(groupID) could not be stored: \(error.name)")
            return storeFailed(write, groupID, error.forGroupMembers, &actions)
        }
        switch write.reason {
        case .emptied, .created: break
        case .assigned: _ = groups.update(groupID) { $0.assignmentStored(&actions) }
        case .replaced(let replacement):
            _ = groups.update(groupID) { $0.answerReplacement(replacement, &actions) }
        }
    }

    private mutating func storeFailed(
        _ write: GroupWrite, _ groupID: String, _ code: ErrorCode, _ actions: inout GroupActions
    ) {
        switch write.reason {
        case .emptied:
            // After a restart the last generation would come back, and its members' sessions would end.
            break
        case .created(let token):
            groups.discard(groupID)
            actions = GroupActions(now: actions.now, monotonicMs: actions.monotonicMs, settings: actions.settings)
            actions.reply(.failed(code, memberID: ""), to: token)
        case .assigned:
            _ = groups.update(groupID) { $0.assignmentLost(code, &actions) }
        case .replaced(let replacement):
            _ = groups.update(groupID) { $0.undoReplacement(replacement, code, &actions) }
        }
    }

    mutating func fireGroupTimer(_ timer: GroupTimer, now: Int64) {
        switch timer {
        case .session(let group, let member, let deadline):
            _ = step(group, now: now) { $0.sessionTimerFired(member, deadline, &$1) }
        case .join(let group, let deadline):
            _ = step(group, now: now) { $0.joinTimerFired(deadline, &$1) }
        case .sync(let group, let deadline):
            _ = step(group, now: now) { $0.syncTimerFired(deadline, &$1) }
        }
    }

    // MARK: Start

    /// Reads the groups of a partition that was offline when the others were read. Nobody could use them meanwhile.
    ///
    /// - Throws: for reasons that may pass; then nothing has been read.
    mutating func loadGroups(of log: PartitionLog, _ name: String, now: Int64) throws(StorageError) {
        var loaded = GroupCoordinator()
        try restore(log, into: &loaded, name)
        groups.adopt(loaded)
        for id in loaded.ids {
            _ = step(id, now: now) { $0.resume(&$1) }
        }
        orphanOffsetsWithoutTopic()
        scheduleTopicWork()
    }

    /// Reads all groups and offsets back.
    mutating func loadGroups(now: Int64) throws(StorageError) {
        guard let topic = topics[InternalTopic.consumerOffsets] else {
            return
        }
        var loaded = GroupCoordinator()
        for partition in topic.partitions {
            guard let log = partition.log else {
                continue
            }
            let name = "\(topic.name)-\(partition.index)"
            do throws(StorageError) {
                try restore(log, into: &loaded, name)
            } catch {
                // Half of the groups would be worse than none: consumers would begin where they never were.
                notices.append(Notice(level: .error, text: "partition \(name) is offline: \(error)"))
                log.giveUp()
                partition.log = nil
                var options = logOptions(topic, partition.index, now: now)
                // What was opened has been recovered, and is as it was.
                (options.cleanShutdown, options.wasGivenUp) = (true, true)
                tryAgainLater(topic.id, partition.index, options)
            }
        }
        groups = loaded
        for id in groups.ids {
            _ = step(id, now: now) { $0.resume(&$1) }
        }
        orphanOffsetsWithoutTopic()
        while removeOrphanedOffsets(now: now) {}
    }

    /// Damage is reported and ends the reading.
    /// - Throws: what may pass.
    private mutating func restore(
        _ log: PartitionLog, into loaded: inout GroupCoordinator, _ name: String
    ) throws(StorageError) {
        var found = GroupCoordinator()
        do throws(StorageError) {
            try log.forEachRecord { (record) throws(StorageError) in try found.restore(record) }
        } catch {
            guard !OfflinePartitions.mayPass(error) else {
                throw error
            }
            notices.append(Notice(level: .error, text: "groups in \(name) were read in part only: \(error)"))
        }
        loaded.adopt(found)
    }
}

extension GroupCoordinator {
    fileprivate mutating func restore(_ record: Record) throws(StorageError) {
        guard let key = record.key else {
            return
        }
        do throws(WireError) {
            if let known = try GroupRecord(key: key, value: record.value) {
                restore(known)
            }
        } catch {
            throw StorageError(
                .corrupt, "read", InternalTopic.consumerOffsets,
                detail: "group record at offset \(record.offset): \(error)")
        }
    }
}

extension GroupReply {
    var body: any KafkaResponse {
        switch self {
        case .join(let response): response
        case .sync(let response): response
        }
    }

    func fit(for version: Int16) -> GroupReply {
        guard case .join(let response) = self else {
            return self
        }
        return .join(response.fit(for: version))
    }
}

extension JoinGroupResponse {
    /// Before version 7 the answer must name a protocol; Kafka writes an empty one.
    func fit(for version: Int16) -> JoinGroupResponse {
        var response = self
        if version < 7 {
            response.protocolName = protocolName ?? ""
        }
        return response
    }
}

extension ErrorCode {
    /// What members are told when their group could not be stored: mostly to look for the coordinator again.
    var forGroupMembers: ErrorCode {
        switch self {
        case .unknownTopicOrPartition, .notEnoughReplicas, .requestTimedOut: .coordinatorNotAvailable
        case .notLeaderOrFollower, .kafkaStorageError: .notCoordinator
        case .messageTooLarge, .recordListTooLarge, .invalidFetchSize: .unknownServerError
        default: self
        }
    }

    /// As ``forGroupMembers``, for offsets.
    var forOffsetCommits: ErrorCode {
        switch self {
        case .messageTooLarge, .recordListTooLarge, .invalidFetchSize: .invalidCommitOffsetSize
        default: forGroupMembers
        }
    }
}

/// Java's `String.hashCode`, by which Kafka spreads groups over the offsets topic.
enum JavaHash {
    static func hash(_ text: String) -> Int32 {
        text.utf16.reduce(0) { $0 &* 31 &+ Int32($1) }
    }

    /// `abs(hash) % count`, where the one value without a positive counterpart counts as 0.
    static func bucket(_ text: String, of count: Int) -> Int {
        let value = hash(text)
        return (value == .min ? 0 : Int(abs(value))) % count
    }
}
