import KafkaProtocol
import LogStorage

/// Why a mirror did not take a source's records.
package struct MirrorAppendFailure: Error, Sendable, CustomStringConvertible {
    /// What the mirror topic fails with; nil when trying again may help.
    package let mirrorError: MirrorError?
    package let code: ErrorCode
    package let message: String

    package init(_ mirrorError: MirrorError?, _ code: ErrorCode, _ message: String) {
        self.mirrorError = mirrorError
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// The path of records from a link into a mirror's log.
extension Cluster {
    /// Behind it there would be no room for a batch.
    static let highestMirrorStart = Int64.max - 2 * Int64(Int32.max)

    /// Appends whole batches of the source at their own offsets, byte for byte.
    ///
    /// The partition's leader epoch is raised first when the batches are newer: consumers carry epochs over from the
    /// source and must not find a leader that seems older than their records (KIP-320, KIP-1279).
    ///
    /// - Parameters:
    ///   - records: whole batches whose offsets grow; borrowed for the call.
    ///   - lastEpoch: the highest leader epoch among them, -1 when they have none.
    package mutating func appendMirror(
        _ records: UnsafeRawBufferPointer, lastEpoch: Int32, to partition: Partition, now: Int64
    ) throws(MirrorAppendFailure) -> AppendResult {
        let log = try mirrorLog(partition)
        try raiseLeaderEpoch(partition, to: lastEpoch, now: now)
        let end = log.logEndOffset
        do throws(AppendError) {
            let result = try log.appendAsFollower(records, now: now)
            noteAppended(result.bytes, records: result.recordCount, to: partition)
            finishAppend(log, partition)
            resumeWoken(now: now)
            return result
        } catch {
            if log.logEndOffset == end {
                parking.wake(.partition(partition.handle))
            } else {
                // A first part of them is there: the segment was full.
                finishAppend(log, partition)
            }
            resumeWoken(now: now)
            throw classify(error)
        }
    }

    private func mirrorLog(_ partition: Partition) throws(MirrorAppendFailure) -> PartitionLog {
        guard partition.isReadOnlyMirror else {
            throw MirrorAppendFailure(.illegalState, .invalidRequest, "\(partition.topicName) is not a mirror topic")
        }
        do throws(ErrorCode) {
            return try partition.usableLog()
        } catch {
            throw MirrorAppendFailure(
                nil, error, "the log of \(partition.topicName)-\(partition.index) is offline")
        }
    }

    private mutating func raiseLeaderEpoch(
        _ partition: Partition, to epoch: Int32, now: Int64
    ) throws(MirrorAppendFailure) {
        guard epoch > partition.leaderEpoch else {
            return
        }
        do throws(ErrorCode) {
            try raiseMirrorEpochs([MirrorEpoch(partition: partition, epoch: epoch)], now: now)
        } catch {
            throw MirrorAppendFailure(nil, error, "the leader epoch could not be stored")
        }
    }

    /// The leader epoch that a mirror partition is to have at least.
    package struct MirrorEpoch {
        package let partition: Partition
        package let epoch: Int32

        package init(partition: Partition, epoch: Int32) {
            self.partition = partition
            self.epoch = epoch
        }
    }

    /// Raises leader epochs of mirror partitions before records of those epochs are appended, in one commit. Does
    /// nothing for those that are there already.
    package mutating func raiseMirrorEpochs(_ epochs: [MirrorEpoch], now: Int64) throws(ErrorCode) {
        let raises = epochs.filter { $0.partition.isReadOnlyMirror && $0.epoch > $0.partition.leaderEpoch }
        guard !raises.isEmpty else {
            return
        }
        let records = raises.map { raise in
            MetadataChange.mirrorLeaderEpoch(
                leaderEpochRecord(raise.partition.topicID, raise.partition.index, raise.epoch))
        }
        try commit(records, now: now)
    }

    /// With durability `fsync` readers see records once they are on disk: with the next round of flushes.
    private mutating func finishAppend(_ log: PartitionLog, _ partition: Partition) {
        if configuration.durability == .fsync {
            flushes.mark(partition, log)
        } else {
            scheduleFlush(of: partition, log)
        }
        tidyFilesSoon(partition)
        parking.wake(.partition(partition.handle))
    }

    private func classify(_ error: AppendError) -> MirrorAppendFailure {
        let reason: MirrorError? =
            switch error.code {
            case .kafkaStorageError: nil
            case .unsupportedForMessageFormat: .unsupportedMessageFormat
            case .fencedLeaderEpoch, .invalidUpdateVersion: .nonMonotonicLogAppendEpoch
            // Damaged on the way: the next fetch brings the bytes again.
            case .corruptMessage, .invalidRecord: nil
            default: .illegalState
            }
        return MirrorAppendFailure(reason, error.code, error.message)
    }

    /// Lets a mirror go on at `offset`, where its source begins now, beyond the mirror's end: what lies in between is
    /// lost to both. A mirror begins anew there, as a Kafka follower does. One whose retention is its own keeps what it
    /// has; transactions whose end lies in the gap are cut off, since nobody will ever say how they ended.
    package mutating func jumpMirror(
        _ partition: Partition, to offset: Int64, now: Int64
    ) throws(MirrorAppendFailure) {
        let log = try mirrorLog(partition)
        let end = log.logEndOffset
        // A gap that no segment can span would look like a lost segment.
        guard !followsLogStart(partition), offset > end, log.lastStableOffset > log.logStartOffset,
            offset -| end < Int64(Int32.max) / 2
        else {
            return try startMirror(partition, at: offset, now: now)
        }
        let name = "mirror \(partition.topicName)-\(partition.index)"
        var text = "\(name): the source begins at \(offset), offsets \(end) to \(offset -| 1) are missing for good"
        do throws(StorageError) {
            // The last stable offset is below what is not on disk yet, too.
            if configuration.durability == .fsync {
                try log.flush()
            }
            let stable = log.lastStableOffset
            if stable < end {
                try forgetPositions(of: partition, keepingStart: log.logStartOffset)
                try log.truncate(to: stable)
                noteCheckpoints()
                text += "; offsets \(stable) to \(end -| 1) are removed, the end of their transactions is missing"
            }
        } catch {
            throw MirrorAppendFailure(nil, .kafkaStorageError, "\(error)")
        }
        parking.wake(.partition(partition.handle))
        resumeWoken(now: now)
        notices.append(Notice(level: .warning, text: text))
    }

    /// Lets a mirror begin at `offset`, where its source begins. It holds no records yet, or only records below that,
    /// which the source has deleted: those go, with what is known of their producers, as a Kafka follower does it.
    package mutating func startMirror(
        _ partition: Partition, at offset: Int64, now: Int64
    ) throws(MirrorAppendFailure) {
        let log = try mirrorLog(partition)
        guard offset <= Cluster.highestMirrorStart else {
            throw MirrorAppendFailure(nil, .offsetOutOfRange, "no log can begin at offset \(offset)")
        }
        guard offset >= 0, log.logStartOffset == log.logEndOffset || offset > log.logEndOffset else {
            throw MirrorAppendFailure(
                .illegalState, .invalidRequest, "\(partition.topicName)-\(partition.index) holds records already")
        }
        if log.logStartOffset < log.logEndOffset {
            let range = "offsets \(log.logStartOffset) to \(log.logEndOffset - 1)"
            let text =
                "mirror \(partition.topicName)-\(partition.index): \(range) are removed, the source begins at \(offset)"
            // As in followLogStart: a source may delete what it holds as often as it likes.
            notices.append(Notice(level: .info, text: text, isAboutClient: true))
        }
        do throws(StorageError) {
            try removeDropped(of: log)
            // Lower when the log was emptied and its source goes on before.
            try forgetPositions(of: partition, keepingStart: min(log.logStartOffset, offset))
            try log.truncateFully(startingAt: offset, now: now)
            if configuration.durability == .fsync {
                // The checkpoints must not speak of a file whose name a loss of power takes.
                try log.flush()
            }
        } catch {
            throw MirrorAppendFailure(nil, .kafkaStorageError, "\(error)")
        }
        noteCheckpoints()
        parking.wake(.partition(partition.handle))
        resumeWoken(now: now)
    }

    /// Removes the files below the log start while the checkpoint still names it: behind one that does not, a start
    /// after a crash would take their records for the log's.
    private mutating func removeDropped(of log: PartitionLog) throws(StorageError) {
        guard log.hasDropped else {
            return
        }
        try writeLogStarts()
        try log.tidyFiles(limit: .max)
        if configuration.durability == .fsync {
            try log.flush()
        }
    }

    /// Lets a mirror begin where its source begins now: records that were deleted there are deleted here. Does nothing
    /// when the link leaves retention to this cluster.
    ///
    /// - Returns: whether the log begins elsewhere now.
    package mutating func followLogStart(
        _ partition: Partition, to offset: Int64, now: Int64
    ) throws(MirrorAppendFailure) -> Bool {
        let log = try mirrorLog(partition)
        let target = min(offset, log.highWatermark)
        let start = log.logStartOffset
        guard target > start, followsLogStart(partition) else {
            return false
        }
        do throws(ReadError) {
            _ = try log.deleteRecords(before: target)
        } catch {
            throw MirrorAppendFailure(nil, error.code, "\(error)")
        }
        tidyFilesSoon(partition)
        // Retention, or a loss that somebody accepted there: the source does not say which.
        let text =
            "mirror \(partition.topicName)-\(partition.index): offsets \(start) to \(target -| 1) are removed, "
            + "the source begins at \(offset)"
        notices.append(Notice(level: .info, text: text, isAboutClient: true))
        // Should that get lost, the source says it again.
        noteCheckpoints()
        parking.wake(.partition(partition.handle))
        resumeWoken(now: now)
        return true
    }

    /// Whether how long records live is the source's to say. It is not once `topic.config.sync.include` leaves
    /// `retention.ms` or `retention.bytes` to this cluster, for instance for a mirror that keeps more than its source.
    package func followsLogStart(_ partition: Partition) -> Bool {
        guard let mirror = topics[partition.topicID]?.mirror, let link = links[mirror.linkID] else {
            return false
        }
        return MirrorTopicConfigs.synced(link.settings).isSuperset(of: ["retention.ms", "retention.bytes"])
    }

    /// Hides records below `offset`: the first batch of a mirror may begin before the offset that it starts at.
    package mutating func hideMirrorRecords(
        _ partition: Partition, before offset: Int64
    ) throws(MirrorAppendFailure) {
        let log = try mirrorLog(partition)
        if configuration.durability == .fsync, offset > log.highWatermark, offset <= log.logEndOffset {
            // Once in a mirror's life: what is hidden must be hidden before anybody can see it.
            do throws(StorageError) {
                try log.flush()
            } catch {
                throw MirrorAppendFailure(nil, .kafkaStorageError, "\(error)")
            }
        }
        guard offset > log.logStartOffset, offset <= log.highWatermark else {
            return
        }
        do throws(ReadError) {
            _ = try log.deleteRecords(before: offset)
        } catch {
            throw MirrorAppendFailure(nil, error.code, "\(error)")
        }
        tidyFilesSoon(partition)
        noteLogStarts()
    }
}
