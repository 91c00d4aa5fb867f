import KafkaProtocol
import Synchronization
import Testing

@testable import RESTAPI

/// Reading records over HTTP.
struct RecordReadingTests {
    private let cluster = FakeCluster("lkc-source", .basic)
    private var fleet: FakeFleet { FakeFleet(members: [cluster]) }
    private let path = "/twinlog/v1/clusters/lkc-source/topics/t/records"

    init() {
        cluster.state.withLock { $0.topics = ["t": 3] }
    }

    private func fill(_ partition: Int32 = 0, _ body: (inout FakeLog) throws -> Void) throws {
        try cluster.state.withLock { try body(&$0.logs["t", default: [:]][partition, default: FakeLog()]) }
    }

    private func get(_ query: String = "") async throws -> FakeFleet.Reply {
        try await fleet.send(.get, query.isEmpty ? path : "\(path)?\(query)")
    }

    private func offsets(_ query: String) async throws -> [Int64] {
        let reply = try await get(query)
        #expect(reply.status == 200, "\(reply.text)")
        return reply.data.compactMap { $0["offset"]?.int }
    }

    private func places(_ reply: FakeFleet.Reply) -> [String] {
        reply.data.map { "\($0["partition_id"]?.int ?? -1):\($0["offset"]?.int ?? -1)" }
    }

    private func partition(_ reply: FakeFleet.Reply, _ index: Int = 0) -> JSON {
        reply.json["partitions"]?.array?[index] ?? .null
    }

    // MARK: What a record says

    @Test("a record comes with everything that its batch and it say", arguments: Compression.allCases)
    func facts(_ codec: Compression) async throws {
        try fill(1) {
            try $0.append(2)
            try $0.append(3, compression: codec, time: 1_769_860_800_500, transactional: 77)
        }
        let reply = try await get("partition=1&offset=3&limit=1")
        let record = try #require(reply.data.first)
        #expect(record["partition_id"] == 1)
        #expect(record["offset"] == 3)
        #expect(record["timestamp_ms"] == 1_769_860_800_501)
        #expect(record["timestamp"] == "2026-01-31T12:00:00.501Z")
        #expect(record["timestamp_type"] == "CREATE_TIME")
        #expect(record["key"] == ["format": "text", "text": "k3", "size": 2, "is_truncated": false])
        #expect(record["value"]?["text"] == "v3")
        #expect(record["headers"]?.array?.first?["name"] == "h")
        #expect(record["headers"]?.array?.first?["value"]?["text"] == "x3")
        #expect(record["leader_epoch"] == 5)
        #expect(record["producer_id"] == 77)
        #expect(record["producer_epoch"] == 3)
        #expect(record["sequence"] == 11)
        #expect(record["batch_base_offset"] == 2)
        #expect(record["batch_records"] == 3)
        #expect(record["codec"] == .string(codec.name))
        #expect(record["is_transactional"] == true)
        #expect(record["is_control"] == false)
        #expect(record["control_type"] == .null)
        let stored = cluster.state.withLock { $0.logs["t"]?[1]?.batches[1].bytes.count } ?? 0
        #expect(record["batch_bytes"] == JSON(stored))
        // A byte each: length, attributes, two deltas, the number of headers, four lengths; seven of k3, v3 and h=x3.
        #expect(record["size"] == JSON(5 + 4 + 7))
    }

    @Test("a key, a value or a header is text, JSON, bytes or nothing")
    func parts() async throws {
        let values: [[UInt8]] = [
            Array(#" {"a":[1]} "#.utf8), Array("{no json".utf8), [0xFF, 0], Array("ä\n".utf8), [], Array("42".utf8),
        ]
        try fill { try $0.append(values.count) { values[Int($0)] } }
        let formats = try await get("partition=0&from=beginning").data.map { $0["value"]?["format"] }
        #expect(formats == ["json", "text", "binary", "text", "text", "text"])
        let raw = try await get("partition=0&offset=2&raw=true").data
        #expect(raw[0]["value"] == ["format": "binary", "base64": "/wA=", "size": 2, "is_truncated": false])
        #expect(raw[1]["value"]?["base64"] == "w6QK")
        #expect(raw[1]["value"]?["text"] == "ä\n")
    }

    @Test("what is longer than wanted is cut, between characters, and says so")
    func cut() async throws {
        try fill { try $0.append(1) { _ in Array("aää".utf8) } }
        let value = try await get("partition=0&max_value_bytes=2").data[0]["value"]
        #expect(value == ["format": "text", "text": "a", "size": 5, "is_truncated": true])
        #expect(try await get("partition=0&max_value_bytes=0").data[0]["value"]?["text"] == "")
    }

    // MARK: Where to begin

    @Test(
        "one partition is read from where it was asked for",
        arguments: [
            ("offset=-1", [9]), ("offset=-3", [7, 8, 9]), ("offset=-99", Array(0...9)), ("offset=7", [7, 8, 9]),
            ("offset=2&limit=2", [2, 3]), ("from=beginning&limit=3", [0, 1, 2]), ("from=latest&limit=2", [8, 9]),
            ("limit=4", [6, 7, 8, 9]), ("timestamp=1005", [5, 6, 7, 8, 9]),
            ("timestamp=1970-01-01T00:00:01.008Z", [8, 9]),
            ("positions=0:4&limit=2", [4, 5]), ("before=0:4&limit=2", [2, 3]), ("offset=10", []), ("offset=99", []),
            ("timestamp=99999", []),
        ] as [(String, [Int64])])
    func starts(_ query: String, _ expected: [Int64]) async throws {
        try fill {
            try $0.append(4)
            try $0.append(6, compression: .zstd, time: 1_004)
        }
        #expect(try await offsets("partition=0&\(query)") == expected)
    }

    @Test("all partitions are read as one, by time, then partition")
    func merged() async throws {
        try fill(0) { try $0.append(3, time: 100, step: 10) }
        try fill(1) { try $0.append(3, time: 105, step: 10) }
        try fill(2) { try $0.append(2, time: 110, step: 10) }
        let all = ["0:0", "1:0", "0:1", "2:0", "1:1", "0:2", "2:1", "1:2"]
        #expect(places(try await get("from=beginning")) == all)
        #expect(places(try await get("partition=-1&limit=3")) == Array(all.suffix(3)))
        #expect(places(try await get("offset=-1")) == ["0:2", "2:1", "1:2"])
        #expect(places(try await get("timestamp=115")) == ["1:1", "0:2", "2:1", "1:2"])
        let first = try await get("from=beginning&limit=5")
        #expect(first.json["partitions"]?.array?.map { $0["next_offset"] } == [2, 2, 1])
        #expect(places(try await get("positions=0:2,1:2,2:1")) == Array(all.suffix(3)))
        #expect(places(try await get("before=0:2,1:2,2:1&limit=2")) == ["2:0", "1:1"])
    }

    @Test("pages go forward and back without a record missing or coming twice")
    func paging() async throws {
        for partition in Int32(0)..<3 {
            try fill(partition) { log in
                for batch in 0..<40 {
                    try log.append(
                        7, compression: batch % 2 == 0 ? .lz4 : .none, time: Int64(batch * 10) + Int64(partition))
                }
            }
        }
        let ways = [("from=beginning", "positions", "next_offset"), ("limit=61", "before", "previous_offset")]
        for (start, direction, place) in ways {
            var seen: Set<String> = []
            var query = start
            for _ in 0..<30 {
                let reply = try await get(query + (query.contains("limit") ? "" : "&limit=61"))
                for place in places(reply) {
                    #expect(seen.insert(place).inserted)
                }
                let partitions = reply.json["partitions"]?.array ?? []
                let ends = partitions.map { "\($0["partition_id"]?.int ?? -1):\($0[place]?.int ?? -1)" }
                query = "\(direction)=\(ends.joined(separator: ","))&limit=61"
                if reply.data.isEmpty { break }
            }
            #expect(seen.count == 3 * 40 * 7, "\(start)")
        }
    }

    // MARK: Nothing to show

    @Test("an empty answer says why")
    func notices() async throws {
        try fill(0) { _ in }
        try fill(1) {
            try $0.append(5)
            $0.start = 5
        }
        try fill(2) {
            try $0.append(5)
            $0.start = 3
        }
        let empty = try await get("partition=0&offset=-1")
        #expect(empty.json["notice"] == "There are no records.")
        #expect(partition(empty)["notice"] == "The partition is empty.")
        let deleted = try await get("partition=1")
        #expect(
            partition(deleted)["notice"]
                == "The partition has no records any more: those before offset 5 were deleted.")
        let below = try await get("partition=2&offset=1")
        #expect(below.data.compactMap { $0["offset"]?.int } == [3, 4])
        #expect(partition(below)["notice"] == "Offset 1 is not there any more: the log begins at 3.")
        let beyond = try await get("partition=2&offset=6")
        #expect(beyond.data.isEmpty)
        #expect(partition(beyond)["notice"] == "Offset 6 lies beyond the end, 5.")
        #expect(beyond.json["notice"] == "There are no records from there on.")
        let late = try await get("partition=2&timestamp=999999")
        #expect(partition(late)["notice"] == "No record is from then or later.")
        let none = try await get("partition=2&filter=nothing")
        #expect(none.json["notice"] == "None of the 2 records that were looked at matches.")
    }

    @Test("gaps are jumped over and named, at the end too")
    func gaps() async throws {
        try fill {
            try $0.append(2)
            $0.end = 10
            try $0.append(1)
            $0.end = 20
        }
        let reply = try await get("partition=0&offset=4")
        #expect(reply.data.compactMap { $0["offset"]?.int } == [10])
        #expect(
            partition(reply)["notice"]
                == "Offsets 4 to 9 hold no records: they were compacted away, or are markers.")
        #expect(partition(reply)["is_at_end"] == true)
        #expect(try await offsets("partition=0&offset=-1") == [10])
        #expect(try await offsets("partition=0&offset=-2") == [1, 10])
        #expect(try await offsets("partition=0&limit=2") == [1, 10])
        let end = try await get("partition=0&offset=12")
        #expect(end.data.isEmpty)
        #expect(
            partition(end)["notice"]
                == "Offsets 12 to 19 hold no records: they were compacted away, or are markers.")
    }

    @Test("records that are deleted while they are read are no error, and an offline partition is no wait")
    func changes() async throws {
        try fill(0) {
            try $0.append(5)
            try $0.append(5)
            $0.onFetch = { log in
                log.start = 7
                log.batches.removeFirst(log.batches.count - 1)
            }
        }
        try fill(1) { $0.isOffline = true }
        let reply = try await get("from=beginning")
        #expect(reply.data.compactMap { $0["offset"]?.int } == [7, 8, 9])
        #expect(partition(reply, 0)["notice"] == "Records before offset 7 were deleted while they were read.")
        #expect(partition(reply, 1)["notice"] == "The partition is offline: no broker leads it.")
        #expect(partition(reply, 2)["notice"] == "The partition is empty.")
    }

    // MARK: Transactions

    @Test("markers are shown on demand, and read_committed leaves out what was aborted")
    func transactions() async throws {
        try fill {
            try $0.append(2, transactional: 7)
            try $0.append(1)
            $0.endTransaction(7, commit: false)
            try $0.append(2, transactional: 7)
            $0.endTransaction(7, commit: true)
            var entry = FetchResponse.AbortedTransaction()
            entry.producerID = 7
            entry.firstOffset = 0
            $0.aborted = [entry]
        }
        #expect(try await offsets("partition=0&from=beginning") == [0, 1, 2, 4, 5])
        #expect(try await offsets("partition=0&from=beginning&isolation=read_committed") == [2, 4, 5])
        #expect(try await offsets("partition=0&offset=-1") == [5])
        let all = try await get("partition=0&from=beginning&control=true")
        #expect(all.data.compactMap { $0["offset"]?.int } == Array(0...6))
        #expect(all.data.map { $0["control_type"] } == [.null, .null, .null, "ABORT", .null, .null, "COMMIT"])
        #expect(all.data[3]["is_control"] == true)
        #expect(all.json["examined_records"] == 5)
    }

    // MARK: Search

    @Test(
        "a filter finds what it should",
        arguments: [
            ("filter=V7", [7]), ("filter=V7&case_sensitive=true", []), ("filter=v7&case_sensitive=true", [7]),
            ("filter=k3&filter_in=key", [3]), ("filter=k3&filter_in=value,headers", []), ("filter=x4", [4]),
            ("filter=x4&filter_in=headers", [4]), ("filter_type=regex&filter=%5EV%5B12%5D$", [1, 2]),
            ("filter_type=regex&filter=v(3%7C5)&filter_in=value", [3, 5]),
            ("filter=H&filter_in=headers&limit=2", [8, 9]),
        ] as [(String, [Int64])])
    func search(_ query: String, _ expected: [Int64]) async throws {
        try fill { try $0.append(10, compression: .snappy) }
        #expect(try await offsets("partition=0&\(query)") == expected)
    }

    @Test("a search by JSON path looks into values")
    func jsonPath() async throws {
        try fill { try $0.append(10) { Array(#"{"n":\#($0),"o":{"list":["a\#($0)"]}}"#.utf8) } }
        let path = "partition=0&from=beginning&filter_type=jsonpath&filter="
        #expect(try await offsets(path + "$.n%3E%3D8") == [8, 9])
        #expect(try await offsets(path + "$.o.list%5B0%5D%3D%3D%22a3%22") == [3])
        #expect(try await offsets(path + "$.o.list%5B*%5D%20%3D~%20%5Ea%5B45%5D") == [4, 5])
        #expect(try await offsets(path + "$.missing") == [])
    }

    @Test("a search stops where it was told to, says so, and goes on from there")
    func examined() async throws {
        try fill { log in
            for _ in 0..<10 {
                try log.append(10)
            }
        }
        let first = try await get("partition=0&from=beginning&filter=v95&max_examined=30")
        #expect(first.data.isEmpty)
        #expect(first.json["is_complete"] == false)
        #expect(first.json["examined_records"] == 30)
        #expect(first.json["notice"] == "30 records were looked at, as many as may be: go on from there.")
        #expect(partition(first)["next_offset"] == 30)
        let rest = try await get("partition=0&positions=0:30&filter=v95&max_examined=100")
        #expect(rest.data.compactMap { $0["offset"]?.int } == [95])
        #expect(rest.json["is_complete"] == true)
        let back = try await get("partition=0&filter=v95")
        #expect(back.data.compactMap { $0["offset"]?.int } == [95])
    }

    @Test(
        "what is wrong with a query is said",
        arguments: [
            ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"), ("offset=1.5", "offset"),
            ("timestamp=yesterday", "timestamp"), ("from=middle", "from"), ("offset=1&from=latest", "from"),
            ("filter_type=glob", "filter_type"), ("filter=a&filter_in=body", "filter_in"),
            ("positions=0", "positions"), ("positions=0:-1", "positions"),
            ("max_value_bytes=1048577", "max_value_bytes"),
            ("isolation=dirty", "isolation"), ("control=maybe", "control"), ("max_examined=0", "max_examined"),
            ("filter_type=regex&filter=a(b", "character 2"), ("filter_type=jsonpath&filter=a", "character 1"),
            ("filter_type=jsonpath&filter=$.a%3D1", "character 4"),
        ])
    func wrong(_ query: String, _ part: String) async throws {
        for suffix in ["", ":stream"] {
            let reply = try await fleet.send(.get, "\(path)\(suffix)?\(query)")
            #expect(reply.status == 400)
            #expect(reply.message.contains(part), "\(reply.message)")
        }
    }

    @Test("more readings at once than there may be wait, and too many that wait are refused", .timeLimit(.minutes(1)))
    func places() async throws {
        let places = ReadingPlaces(limit: 1, waiting: 1)
        try await places.take()
        let waiting = Task { try await places.take() }
        while !places.isCrowded {
            await Task.yield()
        }
        let refusal = await #expect(throws: RESTError.self) { try await places.take() }
        #expect(refusal?.status == 503)
        places.giveBack()
        try await waiting.value
        places.giveBack()
        try await places.take()
    }

    @Test("a large answer stops where it became too large, and goes on from there")
    func size() async throws {
        try fill { log in
            for _ in 0..<12 {
                try log.append(1) { _ in Array(repeating: 0x61, count: 1 << 20) }
            }
        }
        let first = try await get("partition=0&from=beginning&max_value_bytes=1048576")
        #expect(first.data.count == 8)
        #expect(first.json["end_reason"] == "size")
        #expect(first.json["is_complete"] == false)
        #expect(try await offsets("partition=0&positions=0:8&max_value_bytes=1048576") == [8, 9, 10, 11])
        #expect(try await offsets("partition=0&limit=5&max_value_bytes=1048576") == [7, 8, 9, 10, 11])
    }

    @Test("a topic or a partition that is not there is a 404")
    func unknown() async throws {
        for suffix in ["", ":stream"] {
            let reply = try await fleet.send(.get, "/twinlog/v1/clusters/lkc-source/topics/x/records\(suffix)")
            #expect(reply.status == 404)
            #expect(reply.errorCode == 40403)
        }
        #expect(try await get("partition=3").errorCode == 40403)
        #expect(try await get("positions=7:1").errorCode == 40403)
    }
}
