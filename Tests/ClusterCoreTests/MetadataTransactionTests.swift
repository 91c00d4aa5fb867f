import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

/// A commit of several batches is there as a whole or not at all.
@Suite("Metadata transactions")
struct MetadataTransactionTests {
    private static let recordsPerBatch = 1_000
    /// More than two batches of the metadata log.
    private static let count = 2_500
    private static let metadataLog = "__cluster_metadata"

    private static var changes: [MetadataChange] {
        (0..<count).map { .config(ConfigResource(.group, "g").record("config.\($0)", "1")) }
    }

    /// How many changes of a commit are there.
    private func found(_ harness: ClusterHarness) -> Int {
        harness.cluster.configs.overrides(ConfigResource(.group, "g")).count
    }

    private func commit(_ harness: ClusterHarness) -> Bool {
        do {
            try harness.step { cluster in
                cluster.metadataLog.recordsPerBatch = Self.recordsPerBatch
                try cluster.commit(Self.changes, now: harness.now)
            }
            return true
        } catch {
            return false
        }
    }

    /// Commits with a fault in the given call on the metadata log's files, and in all later calls when the process is
    /// to die there. Returns how many calls there were.
    private func run(_ target: Int?, kind: StorageError.Kind, dies: Bool) throws -> Int {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        var calls = 0
        var isDead = false
        disk.fault = { operation, path in
            if isDead {
                return .fail(.io)
            }
            guard path.contains(Self.metadataLog) else {
                return nil
            }
            defer { calls += 1 }
            guard calls == target else {
                return nil
            }
            isDead = dies
            // A torn write leaves some of its bytes.
            return operation == .write ? .tear(kind, keeping: 700) : .fail(kind)
        }
        let acknowledged = commit(harness)
        disk.fault = nil
        #expect(target != nil || acknowledged)
        #expect(found(harness) == (acknowledged ? Self.count : 0))
        let after = try ClusterHarness(fileSystem: disk.afterProcessDeath())
        let kept = found(after)
        let fault: Comment = "fault in call \(target ?? -1)"
        #expect(kept == 0 || kept == Self.count, fault)
        if acknowledged || !dies {
            #expect((kept > 0) == acknowledged, fault)
        }
        // What comes later is no part of what was begun before.
        try after.step { try $0.commit([.config(ConfigResource.topic("t").record("later", "1"))], now: after.now) }
        try after.restart(cleanly: false)
        #expect(after.cluster.configs.overrides(.topic("t")).count == 1, fault)
        #expect(found(after) == kept, fault)
        return calls
    }

    @Test(
        "a fault in any call on the metadata log leaves all of a large commit or nothing",
        arguments: [(StorageError.Kind.noSpace, false), (.io, false), (.io, true)])
    func everyCall(kind: StorageError.Kind, dies: Bool) throws {
        let calls = try run(nil, kind: kind, dies: dies)
        #expect(calls >= 4)
        for call in 0..<calls {
            _ = try run(call, kind: kind, dies: dies)
        }
    }

    /// Lets the given write to the metadata log fail, and all after it.
    private func failWrites(from first: Int, _ kind: StorageError.Kind, on disk: FaultyFileSystem) {
        var writes = 0
        disk.fault = { operation, path in
            guard operation == .write, path.contains(Self.metadataLog) else {
                return nil
            }
            writes += 1
            return writes >= first ? .fail(kind) : nil
        }
    }

    @Test("after a full disk in the middle of a commit the next one works, in this process and in the next")
    func nextCommit() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        failWrites(from: 3, .noSpace, on: disk)
        #expect(!commit(harness))
        disk.fault = nil
        try harness.createTopic("small")
        #expect(found(harness) == 0)
        #expect(commit(harness))
        for cleanly in [false, true] {
            try harness.restart(cleanly: cleanly)
            #expect(harness.cluster.topics["small"] != nil)
            #expect(found(harness) == Self.count)
        }
    }

    @Test("a start says what it drops of a commit that was not finished")
    func notice() throws {
        let disk = FaultyFileSystem()
        let harness = try ClusterHarness(fileSystem: disk)
        failWrites(from: 3, .io, on: disk)
        #expect(!commit(harness))
        let after = try ClusterHarness(fileSystem: disk.afterProcessDeath())
        let notices = after.step { $0.drainNotices() }
        #expect(
            notices.contains {
                $0.level == .warning && $0.text.contains("never finished") && $0.text.contains("1000 change(s)")
            }, "\(notices)")
    }

    @Test("a commit of large records is split by size")
    func large() throws {
        let harness = try ClusterHarness()
        var changes: [MetadataChange] = []
        for index in 0..<300 {
            changes.append(
                .config(ConfigResource.topic("t\(index)").record("x", String(repeating: "v", count: 30_000))))
        }
        try harness.step { try $0.commit(changes, now: harness.now) }
        try harness.restart()
        #expect((0..<300).allSatisfy { !harness.cluster.configs.overrides(.topic("t\($0)")).isEmpty })
    }
}

extension ClusterHarness {
    /// Sends CreateTopics and waits for the answer.
    func createTopics(_ request: CreateTopicsRequest) throws -> CreateTopicsResponse {
        let (sent, _) = send(request, version: 7, on: connect())
        return try settled(sent)
    }

    /// The answer to a request for which the cluster needs some turns.
    func settled<R: KafkaRequest>(
        _ sent: SentRequest<R>, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> R.Response {
        for _ in 0..<100_000 {
            if let answer = try answer(to: sent) {
                return answer
            }
            advance(by: 1)
        }
        return try #require(try answer(to: sent), "no answer", sourceLocation: sourceLocation)
    }
}
