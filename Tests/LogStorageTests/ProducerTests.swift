import KafkaProtocol
import Testing

@testable import LogStorage

@Suite("Idempotent and transactional producers")
struct ProducerTests {
    private func batch(
        _ sequence: Int32, count: Int = 1, epoch: Int16 = 0, id: Int64 = 1, transactional: Bool = false
    ) -> TestBatch {
        TestBatch(
            values: (0..<count).map { "\(sequence + Int32($0))" }, producer: (id, epoch, sequence),
            isTransactional: transactional)
    }

    @Test("a repeated batch is answered with its first offsets and not written again", arguments: Kind.allCases)
    func duplicates(kind: Kind) throws {
        let log = try Disk(kind).open()
        try log.append("before")
        for index in 0..<7 { try log.append(batch(Int32(index * 2), count: 2)) }
        let size = log.size
        // Five batches are remembered.
        for index in 2..<7 {
            let result = try log.append(batch(Int32(index * 2), count: 2))
            #expect(result.isDuplicate)
            #expect((result.baseOffset, result.lastOffset) == (Int64(1 + index * 2), Int64(2 + index * 2)))
        }
        #expect(try log.refusal(batch(2, count: 2)) == .outOfOrderSequenceNumber)
        #expect(try log.refusal(batch(12, count: 1)) == .outOfOrderSequenceNumber)
        #expect(log.size == size)
    }

    @Test("a gap or a step back in sequences is refused")
    func gaps() throws {
        let log = try Disk(.memory).open()
        try log.append(batch(0, count: 3))
        #expect(try log.refusal(batch(4)) == .outOfOrderSequenceNumber)
        #expect(try log.refusal(batch(2)) == .outOfOrderSequenceNumber)
        #expect(try log.refusal(batch(3)) == nil)
    }

    @Test("an unknown producer may begin with any sequence")
    func unknownProducer() throws {
        let log = try Disk(.memory).open()
        #expect(try log.refusal(batch(17)) == nil)
        #expect(try log.refusal(batch(18)) == nil)
    }

    @Test("an older epoch is fenced and a new one begins with sequence 0")
    func epochs() throws {
        let log = try Disk(.memory).open()
        try log.append(batch(0, epoch: 3))
        #expect(try log.refusal(batch(1, epoch: 2)) == .invalidProducerEpoch)
        #expect(try log.refusal(batch(1, epoch: 4)) == .outOfOrderSequenceNumber)
        #expect(try log.refusal(batch(0, epoch: 4)) == nil)
        #expect(try log.refusal(batch(0, epoch: 3)) == .invalidProducerEpoch)
        #expect(log.activeProducers.map(\.producerEpoch) == [4])
    }

    @Test("sequences begin at 0 again after the largest")
    func wrap() throws {
        let log = try Disk(.memory).open()
        try log.append(batch(.max - 1))
        let wrapping = TestBatch(values: ["a", "b", "c"], producer: (1, 0, .max))
        let first = try log.append(wrapping)
        #expect(try log.append(wrapping).baseOffset == first.baseOffset)
        #expect(try log.refusal(batch(3)) == .outOfOrderSequenceNumber)
        #expect(try log.refusal(batch(2)) == nil)
        let other = try Disk(.memory).open()
        try other.append(TestBatch(values: ["a"], producer: (1, 0, .max)))
        #expect(try other.refusal(batch(0)) == nil)
    }

    @Test("a producer id without epoch or sequence is INVALID_RECORD")
    func incomplete() throws {
        let log = try Disk(.memory).open()
        #expect(try log.refusal(TestBatch(producer: (1, -1, 0))) == .invalidRecord)
        #expect(try log.refusal(TestBatch(producer: (1, 0, -1))) == .invalidRecord)
    }

    @Test("an open transaction holds the last stable offset until its marker", arguments: Kind.allCases)
    func lastStableOffset(kind: Kind) throws {
        let log = try Disk(kind).open()
        try log.append("plain")
        try log.append(batch(0, id: 1, transactional: true))
        try log.append(batch(0, id: 2, transactional: true))
        try log.append("plain")
        #expect(log.lastStableOffset == 1)
        try log.mark(commit: true, producer: 1)
        #expect(log.lastStableOffset == 2)
        try log.mark(commit: false, producer: 2)
        #expect(log.lastStableOffset == log.logEndOffset)
        #expect(
            try log.abortedTransactions(from: 0, upTo: log.logEndOffset)
                == [AbortedTransaction(producerID: 2, firstOffset: 2)])
    }

    @Test("aborted transactions are reported where they overlap, over several segments")
    func abortedRanges() throws {
        var config = LogConfig()
        config.segmentBytes = 500
        let log = try Disk(.memory).open(config)
        // Offsets 0...: each transaction takes two: a record and its marker. Even ones abort.
        for index in 0..<20 {
            try log.append(batch(Int32(index), id: 1, transactional: true))
            try log.mark(commit: index % 2 == 1, producer: 1)
        }
        #expect(log.segmentCount > 3)
        let all = try log.abortedTransactions(from: 0, upTo: 40)
        #expect(all.map(\.firstOffset) == stride(from: 0, to: 40, by: 4).map { Int64($0) })
        #expect(try log.abortedTransactions(from: 5, upTo: 9).map(\.firstOffset) == [4, 8])
        #expect(try log.abortedTransactions(from: 9, upTo: 12).map(\.firstOffset) == [8])
        #expect(try log.abortedTransactions(from: 10, upTo: 12).isEmpty)
        #expect(try log.abortedTransactions(from: 39, upTo: 40).isEmpty)
    }

    @Test("within a transaction every batch is transactional, and an old coordinator is fenced")
    func transactionRules() throws {
        let log = try Disk(.memory).open()
        try log.append(batch(0, transactional: true))
        #expect(try log.refusal(batch(1)) == .invalidTxnState)
        try log.mark(commit: true, producer: 1, coordinatorEpoch: 5)
        #expect { try log.mark(commit: true, producer: 1, coordinatorEpoch: 4) } throws: {
            ($0 as? AppendError)?.code == .transactionCoordinatorFenced
        }
        #expect { try log.mark(commit: true, producer: 1, epoch: -1, coordinatorEpoch: 5) } throws: {
            ($0 as? AppendError)?.code == .invalidProducerEpoch
        }
        try log.mark(commit: true, producer: 1, epoch: 1, coordinatorEpoch: 5)
        #expect(try log.refusal(batch(1)) == .invalidProducerEpoch)
        #expect(try log.refusal(batch(1, epoch: 1)) == .outOfOrderSequenceNumber)
        #expect(try log.refusal(batch(0, epoch: 1)) == nil)
    }

    @Test("a follower learns producers and transactions from the batches")
    func follower() throws {
        let leader = try Disk(.memory).open()
        try leader.append(batch(0, count: 2, transactional: true))
        try leader.append(batch(0, id: 2, transactional: true))
        try leader.mark(commit: false, producer: 1)
        let disk = try Disk(.memory)
        let mirror = try disk.open()
        try mirror.follow(leader.bytes(from: 0))
        #expect(mirror.lastStableOffset == 2)
        #expect(mirror.activeProducers == leader.activeProducers)
        #expect(
            try mirror.abortedTransactions(from: 0, upTo: 4) == [AbortedTransaction(producerID: 1, firstOffset: 0)])
    }

    @Test("with fsync a finished transaction stays unstable until its marker is durable")
    func unsettled() throws {
        let log = try Disk(.faulty).open { $0.durability = .fsync }
        try log.append(batch(0, transactional: true))
        try log.flush()
        try log.mark(commit: true, producer: 1)
        #expect(log.highWatermark == 1)
        #expect(log.lastStableOffset == 0)
        try log.flush()
        #expect(log.lastStableOffset == 2)
    }

    @Test("idle producers are forgotten, those with an open transaction are not")
    func expiry() throws {
        var config = LogConfig()
        config.producerIDExpirationMs = 1000
        let log = try Disk(.memory).open(config)
        try log.append(batch(0, id: 1))
        try log.append(batch(0, id: 2, transactional: true))
        log.removeExpiredProducers(now: testTime + 999)
        #expect(log.activeProducers.map(\.producerID) == [1, 2])
        log.removeExpiredProducers(now: testTime + 1000)
        #expect(log.activeProducers.map(\.producerID) == [2])
    }

    @Test("a producer whose records have no timestamp is forgotten at the next look")
    func expiryWithoutTimestamp() throws {
        let log = try Disk(.memory).open()
        try log.append(TestBatch(timestamp: -1, producer: (1, 0, 0)))
        #expect(log.activeProducers.map(\.lastTimestamp) == [-1])
        log.removeExpiredProducers(now: testTime)
        #expect(log.activeProducers.isEmpty)
    }
}
