import CPoller

/// Sends single records at a steady rate, and notes when a consumer that waits elsewhere receives each.
package final class LagProbe {
    private let poller: Int32
    private let producer: Int32
    private let consumer: Int32
    private let topic: String
    private let batchSize: Int
    private let produceFrame: FixedBytes
    private var fetchFrame: FetchFrame
    private var produceAnswers = AnswerReader()
    private var fetchAnswers = AnswerReader()
    private let firstOffset: Int64
    private var fetchOffset: Int64
    private var sentAt: [UInt64] = []
    private var lags: [Double] = []
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)

    /// `nextOffset`: the end of partition 0 of the topic, on both sides.
    package init(producer: Address, consumer: Address, topic: String, batch: [UInt8], nextOffset: Int64) throws {
        self.topic = topic
        batchSize = batch.count
        firstOffset = nextOffset
        fetchOffset = nextOffset
        produceFrame = FixedBytes(Request.produce(topic: topic, partition: 0, batch: batch))
        fetchFrame = Request.fetch(topic: topic, partition: 0, maxBytes: 1 << 20, waitMs: 500)
        self.producer = try Socket.connect(producer, blocking: false)
        self.consumer = try Socket.connect(consumer, blocking: false)
        poller = poller_create()
        _ = poller_watch(poller, self.producer, 0, false, true)
        _ = poller_watch(poller, self.consumer, 1, false, true)
    }

    deinit {
        for descriptor in [poller, producer, consumer] { Socket.close(descriptor) }
        scratch.deallocate()
    }

    /// Median and 99th percentile of the lag in milliseconds.
    package func run(seconds: Double, perSecond: Double) throws -> (p50: Double, p99: Double) {
        let count = Int(seconds * perSecond)
        let start = Clock.now()
        try fetch()
        var events = [poller_event](repeating: poller_event(), count: 2)
        while lags.count < count {
            let due = min(count, Int(Clock.seconds(since: start) * perSecond))
            while sentAt.count < due {
                sentAt.append(Clock.now())
                try send(producer, UnsafeRawBufferPointer(produceFrame.bytes))
            }
            guard Clock.seconds(since: start) < seconds + 20 else {
                throw BenchmarkError("only \(lags.count) of \(count) records arrived")
            }
            let ready = poller_wait(poller, &events, 2, 1)
            for event in events[..<Int(max(0, ready))] {
                if event.token == 0 { try takeProduceAnswers() } else { try takeFetchAnswers() }
            }
        }
        lags.sort()
        return (lags[lags.count / 2], lags[lags.count * 99 / 100])
    }

    private func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws {
        guard try Socket.write(descriptor, bytes) == bytes.count else {
            throw BenchmarkError("the socket takes no more: the server doesn't keep up")
        }
    }

    private func fetch() throws {
        fetchFrame.setOffset(fetchOffset)
        try fetchFrame.bytes.withUnsafeBytes { try send(consumer, $0) }
    }

    private func takeProduceAnswers() throws {
        try take(producer, &produceAnswers) { [topic] head in
            let error = Answer.produceError(head, topic: topic)
            guard error == 0 else { throw BenchmarkError("produce to \(topic): error \(error)") }
        }
    }

    private func takeFetchAnswers() throws {
        var received = 0
        var answers = 0
        try take(consumer, &fetchAnswers) { [topic] head in
            let answer = Answer.fetched(head, topic: topic)
            guard answer.error == 0 else { throw BenchmarkError("fetch from \(topic): error \(answer.error)") }
            received += answer.recordBytes / batchSize
            answers += 1
        }
        let now = Clock.now()
        for _ in 0..<received {
            lags.append(Double(now - sentAt[Int(fetchOffset - firstOffset)]) / 1e6)
            fetchOffset += 1
        }
        if answers > 0 { try fetch() }
    }

    private func take(
        _ descriptor: Int32, _ reader: inout AnswerReader, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard let count = try Socket.read(descriptor, into: scratch) else { return }
        guard count > 0 else { throw BenchmarkError("the server closed a connection") }
        var rest = UnsafeRawBufferPointer(rebasing: scratch[..<count])
        while !rest.isEmpty {
            if try reader.take(&rest) != nil { try reader.withHead(body) }
        }
    }
}
