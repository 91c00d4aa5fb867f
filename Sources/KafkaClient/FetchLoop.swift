import KafkaProtocol

/// A partition that a ``FetchLoop`` keeps asking for.
package final class FetchItem {
    package let partition: TopicPartition
    package var topicID: KafkaUUID
    /// What the next fetch asks for.
    package private(set) var nextOffset: Int64
    package var currentLeaderEpoch: Int32 = -1
    /// See ``FetchTarget/lastFetchedEpoch``; follows the batches once it is not -1.
    package var lastFetchedEpoch: Int32
    /// A paused item is left out, and what is under way for it is dropped.
    package var isPaused = false {
        didSet { if isPaused { generation += 1 } }
    }
    /// Answers to fetches of an older generation are dropped.
    fileprivate var generation: UInt64 = 0

    package init(_ partition: TopicPartition, topicID: KafkaUUID, offset: Int64, lastFetchedEpoch: Int32 = -1) {
        self.partition = partition
        self.topicID = topicID
        self.lastFetchedEpoch = lastFetchedEpoch
        nextOffset = offset
    }

    /// Goes on somewhere else.
    package func seek(to offset: Int64, lastFetchedEpoch: Int32 = -1) {
        nextOffset = offset
        self.lastFetchedEpoch = lastFetchedEpoch
        generation += 1
    }

    fileprivate func advance(past batches: FetchedBatches) {
        nextOffset = batches.nextOffset
        if batches.count > 0, lastFetchedEpoch >= 0 || batches.lastEpoch >= 0 {
            lastFetchedEpoch = batches.lastEpoch
        }
    }

    fileprivate var target: FetchTarget {
        var target = FetchTarget(partition, topicID: topicID, offset: nextOffset)
        target.currentLeaderEpoch = currentLeaderEpoch
        target.lastFetchedEpoch = lastFetchedEpoch
        return target
    }
}

/// Who takes what a ``FetchLoop`` brings.
package protocol FetchLoopDelegate: AnyObject {
    /// Records or an error of one partition. With an error, a divergence or a fault in the batches the item has been
    /// paused. The next fetch is under way already, so that the broker reads while this side writes.
    func fetchLoop(_ loop: FetchLoop, fetched: FetchedPartition, for item: FetchItem)
    /// All that one answer brings, before each of them.
    func fetchLoop(_ loop: FetchLoop, willDeliver taken: [(FetchedPartition, FetchItem)])

    /// A whole answer was handed over.
    func fetchLoopFinishedRound(_ loop: FetchLoop)

    /// The connection is gone, or the broker refuses to fetch at all. The loop does nothing more.
    func fetchLoop(_ loop: FetchLoop, ended error: ClientError)
}

/// Long-polls several partitions of one broker over a connection of its own, one fetch at a time.
package final class FetchLoop {
    package let brokerID: Int32
    package var settings: FetchSettings
    package weak var delegate: (any FetchLoopDelegate)?
    /// Partitions in the order in which they are asked for: those that brought records go to the back, so that a full
    /// answer does not starve the others.
    package private(set) var items: [FetchItem] = []

    /// Milliseconds from a fetch that brings nothing to the next one, at least: `replica.fetch.wait.max.ms` and
    /// `replica.fetch.min.bytes` may be 0, and asking all the time helps nobody.
    package static let idlePaceMs: Int64 = 25
    /// Longest time that a broker's `throttle_time_ms` is obeyed: a quota's window is far shorter.
    static let throttleMaxMs: Int64 = 60_000
    /// Refusals of fetch sessions in a row after which the broker is left alone for a while.
    static let sessionRefusals = 3

    private let connection: BrokerConnection
    private var session = FetchSessionClient()
    /// Taken out since the last request: a partition that comes back is to be told about as if it were new.
    private var removed: Set<TopicPartition> = []
    private let transport: any Transport
    private var isWaiting = false
    private var isEnded = false
    private var throttle: (any Cancellable)?
    private var start: (any Cancellable)?

    package init(brokerID: Int32, connection: BrokerConnection, settings: FetchSettings, transport: any Transport) {
        self.brokerID = brokerID
        self.connection = connection
        self.settings = settings
        self.transport = transport
        connection.onStateChange = { [weak self] state in
            if case .closed(let error) = state {
                self?.end(error)
            }
        }
    }

    package var address: HostPort { connection.address }

    /// Partitions mostly come several at a time: the first fetch leaves once all of them are here, or those after the
    /// first would have to wait until its long poll ends.
    package func add(_ item: FetchItem) {
        items.append(item)
        if removed.contains(item.partition) {
            session.restart()
        }
        guard start == nil else {
            return
        }
        start = transport.schedule(afterMs: 0) { [weak self] in
            self?.start = nil
            self?.kick()
        }
    }

    package func remove(_ item: FetchItem) {
        item.isPaused = true
        items.removeAll { $0 === item }
        removed.insert(item.partition)
    }

    /// Sends a fetch if none is under way and there is something to ask for. To be called when an item is resumed.
    package func kick() {
        guard !isWaiting, !isEnded, throttle == nil else {
            return
        }
        sendFetch()
    }

    /// Ends the loop without telling the delegate.
    package func close() {
        isEnded = true
        throttle?.cancel()
        throttle = nil
        start?.cancel()
        start = nil
        connection.onStateChange = nil
        connection.close()
    }

    private func end(_ error: ClientError) {
        guard !isEnded else {
            return
        }
        close()
        delegate?.fetchLoop(self, ended: error)
    }

    private struct Asked {
        let item: FetchItem
        let target: FetchTarget
        let generation: UInt64
    }

    private func sendFetch() {
        let asked = items.filter { !$0.isPaused }.map { Asked(item: $0, target: $0.target, generation: $0.generation) }
        guard !asked.isEmpty else {
            return
        }
        isWaiting = true
        removed = []
        let targets = asked.map(\.target)
        let sentAt = transport.monotonicMs
        connection.send(
            FetchRequest.self, maxVersion: FetchRequest.highestVersion(for: targets),
            timeoutMs: Int64(settings.maxWaitMs) +| connection.settings.requestTimeoutMs,
            build: { [weak self, settings = self.settings] version in
                self?.session.request(targets, settings, version: version) ?? FetchRequest(targets, settings)
            },
            completion: { [weak self] result in
                guard let self, !self.isEnded else {
                    return
                }
                self.isWaiting = false
                switch result {
                case .success(let response): self.take(response, asked, sentAt: sentAt)
                case .failure(let error): self.end(error)
                }
            })
    }

    private func take(_ response: FetchResponse, _ asked: [Asked], sentAt: Int64) {
        let code = ErrorCode(rawValue: response.errorCode)
        let waited = transport.monotonicMs -| sentAt
        guard code == .none else {
            guard session.refused(code), session.refusals < Self.sessionRefusals else {
                return end(.broker(code, message: nil))
            }
            return next(afterMs: max(Int64(response.throttleTimeMs), session.refusals > 1 ? Self.idlePaceMs : 0))
        }
        session.accepted(response)
        var byName: [TopicPartition: Int] = [:]
        var byID: [KafkaUUID: String] = [:]
        for (index, entry) in asked.enumerated() {
            byName[entry.target.partition] = index
            if entry.target.topicID != .zero {
                byID[entry.target.topicID] = entry.target.partition.topic
            }
        }
        var taken: [(FetchedPartition, FetchItem)] = []
        response.forEachPartition { name, id, partition in
            let topic = name.isEmpty ? byID[id] ?? "" : name
            return byName[TopicPartition(topic, partition)].map { asked[$0].target }
        } _: { fetched in
            guard let index = byName[fetched.partition] else {
                return
            }
            let entry = asked[index]
            if entry.generation == entry.item.generation {
                taken.append((fetched, entry.item))
            } else {
                // The broker takes it for told.
                session.restart()
            }
        }
        advance(taken)
        let isIdle = taken.allSatisfy { $0.0.batches.count == 0 }
        next(afterMs: max(Int64(response.throttleTimeMs), isIdle ? Self.idlePaceMs -| waited : 0))
        delegate?.fetchLoop(self, willDeliver: taken)
        for (fetched, item) in taken {
            guard !isEnded else {
                return
            }
            delegate?.fetchLoop(self, fetched: fetched, for: item)
        }
        delegate?.fetchLoopFinishedRound(self)
    }

    private func advance(_ taken: [(FetchedPartition, FetchItem)]) {
        var served: Set<ObjectIdentifier> = []
        for (fetched, item) in taken {
            if fetched.error != .none || fetched.divergence != nil || fetched.batches.fault != nil {
                item.isPaused = true
            } else if fetched.batches.count > 0 {
                item.advance(past: fetched.batches)
                served.insert(ObjectIdentifier(item))
            }
        }
        if !served.isEmpty, served.count < items.count {
            items =
                items.filter { !served.contains(ObjectIdentifier($0)) }
                + items.filter { served.contains(ObjectIdentifier($0)) }
        }
    }

    /// Goes on at once, or once the broker's quota allows it.
    private func next(afterMs wish: Int64) {
        let delay = min(wish, Self.throttleMaxMs)
        guard delay > 0 else {
            return kick()
        }
        throttle = transport.schedule(afterMs: delay) { [weak self] in
            self?.throttle = nil
            self?.kick()
        }
    }
}
