import KafkaProtocol

/// Names a partition for as long as its topic lives; a later topic of the same name has another id.
package struct PartitionName: Hashable, Sendable {
    package let topicID: KafkaUUID
    package let index: Int32

    package init(topicID: KafkaUUID, index: Int32) {
        self.topicID = topicID
        self.index = index
    }
}

/// Which logs of a cluster have changed since somebody asked, so that nobody has to look at all of them.
///
/// Logs enter themselves: whatever moves a log's start, end or recovery point, closes a segment or replaces the
/// configuration. Each is entered once until it is taken, in the order of the first changes.
package final class LogChanges {
    private var names: [PartitionName] = []
    private var unreadable: [(name: PartitionName, error: StorageError)] = []

    package init() {}

    func note(_ name: PartitionName) { names.append(name) }

    /// Hands the names out. Whoever takes them calls ``PartitionLog/changeWasTaken()`` for each before looking at it.
    package func take() -> [PartitionName] {
        guard !names.isEmpty else { return [] }
        defer { names.removeAll() }
        return names
    }

    func note(_ error: StorageError, in name: PartitionName) { unreadable.append((name, error)) }

    /// Hands out what readers could not be given since the last call: damage once for each file, what may pass
    /// every time.
    package func takeUnreadable() -> [(name: PartitionName, error: StorageError)] {
        guard !unreadable.isEmpty else { return [] }
        defer { unreadable.removeAll() }
        return unreadable
    }
}

extension PartitionLog {
    /// Enters this log now and whenever it changes.
    package func reportChanges(to changes: LogChanges, as name: PartitionName) {
        self.changes = changes
        changeName = name
        isChangeNoted = false
        noteChange()
    }

    /// From here on changes are entered again.
    package func changeWasTaken() { isChangeNoted = false }

    package func noteChange() {
        guard !isChangeNoted, let changes, let changeName else { return }
        isChangeNoted = true
        changes.note(changeName)
    }

    /// What a reader is told, which is little; the owner gets to know the rest by ``LogChanges/takeUnreadable()``.
    func unreadable(_ error: StorageError) -> ReadError {
        noteUnreadable(error)
        return .storage(error)
    }

    func noteUnreadable(_ error: StorageError) {
        guard let changes, let changeName, error.isTransient || unreadablePaths.insert(error.path).inserted else {
            return
        }
        changes.note(error, in: changeName)
    }

    // MARK: When a log that does not change needs a look
    // Moments are milliseconds since the epoch, as `retention.ms` and `segment.ms` go by the wall clock.

    /// When ``rollIfNeeded(now:)`` or ``needsFlush(now:)`` have something to do; nil when never.
    package var nextRollOrFlush: Int64? {
        guard !isOffline, !isClosed else { return nil }
        let roll = active.size > 0 ? active.createdAt +| config.segmentMs +| 1 : nil
        guard let unflushedSince, logEndOffset > recoveryPoint else { return roll }
        if needsFlush(now: unflushedSince) { return .min }
        let flush = config.flushMs < .max ? unflushedSince +| config.flushMs : nil
        return [roll, flush].compactMap(\.self).min()
    }

    /// When ``applyRetention(now:)`` has a segment to delete because of its age; nil when never.
    package func nextExpiry() throws(StorageError) -> Int64? {
        guard !isOffline, !isClosed, config.cleanupPolicy.contains(.delete), config.retentionMs >= 0,
            let oldest = segments.first(where: { $0.size > 0 })
        else { return nil }
        let greatest = try oldest.greatestTimestamp(interval: config.indexIntervalBytes).timestamp
        return (greatest >= 0 ? greatest : oldest.createdAt) +| config.retentionMs +| 1
    }

    /// When ``removeExpiredProducers(now:)`` has somebody to forget; nil when never.
    package var nextProducerExpiry: Int64? {
        producers.oldestSilence.map { $0 +| config.producerIDExpirationMs }
    }
}
