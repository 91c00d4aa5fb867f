import KafkaProtocol

/// Records by their time (ListOffsets).
extension PartitionLog {
    /// The first record whose timestamp is `timestamp` or later; nil when there is none. Waits as long as it takes.
    package func offset(forTimestamp timestamp: Int64) throws(ReadError) -> TimestampOffset? {
        var lookup = RecordLookup.unlimited
        return try offset(forTimestamp: timestamp, &lookup)
    }

    /// As ``offset(forTimestamp:)``, as far as `lookup` goes; without meaning when ``RecordLookup/isUnfinished``.
    package func offset(
        forTimestamp timestamp: Int64, _ lookup: inout RecordLookup
    ) throws(ReadError) -> TimestampOffset? {
        lookup.begin(self)
        do {
            let interval = config.indexIntervalBytes
            let first = max(logStartOffset, lookup.goOnAt)
            for (index, segment) in segments.enumerated() where endOffset(ofSegment: index) > first {
                guard segment.size > 0 else { continue }
                guard let greatest = try greatestTimestamp(of: segment, &lookup) else { return nil }
                guard greatest.timestamp >= timestamp else { continue }
                makeRoom(for: segment)
                let before = try segment.timeIndex(interval: interval).relativeOffset(before: timestamp)
                let from = max(segment.baseOffset +| before, first)
                if let found = try firstRecord(in: segment, from: from, timestamp: timestamp, &lookup) { return found }
                if lookup.isUnfinished { return nil }
            }
            return nil
        } catch { throw unreadable(error) }
    }

    /// The first record with the greatest timestamp (ListOffsets -3); nil when no record that readers may see has one.
    /// Waits as long as it takes.
    package func offsetOfMaxTimestamp() throws(ReadError) -> TimestampOffset? {
        var lookup = RecordLookup.unlimited
        return try offsetOfMaxTimestamp(&lookup)
    }

    /// As ``offsetOfMaxTimestamp()``, as far as `lookup` goes; without meaning when ``RecordLookup/isUnfinished``.
    package func offsetOfMaxTimestamp(_ lookup: inout RecordLookup) throws(ReadError) -> TimestampOffset? {
        lookup.begin(self)
        do {
            var greatest: (segment: Segment, timestamp: Int64, offset: Int64)?
            for (index, segment) in segments.enumerated()
            where segment.size > 0 && endOffset(ofSegment: index) > logStartOffset {
                guard let (timestamp, offset) = try greatestVisibleTimestamp(in: segment, &lookup) else { return nil }
                if timestamp > greatest?.timestamp ?? -1 { greatest = (segment, timestamp, offset) }
            }
            guard let greatest else { return nil }
            let from = max(greatest.offset, lookup.goOnAt)
            return try firstRecord(in: greatest.segment, from: from, timestamp: greatest.timestamp, &lookup)
        } catch { throw unreadable(error) }
    }

    /// What the segment knows; nil when finding that out used up what the lookup had. The next one finds it at once.
    private func greatestTimestamp(
        of segment: Segment, _ lookup: inout RecordLookup
    ) throws(StorageError) -> (timestamp: Int64, offset: Int64)? {
        let wasKnown = segment.knowsGreatestTimestamp
        let greatest = try segment.greatestTimestamp(interval: config.indexIntervalBytes)
        guard wasKnown || lookup.mayGoOn(after: segment.indexBytes(interval: config.indexIntervalBytes)) else {
            return nil
        }
        return greatest
    }

    /// Greatest timestamp of records from the log start on, and an offset in or before whose batch it is found; nil
    /// when ``RecordLookup/isUnfinished``. Only when a segment's greatest lies before the log start its later batches
    /// are looked at.
    private func greatestVisibleTimestamp(
        in segment: Segment, _ lookup: inout RecordLookup
    ) throws(StorageError) -> (timestamp: Int64, offset: Int64)? {
        guard let greatest = try greatestTimestamp(of: segment, &lookup) else { return nil }
        if segment.baseOffset >= logStartOffset { return greatest }
        guard let place = try find(logStartOffset, in: segment) else { return (-1, -1) }
        if greatest.offset > place.header.lastOffset { return greatest }
        if let walk = lookup.walk, walk.start == logStartOffset {
            guard let next = try find(walk.next, in: segment) else { return walk.best }
            return try greatestTimestamp(try scanner(segment, from: next.position), &lookup, best: walk.best)
        }
        let scanner = try scanner(segment, from: place.position)
        // The batches behind need not be looked at when the greatest is one of those that the first one has left.
        if greatest.offset == place.header.lastOffset, let header = try scanner.next() {
            let latest = try latest(in: scanner, header, &lookup)
            if lookup.isUnfinished { return nil }
            if latest == greatest.timestamp { return greatest }
            return try greatestTimestamp(scanner, &lookup, best: (latest, logStartOffset))
        }
        return try greatestTimestamp(scanner, &lookup, best: (-1, -1))
    }

    private func scanner(_ segment: Segment, from position: Int) throws(StorageError) -> BatchScanner {
        BatchScanner(try segment.file(), from: position, to: segment.size, windowSize: Segment.rebuildWindow)
    }

    /// - Parameter best: what was found before.
    /// - Returns: nil when ``RecordLookup/isUnfinished``.
    private func greatestTimestamp(
        _ scanner: BatchScanner, _ lookup: inout RecordLookup, best: (timestamp: Int64, offset: Int64)
    ) throws(StorageError) -> (timestamp: Int64, offset: Int64)? {
        var best = best
        while let header = try scanner.next() {
            if header.maxTimestamp > best.timestamp {
                var timestamp = header.maxTimestamp
                if header.baseOffset < logStartOffset {
                    timestamp = try latest(in: scanner, header, &lookup)
                    if lookup.isUnfinished { return nil }
                }
                if timestamp > best.timestamp { best = (timestamp, max(header.baseOffset, logStartOffset)) }
            }
            lookup.walk = RecordLookup.Walk(start: logStartOffset, next: header.nextOffset, best: best)
            guard lookup.mayGoOn(after: header.sizeInBytes) else { return nil }
        }
        return best
    }

    /// The timestamp of the latest record that readers may see in the batch at hand.
    private func latest(
        in scanner: BatchScanner, _ header: RecordBatchHeader, _ lookup: inout RecordLookup
    ) throws(StorageError) -> Int64 {
        switch lookup.answer(.latest, from: logStartOffset, try scanner.batch(), header) {
        case .latest(let found)?: return found
        case .unreadable(let error)?: throw unreadable(header, error)
        case .first?, nil: return -1
        }
    }

    /// The first record with at least that timestamp and that readers may see, from the batch on that reaches `offset`.
    private func firstRecord(
        in segment: Segment, from offset: Int64, timestamp: Int64, _ lookup: inout RecordLookup
    ) throws(StorageError) -> TimestampOffset? {
        guard let place = try find(offset, in: segment) else { return nil }
        let scanner = BatchScanner(
            try segment.file(), from: place.position, to: segment.size, windowSize: Segment.lookupWindow)
        while let header = try scanner.next() {
            guard header.maxTimestamp >= timestamp, header.lastOffset >= logStartOffset else {
                lookup.goOnAt = header.nextOffset
                guard lookup.mayGoOn(after: header.sizeInBytes) else { return nil }
                continue
            }
            let kind = RecordQuestion.Kind.first(timestamp: timestamp)
            switch lookup.answer(kind, from: logStartOffset, try scanner.batch(), header) {
            case .first(let found?)?: return found
            case .unreadable(let error)?: throw unreadable(header, error)
            case .first(nil)?, .latest?: continue
            case nil: return nil
            }
        }
        return nil
    }

    private func unreadable(_ header: RecordBatchHeader, _ error: RecordBatchError) -> StorageError {
        let segment = segments[segmentIndex(for: header.baseOffset)]
        return StorageError(
            .corrupt, "read", directory + "/" + LogFileName.of(segment.baseOffset, ".log"),
            detail: "batch at offset \(header.baseOffset): \(error)")
    }
}
