import KafkaProtocol
import LogStorage

/// What a start does about logs that may have lost records: it says so, and raises every leader epoch.
///
/// Records that were lost and records that are written in their place have the same offsets. Only the epoch tells them
/// apart, for consumers (KIP-320) as for the links that mirror this cluster. As a broker of Kafka cannot know what an
/// unclean stop took, all partitions get a new epoch, also those where nothing seems to be missing. One record of the
/// metadata log does it for all of them, so that it costs one sync and is never half done. A mirror's epoch rises like
/// any other: it only has to stay at or above its source's.
extension Cluster {
    mutating func raiseLeaderEpochs(now: Int64) {
        guard topics.partitionCount > 0 else {
            return
        }
        var record = RaiseLeaderEpochsRecord()
        record.time = now
        do throws(ErrorCode) {
            if epochRiseIsDue {
                // In force already: only the record is missing.
                var commit = metadataLog.newCommit(now: now)
                commit.add(.raiseLeaderEpochs(record))
                try append(commit)
            } else {
                try commit([.raiseLeaderEpochs(record)], now: now)
            }
            epochRiseIsDue = false
        } catch {
            guard !epochRiseIsDue else {
                return
            }
            // No append may use an old epoch, so the rise is in force before it can be stored.
            epochRiseIsDue = true
            replayLeaderEpochRise()
            let text = "new leader epochs could not be stored (\(error)); it is tried again"
            notices.append(Notice(level: .warning, text: text))
        }
    }

    /// An epoch that a log holds was in force, also where the record of its rise could not be stored any more: the next
    /// rise must lead beyond it.
    func keepLeaderEpochsOfLogs() {
        for topic in topics.all {
            for partition in topic.partitions {
                partition.leaderEpoch = max(partition.leaderEpoch, partition.log?.latestLeaderEpoch ?? -1)
            }
        }
    }

    mutating func replayLeaderEpochRise() {
        for topic in topics.all {
            for partition in topic.partitions {
                partition.leaderEpoch = partition.leaderEpoch +| 1
                partition.partitionEpoch = partition.partitionEpoch +| 1
                parking.wake(.partition(partition.handle))
            }
        }
    }

    /// Says what opening a log has found.
    mutating func report(_ findings: [LogFinding], of name: String) {
        for finding in findings {
            if finding.lost != nil {
                lossyPartitions.insert(name)
            }
            notices.append(
                Notice(level: finding.lost == nil ? .warning : .error, text: "partition \(name): \(finding.text)"))
        }
    }
}
