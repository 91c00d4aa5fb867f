import KafkaProtocol
import LogStorage

/// Records that one partition has for a Fetch.
struct FoundRecords {
    let key: FetchKey
    let partition: Partition
    let bytes: Int
    /// Offsets by which they bring the client on.
    let count: Int
}

/// What one look at the logs found for a Fetch.
struct FetchFindings {
    var response = FetchResponse()
    /// Bytes of records in `response`.
    var recordBytes = 0
    /// Whether a partition has an error or a diverging epoch, which ends the wait at once.
    var mustAnswer = false
    /// Keys of topics or partitions that do not exist.
    var unknown: [FetchKey] = []
    /// Partitions that have records.
    var found: [FoundRecords] = []
    /// Keys with records, for the order of the session's next answer.
    var lastKeyWithRecords: FetchKey?
    /// News that the session has to remember once the answer leaves.
    var sent: [(key: FetchKey, highWatermark: Int64, logStartOffset: Int64)] = []

    /// Whether all records that were found are still there.
    var areReadable: Bool {
        response.responses.allSatisfy { $0.partitions.allSatisfy { $0.records?.isReadable != false } }
    }
}

extension Cluster {
    /// Reads what `plan` asks for, up to its limits. Changes nothing.
    /// - Parameter keys: those that may have something to tell; nil for all.
    func read(_ plan: FetchPlan, only keys: [FetchKey]? = nil) -> FetchFindings {
        var findings = FetchFindings()
        read((keys ?? plan.order)[...], of: plan, into: &findings)
        return findings
    }

    /// Reads some of what `plan` asks for, after others of which `findings` tells.
    func read(_ keys: ArraySlice<FetchKey>, of plan: FetchPlan, into findings: inout FetchFindings) {
        findings.response.sessionID = plan.sessionID
        for key in keys {
            guard let target = plan.partitions[key], !isQuiet(key, target, plan) else {
                continue
            }
            let budget = max(0, plan.maxBytes -| findings.recordBytes)
            var found: FoundRecords?
            let data = read(key, target, plan, budget: budget, isFirst: findings.recordBytes == 0, &found)
            findings.note(data, key, found)
            if !plan.isIncremental || target.hasNews(data) {
                findings.append(data, key)
            }
        }
    }

    /// Whether an incremental answer leaves a partition out, as far as that is seen without reading: most partitions of
    /// a session are idle, and an answer is not even begun for them.
    private func isQuiet(_ key: FetchKey, _ target: FetchTarget, _ plan: FetchPlan) -> Bool {
        guard plan.isIncremental, target.lastFetchedEpoch < 0 else {
            return false
        }
        do throws(ErrorCode) {
            let partition = try fetchPartition(key, plan)
            try partition.checkLeader(nodeID: plan.nodeID, currentLeaderEpoch: target.currentLeaderEpoch)
            let log = try partition.usableLog()
            let end = log.highWatermark
            return target.fetchOffset == end && target.sentHighWatermark == end
                && target.sentLogStartOffset == storedLogStart(partition, log)
        } catch {
            return false
        }
    }

    /// Bytes that one partition has for a plan; nil when it has something else to tell.
    func bytes(of key: FetchKey, _ plan: FetchPlan) -> Int? {
        guard let target = plan.partitions[key] else {
            return nil
        }
        var found: FoundRecords?
        let data = read(key, target, plan, budget: plan.maxBytes, isFirst: true, &found)
        return data.errorCode == 0 && data.divergingEpoch.epoch < 0 ? data.records?.count ?? 0 : nil
    }

    private func read(
        _ key: FetchKey, _ target: FetchTarget, _ plan: FetchPlan, budget: Int, isFirst: Bool,
        _ found: inout FoundRecords?
    ) -> FetchResponse.PartitionData {
        var data = FetchResponse.PartitionData()
        data.partitionIndex = key.partition
        data.highWatermark = -1
        data.records = .owned([])
        data.abortedTransactions = plan.readCommitted ? [] : nil
        do throws(ErrorCode) {
            let partition = try fetchPartition(key, plan)
            do throws(ErrorCode) {
                try partition.checkLeader(nodeID: plan.nodeID, currentLeaderEpoch: target.currentLeaderEpoch)
                let count = try read(partition, target, plan, budget: budget, isFirst: isFirst, into: &data)
                if let bytes = data.records?.count, bytes > 0 {
                    found = FoundRecords(key: key, partition: partition, bytes: bytes, count: count)
                }
            } catch {
                // KIP-951: who leads instead.
                if plan.version >= 16, error == .notLeaderOrFollower || error == .fencedLeaderEpoch {
                    data.currentLeader.leaderID = partition.leader
                    data.currentLeader.leaderEpoch = partition.leaderEpoch
                }
                throw error
            }
        } catch {
            data.errorCode = error.rawValue
            // An error comes without positions.
            data.highWatermark = -1
            data.lastStableOffset = -1
            data.logStartOffset = -1
        }
        return data
    }

    private func fetchPartition(_ key: FetchKey, _ plan: FetchPlan) throws(ErrorCode) -> Partition {
        plan.version >= 13
            ? try topics.partition(key.topicID, key.partition)
            : try topics.partition(key.topicName, key.partition)
    }

    /// - Returns: offsets that the records bring the client on.
    private func read(
        _ partition: Partition, _ target: FetchTarget, _ plan: FetchPlan, budget: Int, isFirst: Bool,
        into data: inout FetchResponse.PartitionData
    ) throws(ErrorCode) -> Int {
        let log = try partition.usableLog()
        data.highWatermark = log.highWatermark
        data.lastStableOffset = log.lastStableOffset
        data.logStartOffset = storedLogStart(partition, log)
        if let divergence = try divergence(of: target, partition, log) {
            data.divergingEpoch = divergence
            return 0
        }
        let limit = plan.readCommitted ? log.lastStableOffset : log.highWatermark
        do throws(ReadError) {
            let slice = try log.read(
                from: target.fetchOffset, upTo: limit, maxBytes: min(budget, Int(max(0, target.maxBytes))),
                atLeastOneBatch: isFirst)
            data.records = slice.records
            if plan.readCommitted, slice.count > 0 {
                data.abortedTransactions = try log.abortedTransactions(
                    from: target.fetchOffset, upTo: slice.nextOffset
                ).map { aborted in
                    var entry = FetchResponse.AbortedTransaction()
                    entry.producerID = aborted.producerID
                    entry.firstOffset = aborted.firstOffset
                    return entry
                }
            }
            return Int(clamping: slice.nextOffset -| slice.requestedOffset)
        } catch {
            throw error.code
        }
    }

    /// Where the client's log left ours, when it told the epoch of its last record (KIP-595).
    private func divergence(
        of target: FetchTarget, _ partition: Partition, _ log: PartitionLog
    ) throws(ErrorCode) -> FetchResponse.EpochEndOffset? {
        guard target.lastFetchedEpoch >= 0 else {
            return nil
        }
        let end = partition.endOffset(forLeaderEpoch: target.lastFetchedEpoch, in: log)
        guard end.leaderEpoch >= 0, target.fetchOffset >= log.logStartOffset else {
            throw .offsetOutOfRange
        }
        guard end.leaderEpoch < target.lastFetchedEpoch || end.endOffset < target.fetchOffset else {
            return nil
        }
        var diverging = FetchResponse.EpochEndOffset()
        diverging.epoch = end.leaderEpoch
        diverging.endOffset = end.endOffset
        return diverging
    }
}

extension FetchFindings {
    fileprivate mutating func note(_ data: FetchResponse.PartitionData, _ key: FetchKey, _ records: FoundRecords?) {
        if let records {
            recordBytes += records.bytes
            found.append(records)
            lastKeyWithRecords = key
        }
        switch ErrorCode(rawValue: data.errorCode) {
        case .unknownTopicOrPartition, .unknownTopicID: unknown.append(key)
        case .none: mustAnswer = mustAnswer || data.divergingEpoch.epoch >= 0
        default: mustAnswer = true
        }
    }

    /// Partitions of one topic that follow each other share a topic entry.
    fileprivate mutating func append(_ data: FetchResponse.PartitionData, _ key: FetchKey) {
        // After a divergence the partition is news again, as after an error.
        let highWatermark = data.divergingEpoch.epoch >= 0 ? -1 : data.highWatermark
        sent.append((key, highWatermark, data.logStartOffset))
        if let last = response.responses.indices.last, response.responses[last].topicID == key.topicID,
            response.responses[last].topic == key.topicName
        {
            response.responses[last].partitions.append(data)
            return
        }
        var topic = FetchResponse.FetchableTopicResponse()
        topic.topic = key.topicName
        topic.topicID = key.topicID
        topic.partitions = [data]
        response.responses.append(topic)
    }
}

extension FetchTarget {
    /// Whether an incremental answer has to name this partition.
    fileprivate func hasNews(_ data: FetchResponse.PartitionData) -> Bool {
        data.errorCode != ErrorCode.none.rawValue || (data.records?.count ?? 0) > 0 || data.divergingEpoch.epoch >= 0
            || data.highWatermark != sentHighWatermark || data.logStartOffset != sentLogStartOffset
    }
}
