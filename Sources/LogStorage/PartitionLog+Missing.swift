import KafkaProtocol

/// Records that other files of a log speak of and that are not there. Such a log is not opened as if nothing had been
/// in it, unless the user accepts the loss.
extension PartitionLog {
    /// What is missing, and how to go on without it.
    private struct Missing {
        var lost: LostOffsets
        var reason: String
        /// Base offset for an empty segment that stands for the missing records; nil at the log's end.
        var placeholder: Int64?
    }

    /// Looks for missing files before anything is changed. `segments` holds those that there are.
    /// - Throws: `.recordsLost`, unless the loss is accepted: then it is noted in ``findings`` instead.
    func checkNothingIsMissing(_ entries: [DirectoryEntry], _ options: LogOptions) throws(StorageError) {
        let allOrphans = orphanedBases(entries)
        let orphans = allOrphans.filter { isEvidence(at: $0, options) }
        var found: [Missing] = []
        if let missing = try missingStart(allOrphans, options) { found.append(missing) }
        if let missing = try missingEnd(entries, orphans, options) { found.append(missing) }
        found += try holes(orphans, options)
        guard !found.isEmpty else { return }
        guard options.acceptsLoss else {
            let text = found.map {
                LogFinding.loss(from: $0.lost.from, upTo: $0.lost.upTo, bytes: 0, reason: $0.reason).text
            }
            throw StorageError(.recordsLost, "open", directory, detail: text.joined(separator: "; "))
        }
        for missing in found {
            findings.append(
                .loss(
                    from: missing.lost.from, upTo: missing.lost.upTo, bytes: 0, reason: missing.reason + " (accepted)"))
            guard let base = missing.placeholder else { continue }
            try acceptGap(at: base)
            segments.removeAll { $0.baseOffset == base }
            segments.append(
                try Segment.create(baseOffset: base, directory: directory, fileSystem: fileSystem, now: options.now))
            hasUnsyncedFiles = true
        }
        segments.sort { $0.baseOffset < $1.baseOffset }
        // What spoke of the missing records must not speak of them again at the next start.
        for segment in segments where segment.size == 0 { try segment.removeIndexFiles() }
    }

    /// Notes for good that an empty segment stands for lost records: without the note it is one whose records a loss of
    /// power has taken, together with its indexes.
    private func acceptGap(at base: Int64) throws(StorageError) {
        try fileSystem.replace(directory + "/" + LogFileName.of(base, LogFileName.gap), with: [], durable: true)
        acceptedGaps.insert(base)
    }

    /// Reads which losses were accepted, and forgets those of segments that hold something now.
    func loadAcceptedGaps(_ entries: [DirectoryEntry]) throws(StorageError) {
        let empty = Set(segments.filter { $0.size == 0 }.map(\.baseOffset))
        for entry in entries {
            guard let base = LogFileName.offset(of: entry.name, suffix: LogFileName.gap) else { continue }
            if empty.contains(base) {
                acceptedGaps.insert(base)
            } else {
                try fileSystem.remove(directory + "/" + entry.name)
            }
        }
    }

    /// Whether a segment is empty in the middle of the log although nobody has accepted that.
    func isHollow(_ segment: Segment) -> Bool { segment.size == 0 && !acceptedGaps.contains(segment.baseOffset) }

    /// Whether a file beside a segment proves that the segment had acknowledged records. With durability `fsync` a loss
    /// of power may have taken all that was not flushed, in any order. What a cut was about to remove proves nothing.
    private func isEvidence(at base: Int64, _ options: LogOptions) -> Bool {
        if let cutNote, base >= cutNote.from { return false }
        return durability == .os || options.cleanShutdown || base < options.recoveryPoint
    }

    /// Base offsets of segments whose `.log` is not there although an index is. Retention and truncation remove a
    /// segment's `.log` last.
    private func orphanedBases(_ entries: [DirectoryEntry]) -> [Int64] {
        let present = Set(segments.map(\.baseOffset))
        var bases: Set<Int64> = []
        for entry in entries where entry.size > 0 {
            for suffix in [".index", ".timeindex", ".txnindex"] {
                if let base = LogFileName.offset(of: entry.name, suffix: suffix), !present.contains(base) {
                    bases.insert(base)
                }
            }
        }
        return bases.sorted()
    }

    /// Tells of a last segment whose `.log` is gone although an index was begun beside it, and of which neither the
    /// recovery point nor anything else speaks.
    ///
    /// Such a log is opened: a loss of power leaves the same between the begin of a segment and the flush that follows.
    /// With durability `fsync` it takes nothing then that was acknowledged.
    func tellMissingLast(_ entries: [DirectoryEntry]) {
        let logs = Set(entries.compactMap { LogFileName.offset(of: $0.name, suffix: ".log") })
        let orphans = entries.compactMap { LogFileName.offset(of: $0.name, suffix: ".index") }
            .filter { !logs.contains($0) }
        guard let base = orphans.max(), base >= logEndOffset, base > active.baseOffset,
            base < cutNote?.from ?? .max, !hasFoundLoss
        else { return }
        let name = LogFileName.of(base, ".log")
        var reason = "\(name), in which records were from offset \(base) on, is gone, its index is there"
        if durability == .fsync { reason += "; after a loss of power none of them was acknowledged" }
        var finding = LogFinding.loss(from: logEndOffset, upTo: base, bytes: 0, reason: reason)
        if durability == .fsync { finding.lost = nil }
        findings.append(finding)
    }

    /// The records of first segments whose files are gone although they were not deleted.
    ///
    /// Who deletes from the front tells the epochs before, ``PartitionLog/forgetEpochsBelowStart()``: where they begin,
    /// the first segment does. With durability `fsync` a loss of power can bring older epochs back, and after one an
    /// index has to say so too.
    private func missingStart(_ orphans: [Int64], _ options: LogOptions) throws(StorageError) -> Missing? {
        guard let first = segments.first?.baseOffset, options.logStartOffset < first else { return nil }
        _ = try loadEpochs()
        let orphan = orphans.first.flatMap { $0 < first ? $0 : nil }
        let begin = epochs.entries.first.flatMap { $0.startOffset < first ? $0.startOffset : nil }
        if let orphan, begin != nil || isEvidence(at: orphan, options) {
            let name = LogFileName.of(orphan, ".log")
            return Missing(
                lost: LostOffsets(from: max(orphan, options.logStartOffset), upTo: first),
                reason: "\(name) is gone, its index is there")
        }
        guard let begin, durability == .os || options.cleanShutdown else { return nil }
        return Missing(
            lost: LostOffsets(from: max(begin, options.logStartOffset), upTo: first),
            reason: "the first .log file begins behind them, but leader-epoch-checkpoint does not")
    }

    /// The records of the active segment, or of all, when their file is gone or empty.
    private func missingEnd(
        _ entries: [DirectoryEntry], _ orphans: [Int64], _ options: LogOptions
    ) throws(StorageError) -> Missing? {
        let snapshots = entries.compactMap { LogFileName.offset(of: $0.name, suffix: ".snapshot") }
        let snapshot = snapshots.filter { isEvidence(at: $0, options) }.max() ?? -1
        _ = try loadEpochs()
        let epoch = epochs.entries.last { $0.startOffset < cutNote?.from ?? .max }?.startOffset ?? -1
        let known = max(options.recoveryPoint, snapshot, epoch)
        guard let last = segments.last else {
            guard !orphans.isEmpty || snapshot >= 0 || epoch >= 0 || options.recoveryPoint > 0 else { return nil }
            let lost = LostOffsets(from: max(options.logStartOffset, 0), upTo: max(known, orphans.last ?? 0))
            return Missing(lost: lost, reason: "there is no .log file, but other files speak of records")
        }
        if let orphan = orphans.last, orphan > last.baseOffset {
            let name = LogFileName.of(orphan, ".log")
            return Missing(lost: LostOffsets(from: orphan, upTo: known), reason: "\(name) is gone, its index is there")
        }
        guard last.size == 0 else { return nil }
        let base = last.baseOffset
        // One epoch alone may begin there because the log start was moved to the end of everything.
        let hasEpoch = epoch == base && (base == 0 || epochs.entries.count > 1)
        let hasIndexFiles = isEvidence(at: base, options) ? try last.hasIndexFiles() : false
        guard hasIndexFiles || known > base || hasEpoch else { return nil }
        let name = LogFileName.of(base, ".log")
        return Missing(
            lost: LostOffsets(from: base, upTo: known),
            reason: "\(name) is empty, but other files speak of records in it")
    }

    /// Segments that do not begin where the one before ends. Compaction leaves such gaps, and so do offsets too far
    /// apart for one segment. After an unclean stop only what was known to be on disk is looked at: behind that the
    /// loss of power takes ends of files, which recovery deals with.
    private func holes(_ orphans: [Int64], _ options: LogOptions) throws(StorageError) -> [Missing] {
        guard segments.count > 1, !config.cleanupPolicy.contains(.compact) else { return [] }
        var found: [Missing] = []
        for index in 0..<(segments.count - 1) {
            let segment = segments[index], next = segments[index + 1].baseOffset
            // A loss of power may bring some of the segments back that were deleted.
            guard next > options.logStartOffset else { continue }
            let name = LogFileName.of(segment.baseOffset, ".log")
            if segment.size == 0 {
                guard !acceptedGaps.contains(segment.baseOffset) else { continue }
                let isKnown = options.cleanShutdown || next <= options.recoveryPoint
                let hasIndexFiles = isEvidence(at: segment.baseOffset, options) ? try segment.hasIndexFiles() : false
                guard isKnown || hasIndexFiles else { continue }
                let lost = LostOffsets(from: segment.baseOffset, upTo: next)
                found.append(Missing(lost: lost, reason: "\(name) is empty", placeholder: segment.baseOffset))
                continue
            }
            let isOrphaned = orphans.contains { $0 > segment.baseOffset && $0 < next }
            guard options.cleanShutdown || next <= options.recoveryPoint || isOrphaned,
                let end = try segment.endOffsetOnDisk(), end < next, next -| end <= Int64(Int32.max)
            else { continue }
            found.append(
                Missing(
                    lost: LostOffsets(from: end, upTo: next), reason: "no file begins where \(name) ends",
                    placeholder: end))
        }
        return found
    }
}
