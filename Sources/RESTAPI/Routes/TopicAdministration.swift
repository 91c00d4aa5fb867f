import ClusterCore
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
        let isUnknown = topic.errorCode == ErrorCode.unknownTopicOrPartition.rawValue
        try RESTError.check(topic.errorCode, isUnknown ? "The topic '\(name)' does not exist." : nil)
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
    func setPartitions(of name: String, to count: Int32, validateOnly: Bool = false) async throws {
        var topic = CreatePartitionsRequest.CreatePartitionsTopic()
        topic.name = name
        topic.count = count
        topic.assignments = nil
        var request = CreatePartitionsRequest()
        request.topics = [topic]
        request.timeoutMs = 30_000
        request.validateOnly = validateOnly
        for result in try await call(request).results {
            try RESTError.check(result.errorCode, result.errorMessage)
        }
    }

    /// Configs of a topic, ordered by name.
    func topicConfigs(_ name: String) async throws -> [ConfigDescription] {
        try await configs(of: ConfigSource.topicResource, name)
    }

    /// Configs of a broker, ordered by name.
    func brokerConfigs(_ id: Int32) async throws -> [ConfigDescription] {
        try await configs(of: ConfigSource.brokerResource, "\(id)")
    }

    /// What a topic's configs are when nobody sets them, ordered by name; the topic need not exist.
    func defaultTopicConfigs(_ name: String) async throws -> [ConfigDescription] {
        // Only a topic that does not exist can be asked for like this.
        var candidate = name
        while (try? await topic(candidate)) != nil {
            candidate = "\(name.prefix(200)).\(UInt32.random(in: 0...UInt32.max))"
        }
        var wish = CreateTopicsRequest.CreatableTopic()
        wish.name = candidate
        wish.numPartitions = -1
        wish.replicationFactor = -1
        let result = try await createTopic(wish, validateOnly: true)
        return (result.configs ?? []).map { config in
            var description = ConfigDescription()
            description.name = config.name
            description.value = config.value
            description.readOnly = config.readOnly
            description.configSource = config.configSource
            description.isSensitive = config.isSensitive
            return description
        }.sorted { $0.name < $1.name }
    }

    private func configs(of type: Int8, _ name: String) async throws -> [ConfigDescription] {
        var resource = DescribeConfigsRequest.DescribeConfigsResource()
        resource.resourceType = type
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

    /// Changes configs and, with `num.partitions` among them, the partition count: all of it or nothing.
    func updateTopic(_ name: String, _ changes: [ConfigChange], validateOnly: Bool) async throws {
        let configs = changes.filter { $0.name != ConfigChange.partitionCount }
        guard let wish = changes.first(where: { $0.name == ConfigChange.partitionCount }) else {
            return try await alterTopicConfigs(name, configs, validateOnly: validateOnly)
        }
        guard changes.count == configs.count + 1, let count = wish.value.flatMap({ Int32($0) }) else {
            throw RESTError.badRequest("'\(ConfigChange.partitionCount)' must be one number of partitions.")
        }
        guard !configs.isEmpty else {
            return try await setPartitions(of: name, to: count, validateOnly: validateOnly)
        }
        let alterations = configs.map { ConfigAlteration($0.value == nil ? .delete : .set, $0.name, $0.value) }
        try await update(
            TopicUpdate(topic: name, partitionCount: count, alterations: alterations, validateOnly: validateOnly))
    }

    func alterTopicConfigs(_ name: String, _ changes: [ConfigChange], validateOnly: Bool) async throws {
        try await alterConfigs(of: ConfigSource.topicResource, name, changes, validateOnly: validateOnly)
    }

    /// Changes configs of all brokers at once.
    func alterBrokerConfigs(_ changes: [ConfigChange], validateOnly: Bool) async throws {
        try await alterConfigs(of: ConfigSource.brokerResource, "", changes, validateOnly: validateOnly)
    }

    private func alterConfigs(
        of type: Int8, _ name: String, _ changes: [ConfigChange], validateOnly: Bool
    ) async throws {
        var resource = IncrementalAlterConfigsRequest.AlterConfigsResource()
        resource.resourceType = type
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
    /// `ConfigResource.Type.BROKER`.
    static let brokerResource: Int8 = 4
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
