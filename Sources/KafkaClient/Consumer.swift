import KafkaProtocol

/// Who takes what a ``Consumer`` brings. All calls come on the transport's loop.
package protocol ConsumerDelegate: AnyObject {
    /// Whole batches at their offsets, and how far the broker is. The next fetch is under way already. With a `fault`
    /// or a divergence the partition stays paused until ``Consumer/seek(_:to:lastFetchedEpoch:)`` or
    /// ``Consumer/remove(_:)``.
    func consumer(_ consumer: Consumer, fetched: FetchedPartition)

    /// Everything that one answer of a broker holds without an error; each comes as ``consumer(_:fetched:)`` right
    /// afterwards, unless it is not wanted any more.
    func consumer(_ consumer: Consumer, willDeliver fetched: [FetchedPartition])

    /// What was asked for does not exist (any more). The partition stays paused until the delegate seeks or removes it.
    /// `offsets` are the broker's first offset and high watermark.
    func consumer(_ consumer: Consumer, outOfRange partition: TopicPartition, offsets: OffsetRange)

    /// A partition could not be fetched; it is tried again after a back-off.
    func consumer(_ consumer: Consumer, retries partition: TopicPartition, after error: ClientError)

    /// The broker knows nothing of the epoch in which the last record was written, though it has the offset: records
    /// there may be others than those that were read. The partition stays paused until the delegate seeks or removes
    /// it.
    ///
    /// - Parameter leaderEpoch: the broker's own, -1 when it tells none.
    func consumer(_ consumer: Consumer, epochUnknownOf partition: TopicPartition, leaderEpoch: Int32)

    /// Metadata was asked for: what came, or why nothing came.
    func consumer(_ consumer: Consumer, refreshed result: Result<ClusterMetadata, ClientError>)
}

extension ConsumerDelegate {
    package func consumer(_ consumer: Consumer, willDeliver fetched: [FetchedPartition]) {}

    /// Goes on without the check.
    package func consumer(_ consumer: Consumer, epochUnknownOf partition: TopicPartition, leaderEpoch: Int32) {
        if let offset = consumer.position(partition) {
            consumer.seek(partition, to: offset)
        }
    }
}

/// Offsets that a partition has: from `start` up to, not including, `end`.
package struct OffsetRange: Hashable, Sendable {
    package var start: Int64
    package var end: Int64

    package init(start: Int64, end: Int64) {
        self.start = start
        self.end = end
    }
}

/// How a ``Consumer`` behaves.
package struct ConsumerSettings: Sendable {
    package var fetch = FetchSettings()
    /// First delay after a failure, in milliseconds (`retry.backoff.ms`). Never longer than the longest.
    package var retryBackoffMs: Int64 = 100
    /// Longest delay after failures in a row, in milliseconds. Metadata is asked for at its own age all the same, and
    /// when it comes again after failures, whoever waits for it goes on.
    package var retryBackoffMaxMs: Int64 = 1_000
    /// Age at which metadata is asked for again, in milliseconds (`metadata.max.age.ms`).
    package var metadataMaxAgeMs: Int64 = 300_000

    package init() {}
}

/// Reads partitions for ever: finds leaders, follows them when they move, reconnects, backs off, resumes exactly
/// where it was. One ``FetchLoop`` per broker. Knows nothing about groups.
package final class Consumer {
    package let client: ClusterClient
    package private(set) var settings: ConsumerSettings
    package weak var delegate: (any ConsumerDelegate)?

    let random: RandomBits
    private var transport: any Transport { client.transport }
    private(set) var entries: [TopicPartition: Entry] = [:]
    private var loops: [Int32: FetchLoop] = [:]
    private var metadataBackoff: Backoff
    /// Whoever may not log in will hardly be let in a second later.
    private var loginBackoff: Backoff
    private var noLoginBefore: Int64 = .min
    private var refreshTimer: (any Cancellable)?
    private var refreshTimerAt: Int64 = .max
    private var isRefreshing = false
    /// Of which topics metadata was asked for last.
    private var askedTopics: Set<String> = []
    private var isStarted = false
    private var isClosed = false

    /// One assigned partition.
    final class Entry {
        let item: FetchItem
        var broker: Int32?
        var backoff: Backoff
        var retry: (any Cancellable)?
        /// Waits for the delegate to say how it goes on.
        var isHeld = false
        /// What is known about the leader has proved wrong: no further try before fresh metadata.
        var needsMetadata = false
        /// The leader's epoch for which the position was found to exist (``Consumer/checkEpoch(_:_:leader:)``).
        var checkedEpoch: Int32 = -1
        var isChecking = false
        /// Times in a row that the broker had the offset but not the epoch.
        var unknownEpochs = 0

        init(_ item: FetchItem, backoff: Backoff) {
            self.item = item
            self.backoff = backoff
        }
    }

    package init(client: ClusterClient, settings: ConsumerSettings, random: @escaping RandomBits) {
        self.client = client
        self.settings = settings
        self.random = random
        loginBackoff = Backoff(initialMs: settings.retryBackoffMs, maximumMs: Self.loginBackoffMaxMs)
        // However long partitions may rest: a broker that is back is found.
        let longestMs = min(settings.retryBackoffMaxMs, max(settings.metadataMaxAgeMs, Self.probeBackoffMaxMs))
        metadataBackoff = Backoff(initialMs: settings.retryBackoffMs, maximumMs: longestMs)
    }

    /// Asks for metadata and begins to fetch.
    package func start() {
        isStarted = true
        refreshSoon(afterMs: 0)
    }

    /// Stops for good. The client stays open.
    package func close() {
        isClosed = true
        refreshTimer?.cancel()
        refreshTimer = nil
        for entry in entries.values {
            entry.retry?.cancel()
        }
        for loop in loops.values {
            loop.close()
        }
        loops = [:]
        entries = [:]
    }

    // MARK: Assignment

    package var assigned: [TopicPartition] { entries.keys.sorted() }

    /// Begins to read a partition at `offset`. One that is assigned already goes on from there.
    package func assign(_ partition: TopicPartition, at offset: Int64, lastFetchedEpoch: Int32 = -1) {
        guard !isClosed else {
            return
        }
        if entries[partition] != nil {
            return seek(partition, to: offset, lastFetchedEpoch: lastFetchedEpoch)
        }
        let topicID = client.metadata.topics[partition.topic]?.id ?? .zero
        let item = FetchItem(partition, topicID: topicID, offset: offset, lastFetchedEpoch: lastFetchedEpoch)
        let backoff = Backoff(initialMs: settings.retryBackoffMs, maximumMs: settings.retryBackoffMaxMs)
        entries[partition] = Entry(item, backoff: backoff)
        guard isStarted else {
            return
        }
        if client.metadata.topics[partition.topic] == nil {
            // Nothing has failed: the leader is not known yet.
            refreshNow()
        } else {
            route(partition)
        }
    }

    package func remove(_ partition: TopicPartition) {
        guard let entry = entries.removeValue(forKey: partition) else {
            return
        }
        entry.retry?.cancel()
        detach(entry)
    }

    /// Goes on at another offset; also lets a partition go on that waits for the delegate.
    package func seek(_ partition: TopicPartition, to offset: Int64, lastFetchedEpoch: Int32 = -1) {
        guard let entry = entries[partition] else {
            return
        }
        entry.item.seek(to: offset, lastFetchedEpoch: lastFetchedEpoch)
        entry.isHeld = false
        entry.retry?.cancel()
        entry.retry = nil
        resume(partition, entry)
    }

    /// Tries a partition again at `offset` after a back-off, for instance since its records could not be kept.
    package func retry(_ partition: TopicPartition, at offset: Int64, lastFetchedEpoch: Int32 = -1) {
        guard let entry = entries[partition] else {
            return
        }
        entry.item.seek(to: offset, lastFetchedEpoch: lastFetchedEpoch)
        entry.isHeld = false
        backOff(partition, entry)
    }

    /// What the next fetch of a partition asks for.
    package func position(_ partition: TopicPartition) -> Int64? {
        entries[partition]?.item.nextOffset
    }

    // MARK: Metadata

    /// Asks for metadata now, unless that is under way.
    package func refreshNow() {
        refreshSoon(afterMs: 0)
    }

    private func refreshSoon(afterMs delay: Int64) {
        guard !isClosed, !isRefreshing else {
            return
        }
        let now = transport.monotonicMs
        let due = max(now +| delay, noLoginBefore)
        guard refreshTimer == nil || due < refreshTimerAt else {
            return
        }
        refreshTimer?.cancel()
        refreshTimerAt = due
        refreshTimer = transport.schedule(afterMs: due -| now) { [weak self] in
            self?.refresh()
        }
    }

    private func refresh() {
        refreshTimer = nil
        isRefreshing = true
        askedTopics = Set(entries.keys.map(\.topic))
        client.refreshMetadata(.named(askedTopics)) { [weak self] result in
            self?.refreshed(result)
        }
    }

    private func refreshed(_ result: Result<ClusterMetadata, ClientError>) {
        isRefreshing = false
        guard !isClosed else {
            return
        }
        switch result {
        case .success:
            let wasAway = metadataBackoff.attempts > 0 || loginBackoff.attempts > 0
            metadataBackoff.reset()
            loginBackoff.reset()
            noLoginBefore = .min
            refreshSoon(afterMs: max(settings.metadataMaxAgeMs, Self.shortestMetadataAgeMs))
            delegate?.consumer(self, refreshed: result)
            for partition in assigned { takeUp(partition, wasAway: wasAway) }
        case .failure(let error) where error.refusesLogin:
            let delay = loginBackoff.next(random)
            noLoginBefore = transport.monotonicMs +| delay
            refreshSoon(afterMs: delay)
            delegate?.consumer(self, refreshed: result)
        case .failure:
            refreshSoon(afterMs: metadataBackoff.next(random))
            delegate?.consumer(self, refreshed: result)
        }
    }

    /// `metadata.max.age.ms` may be 0; asking all the time helps nobody.
    private static let shortestMetadataAgeMs: Int64 = 100
    /// Longest pause between questions for metadata that fail, where `metadata.max.age.ms` is shorter, in milliseconds.
    private static let probeBackoffMaxMs: Int64 = 1_000
    /// Longest pause between attempts to log in, in milliseconds.
    package static let loginBackoffMaxMs: Int64 = 60_000

    // MARK: Routing

    /// - Parameter wasAway: metadata is the first after failures: what waits for nothing else goes on at once.
    private func takeUp(_ partition: TopicPartition, wasAway: Bool) {
        // What was assigned meanwhile has its turn with the next metadata.
        guard askedTopics.contains(partition.topic) || client.metadata.topics[partition.topic] != nil else {
            return refreshNow()
        }
        if wasAway, let entry = entries[partition], entry.needsMetadata {
            entry.retry?.cancel()
            entry.retry = nil
        }
        route(partition)
    }

    /// Puts a partition into the loop of its leader.
    private func route(_ partition: TopicPartition) {
        guard !isClosed, let entry = entries[partition] else {
            return
        }
        entry.needsMetadata = false
        let topic = client.metadata.topics[partition.topic]
        let leader: Int32
        do throws(ClientError) {
            leader = try client.leader(of: partition)
        } catch {
            detach(entry)
            return fail(partition, entry, leaderProblem(topic, partition) ?? error)
        }
        let info = topic?.partition(partition.partition)
        if let id = topic?.id, id != entry.item.topicID {
            entry.item.topicID = id
        }
        entry.item.currentLeaderEpoch = info?.leaderEpoch ?? -1
        if entry.broker != leader {
            detach(entry)
        }
        resume(partition, entry)
    }

    private func leaderProblem(_ topic: ClusterMetadata.TopicInfo?, _ partition: TopicPartition) -> ClientError? {
        guard let topic else {
            return nil
        }
        if topic.error != .none {
            return .broker(topic.error, message: nil)
        }
        guard let info = topic.partition(partition.partition) else {
            return .broker(.unknownTopicOrPartition, message: nil)
        }
        return info.error == .none ? nil : .broker(info.error, message: nil)
    }

    /// Lets a partition be fetched, unless something stands against it.
    func resume(_ partition: TopicPartition, _ entry: Entry) {
        guard isStarted, !isClosed, !entry.isHeld, !entry.needsMetadata, entry.retry == nil, !entry.isChecking else {
            return
        }
        if let leader = leaderToAsk(partition, entry) {
            return checkEpoch(partition, entry, leader: leader)
        }
        guard let broker = entry.broker else {
            guard let leader = try? client.leader(of: partition) else {
                return refreshSoon(afterMs: metadataBackoff.initialMs)
            }
            return attach(partition, entry, to: leader)
        }
        entry.item.isPaused = false
        loops[broker]?.kick()
    }

    private func attach(_ partition: TopicPartition, _ entry: Entry, to broker: Int32) {
        do throws(ClientError) {
            let loop = try loop(for: broker)
            entry.broker = broker
            entry.item.isPaused = false
            loop.add(entry.item)
        } catch {
            fail(partition, entry, error)
        }
    }

    private func loop(for broker: Int32) throws(ClientError) -> FetchLoop {
        if let loop = loops[broker] {
            if loop.address == client.metadata.brokers[broker] {
                return loop
            }
            close(loop)
        }
        let connection = try client.openConnection(to: broker)
        let loop = FetchLoop(
            brokerID: broker, connection: connection, settings: settings.fetch, transport: transport)
        loop.delegate = self
        loops[broker] = loop
        return loop
    }

    /// Takes a partition out of its loop; a loop without partitions gives up its connection.
    private func detach(_ entry: Entry) {
        guard let broker = entry.broker else {
            return
        }
        entry.broker = nil
        guard let loop = loops[broker] else {
            return
        }
        loop.remove(entry.item)
        if loop.items.isEmpty {
            close(loop)
        }
    }

    private func close(_ loop: FetchLoop) {
        loops[loop.brokerID] = nil
        loop.close()
        for entry in entries.values where entry.broker == loop.brokerID {
            entry.broker = nil
        }
    }

    // MARK: Failures

    func fail(_ partition: TopicPartition, _ entry: Entry, _ error: ClientError) {
        let needsMetadata =
            switch error {
            case .broker(let code, _): code.asksForMetadata
            default: true
            }
        let delay = backOff(partition, entry)
        if needsMetadata {
            entry.needsMetadata = true
            refreshSoon(afterMs: delay)
        }
        delegate?.consumer(self, retries: partition, after: error)
    }

    /// Leaves a partition alone for a while; returns for how long, in milliseconds.
    @discardableResult
    func backOff(_ partition: TopicPartition, _ entry: Entry) -> Int64 {
        entry.item.isPaused = true
        let delay = entry.backoff.next(random)
        guard entry.retry == nil else {
            return delay
        }
        entry.retry = transport.schedule(afterMs: delay) { [weak self, weak entry] in
            guard let self, let entry else {
                return
            }
            entry.retry = nil
            self.resume(partition, entry)
        }
        return delay
    }

    /// The broker says that the offset does not exist: ask which do.
    private func examineRange(_ partition: TopicPartition, _ entry: Entry) {
        let offset = entry.item.nextOffset
        client.offsetRange(of: partition) { [weak self, weak entry] result in
            guard let self, let entry, self.entries[partition] === entry, entry.item.nextOffset == offset else {
                return
            }
            switch result {
            case .failure(let error): self.fail(partition, entry, error)
            case .success(let range):
                let exists = (range.start...max(range.start, range.end)).contains(offset)
                // The range may have changed since, or the broker does not know the epoch that was named.
                if exists, entry.item.lastFetchedEpoch >= 0, entry.unknownEpochs > 0 {
                    return self.tellEpochUnknown(partition, entry)
                }
                if exists {
                    entry.unknownEpochs += 1
                    self.backOff(partition, entry)
                    return
                }
                guard range.start >= 0, range.end >= range.start else {
                    let text = "offsets \(range.start) to \(range.end) of \(partition)"
                    return self.fail(partition, entry, .protocolViolation(text))
                }
                entry.isHeld = true
                self.delegate?.consumer(self, outOfRange: partition, offsets: range)
            }
        }
    }
}

extension Consumer: FetchLoopDelegate {
    package func fetchLoop(_ loop: FetchLoop, willDeliver taken: [(FetchedPartition, FetchItem)]) {
        let fetched = taken.filter { $0.0.error == .none && entries[$0.0.partition]?.item === $0.1 }.map(\.0)
        if !fetched.isEmpty {
            delegate?.consumer(self, willDeliver: fetched)
        }
    }

    package func fetchLoop(_ loop: FetchLoop, fetched: FetchedPartition, for item: FetchItem) {
        guard let entry = entries[fetched.partition], entry.item === item else {
            return
        }
        switch fetched.error {
        case .none:
            if fetched.batches.fault != nil || fetched.divergence != nil {
                entry.isHeld = true
            } else {
                entry.backoff.reset()
                entry.unknownEpochs = 0
            }
            delegate?.consumer(self, fetched: fetched)
        case .offsetOutOfRange:
            examineRange(fetched.partition, entry)
        default:
            fail(fetched.partition, entry, .broker(fetched.error, message: nil))
        }
    }

    package func fetchLoopFinishedRound(_ loop: FetchLoop) {}

    package func fetchLoop(_ loop: FetchLoop, ended error: ClientError) {
        guard loops[loop.brokerID] === loop else {
            return
        }
        let affected = entries.filter { $0.value.broker == loop.brokerID }
        close(loop)
        guard !isClosed else {
            return
        }
        for (partition, entry) in affected.sorted(by: { $0.key < $1.key }) {
            fail(partition, entry, error)
        }
    }
}
