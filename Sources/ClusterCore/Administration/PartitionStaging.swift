import KafkaProtocol
import LogStorage

extension PartitionMaking {
    /// What a job's commit will make known, and the commit itself, as far as both are ready.
    struct Staging {
        fileprivate(set) var commit: MetadataCommit
        /// The cluster's configs with those that the commit brings.
        fileprivate var configs: ConfigStore
        /// Which configs of the cluster those were, by ``Cluster/configChanges``.
        fileprivate let configChanges: UInt64
        /// Index of the first topic that is not staged as a whole.
        fileprivate var next = 0
        fileprivate(set) var isDone = false
    }

    /// What one wish will bring, beside the catalog.
    struct StagedTopic {
        /// The topic: a new one, or the one that grows.
        fileprivate var topic: Topic?
        fileprivate var partitions: [Partition] = []
        fileprivate var configs: [ConfigRecord] = []
        fileprivate var settings = PartitionSettings()
        /// Changes of the wish that are staged.
        fileprivate var next = 0
    }
}

/// The second half of making partitions: from directories that are there to topics that are known.
extension Cluster {
    /// Encodes the next changes of a job's commit and sets up what they will make known.
    mutating func stage(_ job: inout PartitionMaking.Job, limit: Int, now: Int64) {
        var staging = job.staging ?? beginStaging(&job, now: now)
        job.staging = nil
        var left = limit
        while left > 0, staging.next < job.topics.count {
            let index = staging.next
            let changes = job.topics[index].wish.changes
            guard job.topics[index].failure == nil, job.topics[index].staged.next < changes.count else {
                staging.next += 1
                continue
            }
            let change = changes[job.topics[index].staged.next]
            staging.commit.add(change)
            stage(change, &job.topics[index], &staging)
            job.topics[index].staged.next += 1
            left -= 1
        }
        staging.isDone = staging.next == job.topics.count
        job.staging = staging
    }

    private mutating func beginStaging(_ job: inout PartitionMaking.Job, now: Int64) -> PartitionMaking.Staging {
        for index in job.topics.indices {
            let wish = job.topics[index].wish
            job.topics[index].staged = PartitionMaking.StagedTopic()
            job.topics[index].staged.topic = wish.isNew ? nil : topics[wish.topicID]
            if job.topics[index].failure == nil {
                job.topics[index].failure = hindrance(wish)
            }
        }
        return PartitionMaking.Staging(
            commit: metadataLog.newCommit(now: now), configs: configs, configChanges: configChanges)
    }

    private mutating func stage(
        _ change: MetadataChange, _ progress: inout PartitionMaking.Progress, _ staging: inout PartitionMaking.Staging
    ) {
        switch change {
        case .topic(let record):
            progress.staged.topic = Topic(name: record.name, id: record.topicID)
        case .config(let record):
            staging.configs.replay(record)
            progress.staged.configs.append(record)
        case .mirrorTopic(let record):
            progress.staged.topic?.mirror = MirrorTopic(record)
        case .partition(let record):
            let count = progress.staged.partitions.count
            guard let topic = progress.staged.topic, count < progress.logs.count else {
                return
            }
            let log = progress.logs[count]
            progress.staged.settings.prepare(for: topic, leader: record.leader, staging.configs)
            log.updateConfig(progress.staged.settings.config)
            let partition = newPartition(of: topic, record, progress.staged.settings, log: log)
            progress.staged.partitions.append(partition)
        case .mirrorLeaderEpoch(let record):
            let first = progress.staged.partitions.first?.index ?? 0
            let index = Int(record.partitionID -| first)
            if progress.staged.partitions.indices.contains(index) {
                progress.staged.partitions[index].raiseLeaderEpoch(to: record.leaderEpoch)
            }
        default:
            preconditionFailure("a wish for partitions consists of nothing else")
        }
    }

    // MARK: The commit

    func fail(_ job: inout PartitionMaking.Job, _ failure: AdminFailure) {
        for index in job.topics.indices where job.topics[index].failure == nil {
            job.topics[index].failure = failure
        }
    }

    /// Makes everything known that was made, in one commit, and clears away the rest.
    /// - Parameter limit: topics that are made known in one go, once the commit is written.
    /// - Returns: why each wish was not fulfilled; nil when some are not known yet, or when something has happened to
    ///   one of them since it was staged, so that the job has to be staged again.
    mutating func commit(_ job: inout PartitionMaking.Job, limit: Int, now: Int64) -> [AdminFailure?]? {
        if !job.isWritten, !write(&job, now: now) {
            return nil
        }
        install(&job, limit: limit)
        guard job.installed == job.topics.count else {
            return nil
        }
        making.finish(job)
        for topic in job.topics where topic.failure != nil {
            clearAway(topic)
        }
        return job.topics.map(\.failure)
    }

    /// What was written counts, also when the cluster is closed before all of it is known.
    mutating func finishInstalling() {
        guard making.jobs.first?.isWritten == true else {
            return
        }
        var job = making.checkOut()
        install(&job, limit: .max)
        making.update(job)
    }

    /// Writes a job's commit. False when it has to be staged again.
    private mutating func write(_ job: inout PartitionMaking.Job, now: Int64) -> Bool {
        for index in job.topics.indices where job.topics[index].failure == nil {
            if let failure = hindrance(job.topics[index].wish) {
                job.topics[index].failure = failure
                job.staging = nil
            }
        }
        guard let staging = job.staging else {
            return false
        }
        if staging.commit.count > 0 {
            let names = job.topics.filter { $0.failure == nil && $0.wish.isNew }.map(\.wish.topicName)
            do throws(ErrorCode) {
                try write(staging.commit, newTopics: names)
            } catch {
                fail(&job, AdminFailure(error, "The topic could not be stored."))
            }
        }
        job.isWritten = true
        return true
    }

    /// Applies a commit that is written: what replaying its records would do, had nothing been set up before.
    private mutating func install(_ job: inout PartitionMaking.Job, limit: Int) {
        var left = limit
        while left > 0, job.installed < job.topics.count {
            let index = job.installed
            job.installed += 1
            left -= 1
            if job.topics[index].failure == nil, let topic = job.topics[index].staged.topic {
                install(topic, job.topics[index], isOld: job.staging?.configChanges != configChanges)
                making.release(job.topics[index].wish)
                job.topics[index].isInstalled = true
            }
        }
        guard job.installed == job.topics.count, job.topics.contains(where: { !$0.staged.configs.isEmpty }) else {
            return
        }
        configChanges += 1  // bounded: counted here, one by one
        partitionSettings.forget()
    }

    /// - Parameter isOld: whether the cluster's configs have changed since the topic was set up.
    private mutating func install(_ topic: Topic, _ progress: PartitionMaking.Progress, isOld: Bool) {
        progress.staged.configs.forEach { configs.replay($0) }
        if progress.wish.isNew {
            topics.insert(topic)
        }
        topics.add(progress.staged.partitions, to: topic)
        // Other configs may come with a growing topic's partitions; those that it has go by them, too.
        if isOld || !progress.wish.isNew && !progress.staged.configs.isEmpty {
            applyConfigs(to: topic)
        }
        for partition in progress.staged.partitions {
            partition.isReadOnlyMirror = topic.mirror?.state.isReadOnly ?? false
            partition.log?.reportChanges(to: upkeep.changes, as: partition.name)
        }
        if progress.wish.startOffsets.contains(where: { $0 > 0 }) {
            noteCheckpoints()
        }
    }

    /// What has happened meanwhile to a topic that grows, or to the link of a mirror topic.
    func hindrance(_ wish: PartitionMaking.Wish) -> AdminFailure? {
        if let link = wish.linkID, links[link] == nil {
            return AdminFailure(.invalidRequest, "The cluster link was deleted while the mirror topic was made.")
        }
        guard !wish.isNew else {
            return nil
        }
        guard let topic = topics[wish.topicID] else {
            return AdminFailure(.unknownTopicOrPartition)
        }
        guard !wish.followsSource || topic.mirror?.state.isReadOnly == true else {
            return AdminFailure(.invalidRequest, "The topic is no mirror any more.")
        }
        guard wish.partitions.first?.partitionID == Int32(topic.partitions.count) else {
            return AdminFailure(.invalidPartitions, "The partitions before these could not be made.")
        }
        return nil
    }

    private mutating func clearAway(_ topic: PartitionMaking.Progress) {
        for (record, log) in zip(topic.wish.partitions, topic.logs) {
            removals.append(
                log.directory, log: log, as: awayName(topic.wish.topicName, record.partitionID, topic.wish.topicID))
        }
        removeSoon()
    }
}
