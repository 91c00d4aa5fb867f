import KafkaProtocol

/// CreateTopics: topics with partitions, placement and configs.
///
/// Serves v2…7. Differs from Kafka: creation is done when the answer leaves, so the timeout is never used; internal
/// topics are the cluster's alone, TOPIC_AUTHORIZATION_FAILED.
enum CreateTopicsHandler: RequestHandler {
    static func handle(
        _ request: CreateTopicsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<CreateTopicsResponse> {
        let names = Dictionary(request.topics.map { ($0.name, 1) }, uniquingKeysWith: +)
        let isExcessive = cluster.isExcessive(request)
        var seen: Set<String> = []
        var response = CreateTopicsResponse()
        response.topics = request.topics.filter { seen.insert($0.name).inserted }.map { item in
            var result = CreateTopicsResponse.CreatableTopicResult()
            result.name = item.name
            do throws(AdminFailure) {
                if names[item.name, default: 0] > 1 {
                    throw AdminFailure(.invalidRequest, "Duplicate topic name.")
                }
                if isExcessive {
                    throw AdminFailure(.policyViolation, "Excessively large number of partitions per request.")
                }
                try create(item, request, context, &cluster, &result)
            } catch {
                result.errorCode = error.code.rawValue
                result.errorMessage = error.message ?? error.code.message
            }
            return result
        }
        return .reply(response)
    }

    /// In the order in which Kafka looks, so that of several faults the same one is told.
    private static func create(
        _ item: CreateTopicsRequest.CreatableTopic, _ request: CreateTopicsRequest, _ context: RequestContext,
        _ cluster: inout Cluster, _ result: inout CreateTopicsResponse.CreatableTopicResult
    ) throws(AdminFailure) {
        try InternalTopic.refuseUsers(of: item.name, to: "create")
        try cluster.checkNewName(item.name)
        var wanted: [String: String] = [:]
        let withoutValue = item.configs.filter { $0.value == nil }.map(\.name)
        guard withoutValue.isEmpty else {
            throw AdminFailure(
                .invalidConfig, "Null value not supported for topic configs: \(withoutValue.joined(separator: ","))")
        }
        for config in item.configs {
            wanted[config.name] = config.value
        }
        try cluster.configs.validateTopicConfigs(wanted)
        let planned = try cluster.plan(try wish(item, wanted))
        if !request.validateOnly {
            try cluster.create(planned, now: context.now)
            result.topicID = planned.id
        }
        describe(planned, cluster, context, in: &result)
    }

    private static func wish(
        _ item: CreateTopicsRequest.CreatableTopic, _ configs: [String: String]
    ) throws(AdminFailure) -> NewTopic {
        var topic = NewTopic(name: item.name, configs: configs)
        topic.partitionCount = item.numPartitions == -1 ? nil : Int(item.numPartitions)
        topic.replicationFactor = item.replicationFactor == -1 ? nil : Int(item.replicationFactor)
        guard !item.assignments.isEmpty else {
            return topic
        }
        guard item.replicationFactor == -1, item.numPartitions == -1 else {
            let field = item.replicationFactor == -1 ? "numPartitions" : "replication factor"
            throw AdminFailure(
                .invalidRequest, "A manual partition assignment was specified, but \(field) was not set to -1.")
        }
        let ordered = item.assignments.sorted { $0.partitionIndex < $1.partitionIndex }
        for (one, next) in zip(ordered, ordered.dropFirst()) where one.partitionIndex == next.partitionIndex {
            throw AdminFailure(
                .invalidReplicaAssignment,
                "Found multiple manual partition assignments for partition \(one.partitionIndex)")
        }
        guard ordered.map(\.partitionIndex) == Array(0..<Int32(ordered.count)) else {
            throw AdminFailure(
                .invalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence")
        }
        topic.assignment = ordered.map(\.brokerIDs)
        return topic
    }

    private static func describe(
        _ planned: PlannedTopic, _ cluster: Cluster, _ context: RequestContext,
        in result: inout CreateTopicsResponse.CreatableTopicResult
    ) {
        result.numPartitions = Int32(planned.assignment.count)
        result.replicationFactor = Int16(planned.replicationFactor)
        result.configs = cluster.configs.describeTopic(overrides: planned.configs, nodeID: context.connection.nodeID)
            .map { entry in
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

extension Cluster {
    /// Whether the topics of a request have more partitions together than one request may ask for.
    fileprivate func isExcessive(_ request: CreateTopicsRequest) -> Bool {
        let standard = configs.brokerInt("num.partitions")
        let total = request.topics.reduce(0) { sum, topic in
            if !topic.assignments.isEmpty {
                return sum + topic.assignments.count
            }
            return sum + (topic.numPartitions == -1 ? standard : max(0, Int(topic.numPartitions)))
        }
        return total > configuration.limits.partitionsPerTopic
    }
}
