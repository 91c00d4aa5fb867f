import KafkaProtocol

/// `GET /twinlog/v1/clusters/{cluster_id}/topics/{topic_name}/records`, and the same as a stream: what a topic holds,
/// record by record, with everything that is known of each.
enum RecordReadRoutes {
    static let path = "/twinlog/v1/clusters/{cluster_id}/topics/{topic_name}/records"

    /// How long one request may look, and a stream that does not follow.
    private static let patience = Duration.seconds(10)
    private static let streamPatience = Duration.seconds(600)
    /// Each holds some tens of megabytes at most.
    private static let places = ReadingPlaces(limit: 32, waiting: 256)

    static let routes: [Route] = [
        Route(.get, PathTemplate(path)) { request, fleet in
            try await places.take()
            defer { places.giveBack() }
            return try await unlessDeleted(request, fleet) {
                .json(list(try await read(request, fleet), request))
            }
        },
        Route(.get, PathTemplate(path + ":stream")) { request, fleet in
            let follows = try request.flag("follow", default: false)
            // Refusals come before the stream begins.
            _ = try RecordQuery(request)
            _ = try await fleet.cluster(request).topic(request.capture("topic_name"))
            return .events { events in
                try await unlessDeleted(request, fleet) {
                    var stream = RecordEvents(events, try await open(request, fleet))
                    try await stream.search(atMost: streamPatience)
                    if follows {
                        try await stream.follow()
                    } else {
                        try await stream.end()
                    }
                }
            }
        },
    ]

    /// Reads as much as one answer may have.
    private static func read(_ request: RESTRequest, _ fleet: any FleetBackend) async throws -> RecordReader {
        let reader = try await open(request, fleet)
        let start = ContinuousClock.now
        while reader.end == nil {
            try await reader.goOn()
            if reader.end == nil, reader.isFull {
                reader.stop(.size)
            } else if reader.end == nil, ContinuousClock.now - start > patience {
                reader.stop(.time)
            }
        }
        return reader
    }

    /// What fails because its cluster goes away fails with a text that says so.
    private static func unlessDeleted<T>(
        _ request: RESTRequest, _ fleet: any FleetBackend, _ body: () async throws -> T
    ) async throws -> T {
        do {
            return try await body()
        } catch {
            guard !(error is RESTError), !(error is ErrorCode), !(error is CancellationError) else {
                throw error
            }
            // It is no longer listed once it has ended, soon after it began to.
            for _ in 0..<10 {
                _ = try await fleet.cluster(request)
                try await Task.sleep(for: .milliseconds(100))
            }
            throw error
        }
    }

    private static func open(_ request: RESTRequest, _ fleet: any FleetBackend) async throws -> RecordReader {
        let query = try RecordQuery(request)
        return try await RecordReader(
            try await fleet.cluster(request), topic: request.capture("topic_name"), query)
    }

    // MARK: List

    private static func list(_ reader: RecordReader, _ request: RESTRequest) -> JSON {
        let url = "\(request.base)/" + request.path.map { PercentEncoding.encode($0) }.joined(separator: "/")
        let records = reader.isBackward ? reader.takeFound().reversed() : reader.takeFound()
        return [
            "kind": "TwinlogRecordList",
            "metadata": ["self": .string(url), "next": nil],
            "data": .array(records.map { $0.json(showsBytes: reader.query.showsBytes) }),
            "partitions": partitions(reader, withNotices: true),
            "examined_records": JSON(reader.examinedRecords),
            "examined_bytes": JSON(reader.examinedBytes),
            "is_complete": .bool(reader.end == .end || reader.end == .limit),
            "end_reason": JSON(reader.end?.rawValue),
            "notice": JSON(notice(reader)),
        ]
    }

    static func partitions(_ reader: RecordReader, withNotices: Bool) -> JSON {
        .array(
            reader.partitions.map { partition in
                var members = [
                    JSON.Member("partition_id", JSON(partition.partition)),
                    JSON.Member("start_offset", JSON(partition.start)),
                    JSON.Member("end_offset", JSON(partition.end)),
                    JSON.Member("next_offset", JSON(partition.newerOffset)),
                    JSON.Member("previous_offset", JSON(partition.low)),
                ]
                if withNotices {
                    members += [
                        JSON.Member("is_at_end", .bool(partition.isAtEnd)),
                        JSON.Member("is_at_start", .bool(partition.isAtStart)),
                        JSON.Member("notice", JSON(notice(partition, reader))),
                    ]
                }
                return .object(members)
            })
    }

    /// What there is to say about a partition: also why an offset that was asked for is not among the records.
    private static func notice(_ partition: PartitionReading, _ reader: RecordReader) -> String? {
        guard partition.notice == nil, case .offset(let offset) = reader.query.start, offset >= partition.start else {
            return partition.notice
        }
        let first = partition.firstOffset ?? (partition.isAtEnd ? partition.end : offset)
        guard first > offset else {
            return nil
        }
        return "Offsets \(offset) to \(first -| 1) hold no records: they were compacted away, or are markers."
    }

    /// Why there is nothing, or less than was asked for.
    static func notice(_ reader: RecordReader) -> String? {
        switch reader.end {
        case .examined: return "\(reader.examinedRecords) records were looked at, as many as may be: go on from there."
        case .time: return "It took too long: \(reader.examinedRecords) records were looked at; go on from there."
        case .size: return "The answer became too large: go on from there."
        case .limit, .end, nil: break
        }
        guard reader.foundCount == 0 else {
            return nil
        }
        if reader.partitions.allSatisfy({ $0.start == $0.end }) {
            return "There are no records."
        }
        guard reader.examinedRecords > 0 else {
            return "There are no records from there on."
        }
        return "None of the \(reader.examinedRecords) records that were looked at matches."
    }
}

/// Tells of a reading in events.
struct RecordEvents {
    /// Between two events of records, and between two of progress.
    private static let recordInterval = Duration.milliseconds(100)
    private static let progressInterval = Duration.milliseconds(250)
    /// Between two looks at a topic in which nothing happens; longer for topics of many partitions.
    private static func pollInterval(_ partitions: Int) -> Duration {
        .milliseconds(100 + min(partitions, 20_000) / 10)
    }

    private let events: EventWriter
    private let reader: RecordReader
    private var lastRecords = ContinuousClock.now
    private var lastProgress = ContinuousClock.now
    private var skipped: Int64 = 0

    init(_ events: EventWriter, _ reader: RecordReader) {
        self.events = events
        self.reader = reader
    }

    /// Tells what is found until there is enough.
    mutating func search(atMost patience: Duration) async throws {
        let start = ContinuousClock.now
        try await tellProgress()
        while reader.end == nil {
            try await reader.goOn()
            let now = ContinuousClock.now
            if reader.isFull || now - lastRecords > Self.recordInterval {
                try await tellRecords()
            }
            if now - lastProgress > Self.progressInterval {
                try await tellProgress()
            }
            if reader.end == nil, now - start > patience {
                reader.stop(.time)
            }
        }
        try await tellRecords()
        try await tellProgress()
    }

    /// Tells what comes from now on, for as long as anybody listens.
    mutating func follow() async throws {
        reader.follow()
        let pause = Self.pollInterval(reader.partitions.count)
        while true {
            skipped = skipped +| (try await reader.poll())
            while !reader.isIdle {
                try await reader.goOn()
                if reader.isFull {
                    break
                }
            }
            if skipped > 0 || !reader.found.isEmpty {
                let isFull = reader.isFull
                try await tellRecords()
                // Much comes: half the pause, and what is left is told next.
                try await Task.sleep(for: isFull ? pause / 2 : pause)
            } else {
                try await Task.sleep(for: pause)
            }
            if ContinuousClock.now - lastProgress > .seconds(1) {
                try await tellProgress()
            }
        }
    }

    func end() async throws {
        try await events.send(
            "end",
            [
                "reason": JSON(reader.end?.rawValue ?? "end"),
                "notice": JSON(RecordReadRoutes.notice(reader)),
                "partitions": RecordReadRoutes.partitions(reader, withNotices: true),
            ])
    }

    private mutating func tellRecords() async throws {
        lastRecords = .now
        let found = reader.takeFound()
        guard !found.isEmpty || skipped > 0 else {
            return
        }
        let records = reader.isBackward && !reader.isFollowing ? found.reversed() : found
        var data: [JSON] = []
        data.reserveCapacity(records.count)
        for (index, record) in records.enumerated() {
            data.append(record.json(showsBytes: reader.query.showsBytes))
            if index % 100 == 99 {
                await Task.yield()
            }
        }
        try await events.send("records", ["data": .array(data), "skipped": JSON(skipped)])
        skipped = 0
    }

    private mutating func tellProgress() async throws {
        lastProgress = .now
        try await events.send(
            "progress",
            [
                "examined_records": JSON(reader.examinedRecords),
                "examined_bytes": JSON(reader.examinedBytes),
                "found": JSON(reader.foundCount),
                "partitions": RecordReadRoutes.partitions(reader, withNotices: false),
            ])
    }
}
