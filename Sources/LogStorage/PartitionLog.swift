import KafkaProtocol

/// One partition's log in Kafka's on-disk format: segments with their indexes, producer state, leader epochs.
///
/// It does no waiting, has no clock and belongs to the thread that steps its cluster. What it does on disk is described
/// in `FORMAT.md`.
package final class PartitionLog {
    /// Places of recent reads that are remembered, so that sequential readers need no lookup.
    static let rememberedReads = 4
    /// Closed segments whose indexes stay in memory.
    static let residentClosedIndexes = 2

    package let directory: String
    package internal(set) var config: LogConfig { didSet { noteChange() } }
    package internal(set) var topicID: KafkaUUID?
    /// The first offset that readers may see.
    package internal(set) var logStartOffset: Int64 = 0 { didSet { noteChange() } }
    /// Where the first segment begins whose file has its name: at or before the first offset that can be read, and
    /// where the log would begin after a crash as far as files tell.
    package var firstSegmentOffset: Int64 {
        (dropped.first { !$0.isLeaving } ?? segments.first)?.baseOffset ?? logStartOffset
    }
    /// Where the first segment begins that has not been dropped.
    package var firstKeptOffset: Int64 { segments.first?.baseOffset ?? logStartOffset }
    /// The offset that the next record gets.
    package internal(set) var logEndOffset: Int64 = 0 { didSet { noteChange() } }
    /// Everything below is on disk; for `recovery-point-offset-checkpoint`.
    package internal(set) var recoveryPoint: Int64 = 0 { didSet { noteChange() } }
    /// Set once a write or sync failed in a way that leaves doubt about the file: nothing can be appended any more
    /// (KAFKA_STORAGE_ERROR), reading goes on. A full disk alone does not set it: the failed append is undone.
    package internal(set) var isOffline = false { didSet { noteChange() } }
    /// Set by close and delete.
    package internal(set) var isClosed = false

    /// What opening the log found that has to be said: records that are gone, damaged files.
    package internal(set) var findings: [LogFinding] = []

    let fileSystem: any FileSystem
    /// Whether damage with sound batches behind it stops the opening instead of being cut off.
    let refusesDamage: Bool
    /// Whether every batch begins where the one before ends, in a segment: see ``LogOptions/isGapless``.
    var isGapless: Bool
    /// See ``takeDamage()``.
    var damageToTell: StorageError?
    var hasToldDamage = false
    /// See ``LogOptions/cutsLater``.
    let cutsLater: Bool
    let durability: Durability
    let pacing: StoragePacing
    /// By base offset, never empty while the log is open; the last one is appended to.
    var segments: [Segment] = []
    /// Segments that are not part of the log any more, oldest first; see ``tidyFiles(limit:)``. What is left of
    /// them when the log is closed goes after the next start.
    var dropped: [Segment] = []
    var epochs = LeaderEpochs()
    var producers = ProducerStates()
    /// Batches below tell nothing about producers that come later; nil for a log that was never a mirror's. See
    /// ``endProducers()``.
    package internal(set) var producerEnd: Int64?
    /// Whether ``producers`` is what it is to be at and after ``producerEnd``.
    var producersHaveEnded = false
    /// Offset of the newest producer snapshot on disk; -1 when there is none.
    var snapshotOffset: Int64 = -1
    /// Whether files were made, replaced or removed in a way that a loss of power could undo.
    var hasUnsyncedFiles = false
    /// Files beside the segments whose content the next flush brings to disk: indexes and snapshots vouch for records
    /// that recovery does not read again.
    var unsyncedFiles = UnsyncedFiles()
    /// Why the last flush could not begin.
    package internal(set) var flushObstacle: StorageError?
    /// Whether ``epochs`` has what the checkpoint file lacks, or lacks what that has. See ``writeEpochs()``.
    var epochsAreUnwritten = false
    /// Whether the checkpoint file may begin before the log start. That is harmless, since opening the log cuts it,
    /// until segments go that begin before the log start.
    var epochsBeginEarly = false
    /// What an earlier recovery left beside the log; see ``CutNote``.
    var cutNote: CutNote?
    /// The recovery point as the checkpoint has it.
    let notedRecoveryPoint: Int64
    /// Bytes of the last file while its damaged end is still there.
    var uncutFileSize: Int?
    /// Counts what is written to replace the epoch checkpoint, so that nothing older takes its place later.
    var epochsVersion = 0
    /// Whether that holds for the directory too.
    var isDirectoryUnsynced = false
    /// Whether a loss of power could take the active segment's name.
    var isActiveNameUnsynced = false
    /// Counts truncations: a flush begun before one says nothing about what was written after it.
    var generation = 0
    /// Base offsets of empty segments that stand for records whose loss was accepted.
    var acceptedGaps: Set<Int64> = []
    /// Before an append that was refused and could not be taken back yet; see ``settle()``.
    var refused: Savepoint?
    /// The segment whose file is kept open, where one is.
    var keptSegment: Segment?
    /// Time of the oldest append that is not flushed; nil when there is none.
    var unflushedSince: Int64?
    var knownPlaces = KnownPlaces()
    /// Where this log enters itself when it changes, and as what; see ``LogChanges``.
    var changes: LogChanges?
    var changeName: PartitionName?
    var isChangeNoted = false
    /// Files of which it was told that they cannot be read.
    var unreadablePaths: Set<String> = []
    /// Room for the header of a batch that is being written.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: RecordBatchHeader.size, alignment: 16)

    init(directory: String, fileSystem: any FileSystem, config: LogConfig, options: LogOptions) {
        self.directory = directory
        self.fileSystem = fileSystem
        self.config = config
        durability = options.durability
        pacing = options.pacing
        cutsLater = options.cutsLater
        refusesDamage = options.everyAppendIsSynced && !options.acceptsLoss
        isGapless = options.isGapless
        topicID = options.topicID
        notedRecoveryPoint = options.recoveryPoint
    }

    deinit { scratch.deallocate() }

    var active: Segment { segments[segments.count - 1] }

    /// The end of what consumers may see: with durability `os` the log end, with `fsync` what is known to be on disk.
    package var highWatermark: Int64 { durability == .os ? logEndOffset : recoveryPoint }

    /// The end of what read_committed consumers may see: the first offset of the oldest transaction that is open (or
    /// whose marker is not below the high watermark), at most the high watermark.
    package var lastStableOffset: Int64 {
        let highWatermark = highWatermark
        guard let unstable = producers.firstUnstableOffset else { return highWatermark }
        return max(min(unstable, highWatermark), logStartOffset)
    }

    /// Whether a loss of power could take something back.
    package var isDirty: Bool { !isOffline && !isClosed && (logEndOffset > recoveryPoint || hasUnsyncedFiles) }

    /// Whether ``close(isSyncedTogether:)`` has something to bring to disk, if only what it writes itself.
    package var needsSyncToClose: Bool {
        isDirty || !isOffline && !isClosed && (epochsAreUnwritten || lacksEndSnapshot || active.hasUnwrittenIndexes)
    }

    /// Whether there is no snapshot of the producers as they are at the end.
    var lacksEndSnapshot: Bool { logEndOffset > segments[0].baseOffset && snapshotOffset != logEndOffset }

    /// Bytes of all segments.
    package var size: Int64 { segments.reduce(0) { $0 + Int64($1.size) } }

    package var segmentCount: Int { segments.count }

    /// The epoch of the newest batch, or the one assigned since; nil for a log that never had one.
    package var latestLeaderEpoch: Int32? { epochs.latest }

    /// Producers with a state, by id.
    package var activeProducers: [ActiveProducer] { producers.described }

    /// Where an epoch ends (OffsetForLeaderEpoch): the largest known epoch that is not above the given one and the
    /// first offset of the next epoch. (-1, -1) when unknown.
    package func endOffset(forLeaderEpoch epoch: Int32) -> (leaderEpoch: Int32, endOffset: Int64) {
        epochs.endOffset(for: epoch, logEndOffset: logEndOffset)
    }

    /// The epoch that an offset was or will be written in; nil when unknown.
    package func leaderEpoch(forOffset offset: Int64) -> Int32? { epochs.epoch(forOffset: offset) }

    package func updateConfig(_ config: LogConfig) { self.config = config }

    /// Forgets producers without an open transaction that have not written for `producer.id.expiration.ms`.
    package func removeExpiredProducers(now: Int64) {
        producers.removeExpired(now: now, expiration: config.producerIDExpirationMs)
    }

    // MARK: Shared by the parts of this type

    /// Notes the epoch of a batch that has been written. The checkpoint file gets it later, since one request may begin
    /// epochs of many logs: with durability `os` by ``tidyFiles(limit:)``, with `fsync` with the flush that brings
    /// the batch to disk, so that the file never speaks of records that a loss of power takes. Until then it is in the
    /// batches alone, from which every start after a crash reads it.
    func noteEpoch(_ epoch: Int32, startOffset: Int64) {
        if epochs.assign(epoch, startOffset: startOffset) { epochsAreUnwritten = true }
    }

    /// Whether the checkpoint file waits for ``tidyFiles(limit:)``.
    var owesEpochs: Bool { durability == .os && epochsAreUnwritten && !isOffline && !isClosed }

    /// Writes the checkpoint at once; with durability `fsync` durably, without epochs whose batches are not on disk.
    /// - Parameter isSyncedLater: the caller brings it to disk, before anything relies on it.
    func writeEpochs(isSyncedLater: Bool = false) throws(StorageError) {
        var stored = epochs
        if durability == .fsync { _ = stored.truncate(from: recoveryPoint) }
        epochsVersion += 1
        hasUnsyncedFiles = true
        try fileSystem.replace(epochsPath, with: stored.encoded(), durable: durability == .fsync && !isSyncedLater)
        epochsAreUnwritten = stored != epochs
        epochsBeginEarly = false
    }

    var epochsPath: String { directory + "/" + LogFileName.leaderEpochCheckpoint }

    /// Index of the segment that holds an offset: the last one that begins at it or before.
    func segmentIndex(for offset: Int64) -> Int {
        var (low, high) = (0, segments.count)
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].baseOffset <= offset { low = middle + 1 } else { high = middle }
        }
        return max(low - 1, 0)
    }

    /// The offset at which a segment's successor begins.
    func endOffset(ofSegment index: Int) -> Int64 {
        index + 1 < segments.count ? segments[index + 1].baseOffset : logEndOffset
    }

    /// Begins a new active segment. The old one's indexes are written, and so is a snapshot of the producers, so that a
    /// restart need not read older segments; they reach the disk with the next flush. A transient failure leaves
    /// everything as it was; any other takes the log offline.
    func roll(baseOffset: Int64, now: Int64) throws(StorageError) {
        let old = active
        if old.size == 0, old.baseOffset == baseOffset { return }
        do {
            if old.size > 0 {
                try old.writeIndexes()
                noteUnsynced(old.indexPaths, at: old.baseOffset)
                try writeSnapshot(at: baseOffset)
            }
            let new = try Segment.create(
                baseOffset: baseOffset, directory: directory, fileSystem: fileSystem, now: now)
            segments.append(new)
            noteChange()
            (hasUnsyncedFiles, isActiveNameUnsynced) = (true, true)
        } catch {
            if !error.isTransient { isOffline = true }
            throw error
        }
        if old.size > 0 {
            old.retire()
        } else {
            segments.remove(at: segments.count - 2)
            try online { () throws(StorageError) in try old.deleteFiles() }
        }
    }

    /// The next flush syncs these files; those that are not there any more by then are passed over.
    /// - Parameter offset: the one in their names.
    func noteUnsynced(_ paths: [String], at offset: Int64) {
        hasUnsyncedFiles = true
        for path in paths { unsyncedFiles.insert(UnsyncedFile(path: path, offset: offset)) }
    }

    /// Closes the active segment when `segment.ms` has passed since it was begun.
    package func rollIfNeeded(now: Int64) throws(StorageError) {
        guard !isOffline, active.isOld(config: config, timestamp: nil, now: now) else { return }
        try roll(baseOffset: logEndOffset, now: now)
    }

    func writeSnapshot(at offset: Int64) throws(StorageError) {
        guard offset != snapshotOffset else { return }
        let path = directory + "/" + LogFileName.of(offset, ".snapshot")
        if try fileSystem.update(path, to: producers.snapshot()) { noteUnsynced([path], at: offset) }
        snapshotOffset = offset
    }

    /// Runs a change of the files; a failure takes the log offline.
    func online(_ change: () throws(StorageError) -> Void) throws(StorageError) {
        do {
            try change()
        } catch {
            isOffline = true
            throw error
        }
    }
}

/// Positions of offsets that readers are likely to ask for next.
struct KnownPlaces {
    struct Place {
        var offset: Int64
        var segmentBase: Int64
        var position: Int
    }

    private var places: [Place] = []
    private var next = 0

    func place(of offset: Int64) -> Place? {
        places.first { $0.offset == offset }
    }

    mutating func remember(_ offset: Int64, segmentBase: Int64, position: Int) {
        let place = Place(offset: offset, segmentBase: segmentBase, position: position)
        if let known = places.firstIndex(where: { $0.offset == offset }) {
            places[known] = place
        } else if places.count < PartitionLog.rememberedReads {
            places.append(place)
        } else {
            places[next] = place
            next = (next + 1) % places.count
        }
    }

    mutating func forget() { places.removeAll() }
}
