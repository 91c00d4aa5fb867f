import KafkaProtocol
import Testing

@testable import RESTAPI

struct RecordRoutesTests {
    private let cluster = FakeCluster("lkc-source", .basic)
    private var fleet: FakeFleet { FakeFleet(members: [cluster]) }
    private let records = "/kafka/v3/clusters/lkc-source/topics/t/records"

    init() {
        cluster.state.withLock { $0.topics = ["t": 3] }
    }

    private func stored() throws -> [Record] {
        try cluster.state.withLock { $0.batches }.flatMap { batch in
            try batch.bytes.withUnsafeBytes { try decodeRecords(batch: $0) }
        }
    }

    @Test("key, value, headers and time arrive as they were written")
    func produce() async throws {
        let body = #"""
            {"partition_id":2,"headers":[{"name":"h","value":"aGk="},{"name":"n"}],"key":{"type":"STRING","data":"k"},
             "value":{"type":"JSON","data":{"b":1,"a":[null,true]}},"timestamp":"2026-01-31T12:00:00.5Z"}
            """#
        let reply = try await fleet.send(.post, records, body)
        #expect(reply.status == 200)
        #expect(reply.json["partition_id"] == 2)
        #expect(reply.json["timestamp"] == "2026-01-31T12:00:00.500Z")
        #expect(reply.json["key"] == ["type": "STRING", "size": 1])
        let record = try #require(try stored().first)
        #expect(record.key == Array("k".utf8))
        #expect(record.value == Array(#"{"b":1,"a":[null,true]}"#.utf8))
        #expect(record.timestamp == 1_769_860_800_500)
        #expect(record.headers == [RecordHeader(key: "h", value: Array("hi".utf8)), RecordHeader(key: "n", value: nil)])
    }

    @Test("below /twinlog/v1 a record's batch is compressed as it says", arguments: Compression.allCases)
    func compression(_ codec: Compression) async throws {
        let path = "/twinlog/v1/clusters/lkc-source/topics/t/records"
        let reply = try await fleet.send(
            .post, path, #"{"compression":"\#(codec.name)","value":{"type":"STRING","data":"aaaaaaaa"}}"#)
        #expect(reply.status == 200)
        let batch = try #require(cluster.state.withLock { $0.batches }.first)
        #expect(batch.bytes.withUnsafeBytes { RecordBatchHeader(parsing: $0) }.compression == codec)
        #expect(try stored().map(\.value) == [Array("aaaaaaaa".utf8)])
    }

    @Test("a codec that there is not is refused")
    func wrongCompression() async throws {
        let reply = try await fleet.send(
            .post, "/twinlog/v1/clusters/lkc-source/topics/t/records", #"{"compression":"brotli"}"#)
        #expect(reply.status == 400)
        #expect(reply.message.contains("compression"))
        #expect(try stored().isEmpty)
    }

    @Test("bytes travel as base64; a record without key and value has neither")
    func binary() async throws {
        _ = try await fleet.send(.post, records, #"{"value":{"type":"BINARY","data":"AP8="}}"#)
        let bare = try await fleet.send(.post, records, "{}")
        #expect(bare.json["key"] == nil)
        let stored = try stored()
        #expect(stored.map(\.value) == [[0, 0xFF], nil])
        #expect(stored.map(\.key) == [nil, nil])
    }

    @Test("several records in one request have an answer each, and a wrong one does not stop the next")
    func several() async throws {
        let reply = try await fleet.send(
            .post, records, #"{"partition_id":0}{"partition_id":9} {"value":{"type":"STRING","data":1}}\#n{}"#)
        #expect(reply.status == 200)
        let codes = try reply.text.split(separator: "\n").map { try JSON.parse(String($0))["error_code"] }
        #expect(codes == [200, 40403, 400, 200])
        #expect(try stored().count == 2)
    }

    @Test(
        "what cannot be produced is refused, and nothing is written",
        arguments: [
            ("", 422, 422), ("[1]", 400, 400), (#"{"key":"k"}"#, 400, 400), (#"{"partition_id":"1"}"#, 400, 400),
            (#"{"partition_id":7}"#, 404, 40403), (#"{"value":{"type":"AVRO","data":{}}}"#, 400, 400),
            (#"{"value":{"type":"BINARY","data":"*"}}"#, 400, 400), (#"{"timestamp":"yesterday"}"#, 400, 400),
            (#"{"headers":[{"value":"aGk="}]}"#, 400, 400), (#"{"value""#, 400, 400),
        ])
    func refused(body: String, status: Int, code: Int64) async throws {
        let reply = try await fleet.send(.post, records, body)
        #expect(reply.status == status)
        #expect(reply.errorCode == code)
        #expect(try stored().isEmpty)
    }

    @Test("a key's partition is the one that Kafka's producers choose")
    func partitioning() {
        // Values of org.apache.kafka.common.utils.Utils.murmur2, which Kafka's own tests list.
        let hashes: [(String, Int32)] = [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
        ]
        for (key, hash) in hashes {
            let expected = (hash & 0x7FFF_FFFF) % 1_000
            #expect(KeyPartitioning.partition(for: Array(key.utf8), count: 1_000) == expected, "\(key)")
        }
    }

    @Test("a stream is cut into documents wherever its chunks end")
    func splitting() throws {
        let text = #"{"a":"}{\""}  {"b":[{}]}[1] 7 {"c":1"#
        let whole = try split([Array(text.utf8)])
        #expect(whole == [#"{"a":"}{\""}"#, #"{"b":[{}]}"#, "[1]", "7", #"{"c":1"#])
        #expect(try split(text.utf8.map { [$0] }) == whole)
    }

    private func split(_ chunks: [[UInt8]]) throws -> [String] {
        var splitter = JSONSplitter()
        var documents: [[UInt8]] = []
        for chunk in chunks {
            documents += try splitter.take(chunk)
        }
        documents += splitter.finish().map { [$0] } ?? []
        return documents.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("times are read and written in RFC 3339")
    func timestamps() {
        #expect(Timestamp.text(0) == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp.text(1_700_000_000_007) == "2023-11-14T22:13:20.007Z")
        #expect(Timestamp.text(951_782_400_000) == "2000-02-29T00:00:00.000Z")
        #expect(Timestamp.ms("2023-11-14T23:13:20.007+01:00") == 1_700_000_000_007)
        #expect(Timestamp.ms("1700000000007") == 1_700_000_000_007)
        for wrong in ["", "2023-", "2023-13-01T00:00:00Z", "2023-01-01T00:00:00", "2023-01-01T00:00:00.Z", "-5"] {
            #expect(Timestamp.ms(wrong) == nil, "\(wrong)")
        }
    }

    @Test("base64 goes back and forth, in both alphabets", arguments: 0..<8)
    func base64(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 251 &* $0 &+ 250) }
        let text = Base64.encode(bytes)
        #expect(Base64.decode(text) == bytes)
        let url = String(text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }.filter { $0 != "=" })
        #expect(Base64.decode(url) == bytes)
    }

    @Test("what is no base64 is refused", arguments: ["A", "AA=", "A===", "AAAA=", "A*AA", "=AAA"])
    func wrongBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
