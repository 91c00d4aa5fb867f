import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// Durability `fsync` with a disk that takes its time: rounds are given out, and their results come back later.
@Suite("Rounds of flushes")
struct FlushTests {
    private let disk = FaultyFileSystem()
    private let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness(durability: .fsync, fileSystem: disk)
        try harness.createTopic("orders")
        harness.flush()
    }

    private func produce(acks: Int16 = -1, on connection: ConnectionID? = nil) throws -> SentRequest<ProduceRequest> {
        let request = try harness.produceRequest("orders", values: ["v"], acks: acks)
        return harness.send(request, version: 9, on: connection ?? harness.connect()).sent
    }

    private func take() -> FlushJob? {
        harness.step { $0.takeFlush(now: harness.clock) }
    }

    private func finish(_ job: FlushJob) {
        let results = job.entries.map { $0.ticket.perform() }
        harness.step { $0.flushed(job, succeeded: results, now: harness.clock) }
    }

    private func commitRequest() -> OffsetCommitRequest {
        var item = OffsetCommitRequest.OffsetCommitRequestPartition()
        item.committedOffset = 4
        var topic = OffsetCommitRequest.OffsetCommitRequestTopic()
        topic.name = "orders"
        topic.partitions = [item]
        var request = OffsetCommitRequest()
        request.groupID = "g"
        request.generationIDOrMemberEpoch = -1
        request.topics = [topic]
        return request
    }

    /// Clients look for their coordinator first, which makes the topic of committed offsets.
    private func findCoordinator() throws {
        var request = FindCoordinatorRequest()
        request.coordinatorKeys = ["g"]
        let answer = try harness.call(request)
        #expect(answer.coordinators.map(\.errorCode) == [0])
        harness.flush()
    }

    private var highWatermark: Int64? { harness.cluster.topics["orders"]?.partition(0)?.log?.highWatermark }

    @Test("records that want no answer become visible with the next round", arguments: [true, false])
    func unacknowledged(clientStays: Bool) throws {
        let connection = harness.connect()
        _ = try produce(acks: clientStays ? 0 : -1, on: connection)
        if !clientStays {
            harness.disconnect(connection)
        }
        let fetch = harness.fetchRequest("orders", maxWaitMs: 10_000)
        let (poll, _) = harness.send(fetch, version: 11, on: harness.connect())
        #expect(highWatermark == 0)
        #expect(harness.cluster.needsFlush)
        finish(try #require(take()))
        #expect(highWatermark == 1)
        #expect(try harness.answer(to: poll)?.responses[0].partitions[0].highWatermark == 1)
        #expect(!harness.cluster.needsFlush)
    }

    @Test("one round is under way at a time, and what comes meanwhile shares the next")
    func rounds() throws {
        let first = try produce()
        let job = try #require(take())
        let (second, third) = (try produce(), try produce())
        #expect(!harness.cluster.needsFlush)
        #expect(take() == nil)
        finish(job)
        #expect(try harness.answer(to: first) != nil)
        #expect(try harness.answer(to: second) == nil)
        #expect(highWatermark == 1)
        let next = try #require(take())
        #expect(next.entries.count == 1)
        finish(next)
        #expect(try harness.answer(to: second) != nil)
        #expect(try harness.answer(to: third) != nil)
        #expect(highWatermark == 3)
    }

    @Test("a commit waits for the disk with all others instead of alone")
    func commits() throws {
        try findCoordinator()
        _ = try produce()
        harness.flush()
        let before = disk.syncCount
        let (warm, _) = harness.send(commitRequest(), version: 8, on: harness.connect())
        harness.flush()
        #expect(try harness.answer(to: warm)?.topics[0].partitions[0].errorCode == 0)
        #expect(disk.syncCount > before)
        let syncs = disk.syncCount
        let (commit, outcome) = harness.send(commitRequest(), version: 8, on: harness.connect())
        guard case .pending = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let (other, _) = harness.send(commitRequest(), version: 8, on: harness.connect())
        _ = try produce()
        #expect(disk.syncCount == syncs)
        let job = try #require(take())
        #expect(job.entries.count == 2)
        finish(job)
        #expect(disk.syncCount == syncs + 2)
        #expect(try harness.answer(to: commit)?.topics[0].partitions[0].errorCode == 0)
        #expect(try harness.answer(to: other)?.topics[0].partitions[0].errorCode == 0)
    }

    @Test("flush.ms and flush.messages hold for committed offsets too")
    func flushTimesOfCommits() throws {
        for (config, waits) in [("log.flush.interval.ms", false), ("log.flush.interval.messages", true)] {
            let harness = try ClusterHarness(
                brokerConfigs: [config: waits ? "1" : "500", "offsets.topic.num.partitions": "1"])
            try harness.createTopic("orders")
            harness.flush()
            let (sent, _) = harness.send(commitRequest(), version: 8, on: harness.connect())
            let log = try harness.log(InternalTopic.consumerOffsets)
            #expect(log.logEndOffset == 1)
            if waits {
                // As in Kafka, where an append that reaches flush.messages forces the log to disk before it returns.
                #expect(try harness.answer(to: sent) == nil)
            } else {
                #expect(try harness.answer(to: sent) != nil)
                harness.advance(by: 499)
                #expect(!harness.cluster.needsFlush)
                harness.advance(by: 1)
            }
            #expect(harness.cluster.needsFlush)
            #expect(log.recoveryPoint == 0)
            harness.flush()
            #expect(log.recoveryPoint == 1)
            if waits {
                #expect(try harness.answer(to: sent) != nil)
            }
        }
    }

    @Test("a commit that the disk did not take is not acknowledged")
    func failedCommit() throws {
        try findCoordinator()
        harness.send(commitRequest(), version: 8, on: harness.connect())
        harness.flush()
        disk.fault = { operation, path in operation == .sync && path.contains("__consumer") ? .fail(.io) : nil }
        let (commit, _) = harness.send(commitRequest(), version: 8, on: harness.connect())
        harness.flush()
        let code = try #require(try harness.answer(to: commit)?.topics[0].partitions[0].errorCode)
        #expect(ErrorCode(rawValue: code) == .notCoordinator)
    }

    @Test("records from inside the process wait for the same round as those of clients")
    func insideProcess() throws {
        // The first records make the log's file, which is synced into its directory.
        _ = try produce()
        harness.flush()
        let answers = Answers()
        let syncs = disk.syncCount
        let request = try harness.produceRequest("orders", values: ["v"])
        harness.step { $0.submit(request, now: harness.now) { answers.all.append($0) } }
        let sent = try produce()
        #expect(disk.syncCount == syncs)
        #expect(answers.all.isEmpty)
        let job = try #require(take())
        #expect(job.entries.count == 1)
        finish(job)
        #expect(answers.all.map { $0?.responses[0].partitionResponses[0].baseOffset } == [1])
        #expect(try harness.answer(to: sent)?.responses[0].partitionResponses[0].baseOffset == 2)
    }

    @Test("records from inside the process that the disk did not take are not acknowledged")
    func insideProcessLost() throws {
        let answers = Answers()
        disk.fault = { operation, path in operation == .sync && path.contains("orders") ? .fail(.io) : nil }
        let request = try harness.produceRequest("orders", values: ["v"])
        harness.step { $0.submit(request, now: harness.now) { answers.all.append($0) } }
        harness.flush()
        let codes = answers.all.map { $0?.responses[0].partitionResponses[0].errorCode.code }
        #expect(codes == [.kafkaStorageError])
    }

    private final class Answers {
        var all: [ProduceResponse?] = []
    }

    @Test("a topic that is deleted while its round is under way fails who waits, and nothing else")
    func deletion() throws {
        let sent = try produce()
        let job = try #require(take())
        var request = DeleteTopicsRequest()
        request.topicNames = ["orders"]
        let (deletion, _) = harness.send(request, version: 5, on: harness.connect())
        finish(job)
        harness.flush()
        #expect(try harness.answer(to: deletion)?.responses[0].errorCode == 0)
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.responses[0].partitionResponses[0].errorCode.code == .kafkaStorageError)
        try harness.createTopic("orders")
        let again = try produce()
        harness.flush()
        #expect(try harness.answer(to: again)?.responses[0].partitionResponses[0].baseOffset == 0)
    }

    @Test("a segment that is closed while a round is under way is in the next")
    func roll() throws {
        try harness.createTopic("small", configs: ["segment.bytes": "1048576", "segment.ms": "1000"])
        harness.flush()
        let first = try harness.produceRequest("small", values: ["a"])
        harness.send(first, version: 9, on: harness.connect())
        let job = try #require(take())
        harness.now += 5_000
        let (sent, _) = harness.send(
            try harness.produceRequest("small", values: ["b"]), version: 9, on: harness.connect())
        finish(job)
        #expect(try harness.answer(to: sent) == nil)
        harness.flush()
        #expect(try harness.answer(to: sent)?.responses[0].partitionResponses[0].baseOffset == 1)
        let log = try #require(harness.cluster.topics["small"]?.partition(0)?.log)
        #expect(log.segmentCount == 2)
        #expect(log.highWatermark == 2)
    }

    @Test("more logs than one round takes are flushed by several")
    func manyLogs() throws {
        try harness.createTopic("wide", partitions: 100)
        harness.flush()
        for partition in Int32(0)..<100 {
            let request = try harness.produceRequest("wide", partition: partition, values: ["v"], acks: 0)
            harness.send(request, version: 9, on: harness.connect())
        }
        let job = try #require(take())
        #expect(job.entries.count == FlushQueue.logsPerRound)
        finish(job)
        #expect(try #require(take()).entries.count == 100 - FlushQueue.logsPerRound)
    }

    @Test("a request with many logs does not hold up one that comes later")
    func inTurn() throws {
        try harness.createTopic("wide", partitions: 500)
        try harness.createTopic("narrow")
        harness.flush()
        var request = try harness.produceRequest("wide", values: ["v"])
        request.topicData[0].partitionData = try (0..<500 as Range<Int32>).map { partition in
            var data = try harness.produceRequest("wide", values: ["v"]).topicData[0].partitionData[0]
            data.index = partition
            return data
        }
        let many = harness.send(request, version: 9, on: harness.connect()).sent
        let one = harness.send(
            try harness.produceRequest("narrow", values: ["v"]), version: 9, on: harness.connect()).sent
        finish(try #require(take()))
        #expect(try harness.answer(to: one)?.responses[0].partitionResponses[0].errorCode == 0)
        var rounds = 1
        while let job = take() {
            rounds += 1
            finish(job)
        }
        #expect(rounds == (501 + FlushQueue.logsPerRound - 1) / FlushQueue.logsPerRound)
        #expect(try harness.answer(to: many)?.responses[0].partitionResponses.count == 500)
    }

    @Test("a round for which no descriptor is free says so now and then, and is made up for")
    func noDescriptor() throws {
        let sent = try produce()
        disk.fault = { operation, path in
            operation == .open && path.contains("/orders-0/") ? .fail(.tooManyOpenFiles) : nil
        }
        var lines = 0
        for _ in 0..<20 {
            #expect(take() == nil)
            #expect(harness.cluster.needsFlush)
            lines += harness.step { $0.drainNotices() }.count { $0.text.contains("not brought to disk yet") }
        }
        #expect(lines == 1)
        harness.advance(by: 60_000)
        #expect(take() == nil)
        #expect(harness.step { $0.drainNotices() }.contains { $0.text.contains("not brought to disk yet") })
        #expect(try harness.answer(to: sent) == nil)
        disk.fault = nil
        finish(try #require(take()))
        #expect(try harness.answer(to: sent)?.responses[0].partitionResponses[0].errorCode == 0)
    }

    @Test("a log that goes offline before its round begins is named, once, and who waits for it gets the error")
    func cannotBegin() throws {
        let sent = try produce()
        disk.fault = { operation, path in
            operation == .open && path.contains("/orders-0/") ? .fail(.accessDenied) : nil
        }
        for _ in 0..<3 {
            #expect(take() == nil)
        }
        let lines = harness.step { $0.drainNotices() }.filter { $0.text.contains("flush of orders-0 failed") }
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { $0.level == .error && $0.text.contains("offline") })
        let answer = try #require(try harness.answer(to: sent))
        #expect(answer.responses[0].partitionResponses[0].errorCode.code == .kafkaStorageError)
    }

    @Test("records in many segments are acknowledged by several rounds, oldest first")
    func manySegments() throws {
        let log = try harness.log("orders")
        var config = log.config
        // One batch.
        config.segmentBytes = 100
        log.updateConfig(config)
        let count = 2 * PartitionLog.segmentsPerTicket + 1
        let sent = try (0..<count).map { _ in try produce() }
        for round in 1...3 {
            finish(try #require(take()))
            let done = min(round * PartitionLog.segmentsPerTicket, count)
            #expect(highWatermark == Int64(done))
            #expect(try sent.count { try harness.answer(to: $0) != nil } == done)
        }
        #expect(!harness.cluster.needsFlush)
    }

    @Test("with durability os a flush that was due does not begin again because of what came meanwhile")
    func flushedOnce() throws {
        let harness = try ClusterHarness(brokerConfigs: ["log.flush.interval.ms": "500"])
        try harness.createTopic("orders")
        try harness.produce("orders", "a")
        harness.advance(by: 1_000)
        let job = try #require(harness.step { $0.takeFlush(now: harness.clock) })
        try harness.produce("orders", "b")
        harness.step { $0.flushed(job, succeeded: job.entries.map { $0.ticket.perform() }, now: harness.clock) }
        #expect(try harness.log("orders").recoveryPoint == 1)
        #expect(!harness.cluster.needsFlush)
        harness.advance(by: 1_000)
        #expect(harness.cluster.needsFlush)
    }
}

/// Password checks on other threads.
@Suite("Log-in checks")
struct LoginCheckTests {
    private struct SlowPassword: Authenticator {
        var isSlow: Bool { true }
        func verify(username: String, password: String) -> Bool { username == "KEY" && password == "secret" }
    }

    private let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
        harness.step { $0.configuration.authenticator = SlowPassword() }
    }

    private func begin(_ number: UInt64, _ password: String) throws -> SentRequest<SaslAuthenticateRequest> {
        let id = harness.connectSecured(number)
        _ = try harness.handshake(on: id)
        let (sent, outcome) = harness.send(ClusterHarness.token("KEY", password), version: 2, on: id)
        guard case .pending = outcome else {
            Issue.record("\(outcome)")
            return sent
        }
        return sent
    }

    private func finish() {
        for check in harness.step({ $0.drainLoginChecks() }) {
            let isRight = check.perform()
            harness.step { $0.finishLogin(check, isRight: isRight, now: harness.clock) }
        }
    }

    @Test("a log-in waits for its check, and the cluster does not")
    func waits() throws {
        let sent = try begin(500, "secret")
        #expect(try harness.answer(to: sent) == nil)
        #expect(try harness.call(MetadataRequest()).clusterID == "lkc-test")
        finish()
        #expect(try harness.answer(to: sent)?.errorCode == 0)
        #expect(try harness.call(MetadataRequest(), on: sent.connection).clusterID == "lkc-test")
    }

    @Test("a wrong password is refused late, as ever")
    func wrong() throws {
        let sent = try begin(500, "wrong")
        finish()
        #expect(try harness.answer(to: sent) == nil)
        harness.advance(by: 100)
        let code = try #require(try harness.answer(to: sent)?.errorCode)
        #expect(ErrorCode(rawValue: code) == .saslAuthenticationFailed)
    }

    @Test("a client that leaves during its check is forgotten")
    func leaves() throws {
        let sent = try begin(500, "secret")
        harness.disconnect(sent.connection)
        finish()
        #expect(try harness.answer(to: sent) == nil)
    }

    @Test("more checks than may wait are refused at once, and room is made by those that end")
    func bounded() throws {
        for number in 0..<UInt64(LoginChecks.limit) {
            _ = try begin(10_000 + number, "secret")
        }
        let sent = try begin(500, "secret")
        harness.advance(by: 100)
        let code = try #require(try harness.answer(to: sent)?.errorCode)
        #expect(ErrorCode(rawValue: code) == .saslAuthenticationFailed)
        finish()
        let later = try begin(501, "secret")
        finish()
        #expect(try harness.answer(to: later)?.errorCode == 0)
    }
}
