import KafkaProtocol

/// The topic operations of REST v3, as the Kafka requests that a client would send.
extension ClusterBackend {
    typealias TopicDescription = MetadataResponse.MetadataResponseTopic
    typealias ConfigDescription = DescribeConfigsResponse.DescribeConfigsResourceResult

    /// Every topic, ordered by name.
    func topics() async throws -> [TopicDescription] {
        var request = MetadataRequest()
        request.topics = nil
        request.allowAutoTopicCreation = false
        return try await call(request).topics.sorted { ($0.name ?? "") < ($1.name ?? "") }
    }

    /// One topic, or 40403.
    func topic(_ name: String) async throws -> TopicDescription {
        var wanted = MetadataRequest.MetadataRequestTopic()
        wanted.name = name
        var request = MetadataRequest()
        request.topics = [wanted]
        request.allowAutoTopicCreation = false
        guard let topic = try await call(request).topics.first else {
            throw RESTError(.unknownTopicOrPartition)
        }
        try RESTError.check(topic.errorCode, nil)
        return topic
    }

    func createTopic(
        _ topic: CreateTopicsRequest.CreatableTopic, validateOnly: Bool
    ) async throws
        -> CreateTopicsResponse.CreatableTopicResult
    {
        var request = CreateTopicsRequest()
        request.topics = [topic]
        request.validateOnly = validateOnly
        guard let result = try await call(request).topics.first else {
            throw ErrorCode.unknownServerError
        }
        try RESTError.check(result.errorCode, result.errorMessage)
        return result
    }

    func deleteTopic(_ name: String) async throws {
        var state = DeleteTopicsRequest.DeleteTopicState()
        state.name = name
        var request = DeleteTopicsRequest()
        request.topics = [state]
        request.timeoutMs = 30_000
        for result in try await call(request).responses {
            try RESTError.check(result.errorCode, result.errorMessage)
        }
    }

    /// Raises the partition count of a topic.
    func setPartitions(of name: String, to count: Int32) async throws {
        var topic = CreatePartitionsRequest.CreatePartitionsTopic()
        topic.name = name
        topic.count = count
        topic.assignments = nil
        var request = CreatePartitionsRequest()
        request.topics = [topic]
        request.timeoutMs = 30_000
        for result in try await call(request).results {
            try RESTError.check(result.errorCode, result.errorMessage)
        }
    }

    /// Configs of a topic, ordered by name.
    func topicConfigs(_ name: String) async throws -> [ConfigDescription] {
        var resource = DescribeConfigsRequest.DescribeConfigsResource()
        resource.resourceType = ConfigSource.topicResource
        resource.resourceName = name
        resource.configurationKeys = nil
        var request = DescribeConfigsRequest()
        request.resources = [resource]
        request.includeSynonyms = true
        guard let result = try await call(request).results.first else {
            throw ErrorCode.unknownServerError
        }
        try RESTError.check(result.errorCode, result.errorMessage)
        return result.configs.sorted { $0.name < $1.name }
    }

    func alterTopicConfigs(_ name: String, _ changes: [ConfigChange], validateOnly: Bool) async throws {
        var resource = IncrementalAlterConfigsRequest.AlterConfigsResource()
        resource.resourceType = ConfigSource.topicResource
        resource.resourceName = name
        resource.configs = changes.map { change in
            var config = IncrementalAlterConfigsRequest.AlterableConfig()
            config.name = change.name
            config.configOperation = change.value == nil ? 1 : 0
            config.value = change.value
            return config
        }
        var request = IncrementalAlterConfigsRequest()
        request.resources = [resource]
        request.validateOnly = validateOnly
        for result in try await call(request).responses {
            try RESTError.check(result.errorCode, result.errorMessage)
        }
    }
}

/// Kafka's numbers for where a config comes from (DescribeConfigs, `config_source`).
enum ConfigSource {
    /// `ConfigResource.Type.TOPIC`.
    static let topicResource: Int8 = 2
    static let defaultConfig: Int8 = 5

    static func name(_ source: Int8) -> String {
        switch source {
        case 1: "DYNAMIC_TOPIC_CONFIG"
        case 2: "DYNAMIC_BROKER_CONFIG"
        case 3: "DYNAMIC_DEFAULT_BROKER_CONFIG"
        case 4: "STATIC_BROKER_CONFIG"
        case 5: "DEFAULT_CONFIG"
        case 6: "DYNAMIC_BROKER_LOGGER_CONFIG"
        default: "UNKNOWN"
        }
    }
}
