import ClusterCore
import KafkaClient
import KafkaProtocol
import LogStorage

extension LinkRunner: ConsumerDelegate {
    func consumer(_ consumer: Consumer, refreshed result: Result<ClusterMetadata, ClientError>) {
        noteSource(result)
        if case .success(let metadata) = result, refusal == nil {
            followTopics(metadata)
        }
    }

    func consumer(_ consumer: Consumer, retries partition: TopicPartition, after error: ClientError) {
        guard let partition = partitions[partition] else {
            return
        }
        partition.problem = "\(error)"
        // It may be another source that answers next.
        partition.lookBack = .due
        // The source cannot read its records, and that may last.
        if case .broker(.kafkaStorageError, _) = error {
            noteRefusal(partition, "\(error)")
        }
    }

    /// After a restart of the source all its partitions have a new leader epoch: one commit for those of one answer.
    func consumer(_ consumer: Consumer, willDeliver fetched: [FetchedPartition]) {
        let newer = fetched.filter {
            $0.divergence == nil && $0.batches.count > 0 && $0.batches.epochsAreMonotonic
                && $0.batches.doubtfulEnd == nil
        }
        host.withCluster { cluster, now in
            let raises = newer.compactMap { fetched -> Cluster.MirrorEpoch? in
                guard let mirror = self.partitions[fetched.partition], let topic = cluster.topics[mirror.topicID],
                    topic.mirror?.state.isMirroring == true,
                    let partition = topic.partition(fetched.partition.partition)
                else {
                    return nil
                }
                return Cluster.MirrorEpoch(partition: partition, epoch: fetched.batches.lastEpoch)
            }
            // Where it fails each partition tries by itself, and says so.
            try? cluster.raiseMirrorEpochs(raises, now: now)
        }
    }

    func consumer(_ consumer: Consumer, fetched: FetchedPartition) {
        guard let partition = partitions[fetched.partition] else {
            return consumer.remove(fetched.partition)
        }
        if fetched.highWatermark >= 0 {
            partition.sourceHighWatermark = fetched.highWatermark
            partition.lastFetchMs = host.transport.nowMs
        }
        let verdict = host.withCluster { cluster, now in
            var step = MirrorStep(fetched, firstVisibleOffset: partition.firstVisibleOffset)
            return step.run(partition, &cluster, now: now)
        }
        if let gap = partition.passedOver {
            partition.passedOver = nil
            noteGap(gap, partition)
        }
        apply(verdict, partition)
    }

    /// The source still begins before it, and compaction explains it only where there is some.
    private func noteGap(_ gap: Range<Int64>, _ partition: MirrorPartition) {
        if partition.gapLines.isDue(true, now: now.monotonicMs) {
            let offsets = "offsets \(gap.lowerBound) to \(gap.upperBound -| 1)"
            let text = "\(partition.source) of link \(name): the source has no records at \(offsets), although the "
                + "topic is not compacted; the mirror has none there either"
            host.log(.warning, text)
        }
    }

    private func apply(_ verdict: MirrorVerdict, _ partition: MirrorPartition) {
        switch verdict {
        case .goOn:
            noteTaken(partition)
        case .goOnAt(let offset, let epoch):
            noteTaken(partition)
            consumer.seek(partition.source, to: offset, lastFetchedEpoch: epoch)
        case .notMirrored:
            consumer.remove(partition.source)
            partitions[partition.source] = nil
        case .seek(let offset, let epoch):
            consumer.seek(partition.source, to: offset, lastFetchedEpoch: epoch)
        case .jump(let offset):
            consumer.seek(partition.source, to: offset, lastFetchedEpoch: -1)
        case .retry(let offset, let epoch, let reason):
            partition.problem = reason
            noteRefusal(partition, reason)
            consumer.retry(partition.source, at: offset, lastFetchedEpoch: epoch)
        case .fail(let topic, let error, let reason):
            partition.problem = reason
            fail(topic, error, reason)
        }
    }

    /// A mirror that cannot take what its source sends (its disk is full) tries again, and says so meanwhile.
    private func noteRefusal(_ partition: MirrorPartition, _ reason: String) {
        partition.refusal = reason
        if partition.refusalLines.isDue(reason, now: now.monotonicMs) {
            host.log(.warning, "\(partition.source) of link \(name) cannot be mirrored for now: \(reason)")
        }
    }

    private func noteTaken(_ partition: MirrorPartition) {
        partition.problem = nil
        partition.firstVisibleOffset = nil
        guard partition.refusal != nil else {
            return
        }
        partition.refusal = nil
        partition.refusalLines = RareLines()
        host.log(.info, "\(partition.source) of link \(name) is mirrored again")
    }

    /// Records that nobody can compare are not passed over in silence.
    func consumer(_ consumer: Consumer, epochUnknownOf source: TopicPartition, leaderEpoch: Int32) {
        guard let partition = partitions[source] else {
            return consumer.remove(source)
        }
        let verdict = host.withCluster { cluster, _ -> MirrorVerdict in
            guard let topic = cluster.topics[partition.topicID], topic.mirror?.state.isMirroring == true,
                let log = topic.partition(source.partition)?.log
            else {
                return .notMirrored
            }
            let epoch = log.latestLeaderEpoch ?? -1
            if leaderEpoch >= 0, leaderEpoch < epoch {
                let reason = "\(source): the source is in leader epoch \(leaderEpoch), the mirror, which ends at "
                    + "offset \(log.logEndOffset), holds records of epoch \(epoch)"
                return .fail(topic, .nonMonotonicSourceEpoch, reason)
            }
            return .seek(log.logEndOffset, epoch: -1)
        }
        if case .seek(let offset, _) = verdict {
            let text = "\(source): the source does not know where the epoch of the mirror's last record ended; "
                + "the mirror goes on at offset \(offset) without that check"
            host.log(.warning, text)
        }
        apply(verdict, partition)
    }

    func consumer(_ consumer: Consumer, outOfRange source: TopicPartition, offsets: OffsetRange) {
        guard let partition = partitions[source] else {
            return consumer.remove(source)
        }
        let verdict = host.withCluster { cluster, now -> MirrorVerdict in
            guard let topic = cluster.topics[partition.topicID], topic.mirror?.state.isMirroring == true,
                let local = topic.partition(source.partition), let log = local.log
            else {
                return .notMirrored
            }
            let end = log.logEndOffset
            if partition.lookBack == .underWay {
                // What the mirror ends with is deleted at the source: there is nothing to compare.
                partition.lookBack = .done
                return .seek(end, epoch: -1)
            }
            if end > offsets.end {
                let reason = "\(source): the source ends at offset \(offsets.end) and has lost offsets "
                    + "\(offsets.end) to \(end - 1), which the mirror holds"
                return .fail(topic, .unexpectedTruncation, reason)
            }
            guard end < offsets.start else {
                return .retry(end, -1, "offset \(end) of \(source) is out of range")
            }
            return MirrorStep.jump(local, to: offsets.start, &cluster, now: now)
        }
        if case .jump(let offset) = verdict {
            partition.firstVisibleOffset = offset
            host.log(.info, "\(source): the mirror continues at offset \(offset), where its source begins now")
        }
        apply(verdict, partition)
    }
}

/// What becomes of a partition after a step.
enum MirrorVerdict {
    case goOn
    /// Something was taken; the rest is asked for once more.
    case goOnAt(Int64, epoch: Int32)
    /// The mirror is gone, paused or stopped.
    case notMirrored
    case seek(Int64, epoch: Int32)
    /// The source begins there now, behind the mirror's end.
    case jump(Int64)
    case retry(Int64, Int32, String)
    case fail(Topic, MirrorError, String)
}

/// Appends what one fetch brought to one mirror partition.
struct MirrorStep {
    private let fetched: FetchedPartition
    /// Those that the mirror has not.
    private var batches: FetchedBatches
    private let firstVisibleOffset: Int64?
    /// Whether a batch at the answer's end was left for the next one.
    private var isShortened = false

    init(_ fetched: FetchedPartition, firstVisibleOffset: Int64?) {
        self.fetched = fetched
        batches = fetched.batches
        self.firstVisibleOffset = firstVisibleOffset
    }

    mutating func run(_ mirror: MirrorPartition, _ cluster: inout Cluster, now: Int64) -> MirrorVerdict {
        guard let topic = cluster.topics[mirror.topicID], topic.mirror?.state.isMirroring == true,
            let partition = topic.partition(mirror.source.partition), let log = partition.log
        else {
            return .notMirrored
        }
        if let divergence = fetched.divergence {
            return judge(divergence, topic, log)
        }
        if fetched.highWatermark >= 0, batches.count > 0, batches.nextOffset > fetched.highWatermark {
            let text = "the source sent records up to offset \(batches.nextOffset - 1), "
                + "its high watermark is \(fetched.highWatermark)"
            return .retry(log.logEndOffset, log.latestLeaderEpoch ?? -1, text)
        }
        if let verdict = lookBack(mirror, topic, log) {
            return verdict
        }
        if batches.count > 0, let verdict = refuseDisorder(mirror, log) {
            return verdict
        }
        if let verdict = confirmEnd(mirror, log) {
            return verdict
        }
        if batches.count > 0, let verdict = append(topic, partition, log, &cluster, now: now) {
            return verdict
        }
        if let gap = batches.gap, !log.config.cleanupPolicy.contains(.compact) {
            mirror.passedOver = gap
        }
        if let fault = batches.fault {
            if case .badBaseOffset = fault {
                mirror.disorderOffset = log.logEndOffset
            }
            return judge(fault, topic, log)
        }
        let verdict = followLogStart(partition, log, &cluster, now: now)
        // What was parsed anew has lost the fault behind it, for which the consumer waits: the next answer begins with
        // it.
        if isShortened || fetched.batches.fault != nil, case .goOn = verdict {
            return .goOnAt(log.logEndOffset, epoch: log.latestLeaderEpoch ?? -1)
        }
        return verdict
    }

    /// A batch behind a gap may be one with a wrong offset. What stands behind it shows that; at an answer's end it is
    /// left for the next answer, which begins with it. Where that has room for nothing else the source is asked for the
    /// last offset of the gap: it has one index entry for each batch of such a size, and finds what is there.
    ///
    /// - Returns: nil to go on.
    private mutating func confirmEnd(_ mirror: MirrorPartition, _ log: PartitionLog) -> MirrorVerdict? {
        let (end, epoch) = (log.logEndOffset, log.latestLeaderEpoch ?? -1)
        let gap = mirror.doubtfulGap
        mirror.doubtfulGap = nil
        if let gap, gap.lowerBound == end, fetched.fetchOffset == gap.upperBound -| 1 {
            guard batches.count > 0 else {
                if answerHadNoRoom {
                    mirror.doubtfulGap = gap
                    return .seek(fetched.fetchOffset, epoch: -1)
                }
                return .retry(end, epoch, "the source has nothing at offset \(gap.upperBound), where it had a batch")
            }
            guard batches.firstOffset >= gap.upperBound else {
                mirror.disorderOffset = end
                let text = "the source's batches do not follow each other: it sent the one at offset "
                    + "\(gap.upperBound) in the place of offset \(end), and has another at \(batches.firstOffset)"
                return .retry(end, epoch, text)
            }
            batches = FetchedBatches(batches.bytes, from: end)
            guard batches.doubtfulEnd != 0 else {
                return nil
            }
        }
        guard let doubtful = batches.doubtfulEnd, batches.nextOffset < fetched.highWatermark else {
            return nil
        }
        guard doubtful == 0 else {
            batches = batches.withoutDoubtfulEnd(from: end)
            isShortened = true
            return nil
        }
        mirror.doubtfulGap = end..<batches.firstOffset
        return .seek(batches.firstOffset -| 1, epoch: -1)
    }

    /// Where batches did not follow each other one of them has a wrong offset. What comes next may leave out the record
    /// that belongs there: nothing is taken before the source sends it, or begins behind it.
    private func refuseDisorder(_ mirror: MirrorPartition, _ log: PartitionLog) -> MirrorVerdict? {
        guard let offset = mirror.disorderOffset else {
            return nil
        }
        guard offset == log.logEndOffset, batches.firstOffset > offset, fetched.logStartOffset <= offset else {
            mirror.disorderOffset = nil
            return nil
        }
        let text = "the source's batches do not follow each other at offset \(offset): it now sends the one at offset "
            + "\(batches.firstOffset)"
        return .retry(offset, log.latestLeaderEpoch ?? -1, text)
    }

    /// Before anything is appended that an answer of a new connection brings: is what the mirror ends with what the
    /// source has there? Epochs do not tell when the source was put back from a copy, and has written other records
    /// in the same epoch since.
    ///
    /// - Returns: nil to go on.
    private mutating func lookBack(_ mirror: MirrorPartition, _ topic: Topic, _ log: PartitionLog) -> MirrorVerdict? {
        let end = log.logEndOffset
        switch mirror.lookBack {
        case .done: return nil
        case .due:
            guard Self.mayLookBack(log) else {
                mirror.lookBack = .done
                return nil
            }
            mirror.lookBack = .underWay
            return .seek(end - 1, epoch: -1)
        case .underWay:
            guard batches.count > 0 else {
                if answerHadNoRoom {
                    return .seek(fetched.fetchOffset, epoch: -1)
                }
                mirror.lookBack = .due
                if let fault = batches.fault {
                    return judge(fault, topic, log)
                }
                // Its high watermark may be about to come back to where it was; otherwise the end is out of range.
                let text = "the source has nothing at offset \(end - 1), where the mirror ends"
                return .retry(end, log.latestLeaderEpoch ?? -1, text)
            }
            mirror.lookBack = .done
            guard batches.firstOffset < end else {
                return nil
            }
            guard holds(batches.bytes, from: batches.firstOffset, log) else {
                let text = "\(fetched.partition): the source has another batch at offset \(batches.firstOffset) than "
                    + "the mirror, which ends at \(end): it was put back, or lost records and wrote others"
                return .fail(topic, .unexpectedTruncation, text)
            }
            batches = FetchedBatches(batches.bytes, from: end)
            return nil
        }
    }

    /// Whether the source has records where it was asked, and others took all the room that its answer had.
    private var answerHadNoRoom: Bool {
        batches.count == 0 && fetched.batches.fault == nil && fetched.highWatermark > fetched.fetchOffset
    }

    /// Whether a mirror's last batch is there and has to be the source's: compaction writes batches anew, or takes
    /// them.
    static func mayLookBack(_ log: PartitionLog) -> Bool {
        log.logEndOffset > log.logStartOffset && !log.config.cleanupPolicy.contains(.compact)
    }

    /// Whether the mirror's log has these bytes from that offset to its end.
    private func holds(_ bytes: UnsafeRawBufferPointer, from offset: Int64, _ log: PartitionLog) -> Bool {
        let slice = try? log.read(
            from: max(offset, log.logStartOffset), upTo: log.logEndOffset, maxBytes: bytes.count, atLeastOneBatch: true)
        guard let slice, slice.count <= bytes.count, slice.nextOffset == log.logEndOffset else {
            return false
        }
        return slice.records.withBytes { own in own.elementsEqual(bytes.prefix(own.count)) } ?? false
    }

    /// What was deleted at the source's front is deleted here.
    private func followLogStart(
        _ partition: Partition, _ log: PartitionLog, _ cluster: inout Cluster, now: Int64
    ) -> MirrorVerdict {
        guard fetched.logStartOffset > log.logStartOffset, fetched.logStartOffset <= fetched.highWatermark else {
            return .goOn
        }
        do throws(MirrorAppendFailure) {
            _ = try cluster.followLogStart(partition, to: fetched.logStartOffset, now: now)
            return .goOn
        } catch {
            return .retry(log.logEndOffset, log.latestLeaderEpoch ?? -1, error.message)
        }
    }

    /// The source has lost records that the mirror holds, and may have written others at their offsets. Which of both
    /// is wanted is not for a link to say: nothing is thrown away here, and nothing is added to what differs.
    private func judge(
        _ divergence: (epoch: Int32, endOffset: Int64), _ topic: Topic, _ log: PartitionLog
    ) -> MirrorVerdict {
        let own = log.endOffset(forLeaderEpoch: divergence.epoch)
        let common = own.endOffset >= 0 ? min(own.endOffset, divergence.endOffset) : divergence.endOffset
        guard common < log.logEndOffset else {
            let text = "the source says that its history parts at offset \(divergence.endOffset), the mirror ends at "
                + "\(log.logEndOffset)"
            return .retry(log.logEndOffset, log.latestLeaderEpoch ?? -1, text)
        }
        return .fail(
            topic, .unexpectedTruncation,
            "\(fetched.partition): the source has lost offsets \(max(common, 0)) to \(log.logEndOffset - 1), which the "
                + "mirror holds up to epoch \(log.latestLeaderEpoch ?? -1): at the source epoch \(divergence.epoch) "
                + "ends at offset \(divergence.endOffset)")
    }

    /// nil when everything was appended.
    private func append(
        _ topic: Topic, _ partition: Partition, _ log: PartitionLog, _ cluster: inout Cluster, now: Int64
    ) -> MirrorVerdict? {
        guard batches.epochsAreMonotonic else {
            return .fail(topic, .nonMonotonicSourceEpoch, "leader epochs go down after offset \(batches.firstOffset)")
        }
        do throws(MirrorAppendFailure) {
            var firstVisible = firstVisibleOffset
            if batches.firstOffset < log.logEndOffset {
                guard log.logStartOffset == log.logEndOffset else {
                    return .fail(
                        topic, .unexpectedTruncation,
                        "a batch begins at offset \(batches.firstOffset), the mirror ends at \(log.logEndOffset)")
                }
                // The mirror begins inside a batch, which it keeps whole and hides in part.
                firstVisible = firstVisible ?? log.logEndOffset
                try cluster.startMirror(partition, at: batches.firstOffset, now: now)
            }
            _ = try cluster.appendMirror(batches.bytes, lastEpoch: batches.lastEpoch, to: partition, now: now)
            if let firstVisible, firstVisible > batches.firstOffset, log.logStartOffset == batches.firstOffset {
                try cluster.hideMirrorRecords(partition, before: firstVisible)
            }
            return nil
        } catch {
            if let reason = error.mirrorError {
                return .fail(topic, reason, error.message)
            }
            return .retry(log.logEndOffset, log.latestLeaderEpoch ?? -1, error.message)
        }
    }

    private func judge(_ fault: RecordBatchError, _ topic: Topic, _ log: PartitionLog) -> MirrorVerdict {
        if case .unsupportedMagic(let magic) = fault, magic == 0 || magic == 1 {
            return .fail(
                topic, .unsupportedMessageFormat,
                "the source holds message format \(magic) at offset \(log.logEndOffset)")
        }
        var text = "the source sent a broken batch: \(fault)"
        if case .badBaseOffset(let found, let expected) = fault {
            text = "the source's batches do not follow each other: one at offset \(found) stands behind offset "
                + "\(expected -| 1)"
        }
        return .retry(log.logEndOffset, log.latestLeaderEpoch ?? -1, text)
    }

    /// Goes on at a later offset, where the source begins now.
    static func jump(
        _ partition: Partition, to offset: Int64, _ cluster: inout Cluster, now: Int64
    ) -> MirrorVerdict {
        guard let log = partition.log else {
            return .jump(offset)
        }
        do throws(MirrorAppendFailure) {
            try cluster.jumpMirror(partition, to: offset, now: now)
            return .jump(offset)
        } catch {
            return .retry(log.logEndOffset, -1, error.message)
        }
    }
}
