import KafkaProtocol
import LogStorage

/// The cluster's durable state: committing changes and replaying them.
extension Cluster {
    /// Grows with every change of topics, configs and links.
    package var metadataVersion: Int64 { metadataLog.log.logEndOffset }

    /// Writes changes to the metadata log, then applies them. The only way to change topics, configs and links.
    ///
    /// - Throws: KAFKA_STORAGE_ERROR when they could not be written; then nothing has changed.
    mutating func commit(_ records: [MetadataChange], now: Int64) throws(ErrorCode) {
        var commit = metadataLog.newCommit(now: now)
        var names: [String] = []
        for record in records {
            commit.add(record)
            if case .topic(let topic) = record {
                names.append(topic.name)
            }
        }
        try write(commit, newTopics: names)
        var changed: [ConfigRecord] = []
        for record in records {
            if case .config(let config) = record {
                note(config)
                changed.append(config)
            } else {
                replay(record, now: now)
            }
        }
        applyConfigs(changed)
    }

    /// Writes changes to the metadata log; to apply them is the caller's.
    mutating func write(_ commit: MetadataCommit, newTopics names: [String]) throws(ErrorCode) {
        try forgetPositions(ofNewTopics: names)
        try append(commit)
    }

    /// Reads everything back after a start.
    mutating func load(now: Int64) throws(StorageError) {
        report(metadataLog.log.findings, of: MetadataLog.directoryName)
        isLoading = true
        defer { isLoading = false }
        var records: [MetadataChange] = []
        let directory = configuration.dataDirectory
        let unfinished: MetadataLog.Unfinished?
        do throws(StorageError) {
            unfinished = try metadataLog.replay { (record) throws(StorageError) in
                try FeatureLevels.check(record, directory)
                records.append(record)
            }
        } catch {
            throw Self.explained(error, MetadataLog.directoryName, configuration, damageToo: true)
        }
        if let unfinished {
            let text =
                "\(metadataLog.log.directory): a commit was begun at offset \(unfinished.offset) and never finished; "
                + "its \(unfinished.count) change(s) were never acknowledged and are dropped"
            notices.append(Notice(level: .warning, text: text))
        }
        // Logs of topics that were deleted later must not be opened, let alone created again.
        var removed: Set<KafkaUUID> = []
        for case .removeTopic(let record) in records {
            removed.insert(record.topicID)
        }
        producerEnds = Cluster.producerEnds(records)
        for case .mirrorTopic(let record) in records {
            mirroredTopics.insert(record.topicID)
        }
        var removedNames: [KafkaUUID: String] = [:]
        let expected = expectedDirectories(records, removed)
        try checkMetadataCoversRecords(expected: expected, removed: removed)
        try metadataLog.log.cutDamagedEnd()
        try sortOutDirectories(expected: expected, removed: removed)
        for record in records {
            switch record {
            case .topic(let topic) where removed.contains(topic.topicID): removedNames[topic.topicID] = topic.name
            case .removeTopic(let record):
                // Its settings were kept by name, and a later topic of that name must not find them.
                if let name = removedNames[record.topicID] {
                    configs.removeTopic(name)
                }
            case .partition(let partition) where removed.contains(partition.topicID): continue
            case .partitionChange(let change) where removed.contains(change.topicID): continue
            case .mirrorTopic(let mirror) where removed.contains(mirror.topicID): continue
            case .mirrorLeaderEpoch(let epoch) where removed.contains(epoch.topicID): continue
            default: replay(record, now: now)
            }
        }
        (producerEnds, mirroredTopics) = ([:], [])
        checkpoints.forgetAllBut(topics)
        do throws(ErrorCode) {
            try correctProducerEnds(now: now)
        } catch {
            notices.append(Notice(level: .error, text: "where mirrors stopped could not be stored: \(error.name)"))
        }
        producerIDs.skipReserved()
        try upgradeFeatures(now: now)
        try moveLeadership(now: now)
        keepLeaderEpochsOfLogs()
        if !startedClean || !lossyPartitions.isEmpty {
            raiseLeaderEpochs(now: now)
        }
        if !lossyPartitions.isEmpty {
            noteCheckpointsAtOnce()
        }
        reportUnusedAcceptances()
        try loadGroups(now: now)
    }

    /// Ids of the topics that are there, by the names of their partitions' directories.
    private func expectedDirectories(
        _ records: [MetadataChange], _ removed: Set<KafkaUUID>
    ) -> [String: KafkaUUID] {
        var names: [KafkaUUID: String] = [:]
        var expected: [String: KafkaUUID] = [:]
        for record in records {
            switch record {
            case .topic(let topic) where !removed.contains(topic.topicID): names[topic.topicID] = topic.name
            case .partition(let partition):
                if let name = names[partition.topicID] {
                    expected["\(name)-\(partition.partitionID)"] = partition.topicID
                }
            default: break
            }
        }
        return expected
    }

    private mutating func replay(_ record: MetadataChange, now: Int64) {
        switch record {
        case .topic(let record): topics.insert(Topic(name: record.name, id: record.topicID))
        case .partition(let record): replay(record, now: now)
        case .partitionChange(let record): replay(record)
        case .config(let record):
            note(record)
            applyConfigs([record])
        case .removeTopic(let record): replay(record)
        case .producerIDs(let record): producerIDs.replay(record)
        case .clusterLink(let record): links.replay(record)
        case .removeClusterLink(let record): links.replay(record)
        case .mirrorTopic(let record): replay(record, now: now)
        case .mirrorLeaderEpoch(let record): replay(record)
        case .featureLevel(let record): features.replay(record)
        case .beginTransaction, .endTransaction, .abortTransaction: break
        case .raiseLeaderEpochs: replayLeaderEpochRise()
        }
    }

    private mutating func replay(_ record: PartitionRecord, now: Int64) {
        guard let topic = topics[record.topicID] else {
            return
        }
        partitionSettings.prepare(for: topic, leader: record.leader, configs)
        let partition = newPartition(
            of: topic, record, partitionSettings, log: openLog(topic, record, now: now))
        topics.add([partition], to: topic)
        partition.log?.reportChanges(to: upkeep.changes, as: partition.name)
    }

    /// A partition that nobody knows yet.
    mutating func newPartition(
        of topic: Topic, _ record: PartitionRecord, _ settings: PartitionSettings, log: PartitionLog?
    ) -> Partition {
        let partition = Partition(handle: nextPartitionHandle, topicName: topic.name, record: record, log: log)
        nextPartitionHandle += 1  // bounded: counted here, one by one
        partition.minInSyncReplicas = settings.minInSyncReplicas
        partition.isReadOnlyMirror = topic.mirror?.state.isReadOnly ?? false
        return partition
    }

    /// nil, with a notice, when the log cannot be opened: one bad directory must not keep the cluster down.
    private mutating func openLog(_ topic: Topic, _ record: PartitionRecord, now: Int64) -> PartitionLog? {
        let index = record.partitionID
        let directory = logDirectory(topic.name, index)
        let options = logOptions(topic, index, now: now)
        do throws(StorageError) {
            let log = try PartitionLog.open(
                directory: directory, fileSystem: fileSystem, config: partitionSettings.config, options: options)
            report(log.findings, of: "\(topic.name)-\(index)")
            return log
        } catch {
            let name = "\(topic.name)-\(index)"
            let reason = Self.explained(error, name, configuration)
            notices.append(Notice(level: .error, text: "partition \(name) is offline: \(reason)"))
            if OfflinePartitions.mayPass(error) {
                tryAgainLater(topic.id, index, options)
            }
            return nil
        }
    }

    func logOptions(_ topic: Topic, _ index: Int32, now: Int64) -> LogOptions {
        let name = OffsetCheckpoint.Partition(topic: topic.name, partition: index)
        var options = LogOptions()
        options.topicID = topic.id
        options.acceptsLoss = configuration.acceptedLosses.contains("\(topic.name)-\(index)")
        options.cleanShutdown = startedClean && !options.acceptsLoss
        options.mustExist = isLoading
        options.logStartOffset = checkpoints.logStartOffset(name)
        options.recoveryPoint = checkpoints.recoveryPoint(name)
        options.isGapless = topic.mirror == nil && !mirroredTopics.contains(topic.id)
        if let ends = producerEnds[topic.id], Int(index) < ends.count {
            options.producerEnd = ends[Int(index)]
        }
        options.durability = configuration.durability
        options.now = now
        return options
    }

    func logDirectory(_ topic: String, _ index: Int32) -> String {
        "\(configuration.dataDirectory)/\(topic)-\(index)"
    }

    private mutating func replay(_ record: PartitionChangeRecord) {
        guard let partition = topics[record.topicID]?.partition(record.partitionID) else {
            return
        }
        partition.isr = record.isr ?? partition.isr
        partition.replicas = record.replicas ?? partition.replicas
        if record.leader != PartitionChange.leaderUnchanged {
            partition.leader = record.leader
            partition.leaderEpoch = partition.leaderEpoch +| 1
        }
        partition.partitionEpoch = partition.partitionEpoch +| 1
        parking.wake(.partition(partition.handle))
    }

    private mutating func note(_ record: ConfigRecord) {
        configs.replay(record)
        configChanges += 1  // bounded: counted here, one by one
        partitionSettings.forget()
    }

    private mutating func replay(_ record: RemoveTopicRecord) {
        guard let topic = topics.remove(record.topicID) else {
            return
        }
        configs.removeTopic(topic.name)
        checkpoints.forgetTopic(topic.name)
        groups.orphanOffsets(ofTopic: topic.name)
        // Partitions that it was about to get go with it: from now on their directories' names may be another topic's.
        letGo(topic, made: making.abandon(topic.id))
    }

    private mutating func replay(_ record: MirrorTopicRecord, now: Int64) {
        guard let topic = topics[record.topicID] else {
            return
        }
        let mirror = MirrorTopic(record)
        topic.mirror = mirror
        for partition in topic.partitions {
            partition.isReadOnlyMirror = mirror.state.isReadOnly
        }
    }
}

/// Field values of PartitionChangeRecord that mean "as before".
enum PartitionChange {
    static let leaderUnchanged: Int32 = -2
}

/// Settings that the partitions of a topic with the same leader share. Thousands of partitions that come in a row do
/// not look them up each.
struct PartitionSettings {
    private var topicID = KafkaUUID.zero
    private var byLeader: [Int32: (config: LogConfig, minInSyncReplicas: Int)] = [:]
    private(set) var config = LogConfig()
    private(set) var minInSyncReplicas = 1

    mutating func forget() {
        topicID = .zero
        byLeader = [:]
    }

    mutating func prepare(for topic: Topic, leader: Int32, _ configs: ConfigStore) {
        if topic.id != topicID {
            forget()
            topicID = topic.id
        }
        let found =
            byLeader[leader]
            ?? (configs.logConfig(topic.name, nodeID: leader), configs.minInSyncReplicas(topic.name, nodeID: leader))
        byLeader[leader] = found
        (config, minInSyncReplicas) = found
    }
}
