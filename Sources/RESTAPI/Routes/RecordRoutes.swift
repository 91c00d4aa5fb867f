import KafkaProtocol

/// `POST /kafka/v3/clusters/{cluster_id}/topics/{topic_name}/records`: one record a JSON document, any number of them;
/// the same below `/twinlog/v1`, where a document may name the codec, too.
///
/// The HTTP server streams requests of unknown length through ``RecordStream`` instead.
enum RecordRoutes {
    static let path = TopicRoutes.ofTopic + "/records"
    /// Bytes of one request's documents together, when their length is told beforehand.
    static let maximumBodyBytes = 32 * 1024 * 1024

    static let routes: [Route] = [
        Route(.post, PathTemplate(path), produce),
        Route(.post, PathTemplate(RecordReadRoutes.path), produce),
    ]

    private static let produce: Route.Handler = { request, fleet in
        let stream = try await RecordStream(request, fleet)
        var splitter = JSONSplitter()
        var results: [RecordStream.Result] = []
        for document in try splitter.take(request.body) {
            results.append(await stream.produce(document))
        }
        if let rest = splitter.finish() {
            results.append(await stream.produce(rest))
        }
        guard let first = results.first else {
            throw RESTError(status: 422, code: 422, message: "The request has no record.")
        }
        // Alone, a record's fate is the request's; among others, each answer has its own code.
        guard results.count > 1 else {
            return RESTResponse(status: first.status, body: first.json.encoded())
        }
        return RESTResponse(status: 200, body: results.flatMap { $0.json.encoded() + [UInt8(ascii: "\n")] })
    }

    /// Whether a path is that of these routes.
    static func matches(_ path: [String]) -> Bool {
        path.count == 7 && (path[..<2] == ["kafka", "v3"] || path[..<2] == ["twinlog", "v1"]) && path[2] == "clusters"
            && path[4] == "topics" && path[6] == "records"
    }
}

/// Produces documents to one topic, one after the other.
struct RecordStream: Sendable {
    /// What became of a document.
    struct Result: Sendable {
        let status: Int
        let json: JSON
    }

    private let cluster: any ClusterBackend
    private let topic: String
    private let leaders: [Int32: Int32]
    /// Whether documents may name a codec: Kafka REST v3 knows no such field.
    private let takesCompression: Bool

    /// - Throws: 404 without cluster or topic, 415 for anything but JSON.
    init(_ request: RESTRequest, _ fleet: any FleetBackend) async throws {
        if let type = request.contentType?.lowercased(), !type.hasPrefix("application/json") {
            throw RESTError(status: 415, code: 415, message: "HTTP 415 Unsupported Media Type: send application/json.")
        }
        cluster = try await fleet.cluster(request)
        takesCompression = request.path.first == "twinlog"
        topic = request.capture("topic_name")
        leaders = Dictionary(
            try await cluster.topic(topic).partitions.map { ($0.partitionIndex, $0.leaderID) },
            uniquingKeysWith: { first, _ in first })
    }

    func produce(_ document: [UInt8]) async -> Result {
        do {
            return try await append(document)
        } catch {
            let error = RESTError.describing(error) { _ in }
            return Result(status: error.status, json: ErrorStyle.kafka.body(error))
        }
    }

    private func append(_ document: [UInt8]) async throws -> Result {
        let value: JSON
        do {
            value = try JSON.parse(document)
        } catch {
            throw RESTError.badRequest("The record is not JSON: \(error).")
        }
        guard value.members != nil else {
            throw RESTError.badRequest("A record is a JSON object.")
        }
        let record = try ProducedRecord(JSONObject(value), now: cluster.nowMs)
        let compression = takesCompression ? try ProducedRecord.compression(JSONObject(value)) : .none
        let partition = try record.partition ?? choose(record.key.bytes)
        guard let leader = leaders[partition] else {
            throw RESTError(
                status: 404, code: 40403,
                message: "Topic '\(topic)' has no partition \(partition): it has \(leaders.count).")
        }
        var builder = RecordBatchBuilder(compression: compression)
        builder.append(
            key: record.key.bytes, value: record.value.bytes, headers: record.headers, timestamp: record.timestamp)
        let answer = try await send(try builder.build(), to: partition, leader: leader)
        let timestamp = answer.logAppendTimeMs >= 0 ? answer.logAppendTimeMs : record.timestamp
        var fields = [
            JSON.Member("error_code", 200),
            JSON.Member("cluster_id", .string(cluster.clusterID)),
            JSON.Member("topic_name", .string(topic)),
            JSON.Member("partition_id", JSON(partition)),
            JSON.Member("offset", JSON(answer.baseOffset)),
            JSON.Member("timestamp", .string(Timestamp.text(timestamp))),
        ]
        for (name, part) in [("key", record.key), ("value", record.value)] {
            if let type = part.type {
                let description: JSON = ["type": .string(type), "size": JSON(part.bytes?.count ?? 0)]
                fields.append(JSON.Member(name, description))
            }
        }
        return Result(status: 200, json: .object(fields))
    }

    /// The key's partition, as Kafka's producers choose it; without a key, any.
    private func choose(_ key: [UInt8]?) throws(RESTError) -> Int32 {
        guard let count = Int32(exactly: leaders.count), count > 0 else {
            throw RESTError(.unknownTopicOrPartition)
        }
        return key.map { KeyPartitioning.partition(for: $0, count: count) } ?? Int32.random(in: 0..<count)
    }

    private func send(
        _ batch: [UInt8], to partition: Int32, leader: Int32
    ) async throws -> ProduceResponse.PartitionProduceResponse {
        var data = ProduceRequest.PartitionProduceData()
        data.index = partition
        data.records = .owned(batch)
        var item = ProduceRequest.TopicProduceData()
        item.name = topic
        item.topicID = try await cluster.topic(topic).topicID
        item.partitionData = [data]
        var request = ProduceRequest()
        request.acks = -1
        request.timeoutMs = 30_000
        request.topicData = [item]
        let response = try await cluster.call(request, at: leader)
        guard let answer = response.responses.first?.partitionResponses.first else {
            throw ErrorCode.unknownServerError
        }
        if ErrorCode(rawValue: answer.errorCode) == .messageTooLarge {
            throw RESTError(
                status: 413, code: 413, message: answer.errorMessage ?? "The record is larger than the topic takes.")
        }
        try RESTError.check(answer.errorCode, answer.errorMessage)
        return answer
    }
}

/// A record as a document describes it.
struct ProducedRecord {
    struct Part {
        var type: String?
        var bytes: [UInt8]?
    }

    let partition: Int32?
    let key: Part
    let value: Part
    let headers: [RecordHeader]
    /// Milliseconds since the epoch.
    let timestamp: Int64

    init(_ document: JSONObject, now: Int64) throws(RESTError) {
        partition = try document.integer("partition_id")
        key = try Self.part(document, "key")
        value = try Self.part(document, "value")
        var headers: [RecordHeader] = []
        for header in try document.objects("headers") {
            let name = try header.required("name")
            var bytes: [UInt8]?
            if let text = try header.string("value") {
                guard let decoded = Base64.decode(text) else {
                    throw .badRequest("The value of header '\(name)' is not base64.")
                }
                bytes = decoded
            }
            headers.append(RecordHeader(key: name, value: bytes))
        }
        self.headers = headers
        guard let text = try document.string("timestamp") else {
            timestamp = now
            return
        }
        guard let time = Timestamp.ms(text) else {
            throw .badRequest("Field 'timestamp' must be a time like 2026-01-31T12:00:00Z.")
        }
        timestamp = time
    }

    /// `compression`: the codec's name.
    static func compression(_ document: JSONObject) throws(RESTError) -> Compression {
        let name = try document.word("compression", of: Compression.allCases.map(\.name))
        return name.flatMap { Compression(name: $0) } ?? .none
    }

    private static func part(_ document: JSONObject, _ name: String) throws(RESTError) -> Part {
        guard let object = try document.object(name) else {
            return Part()
        }
        for schema in ["schema_id", "schema_version", "schema", "subject", "subject_name_strategy"] {
            guard !object.has(schema) else {
                throw .badRequest("Field '\(name).\(schema)' needs a schema registry, and there is none here.")
            }
        }
        let data = object.value["data"] ?? .null
        let type = try object.string("type")?.uppercased() ?? (data.isNull ? "BINARY" : "JSON")
        switch type {
        case "BINARY":
            guard !data.isNull else {
                return Part(type: type)
            }
            guard let bytes = data.string.flatMap({ Base64.decode($0) }) else {
                throw .badRequest("Field '\(name).data' must be base64 for type BINARY.")
            }
            return Part(type: type, bytes: bytes)
        case "STRING":
            guard !data.isNull else {
                return Part(type: type)
            }
            guard let text = data.string else {
                throw .badRequest("Field '\(name).data' must be a string for type STRING.")
            }
            return Part(type: type, bytes: Array(text.utf8))
        case "JSON": return Part(type: type, bytes: object.value["data"] == nil ? nil : data.encoded())
        case "AVRO", "JSONSCHEMA", "PROTOBUF":
            throw .badRequest("Type \(type) needs a schema registry, and there is none here: use JSON.")
        default:
            throw .badRequest("Field '\(name).type' must be BINARY, STRING or JSON, not '\(type)'.")
        }
    }
}
