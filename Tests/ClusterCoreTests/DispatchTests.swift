import KafkaProtocol
import LogStorage
import Testing

@testable import ClusterCore

@Suite("Dispatch")
struct DispatchTests {
    let harness: ClusterHarness
    let connection: ConnectionID

    init() throws {
        harness = try ClusterHarness()
        connection = harness.connect()
        try harness.createTopic("orders")
    }

    private func handle(_ frame: [UInt8], on other: ConnectionID? = nil) -> FrameOutcome {
        harness.step { cluster in
            frame.withUnsafeBytes { cluster.handle(frame: $0, from: other ?? connection, now: harness.clock) }
        }
    }

    private func frame<R: KafkaRequest>(_ request: R, version: Int16) -> [UInt8] {
        var writer = WireWriter(capacity: 256)
        RequestHeader(apiKey: R.apiKey, apiVersion: version, correlationID: 5, clientID: "test").encode(into: &writer)
        request.encode(into: &writer, version: version)
        return writer.copyBytes()
    }

    private func header(_ key: Int16, _ version: Int16) -> [UInt8] {
        var writer = WireWriter(capacity: 32)
        writer.writeInt16(key)
        writer.writeInt16(version)
        writer.writeInt32(1)
        writer.writeNullableString("c", compact: false)
        return writer.copyBytes()
    }

    private func expectClose(
        _ outcome: FrameOutcome, _ words: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard case .close(let reason) = outcome else {
            Issue.record("\(outcome)", sourceLocation: sourceLocation)
            return
        }
        #expect(!reason.isEmpty, sourceLocation: sourceLocation)
        #expect(reason.contains(words), "\(reason)", sourceLocation: sourceLocation)
    }

    @Test("API keys that nobody has close the connection", arguments: [Int16(4), 7, 58, 93, 1_000, .max, -1, .min])
    func unknownKey(key: Int16) {
        expectClose(handle(header(key, 0)), "\(key)")
    }

    @Test("versions that are not served close the connection")
    func unknownVersion() {
        for api in HandlerList.all where api.key != .apiVersions {
            for version in [api.served.lowerBound - 1, api.served.upperBound + 1, .max, .min] {
                expectClose(handle(header(api.key.rawValue, version) + [0]), "version")
            }
        }
    }

    @Test("a frame without a whole header closes the connection")
    func shortHeader() {
        let whole = header(18, 0)
        for count in 0..<whole.count {
            expectClose(handle(Array(whole[..<count])), "malformed")
        }
    }

    @Test("garbage closes the connection and harms nothing")
    func garbage() throws {
        var random = SplitMix64(state: 42)
        for _ in 0..<2_000 {
            let count = Int.random(in: 0...80, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = handle(bytes)
        }
        _ = handle(Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
        #expect(try harness.produce("orders", "still here") == 0)
    }

    /// Frames of requests with something in every part.
    private func samples() throws -> [(name: String, bytes: [UInt8])] {
        var metadata = MetadataRequest()
        var topic = MetadataRequest.MetadataRequestTopic()
        topic.name = "orders"
        metadata.topics = [topic]
        var create = CreateTopicsRequest()
        var wish = CreateTopicsRequest.CreatableTopic()
        wish.name = "made"
        wish.numPartitions = 1
        wish.replicationFactor = 1
        var config = CreateTopicsRequest.CreatableTopicConfig()
        config.name = "retention.ms"
        config.value = "5"
        wish.configs = [config]
        create.topics = [wish]
        var versions = ApiVersionsRequest()
        versions.clientSoftwareName = "kcat"
        versions.clientSoftwareVersion = "1"
        let produce = harness.produceRequest("orders", batch: try TestBatch(values: ["a", "b"]).bytes())
        let fetch = harness.fetchRequest("orders")
        return [
            ("Metadata 1", frame(metadata, version: 1)), ("Metadata 13", frame(metadata, version: 13)),
            ("CreateTopics 2", frame(create, version: 2)), ("CreateTopics 7", frame(create, version: 7)),
            ("ApiVersions 4", frame(versions, version: 4)), ("Produce 3", frame(produce, version: 3)),
            ("Produce 9", frame(produce, version: 9)), ("Produce 13", frame(produce, version: 13)),
            ("Fetch 4", frame(fetch, version: 4)), ("Fetch 18", frame(fetch, version: 18)),
        ]
    }

    @Test("requests cut at any byte close the connection and change nothing")
    func truncated() throws {
        for (name, bytes) in try samples() {
            for count in 0..<bytes.count {
                guard case .close = handle(Array(bytes[..<count])) else {
                    Issue.record("\(name) cut at \(count) of \(bytes.count)")
                    break
                }
            }
        }
        #expect(try harness.log("orders").logEndOffset == 0)
        #expect(harness.cluster.topics.count == 1)
        #expect(harness.cluster.parking.count == 0)
    }

    @Test("requests with any one byte changed never trap")
    func mutated() throws {
        for (_, bytes) in try samples() {
            for index in bytes.indices {
                for value in [UInt8(0), 0x7F, 0x80, 0xFF] {
                    var bytes = bytes
                    bytes[index] = value
                    let outcome = handle(bytes)
                    if case .reply(let reply) = outcome {
                        var writer = WireWriter(capacity: reply.sizeHint)
                        reply.encode(into: &writer)
                        #expect(writer.count > 4)
                    }
                }
            }
        }
    }

    @Test("the answer carries the correlation id of its request")
    func correlation() throws {
        for id in [Int32(0), -1, .max, .min] {
            var writer = WireWriter(capacity: 64)
            RequestHeader(apiKey: .metadata, apiVersion: 0, correlationID: id, clientID: nil).encode(into: &writer)
            writer.writeInt32(0)
            guard case .reply(let reply) = handle(writer.copyBytes()) else {
                Issue.record("no answer")
                return
            }
            #expect(reply.correlationID == id)
        }
    }

    @Test("bytes behind a request are ignored, as Kafka does")
    func trailingBytes() {
        guard case .reply = handle(frame(MetadataRequest(), version: 1) + [1, 2, 3]) else {
            Issue.record("no answer")
            return
        }
    }

    @Test("connections that were never opened or are closed are not served")
    func closedConnection() {
        let request = frame(MetadataRequest(), version: 1)
        expectClose(handle(request, on: ConnectionID(rawValue: 4_711)))
        harness.disconnect(connection)
        expectClose(handle(request))
    }

    @Test("a call inside the process runs the same code, and never waits")
    func internalCalls() throws {
        try harness.produce("orders", "a")
        let now = harness.now
        var everything = MetadataRequest()
        everything.topics = nil
        let metadata = harness.step { $0.call(everything, now: now) }
        #expect(metadata?.topics.map(\.name) == ["orders"])
        let fetch = harness.fetchRequest("orders", from: 1, maxWaitMs: 500)
        #expect(harness.step { $0.call(fetch, now: now) } == nil)
        #expect(harness.cluster.parking.count == 0)
        let produce = harness.produceRequest("orders", batch: try TestBatch(values: ["b"]).bytes())
        let answer = harness.step { $0.call(produce, now: now) }
        #expect(answer?.responses.first?.partitionResponses.first?.baseOffset == 1)
    }

    @Test("notices are handed out once")
    func notices() throws {
        harness.step { $0.notices.append(Notice(level: .info, text: "hello")) }
        #expect(harness.step { $0.drainNotices() }.map(\.text) == ["hello"])
        #expect(harness.step { $0.drainNotices() }.isEmpty)
    }
}
