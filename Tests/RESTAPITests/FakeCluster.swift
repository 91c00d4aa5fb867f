import ClusterCore
import KafkaProtocol
import Synchronization

@testable import RESTAPI

/// A fleet of fixed clusters.
struct FakeFleet: FleetBackend {
    var members: [FakeCluster]
    var ready = true
    var fakeControl = FakeControl()
    var changeFeed = ChangeFeed(everyMs: 5)
    var startedMs: Int64 { 1_600_000_000_000 }

    var clusters: [any ClusterBackend] { get async { members } }
    var isReady: Bool { get async { ready } }
    var control: any ControlPlane { fakeControl }
}

/// A cluster that remembers what it was asked and answers with what it was given.
final class FakeCluster: ClusterBackend {
    struct State {
        var links: [LinkStatus] = []
        var configs: [LinkConfigEntry] = []
        var mirrors: [MirrorStatus] = []
        var report: VerifyReport?
        var summaries: [TopicSummary] = []
        var connections: [ConnectionSummary] = []
        var contents = ClusterContents(version: 0, topics: [:], others: [:])
        var looks = 0
        var series = TimeSeries(step: .second, endMs: 0, lines: [])
        var seriesWishes: [(subject: SeriesSubject, step: SeriesStep, sinceMs: Int64?)] = []
        var topics: [String: Int] = [:]
        /// Topics that were asked for, as they came.
        var wishes: [CreateTopicsRequest.CreatableTopic] = []
        var failure: (any Error)?

        var created: [LinkCreation] = []
        var deleted: [(name: String, force: Bool, validateOnly: Bool)] = []
        var altered: [(link: String, changes: [LinkConfigChange], validateOnly: Bool)] = []
        var mirrorCreations: [MirrorCreation] = []
        /// What was produced, as it came.
        var batches: [(topic: String, partition: Int32, bytes: [UInt8])] = []
        var topicConfigChanges: [(name: String, operation: Int8, value: String?)] = []
        /// What partitions hold, by topic; topics without an entry hold nothing.
        var logs: [String: [Int32: FakeLog]] = [:]
    }

    let clusterID: String
    let state: Mutex<State>
    private let type: ClusterType

    init(_ id: String, _ type: ClusterType = .dedicated, _ state: sending State = State()) {
        clusterID = id
        self.type = type
        self.state = Mutex(state)
    }

    var info: ClusterInfo {
        get async { ClusterInfo(name: "name-of-\(clusterID)", type: type, bootstrap: ["PLAINTEXT": "127.0.0.1:9192"]) }
    }

    /// Throws the failure that was prepared, or runs `body`.
    private func respond<T>(_ body: (inout State) throws -> T) throws -> T {
        try state.withLock { state in
            if let failure = state.failure {
                throw failure
            }
            return try body(&state)
        }
    }

    func links() async throws -> [LinkStatus] { try respond { $0.links } }
    func createLink(_ creation: LinkCreation) async throws { try respond { $0.created.append(creation) } }

    func deleteLink(_ name: String, force: Bool, validateOnly: Bool) async throws {
        try respond { $0.deleted.append((name, force, validateOnly)) }
    }

    func linkConfigs(_ link: String) async throws -> [LinkConfigEntry] { try respond { $0.configs } }

    func alterLinkConfigs(_ link: String, _ changes: [LinkConfigChange], validateOnly: Bool) async throws {
        try respond { $0.altered.append((link, changes, validateOnly)) }
    }

    func mirrors(link: String?) async throws -> [MirrorStatus] {
        try respond { state in state.mirrors.filter { link == nil || $0.linkName == link } }
    }

    func createMirror(_ creation: MirrorCreation) async throws { try respond { $0.mirrorCreations.append(creation) } }

    func verify(
        topic: String, link: String, progress: (@Sendable (VerifyProgress) -> Bool)?
    ) async throws -> VerifyReport {
        for step in [10, 20] {
            _ = progress?(VerifyProgress(partition: 0, comparedBytes: step, comparedRecords: step / 10, totalBytes: 20))
        }
        return try respond { state in
            guard let report = state.report else {
                throw RESTError.mirrorNotFound(topic, link: link)
            }
            return report
        }
    }

    func statistics() async throws -> ClusterStatistics {
        try respond {
            ClusterStatistics(
                topics: $0.topics.count, partitions: $0.topics.values.reduce(0, +), connections: 2, logBytes: 4_096,
                groups: 1)
        }
    }

    func topicSummaries(_ names: [String]?, partitions: Bool) async throws -> [TopicSummary] {
        try respond { state in
            state.summaries.filter { names?.contains($0.name) ?? true }.map { summary in
                var summary = summary
                summary.partitions = partitions ? summary.partitions : []
                return summary
            }
        }
    }

    func connections(limit: Int) async throws -> (listed: [ConnectionSummary], count: Int) {
        try respond { (Array($0.connections.prefix(limit)), $0.connections.count) }
    }

    func timeSeries(of subject: SeriesSubject, step: SeriesStep, sinceMs: Int64?) async throws -> TimeSeries {
        try respond { state in
            state.seriesWishes.append((subject, step, sinceMs))
            return state.series
        }
    }

    func contents(since known: ClusterContents?) async throws -> ClusterContents {
        try respond { state in
            state.looks += 1
            return state.contents
        }
    }

    func update(_ update: TopicUpdate) async throws {
        try respond { state in
            guard let count = state.topics[update.topic], count < update.partitionCount else {
                throw RESTError(.invalidPartitions)
            }
            if !update.validateOnly {
                state.topics[update.topic] = Int(update.partitionCount)
                state.topicConfigChanges += update.alterations.map { ($0.name, $0.operation.rawValue, $0.value) }
            }
        }
    }

    // MARK: Kafka requests

    var nowMs: Int64 { 1_700_000_000_000 }

    func call<R: KafkaRequest>(_ request: R, at node: Int32?) async throws -> R.Response {
        let response: any KafkaResponse = try respond { state in
            switch request {
            case let request as MetadataRequest: Self.metadata(request, state)
            case let request as CreateTopicsRequest: Self.create(request, &state)
            case let request as DeleteTopicsRequest: Self.delete(request, &state)
            case let request as CreatePartitionsRequest: Self.grow(request, &state)
            case let request as DescribeConfigsRequest: Self.configs(request, state)
            case let request as IncrementalAlterConfigsRequest: Self.alter(request, &state)
            case let request as ProduceRequest: Self.produce(request, &state)
            case let request as FetchRequest: FakeLog.fetch(request, &state)
            case let request as ListOffsetsRequest: FakeLog.listOffsets(request, state)
            case is DescribeClusterRequest: Self.brokers()
            default: throw ErrorCode.unsupportedVersion
            }
        }
        guard let response = response as? R.Response else {
            throw ErrorCode.unknownServerError
        }
        return response
    }

    private static func metadata(_ request: MetadataRequest, _ state: State) -> MetadataResponse {
        let names = request.topics.map { $0.map { $0.name ?? "" } } ?? state.topics.keys.sorted().reversed()
        var response = MetadataResponse()
        response.topics = names.map { name in
            var topic = MetadataResponse.MetadataResponseTopic()
            topic.name = name
            guard let count = state.topics[name] else {
                topic.errorCode = ErrorCode.unknownTopicOrPartition.rawValue
                return topic
            }
            topic.topicID = FakeLog.id(of: name)
            topic.partitions = (0..<count).reversed().map { index in
                var partition = MetadataResponse.MetadataResponsePartition()
                partition.partitionIndex = Int32(index)
                partition.leaderID = state.logs[name]?[Int32(index)]?.isOffline == true ? -1 : 1
                partition.replicaNodes = [1]
                return partition
            }
            return topic
        }
        return response
    }

    private static func create(_ request: CreateTopicsRequest, _ state: inout State) -> CreateTopicsResponse {
        state.wishes += request.topics
        var response = CreateTopicsResponse()
        response.topics = request.topics.map { topic in
            var result = CreateTopicsResponse.CreatableTopicResult()
            result.name = topic.name
            guard state.topics[topic.name] == nil else {
                result.errorCode = ErrorCode.topicAlreadyExists.rawValue
                result.errorMessage = "Topic '\(topic.name)' already exists."
                return result
            }
            result.numPartitions = topic.numPartitions < 0 ? 1 : topic.numPartitions
            result.replicationFactor = 1
            if !request.validateOnly {
                state.topics[topic.name] = Int(result.numPartitions)
            }
            return result
        }
        return response
    }

    private static func delete(_ request: DeleteTopicsRequest, _ state: inout State) -> DeleteTopicsResponse {
        var response = DeleteTopicsResponse()
        response.responses = request.topics.map { topic in
            var result = DeleteTopicsResponse.DeletableTopicResult()
            if state.topics.removeValue(forKey: topic.name ?? "") == nil {
                result.errorCode = ErrorCode.unknownTopicOrPartition.rawValue
            }
            return result
        }
        return response
    }

    private static func grow(_ request: CreatePartitionsRequest, _ state: inout State) -> CreatePartitionsResponse {
        var response = CreatePartitionsResponse()
        response.results = request.topics.map { topic in
            var result = CreatePartitionsResponse.CreatePartitionsTopicResult()
            if let count = state.topics[topic.name], count < topic.count {
                if !request.validateOnly { state.topics[topic.name] = Int(topic.count) }
            } else {
                result.errorCode = ErrorCode.invalidPartitions.rawValue
                result.errorMessage = "Topic already has \(state.topics[topic.name] ?? 0) partitions."
            }
            return result
        }
        return response
    }

    private static func configs(_ request: DescribeConfigsRequest, _ state: State) -> DescribeConfigsResponse {
        var response = DescribeConfigsResponse()
        response.results = request.resources.map { resource in
            var result = DescribeConfigsResponse.DescribeConfigsResult()
            guard state.topics[resource.resourceName] != nil else {
                result.errorCode = ErrorCode.unknownTopicOrPartition.rawValue
                return result
            }
            var config = DescribeConfigsResponse.DescribeConfigsResourceResult()
            config.name = "retention.ms"
            config.value = "60000"
            config.configSource = 1
            result.configs = [config]
            return result
        }
        return response
    }

    private static func produce(_ request: ProduceRequest, _ state: inout State) -> ProduceResponse {
        var response = ProduceResponse()
        response.responses = request.topicData.map { topic in
            var answer = ProduceResponse.TopicProduceResponse()
            answer.name = topic.name
            answer.partitionResponses = topic.partitionData.map { data in
                if case .owned(let bytes)? = data.records {
                    state.batches.append((topic.name, data.index, bytes))
                }
                var partition = ProduceResponse.PartitionProduceResponse()
                partition.index = data.index
                partition.baseOffset = Int64(state.batches.count - 1)
                partition.logAppendTimeMs = -1
                return partition
            }
            return answer
        }
        return response
    }

    private static func brokers() -> DescribeClusterResponse {
        var broker = DescribeClusterResponse.DescribeClusterBroker()
        broker.brokerID = 1
        broker.host = "127.0.0.1"
        broker.port = 9192
        var response = DescribeClusterResponse()
        response.brokers = [broker]
        return response
    }

    private static func alter(
        _ request: IncrementalAlterConfigsRequest, _ state: inout State
    ) -> IncrementalAlterConfigsResponse {
        for resource in request.resources where !request.validateOnly {
            state.topicConfigChanges += resource.configs.map { ($0.name, $0.configOperation, $0.value) }
        }
        return IncrementalAlterConfigsResponse()
    }
}

extension FakeFleet {
    /// Sends one request through the route table.
    func send(
        _ method: RESTAPI.HTTPMethod, _ target: String, _ body: String = "", authorization: String? = nil
    ) async throws -> Reply {
        var request = try RESTRequest(method: method, target: target, body: Array(body.utf8))
        request.authorization = authorization
        let response = await RouteTable().respond(to: request, fleet: self)
        return Reply(
            status: response.status, response: response,
            json: response.body.isEmpty ? .null : (try? JSON.parse(response.body)) ?? .null)
    }

    struct Reply {
        let status: Int
        let response: RESTResponse
        let json: JSON

        var text: String { String(decoding: response.body, as: UTF8.self) }
        /// The events of an answer that is a stream, to its end.
        func events() async throws -> [(name: String, data: JSON)] {
            let text = Mutex("")
            try await response.stream?.run(
                EventWriter { bytes in text.withLock { $0 += String(decoding: bytes, as: UTF8.self) } })
            return try text.withLock { $0 }.split(separator: "\n\n").map { event in
                let lines = event.split(separator: "\n", maxSplits: 1)
                let name = lines[0].dropFirst("event: ".count)
                return (String(name), try JSON.parse(String(lines[1].dropFirst("data: ".count))))
            }
        }

        var errorCode: Int64? { json["error_code"]?.int }
        var message: String { json["message"]?.string ?? "" }
        var data: [JSON] { json["data"]?.array ?? [] }
    }
}
