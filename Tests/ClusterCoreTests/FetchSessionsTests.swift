import KafkaProtocol
import Testing

@testable import ClusterCore

/// KIP-227 as FetchSessionTest of Kafka describes it.
@Suite("Fetch sessions")
struct FetchSessionsTests {
    let harness: ClusterHarness
    let connection: ConnectionID

    init() throws {
        harness = try ClusterHarness()
        connection = harness.connect()
        try harness.createTopic("orders", partitions: 3)
    }

    /// A request of a session for partitions of "orders" at these offsets.
    private func request(
        session: Int32 = 0, epoch: Int32, _ offsets: [Int32: Int64] = [:], forget: [Int32] = []
    ) -> FetchRequest {
        var request = harness.fetchRequest("orders")
        request.sessionID = session
        request.sessionEpoch = epoch
        request.topics[0].partitions = offsets.sorted { $0.key < $1.key }.map { entry in
            var item = FetchRequest.FetchPartition()
            item.partition = entry.key
            item.fetchOffset = entry.value
            item.partitionMaxBytes = 1 << 20
            return item
        }
        if offsets.isEmpty {
            request.topics = []
        }
        if !forget.isEmpty {
            var forgotten = FetchRequest.ForgottenTopic()
            forgotten.topic = "orders"
            forgotten.topicID = harness.cluster.topics["orders"]?.id ?? .zero
            forgotten.partitions = forget
            request.forgottenTopicsData = [forgotten]
        }
        return request
    }

    private func partitions(_ response: FetchResponse) -> [Int32] {
        response.responses.flatMap(\.partitions).map(\.partitionIndex)
    }

    @Test(
        "a full fetch opens a session; incremental answers name only what has news", arguments: [Int16(7), 12, 13, 18])
    func incremental(version: Int16) throws {
        let full = try harness.call(request(epoch: 0, [0: 0, 1: 0]), version: version, on: connection)
        #expect(full.errorCode == 0)
        #expect(full.sessionID != 0)
        #expect(partitions(full) == [0, 1])
        let quiet = try harness.call(request(session: full.sessionID, epoch: 1), version: version, on: connection)
        #expect(quiet.sessionID == full.sessionID)
        #expect(partitions(quiet).isEmpty)
        try harness.produce("orders", partition: 1, "a")
        let news = try harness.call(request(session: full.sessionID, epoch: 2), version: version, on: connection)
        #expect(partitions(news) == [1])
        #expect(try news.responses.first?.partitions.first?.records?.values() == ["a"])
        let moved = try harness.call(
            request(session: full.sessionID, epoch: 3, [1: 1]), version: version, on: connection)
        #expect(partitions(moved).isEmpty)
    }

    @Test("a new log start is news without records")
    func logStart() throws {
        try harness.produce("orders", "a")
        let full = try harness.call(request(epoch: 0, [0: 1]), on: connection)
        var item = DeleteRecordsRequest.DeleteRecordsPartition()
        item.offset = 1
        var entry = DeleteRecordsRequest.DeleteRecordsTopic()
        entry.name = "orders"
        entry.partitions = [item]
        var deletion = DeleteRecordsRequest()
        deletion.topics = [entry]
        _ = try harness.call(deletion)
        let news = try harness.call(request(session: full.sessionID, epoch: 1), on: connection)
        #expect(news.responses.first?.partitions.first?.logStartOffset == 1)
        #expect(partitions(try harness.call(request(session: full.sessionID, epoch: 2), on: connection)).isEmpty)
    }

    @Test("partitions are added and forgotten")
    func addAndForget() throws {
        let full = try harness.call(request(epoch: 0, [0: 0]), on: connection)
        let added = try harness.call(request(session: full.sessionID, epoch: 1, [2: 0]), on: connection)
        #expect(partitions(added) == [2])
        try harness.produce("orders", "a")
        let forgotten = try harness.call(request(session: full.sessionID, epoch: 2, forget: [0]), on: connection)
        #expect(forgotten.sessionID == full.sessionID)
        #expect(partitions(forgotten).isEmpty)
    }

    @Test("a session that forgets everything ends")
    func forgetAll() throws {
        let full = try harness.call(request(epoch: 0, [0: 0]), on: connection)
        let last = try harness.call(request(session: full.sessionID, epoch: 1, forget: [0]), on: connection)
        #expect(last.errorCode == 0)
        #expect(last.sessionID == 0)
        #expect(harness.cluster.fetchSessions.count == 0)
        let gone = try harness.call(request(session: full.sessionID, epoch: 2), on: connection)
        #expect(gone.errorCode.code == .fetchSessionIDNotFound)
    }

    @Test("wrong ids and epochs are told for the whole request")
    func errors() throws {
        let unknown = try harness.call(request(session: 12_345, epoch: 1, [0: 0]), on: connection)
        #expect(unknown.errorCode.code == .fetchSessionIDNotFound)
        #expect(unknown.responses.isEmpty)
        #expect(unknown.sessionID == 0)
        let full = try harness.call(request(epoch: 0, [0: 0]), on: connection)
        for epoch in [Int32(2), 5, -7] {
            let wrong = try harness.call(request(session: full.sessionID, epoch: epoch), on: connection)
            #expect(wrong.errorCode.code == .invalidFetchSessionEpoch, "epoch \(epoch)")
        }
        #expect(try harness.call(request(session: full.sessionID, epoch: 1), on: connection).errorCode == 0)
        let repeated = try harness.call(request(session: full.sessionID, epoch: 1), on: connection)
        #expect(repeated.errorCode.code == .invalidFetchSessionEpoch)
    }

    @Test("a session stays with names or with ids")
    func topicIDs() throws {
        let byName = try harness.call(request(epoch: 0, [0: 0]), version: 12, on: connection)
        let toIDs = try harness.call(request(session: byName.sessionID, epoch: 1), version: 13, on: connection)
        #expect(toIDs.errorCode.code == .fetchSessionTopicIDError)
        let byID = try harness.call(request(epoch: 0, [0: 0]), version: 13, on: connection)
        let toNames = try harness.call(request(session: byID.sessionID, epoch: 1), version: 12, on: connection)
        #expect(toNames.errorCode.code == .fetchSessionTopicIDError)
    }

    @Test("epoch -1 closes the session, epoch 0 replaces it")
    func closing() throws {
        let first = try harness.call(request(epoch: 0, [0: 0]), on: connection)
        let second = try harness.call(request(session: first.sessionID, epoch: 0, [0: 0]), on: connection)
        #expect(second.sessionID != 0)
        #expect(second.sessionID != first.sessionID)
        #expect(harness.cluster.fetchSessions.count == 1)
        let last = try harness.call(request(session: second.sessionID, epoch: -1, [0: 0]), on: connection)
        #expect(last.sessionID == 0)
        #expect(partitions(last) == [0])
        #expect(harness.cluster.fetchSessions.count == 0)
    }

    @Test("epochs count on from 1 after the largest integer")
    func epochWraps() throws {
        let full = try harness.call(request(epoch: 0, [0: 0]), on: connection)
        harness.step { $0.fetchSessions[full.sessionID]?.epoch = .max }
        #expect(try harness.call(request(session: full.sessionID, epoch: .max), on: connection).errorCode == 0)
        #expect(try harness.call(request(session: full.sessionID, epoch: 1), on: connection).errorCode == 0)
    }

    @Test("an error is repeated until it is gone, and then the partition is news")
    func errorsAreRepeated() throws {
        let full = try harness.call(request(epoch: 0, [0: 5]), on: connection)
        #expect(full.responses.first?.partitions.first?.errorCode.code == .offsetOutOfRange)
        let again = try harness.call(request(session: full.sessionID, epoch: 1), on: connection)
        #expect(again.responses.first?.partitions.first?.errorCode.code == .offsetOutOfRange)
        let fixed = try harness.call(request(session: full.sessionID, epoch: 2, [0: 0]), on: connection)
        #expect(fixed.responses.first?.partitions.first?.errorCode == 0)
        #expect(fixed.responses.first?.partitions.first?.highWatermark == 0)
        #expect(partitions(try harness.call(request(session: full.sessionID, epoch: 3), on: connection)).isEmpty)
    }

    @Test("a topic that is deleted is reported by id in each answer")
    func deletedTopic() throws {
        let full = try harness.call(request(epoch: 0, [0: 0]), on: connection)
        var deletion = DeleteTopicsRequest()
        deletion.topicNames = ["orders"]
        _ = try harness.call(deletion, version: 5)
        for epoch in Int32(1)...2 {
            let answer = try harness.call(request(session: full.sessionID, epoch: epoch), on: connection)
            #expect(answer.responses.first?.partitions.first?.errorCode.code == .unknownTopicID)
        }
    }

    @Test("a busy partition cannot starve those behind it")
    func fairness() throws {
        for partition in Int32(0)..<3 {
            for _ in 0..<3 {
                try harness.produce("orders", partition: partition, "a")
            }
        }
        func limited(_ request: FetchRequest) -> FetchRequest {
            var request = request
            request.maxBytes = 1
            return request
        }
        let full = try harness.call(limited(request(epoch: 0, [0: 0, 1: 0, 2: 0])), on: connection)
        var served: Set<Int32> = []
        func note(_ response: FetchResponse) {
            for data in response.responses.flatMap(\.partitions) where data.records?.count ?? 0 > 0 {
                served.insert(data.partitionIndex)
            }
        }
        note(full)
        for epoch in Int32(1)...2 {
            note(try harness.call(limited(request(session: full.sessionID, epoch: epoch)), on: connection))
        }
        #expect(served == [0, 1, 2])
    }

    @Test("a full cache gives no session until one has idled for two minutes")
    func eviction() throws {
        let harness = try ClusterHarness(brokerConfigs: ["max.incremental.fetch.session.cache.slots": "2"])
        try harness.createTopic("orders", partitions: 3)
        func open(_ count: Int32) throws -> Int32 {
            var request = harness.fetchRequest("orders")
            request.sessionEpoch = 0
            request.topics[0].partitions = (0..<count).map { partition in
                var item = request.topics[0].partitions[0]
                item.partition = partition
                return item
            }
            let response = try harness.call(request)
            #expect(response.errorCode == 0)
            #expect(response.responses.first?.partitions.count == Int(count))
            return response.sessionID
        }
        let first = try open(1)
        harness.now += 1
        let second = try open(2)
        #expect(first != 0 && second != 0)
        #expect(try open(3) == 0)
        harness.now += 120_001
        let third = try open(1)
        #expect(third != 0)
        #expect(harness.cluster.fetchSessions.count == 2)
        #expect(harness.cluster.fetchSessions[first] == nil)
    }

    @Test("a session that lived for two minutes gives way to one with more partitions")
    func evictionBySize() throws {
        let harness = try ClusterHarness(brokerConfigs: ["max.incremental.fetch.session.cache.slots": "1"])
        try harness.createTopic("orders", partitions: 2)
        var small = harness.fetchRequest("orders")
        small.sessionEpoch = 0
        var large = small
        var item = large.topics[0].partitions[0]
        item.partition = 1
        large.topics[0].partitions.append(item)
        let session = try harness.call(small).sessionID
        harness.now += 100_000
        var touch = FetchRequest()
        touch.sessionID = session
        touch.sessionEpoch = 1
        _ = try harness.call(touch)
        #expect(try harness.call(large).sessionID == 0)
        harness.now += 30_000
        #expect(try harness.call(small).sessionID == 0)
        #expect(try harness.call(large).sessionID != 0)
        #expect(harness.cluster.fetchSessions[session] == nil)
    }

    @Test("versions before 7 know no sessions")
    func oldVersions() throws {
        let response = try harness.call(request(epoch: 0, [0: 0]), version: 6, on: connection)
        #expect(partitions(response) == [0])
        #expect(harness.cluster.fetchSessions.count == 0)
    }

    @Test("sessions have a bounded number of partitions together; without room a client names its own each time")
    func partitionLimit() throws {
        var limits = ClusterLimits()
        limits.fetchSessionPartitions = 3
        let harness = try ClusterHarness(limits: limits)
        try harness.createTopic("orders", partitions: 3)
        func full(_ partitions: [Int32]) throws -> FetchRequest {
            var request = harness.fetchRequest("orders")
            request.sessionEpoch = 0
            request.topics[0].partitions = partitions.map { index in
                var item = FetchRequest.FetchPartition()
                item.partition = index
                item.partitionMaxBytes = 1 << 20
                return item
            }
            return request
        }
        let first = try harness.call(full([0, 1]))
        #expect(first.sessionID != 0)
        let second = try harness.call(full([0, 1]))
        #expect(second.sessionID == 0 && partitions(second) == [0, 1])
        // Nor can a session grow beyond it, by whatever names.
        var more = try full([2, 7])
        more.sessionID = first.sessionID
        more.sessionEpoch = 1
        #expect(try harness.call(more).errorCode.code == .fetchSessionIDNotFound)
        // What ended makes room, and so does what has long been idle.
        let third = try harness.call(full([0, 1]))
        #expect(third.sessionID != 0)
        harness.advance(by: FetchSessionCache.evictionMs + 1)
        #expect(try harness.call(full([0, 1, 2])).sessionID != 0)
    }
}
