import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("InitProducerId")
struct InitProducerIDTests {
    let harness: ClusterHarness

    init() throws {
        harness = try ClusterHarness()
    }

    private func request(_ change: (inout InitProducerIdRequest) -> Void = { _ in }) -> InitProducerIdRequest {
        var request = InitProducerIdRequest()
        request.transactionalID = nil
        request.transactionTimeoutMs = .max
        change(&request)
        return request
    }

    @Test("every call gives another id, in epoch 0", arguments: versions(InitProducerIdRequest.self, 1, 2, 3, 4))
    func ids(version: Int16) throws {
        let first = try harness.call(request(), version: version)
        let second = try harness.call(request(), version: version)
        #expect(first.errorCode == 0)
        #expect(first.producerEpoch == 0)
        #expect(first.producerID >= 0)
        #expect(second.producerID != first.producerID)
    }

    @Test("an idempotent producer that names its old id gets a new one")
    func oldID() throws {
        let response = try harness.call(
            request {
                $0.producerID = 500
                $0.producerEpoch = 3
            })
        #expect(response.errorCode == 0)
        #expect(response.producerID != 500)
        #expect(response.producerEpoch == 0)
    }

    @Test("id and epoch come together or not at all")
    func halfNamed() throws {
        #expect(try harness.call(request { $0.producerID = 5 }).errorCode.code == .invalidRequest)
        let response = try harness.call(request { $0.producerEpoch = 5 })
        #expect(response.errorCode.code == .invalidRequest)
        #expect(response.producerID == -1)
        #expect(response.producerEpoch == -1)
    }

    @Test("an empty transactional id is invalid, others are refused while transactions are not served")
    func transactional() throws {
        #expect(try harness.call(request { $0.transactionalID = "" }).errorCode.code == .invalidRequest)
        let refused = try harness.call(request { $0.transactionalID = "t" })
        #expect(refused.errorCode.code == .transactionalIDAuthorizationFailed)
    }

    @Test("no id is given twice, over several blocks and any stop", arguments: [true, false])
    func never(cleanly: Bool) throws {
        var seen: Set<Int64> = []
        for _ in 0..<3 {
            for _ in 0..<1_500 {
                let id = try harness.call(request()).producerID
                #expect(seen.insert(id).inserted)
            }
            try harness.restart(cleanly: cleanly)
        }
    }

    private func firstID(cluster: String, seed: UInt64) throws -> Int64 {
        var cluster = try Cluster(
            configuration: ClusterConfiguration(
                clusterID: cluster, name: "c", brokers: harness.configuration.brokers, dataDirectory: "/d"),
            fileSystem: MemoryFileSystem(), seed: seed, now: harness.clock)
        return try cluster.nextProducerID(1, now: harness.now)
    }

    @Test("ids of different clusters are far from each other and from those that a real Kafka gives")
    func places() throws {
        var firsts: [Int64] = []
        for index in 0..<50 {
            firsts.append(try firstID(cluster: "lkc-\(index)", seed: 1))
            firsts.append(try firstID(cluster: "lkc-source", seed: UInt64(100 + index)))
        }
        firsts.sort()
        #expect(firsts[0] >= 1 << 40)
        #expect(try #require(firsts.last) < 1 << 53)
        for (one, next) in zip(firsts, firsts.dropFirst()) {
            #expect(next - one > 1_000_000_000)
        }
    }

    @Test("a cluster goes on from where its ids are, after any stop", arguments: [true, false])
    func place(cleanly: Bool) throws {
        let first = try harness.call(request()).producerID
        try harness.restart(cleanly: cleanly)
        let second = try harness.call(request()).producerID
        #expect(second > first && second <= first + 2 * ProducerIDs.blockSize)
    }

    @Test("a cluster whose ids are small, from before clusters had places, moves to one and gives no id twice")
    func oldDirectory() throws {
        var record = ProducerIdsRecord()
        record.brokerID = 1
        record.nextProducerID = 5_000
        try harness.step { try $0.commit([.producerIDs(record)], now: harness.now) }
        #expect(try harness.call(request()).producerID >= 4_000)
        try harness.restart()
        let id = try harness.call(request()).producerID
        #expect(id >= 1 << 40)
        try harness.restart(cleanly: false)
        #expect(try harness.call(request()).producerID > id)
    }

    @Test("ids end where their type ends")
    func exhaustion() throws {
        var record = ProducerIdsRecord()
        record.brokerID = 1
        record.nextProducerID = .max - 10
        try harness.step { try $0.commit([.producerIDs(record)], now: harness.now) }
        try harness.restart()
        let response = try harness.call(request())
        #expect(response.errorCode.code == .unknownServerError)
        #expect(response.producerID == -1)
        record.nextProducerID = .min
        try harness.step { try $0.commit([.producerIDs(record)], now: harness.now) }
        #expect(try harness.call(request()).errorCode.code == .unknownServerError)
    }

    @Test("an id that cannot be reserved is not given")
    func storage() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        disk.fault = { operation, path in
            operation == .write && path.contains("__cluster_metadata") ? .fail(.noSpace) : nil
        }
        let response = try harness.call(request())
        #expect(response.errorCode.code == .kafkaStorageError)
        #expect(response.producerID == -1)
        disk.fault = nil
        #expect(try harness.call(request()).errorCode == 0)
    }
}
