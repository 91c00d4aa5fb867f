import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// A cluster is used, loses its process or the power at any call to the file system, and is used on.
@Suite("Crashes, one after the other")
struct CrashLoopTests {
    @Test(
        "what was acknowledged is there, what was deleted stays away, and nobody has to accept a loss",
        arguments: 0..<24)
    func loop(seed: UInt64) throws {
        let run = try CrashRun(seed: seed)
        for _ in 0..<3 {
            try run.use()
            try run.crash()
        }
    }
}

/// What a cluster was told and has acknowledged.
private struct CrashModel {
    struct Log {
        /// By offset: what must be there.
        var acknowledged: [Int64: String] = [:]
        /// By offset: what may be there.
        var possible: [Int64: Set<String>] = [:]
        /// Records below are deleted for good.
        var start: Int64 = 0
        /// Records below may be deleted.
        var wantedStart: Int64 = 0
    }

    struct Topic {
        let id: KafkaUUID
        var logs: [Log]
    }

    var topics: [String: Topic] = [:]
    /// Names of topics that are being created, deleted or grown.
    var unsure: Set<String> = []
    var deletedIDs: Set<KafkaUUID> = []
}

private final class CrashRun {
    private typealias Pending = (sent: SentRequest<ProduceRequest>, name: String, id: KafkaUUID, index: Int, at: Int64)

    private static let names = ["a", "b", "c"]
    private var random: SplitMix64
    private let durability: Durability
    private var disk: FaultyFileSystem
    private var harness: ClusterHarness
    private var model = CrashModel()
    /// Calls to the file system until the crash.
    private var callsLeft = 0
    private var losesPower = false
    private var atCrash: (disk: FaultyFileSystem, model: CrashModel)?
    private var pending: [Pending] = []
    private var round: FlushJob?
    private var counter = 0
    private var lastSeed: UInt64

    init(seed: UInt64) throws {
        let durability: Durability = seed.isMultiple(of: 2) ? .fsync : .os
        let disk = FaultyFileSystem()
        random = SplitMix64(state: seed)
        lastSeed = seed &* 1_000
        harness = try ClusterHarness(durability: durability, fileSystem: disk, seed: seed &* 1_000)
        self.durability = durability
        self.disk = disk
    }

    private func nextSeed() -> UInt64 {
        lastSeed += 1
        return lastSeed
    }

    private func chance(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    // MARK: Using it

    func use() throws {
        losesPower = chance(4) > 0
        callsLeft = 1 + chance([60, 400, 2_000][chance(3)])
        disk.fault = { [self] _, _ in
            callsLeft -= 1
            if callsLeft == 0 {
                noteCrash()
            }
            return nil
        }
        for _ in 0..<(4 + chance(12)) where atCrash == nil {
            try step()
            noteAnswers()
        }
        if atCrash == nil {
            noteCrash()
        }
        disk.fault = nil
    }

    private func noteCrash() {
        atCrash = (losesPower ? disk.afterPowerLoss(using: &random) : disk.afterProcessDeath(), model)
    }

    private func step() throws {
        let name = Self.names[chance(3)]
        guard let topic = model.topics[name] else {
            return try create(name)
        }
        let index = chance(topic.logs.count)
        switch chance(12) {
        case 0: try delete(name, topic.id)
        case 1: try grow(name, by: [1, 2, 12][chance(3)])
        case 2: try deleteRecords(name, index)
        case 3, 4: harness.advance(by: [1_000, 25_000, 70_000][chance(3)])
        case 5: if round == nil { round = harness.step { $0.takeFlush(now: harness.clock) } }
        case 6, 7: finishRound()
        default: try produce(name, topic.id, index)
        }
    }

    private func create(_ name: String) throws {
        let count = Int32([1, 3, 14][chance(3)])
        model.unsure.insert(name)
        let id = try harness.createTopic(name, partitions: count, configs: ["segment.ms": "10000"])
        model.topics[name] = CrashModel.Topic(
            id: id, logs: [CrashModel.Log](repeating: CrashModel.Log(), count: Int(count)))
        model.unsure.remove(name)
    }

    private func delete(_ name: String, _ id: KafkaUUID) throws {
        var request = DeleteTopicsRequest()
        request.topicNames = [name]
        model.unsure.insert(name)
        let (sent, _) = harness.send(request, version: 5, on: harness.connect())
        #expect(try harness.settled(sent).responses.map(\.errorCode) == [0])
        model.topics[name] = nil
        model.deletedIDs.insert(id)
        model.unsure.remove(name)
    }

    private func grow(_ name: String, by count: Int) throws {
        var topic = CreatePartitionsRequest.CreatePartitionsTopic()
        topic.name = name
        topic.assignments = nil
        topic.count = Int32((model.topics[name]?.logs.count ?? 0) + count)
        var request = CreatePartitionsRequest()
        request.topics = [topic]
        request.timeoutMs = 60_000
        model.unsure.insert(name)
        #expect(try harness.call(request).results.map(\.errorCode) == [0])
        model.topics[name]?.logs += [CrashModel.Log](repeating: CrashModel.Log(), count: count)
        model.unsure.remove(name)
    }

    private func deleteRecords(_ name: String, _ index: Int) throws {
        let log = try harness.log(name, Int32(index))
        var item = DeleteRecordsRequest.DeleteRecordsPartition()
        item.partitionIndex = Int32(index)
        item.offset = Int64.random(in: log.logStartOffset...log.highWatermark, using: &random)
        var entry = DeleteRecordsRequest.DeleteRecordsTopic()
        entry.name = name
        entry.partitions = [item]
        var request = DeleteRecordsRequest()
        request.topics = [entry]
        model.topics[name]?.logs[index].wantedStart = item.offset
        let answer = try harness.call(request).topics.flatMap(\.partitions)
        #expect(answer.map(\.errorCode) == [0])
        model.topics[name]?.logs[index].start = item.offset
    }

    private func produce(_ name: String, _ id: KafkaUUID, _ index: Int) throws {
        counter += 1
        let value = "\(name) \(id.base64) \(index) \(counter)"
        let offset = try harness.log(name, Int32(index)).logEndOffset
        model.topics[name]?.logs[index].possible[offset, default: []].insert(value)
        let request = try harness.produceRequest(name, partition: Int32(index), values: [value])
        pending.append((harness.send(request, version: 9, on: harness.connect()).sent, name, id, index, offset))
    }

    private func finishRound() {
        guard let job = round else {
            return harness.flush()
        }
        round = nil
        let results = job.entries.map { $0.ticket.perform() }
        harness.step { $0.flushed(job, succeeded: results, now: harness.clock) }
    }

    private func noteAnswers() {
        pending.removeAll { item in
            guard let answer = try? harness.answer(to: item.sent) else {
                return false
            }
            if answer.responses[0].partitionResponses[0].errorCode == 0, model.topics[item.name]?.id == item.id,
                let value = model.topics[item.name]?.logs[item.index].possible[item.at]?.first
            {
                model.topics[item.name]?.logs[item.index].acknowledged[item.at] = value
            }
            return true
        }
    }

    // MARK: What comes back

    func crash() throws {
        (disk, model) = try #require(atCrash)
        (atCrash, round, pending) = (nil, nil, [])
        harness = try ClusterHarness(durability: durability, fileSystem: disk, seed: nextSeed())
        let mayLose = losesPower && durability == .os
        let lines = harness.step { $0.drainNotices() }.map(\.text)
        let offline = harness.cluster.topics.sorted.flatMap(\.partitions).filter { $0.log == nil }
        #expect(offline.isEmpty || mayLose, "\(lines)")
        if !offline.isEmpty {
            let before = lines
            let names = Set(offline.map { "\($0.topicName)-\($0.index)" })
            try harness.restart(cleanly: false, accepting: names, seed: nextSeed())
            let accepted = harness.step { $0.drainNotices() }.map(\.text)
            try harness.restart(cleanly: false, seed: nextSeed())
            for partition in harness.cluster.topics.sorted.flatMap(\.partitions) {
                let last = harness.step { $0.drainNotices() }.map(\.text)
                #expect(partition.log != nil, "\(before) then \(accepted) then \(last)")
            }
        }
        for (name, topic) in model.topics where !model.unsure.contains(name) {
            let found = harness.cluster.topics[name]
            #expect(found?.id == topic.id)
            #expect(found?.partitions.count == topic.logs.count)
        }
        let before = model.topics
        model.topics = [:]
        model.unsure = []
        for topic in harness.cluster.topics.sorted {
            #expect(Self.names.contains(topic.name))
            #expect(!model.deletedIDs.contains(topic.id))
            let known = before[topic.name].flatMap { $0.id == topic.id ? $0.logs : nil } ?? []
            let logs = try topic.partitions.enumerated().map { index, partition in
                try check(partition, index < known.count ? known[index] : CrashModel.Log(), mayLose: mayLose)
            }
            model.topics[topic.name] = CrashModel.Topic(id: topic.id, logs: logs)
        }
    }

    /// - Returns: what the log has to hold from now on.
    private func check(_ partition: Partition, _ known: CrashModel.Log, mayLose: Bool) throws -> CrashModel.Log {
        let log = try #require(partition.log, "\(partition.name) is offline")
        var found: [Int64: String] = [:]
        var position = log.logStartOffset
        while position < log.logEndOffset {
            let slice = try log.read(from: position, upTo: .max, maxBytes: .max, atLeastOneBatch: true)
            for record in slice.count > 0 ? try slice.records.records() : [] {
                found[record.offset] = String(decoding: record.value ?? [], as: UTF8.self)
            }
            // What was never on disk can leave a last segment without records.
            guard slice.count > 0 else {
                break
            }
            position = slice.nextOffset
        }
        for (offset, value) in found {
            #expect(known.possible[offset]?.contains(value) == true, "\(value) at \(offset)")
        }
        if !mayLose {
            #expect((known.start...known.wantedStart).contains(log.logStartOffset))
            for (offset, value) in known.acknowledged where offset >= max(known.wantedStart, log.logStartOffset) {
                #expect(found[offset] == value)
            }
        }
        var next = CrashModel.Log(acknowledged: found, possible: found.mapValues { [$0] })
        (next.start, next.wantedStart) = (log.logStartOffset, log.logStartOffset)
        return next
    }
}
