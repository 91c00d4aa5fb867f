import KafkaProtocol

/// Metadata: brokers, topics and who leads what, from the point of view of the listener that was asked.
///
/// Serves v0…13. Differs from Kafka: replicas are virtual, all of them are always in sync.
enum MetadataHandler: RequestHandler {
    static func handle(
        _ request: MetadataRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<MetadataResponse> {
        var response = MetadataResponse()
        response.brokers = cluster.liveBrokers(context.connection.listener).map { broker, endpoint in
            var entry = MetadataResponse.MetadataResponseBroker()
            entry.nodeID = broker.nodeID
            entry.host = endpoint.host
            entry.port = endpoint.port
            entry.rack = broker.rack
            return entry
        }
        response.clusterID = cluster.configuration.clusterID
        response.controllerID = cluster.configuration.brokers.first?.nodeID ?? -1
        response.topics = topics(request, context, &cluster)
        if request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = AuthorizedOperations.cluster
        }
        return .reply(response)
    }

    private static func topics(
        _ request: MetadataRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> [MetadataResponse.MetadataResponseTopic] {
        // In version 0 an empty list asks for all topics; later that is what null means.
        guard let wanted = request.topics, !(context.version == 0 && wanted.isEmpty) else {
            return cluster.topics.sorted.map { describe($0, request) }
        }
        let mayCreate = context.version < 4 || request.allowAutoTopicCreation
        return wanted.map { item in
            if item.topicID != .zero {
                return byID(item, request, context, cluster)
            }
            return byName(item.name ?? "", request, context, &cluster, mayCreate: mayCreate)
        }
    }

    private static func byID(
        _ item: MetadataRequest.MetadataRequestTopic, _ request: MetadataRequest, _ context: RequestContext,
        _ cluster: Cluster
    ) -> MetadataResponse.MetadataResponseTopic {
        if let topic = cluster.topics[item.topicID] {
            return describe(topic, request)
        }
        var unknown = MetadataResponse.MetadataResponseTopic()
        unknown.errorCode = ErrorCode.unknownTopicID.rawValue
        unknown.topicID = item.topicID
        unknown.name = context.version >= 12 ? nil : ""
        return unknown
    }

    private static func byName(
        _ name: String, _ request: MetadataRequest, _ context: RequestContext, _ cluster: inout Cluster,
        mayCreate: Bool
    ) -> MetadataResponse.MetadataResponseTopic {
        if let topic = cluster.topics[name] {
            return describe(topic, request)
        }
        var missing = MetadataResponse.MetadataResponseTopic()
        missing.name = name
        if TopicName.problem(name) != nil {
            missing.errorCode = ErrorCode.invalidTopicException.rawValue
            return missing
        }
        guard mayCreate, cluster.configs.brokerBool("auto.create.topics.enable"), !InternalTopic.isInternal(name) else {
            missing.errorCode = ErrorCode.unknownTopicOrPartition.rawValue
            return missing
        }
        do throws(AdminFailure) {
            return describe(try cluster.createTopic(NewTopic(name: name), now: context.now), request)
        } catch {
            missing.errorCode = error.code.rawValue
            return missing
        }
    }

    private static func describe(_ topic: Topic, _ request: MetadataRequest) -> MetadataResponse.MetadataResponseTopic {
        var answer = MetadataResponse.MetadataResponseTopic()
        answer.name = topic.name
        answer.topicID = topic.id
        answer.isInternal = topic.isInternal
        answer.partitions = topic.partitions.map { partition in
            var entry = MetadataResponse.MetadataResponsePartition()
            entry.partitionIndex = partition.index
            entry.errorCode = partition.leader < 0 ? ErrorCode.leaderNotAvailable.rawValue : 0
            entry.leaderID = partition.leader
            entry.leaderEpoch = partition.leaderEpoch
            entry.replicaNodes = partition.replicas
            entry.isrNodes = partition.isr
            return entry
        }
        if request.includeTopicAuthorizedOperations {
            answer.topicAuthorizedOperations = AuthorizedOperations.topic
        }
        return answer
    }
}

/// Bit sets of what a caller may do (KIP-430), one bit for each ACL operation code. Without an authorizer: everything
/// that the resource knows.
enum AuthorizedOperations {
    /// create, clusterAction, describeConfigs, alterConfigs, idempotentWrite, alter, describe.
    static let cluster: Int32 = bits(5, 9, 10, 11, 12, 7, 8)
    /// read, write, create, delete, alter, describe, describeConfigs, alterConfigs.
    static let topic: Int32 = bits(3, 4, 5, 6, 7, 8, 10, 11)
    /// read, delete, describe, describeConfigs, alterConfigs.
    static let group: Int32 = bits(3, 6, 8, 10, 11)

    private static func bits(_ operations: Int32...) -> Int32 {
        operations.reduce(0) { $0 | 1 << $1 }
    }
}

extension Cluster {
    /// Brokers that have an address on `listener`.
    func liveBrokers(_ listener: ListenerName) -> [(Broker, Endpoint)] {
        configuration.brokers.compactMap { broker in
            broker.endpoints[listener].map { (broker, $0) }
        }
    }
}
