import KafkaProtocol

extension PartitionLog {
    /// Opens a log, creates it when the directory holds none, or recovers it after an unclean stop: batches from the
    /// recovery point on are read and checked, what follows the last sound one is cut off, indexes and producer state
    /// are built anew.
    /// - Throws: `.corrupt` when the directory belongs to another topic.
    package static func open(
        directory: String, fileSystem: any FileSystem, config: LogConfig, options: LogOptions
    ) throws(StorageError) -> PartitionLog {
        let log = PartitionLog(directory: directory, fileSystem: fileSystem, config: config, options: options)
        log.producerEnd = options.producerEnd
        try log.load(options)
        return log
    }

    /// ``open(directory:fileSystem:config:options:)`` with the options that most callers have.
    package static func open(
        directory: String, fileSystem: any FileSystem, config: LogConfig, topicID: KafkaUUID?, cleanShutdown: Bool,
        now: Int64
    ) throws(StorageError) -> PartitionLog {
        var options = LogOptions()
        options.topicID = topicID
        options.cleanShutdown = cleanShutdown
        options.now = now
        return try open(directory: directory, fileSystem: fileSystem, config: config, options: options)
    }

    private func load(_ options: LogOptions) throws(StorageError) {
        var options = options
        guard let entries = try existingEntries() else {
            if options.mustExist { try noteMissingDirectory(options) }
            return try begin(options)
        }
        cutNote = try CutNote.read(in: directory, fileSystem)
        if let cutNote { options.recoveryPoint = min(options.recoveryPoint, cutNote.from) }
        try loadIdentity()
        loadSegments(entries, options)
        try loadAcceptedGaps(entries)
        try checkNothingIsMissing(entries, options)
        try removeLeftovers(entries)
        if segments.isEmpty {
            segments = [try newSegment(at: options.logStartOffset, options)]
            hasUnsyncedFiles = true
        }
        let epochsAreSound = try loadEpochs()
        if !epochsAreSound { findings.append(.replaced(LogFileName.leaderEpochCheckpoint)) }
        let snapshots = entries.compactMap { LogFileName.offset(of: $0.name, suffix: ".snapshot") }.sorted()
        try loadBatches(options, snapshots: snapshots, scansAll: !epochsAreSound)
        tellMissingLast(entries)
        if !hasFoundLoss { try forgetCut() }
        try placeLogStart(options)
        try placeEpochs()
        removeExpiredProducers(now: options.now)
        if durability == .fsync {
            // Nobody knows whether the process that died had synced it.
            isActiveNameUnsynced = !options.cleanShutdown
            try flush()
        }
        // Also where everything was on disk already.
        producers.settle(below: highWatermark)
        guard epochsAreUnwritten else { return }
        do throws(StorageError) {
            try writeEpochs()
        } catch {
            // The batches have the epochs, and on a full disk a log has to open.
            guard error.isTransient else { throw error }
        }
    }

    /// The log start that the checkpoint names, unless the log ends before it. An empty log goes on there, so that
    /// offsets are not used again; one with records keeps them, because nothing proves that they were to go.
    private func placeLogStart(_ options: LogOptions) throws(StorageError) {
        logStartOffset = max(options.logStartOffset, segments[0].baseOffset)
        guard logStartOffset > logEndOffset else { return }
        let text = "the checkpoint has log start offset \(logStartOffset), the log ends at \(logEndOffset)"
        if logEndOffset == segments[0].baseOffset {
            findings.append(LogFinding(text: text + ": the log is empty and goes on at \(logStartOffset)"))
            try truncateFully(startingAt: logStartOffset, now: options.now)
        } else {
            logStartOffset = segments[0].baseOffset
            findings.append(LogFinding(text: text + ": its records are kept, from offset \(logStartOffset) on"))
        }
    }

    /// Lets the epochs begin and end where the log does.
    private func placeEpochs() throws(StorageError) {
        if epochs.truncate(from: logEndOffset) { epochsAreUnwritten = true }
        try findFirstEpochs()
        // Further segments of which it tells than there are would be missed at the next start.
        let speaksOfMore = epochs.entries.first.map { $0.startOffset < segments[0].baseOffset } ?? false
        guard epochs.truncate(before: logStartOffset) else { return }
        epochsBeginEarly = true
        if speaksOfMore { epochsAreUnwritten = true }
    }

    /// Nil when the directory is new.
    private func existingEntries() throws(StorageError) -> [DirectoryEntry]? {
        do {
            return try fileSystem.list(directory)
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    private func begin(_ options: LogOptions) throws(StorageError) {
        try fileSystem.makeDirectory(directory)
        segments = [try newSegment(at: options.logStartOffset, options)]
        logStartOffset = options.logStartOffset
        logEndOffset = options.logStartOffset
        recoveryPoint = logEndOffset
        _ = finishProducerEnd()
        (hasUnsyncedFiles, isDirectoryUnsynced) = (durability == .os, durability == .os)
        let syncs = durability == .fsync && options.syncsCreation
        try writeIdentity(durable: syncs)
        guard syncs else { return }
        try fileSystem.syncDirectory(directory)
        if let slash = directory.lastIndex(of: "/"), slash != directory.startIndex {
            try fileSystem.syncDirectory(String(directory[..<slash]))
        }
    }

    private func newSegment(at offset: Int64, _ options: LogOptions) throws(StorageError) -> Segment {
        try Segment.create(baseOffset: offset, directory: directory, fileSystem: fileSystem, now: options.now)
    }

    private func writeIdentity(durable: Bool) throws(StorageError) {
        guard let topicID else { return }
        try PartitionMetadata.write(topicID, directory: directory, on: fileSystem, durable: durable)
    }

    private func loadIdentity() throws(StorageError) {
        let stored: KafkaUUID?
        do {
            stored = try PartitionMetadata.read(directory: directory, from: fileSystem)
        } catch {
            guard error.kind == .corrupt, topicID != nil else { throw error }
            findings.append(LogFinding(text: "\(PartitionMetadata.fileName) was damaged and is written anew"))
            return try writeIdentity(durable: durability == .fsync)
        }
        guard let stored else { return try writeIdentity(durable: durability == .fsync) }
        if let topicID, topicID != stored {
            throw StorageError(
                .corrupt, "open", directory, detail: "belongs to topic \(stored.base64), not \(topicID.base64)")
        }
        topicID = stored
    }

    private func noteMissingDirectory(_ options: LogOptions) throws(StorageError) {
        let finding = LogFinding.loss(
            from: options.logStartOffset, upTo: options.recoveryPoint, bytes: 0, reason: "the directory is gone")
        guard options.acceptsLoss else { throw StorageError(.recordsLost, "open", directory, detail: finding.text) }
        findings.append(finding)
    }

    private func loadSegments(_ entries: [DirectoryEntry], _ options: LogOptions) {
        for entry in entries where !entry.isDirectory {
            if let base = LogFileName.offset(of: entry.name, suffix: ".log") {
                segments.append(
                    Segment(
                        baseOffset: base, directory: directory, fileSystem: fileSystem, size: entry.size,
                        createdAt: entry.modifiedAt > 0 ? entry.modifiedAt : options.now))
            }
        }
        segments.sort { $0.baseOffset < $1.baseOffset }
    }

    /// Removes what an interrupted change left behind.
    private func removeLeftovers(_ entries: [DirectoryEntry]) throws(StorageError) {
        for entry in entries where !entry.isDirectory {
            if [".tmp", ".deleted", ".cleaned"].contains(where: entry.name.hasSuffix) {
                hasUnsyncedFiles = true
                try fileSystem.remove(directory + "/" + entry.name)
            }
        }
        let bases = Set(segments.map(\.baseOffset))
        for entry in entries {
            for suffix in [".index", ".timeindex", ".txnindex"] {
                guard let base = LogFileName.offset(of: entry.name, suffix: suffix), !bases.contains(base) else {
                    continue
                }
                // A loss of power must not bring them back beside a later segment of that name.
                hasUnsyncedFiles = true
                try fileSystem.remove(directory + "/" + entry.name)
            }
        }
    }

    /// False when the checkpoint is damaged: epochs then come from the batches.
    func loadEpochs() throws(StorageError) -> Bool {
        do {
            epochs = try LeaderEpochs.read(directory + "/" + LogFileName.leaderEpochCheckpoint, from: fileSystem)
            return true
        } catch {
            guard error.kind == .corrupt else { throw error }
            return false
        }
    }

    /// Finds the log end and the producers' state.
    private func loadBatches(_ options: LogOptions, snapshots: [Int64], scansAll: Bool) throws(StorageError) {
        let interval = config.indexIntervalBytes
        // A clean stop notes the end as recovery point: a file that ends before it has lost records since.
        // One that ends behind it has a last batch whose offset is damaged, or was never opened before that stop.
        let point = options.recoveryPoint
        if options.cleanShutdown, !scansAll, let end = try loadEnd(interval: interval), point == 0 || end == point {
            logEndOffset = end
            recoveryPoint = end
            for segment in segments { segment.syncedSize = segment.size }
            try loadProducers(snapshots: snapshots, before: segments.count)
            // What was aborted is in the index files already.
            _ = finishProducerEnd()
            return
        }
        if options.cleanShutdown, !options.wasGivenUp, !scansAll, active.size > 0, !active.hasResidentIndexes {
            findings.append(.replaced(LogFileName.of(active.baseOffset, ".index") + " or its .timeindex"))
        }
        let stored = epochs
        let firstUnknown = scansAll ? 0 : segmentIndex(for: options.recoveryPoint)
        // Below the log start may lie what is left of deleted segments: holes there must not cut off what is behind.
        let firstScanned = max(firstUnknown, segmentIndex(for: options.logStartOffset))
        var firstCut = try scanBatches(from: firstScanned, snapshots: snapshots, stored, options)
        if logEndOffset < options.logStartOffset, firstUnknown < firstScanned {
            // The log never came to that start, and keeps its records.
            firstCut = min(firstCut, try scanBatches(from: firstUnknown, snapshots: snapshots, stored, options))
        }
        if epochs != stored || scansAll { epochsAreUnwritten = true }
        let aborted = finishProducerEnd()
        if !aborted.isEmpty {
            for entry in aborted { active.noteAborted(entry) }
            if try active.rewriteTransactions() {
                noteUnsynced([active.transactionIndexPath], at: active.baseOffset)
            }
        }
        // What was cut off a file is looked for again until a flush has synced that.
        recoveryPoint = max(min(options.recoveryPoint, logEndOffset, firstCut), segments[0].baseOffset)
        if recoveryPoint < logEndOffset { unflushedSince = options.now }
        // Behind the recovery point may be one that had gone with records cut off earlier.
        for snapshot in snapshots where snapshot > min(options.recoveryPoint, logEndOffset) {
            try removeSnapshot(snapshot)
        }
    }

    /// Believes what files say about the segments before one, and checks all batches from there on; see
    /// ``recover(from:knownEnd:_:)``.
    private func scanBatches(
        from first: Int, snapshots: [Int64], _ stored: LeaderEpochs, _ options: LogOptions
    ) throws(StorageError) -> Int64 {
        (producers, producersHaveEnded, snapshotOffset) = (ProducerStates(), false, -1)
        try loadProducers(snapshots: snapshots, before: first)
        logEndOffset = segments[first].baseOffset
        epochs = stored
        _ = epochs.truncate(from: logEndOffset)
        try catchUpEpochs(before: first)
        for (index, segment) in segments.enumerated() { segment.syncedSize = index < first ? segment.size : 0 }
        if first > 0, segments[first].baseOffset == options.recoveryPoint {
            try distrustIndexes(of: segments[first - 1])
        }
        let known = max(options.recoveryPoint, snapshots.last ?? -1, stored.entries.last?.startOffset ?? -1)
        return try recover(from: first, knownEnd: known, options)
    }

    /// Nil when the last segment does not end as a clean stop leaves it.
    private func loadEnd(interval: Int) throws(StorageError) -> Int64? {
        if active.size == 0 {
            active.forgetIndexes()
            return active.baseOffset
        }
        return try active.loadEnd(interval: interval, isGapless: isGapless)
    }

    /// Loads the newest sound snapshot and reads what was appended between it and the segment with index `end`.
    private func loadProducers(snapshots: [Int64], before end: Int) throws(StorageError) {
        let endOffset = end < segments.count ? segments[end].baseOffset : logEndOffset
        var from = segments[0].baseOffset
        for offset in snapshots.reversed() {
            guard offset <= endOffset else { continue }
            let path = directory + "/" + LogFileName.of(offset, ".snapshot")
            if let bytes = try fileSystem.contents(of: path, atMost: SmallFile.maximumBytes),
                let states = ProducerStates.decoded(snapshot: bytes) {
                producers = states
                producersHaveEnded = offset > producerEnd ?? .max
                snapshotOffset = offset
                from = offset
                break
            }
            // Not there: an earlier look at the batches has removed it.
            if fileSystem.exists(path) { findings.append(.replaced(LogFileName.of(offset, ".snapshot"))) }
            hasUnsyncedFiles = true
            try fileSystem.remove(path)
        }
        try replayProducers(from: from, to: endOffset)
    }

    /// Brings the producers' state from one offset to another by reading batch headers.
    func replayProducers(from start: Int64, to end: Int64) throws(StorageError) {
        guard start < end else { return }
        for index in segmentIndex(for: start)..<segments.count where segments[index].baseOffset < end {
            let segment = segments[index]
            let scanner = BatchScanner(
                try segment.file(), from: 0, to: segment.size, windowSize: Segment.rebuildWindow)
            while let header = try scanner.next(), header.baseOffset < end {
                guard header.baseOffset >= start, header.hasProducerID else { continue }
                _ = passProducerEnd(upTo: header.baseOffset)
                let marker = header.isControl ? soundMarker(in: try scanner.batch(), header) : nil
                _ = noteProducer(header, marker: marker)
            }
        }
    }

    /// The marker of a batch that is in the log; one that cannot be read ended nothing.
    func soundMarker(in batch: UnsafeRawBufferPointer, _ header: RecordBatchHeader) -> TransactionMarker? {
        do { return try TransactionMarker(in: batch, header) } catch { return nil }
    }
}
