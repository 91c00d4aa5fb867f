import KafkaProtocol

/// CreateTopics: topics with partitions, placement and configs.
///
/// Serves v2…7. Differs from Kafka: creation is done when the answer leaves, so the timeout is never used.
enum CreateTopicsHandler: RequestHandler {
    static func handle(
        _ request: CreateTopicsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<CreateTopicsResponse> {
        let names = Dictionary(request.topics.map { ($0.name, 1) }, uniquingKeysWith: +)
        var response = CreateTopicsResponse()
        response.topics = request.topics.map { item in
            var result = CreateTopicsResponse.CreatableTopicResult()
            result.name = item.name
            do throws(AdminFailure) {
                if names[item.name, default: 0] > 1 {
                    throw AdminFailure(.invalidRequest, "Duplicate topic name.")
                }
                let planned = try cluster.plan(try wish(item))
                if !request.validateOnly {
                    try cluster.create(planned, now: context.now)
                    result.topicID = planned.id
                }
                describe(planned, cluster, in: &result)
            } catch {
                result.errorCode = error.code.rawValue
                result.errorMessage = error.message ?? error.code.message
            }
            return result
        }
        return .reply(response)
    }

    private static func wish(_ item: CreateTopicsRequest.CreatableTopic) throws(AdminFailure) -> NewTopic {
        var topic = NewTopic(name: item.name)
        if !item.assignments.isEmpty {
            guard item.numPartitions == -1, item.replicationFactor == -1 else {
                let field = item.numPartitions == -1 ? "replicationFactor" : "numPartitions"
                throw AdminFailure(
                    .invalidRequest,
                    "A manual partition assignment was specified, but \(field) was not set to -1.")
            }
            let ordered = item.assignments.sorted { $0.partitionIndex < $1.partitionIndex }
            guard ordered.map(\.partitionIndex) == Array(0..<Int32(ordered.count)) else {
                throw AdminFailure(
                    .invalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence")
            }
            topic.assignment = ordered.map(\.brokerIDs)
        }
        topic.partitionCount = item.numPartitions == -1 ? nil : Int(item.numPartitions)
        topic.replicationFactor = item.replicationFactor == -1 ? nil : Int(item.replicationFactor)
        for config in item.configs {
            guard let value = config.value else {
                throw AdminFailure(.invalidConfig, "Null value not supported for topic configs: \(config.name)")
            }
            topic.configs[config.name] = value
        }
        return topic
    }

    private static func describe(
        _ planned: PlannedTopic, _ cluster: Cluster, in result: inout CreateTopicsResponse.CreatableTopicResult
    ) {
        result.numPartitions = Int32(planned.assignment.count)
        result.replicationFactor = Int16(planned.replicationFactor)
        result.configs = cluster.configs.describeTopic(overrides: planned.configs).map { entry in
            var config = CreateTopicsResponse.CreatableTopicConfigs()
            config.name = entry.name
            config.value = entry.value
            config.readOnly = entry.isReadOnly
            config.configSource = entry.source.rawValue
            config.isSensitive = entry.isSensitive
            return config
        }
    }
}
