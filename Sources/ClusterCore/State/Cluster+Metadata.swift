import KafkaProtocol
import LogStorage

/// The cluster's durable state: committing changes and replaying them.
extension Cluster {
    /// Writes changes to the metadata log, then applies them. The only way to change topics, configs and links.
    ///
    /// - Throws: KAFKA_STORAGE_ERROR when they could not be written; then nothing has changed.
    mutating func commit(_ records: [MetadataChange], now: Int64) throws(ErrorCode) {
        try forgetPositions(ofNewTopicsIn: records)
        do throws(ErrorCode) {
            try metadataLog.append(records, now: now)
        } catch {
            let state = metadataLog.log.isOffline ? ", and none can be until a restart" : ""
            let text = "\(records.count) metadata record(s) could not be stored\(state)"
            notices.append(Notice(level: .error, text: text, isAboutClient: true))
            throw error
        }
        for record in records {
            replay(record, now: now)
        }
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
        var removedNames: [KafkaUUID: String] = [:]
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
        try removeLeftovers(of: Set(removedNames.values))
        producerEnds = [:]
        do throws(ErrorCode) {
            try correctProducerEnds(now: now)
        } catch {
            notices.append(Notice(level: .error, text: "where mirrors stopped could not be stored: \(error.name)"))
        }
        producerIDs.skipReserved()
        try upgradeFeatures(now: now)
        try moveLeadership(now: now)
        if !startedClean || !lossyPartitions.isEmpty {
            raiseLeaderEpochs(now: now)
        }
        reportUnusedAcceptances()
        try loadGroups(now: now)
    }

    private mutating func replay(_ record: MetadataChange, now: Int64) {
        switch record {
        case .topic(let record): topics.insert(Topic(name: record.name, id: record.topicID))
        case .partition(let record): replay(record, now: now)
        case .partitionChange(let record): replay(record)
        case .config(let record): replay(record, now: now)
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
        let partition = Partition(
            handle: nextPartitionHandle, topicName: topic.name, record: record,
            log: openLog(topic, record, now: now))
        nextPartitionHandle += 1
        partition.minInSyncReplicas = configs.minInSyncReplicas(topic.name, nodeID: partition.leader)
        partition.isReadOnlyMirror = topic.mirror?.state.isReadOnly ?? false
        topics.add(partition)
    }

    /// Folders of deleted topics that a crash or a failing disk has left behind.
    private func removeLeftovers(of names: Set<String>) throws(StorageError) {
        guard !names.isEmpty else {
            return
        }
        for entry in try fileSystem.list(configuration.dataDirectory) where entry.isDirectory {
            guard let dash = entry.name.lastIndex(of: "-"),
                let index = Int32(entry.name[entry.name.index(after: dash)...])
            else {
                continue
            }
            let name = String(entry.name[..<dash])
            if names.contains(name), topics[name]?.partition(index) == nil {
                try fileSystem.removeTree(logDirectory(name, index))
            }
        }
    }

    /// nil, with a notice, when the log cannot be opened: one bad directory must not keep the cluster down.
    private mutating func openLog(_ topic: Topic, _ record: PartitionRecord, now: Int64) -> PartitionLog? {
        let index = record.partitionID
        let directory = logDirectory(topic.name, index)
        do throws(StorageError) {
            if leftovers.contains(directory) {
                try fileSystem.removeTree(directory)
                leftovers.remove(directory)
            }
            let log = try PartitionLog.open(
                directory: directory, fileSystem: fileSystem,
                config: configs.logConfig(topic.name, nodeID: record.leader),
                options: logOptions(topic, index, now: now))
            report(log.findings, of: "\(topic.name)-\(index)")
            return log
        } catch {
            let name = "\(topic.name)-\(index)"
            let reason = Self.explained(error, name, configuration)
            notices.append(Notice(level: .error, text: "partition \(name) is offline: \(reason)"))
            return nil
        }
    }

    private func logOptions(_ topic: Topic, _ index: Int32, now: Int64) -> LogOptions {
        let name = OffsetCheckpoint.Partition(topic: topic.name, partition: index)
        var options = LogOptions()
        options.topicID = topic.id
        options.acceptsLoss = configuration.acceptedLosses.contains("\(topic.name)-\(index)")
        options.cleanShutdown = startedClean && !options.acceptsLoss
        options.mustExist = isLoading
        options.logStartOffset = checkpoints.logStartOffset(name)
        options.recoveryPoint = checkpoints.recoveryPoint(name)
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

    private mutating func replay(_ record: ConfigRecord, now: Int64) {
        configs.replay(record)
        let changed = configs.affectedTopics(by: record, in: topics)
        for topic in changed {
            for (leader, partitions) in Dictionary(grouping: topic.partitions, by: \.leader) {
                let config = configs.logConfig(topic.name, nodeID: leader)
                let minInSyncReplicas = configs.minInSyncReplicas(topic.name, nodeID: leader)
                for partition in partitions {
                    partition.log?.updateConfig(config)
                    partition.minInSyncReplicas = minInSyncReplicas
                }
            }
        }
    }

    private mutating func replay(_ record: RemoveTopicRecord) {
        guard let topic = topics.remove(record.topicID) else {
            return
        }
        configs.removeTopic(topic.name)
        groups.orphanOffsets(ofTopic: topic.name)
        for partition in topic.partitions {
            do throws(StorageError) {
                try partition.log?.delete()
            } catch {
                leftovers.insert(logDirectory(topic.name, partition.index))
                let text = "log of deleted \(topic.name)-\(partition.index) was not removed: \(error)"
                notices.append(Notice(level: .warning, text: text))
            }
            parking.wake(.partition(partition.handle))
        }
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
