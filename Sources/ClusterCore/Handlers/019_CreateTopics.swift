import KafkaProtocol

/// CreateTopics: topics with partitions, placement and configs.
///
/// Serves v2…7. Differs from Kafka: creation is done when the answer leaves. One of many partitions takes its time;
/// what is not done after the timeout is answered REQUEST_TIMED_OUT, and done all the same. Internal
/// topics are the cluster's alone, TOPIC_AUTHORIZATION_FAILED.
enum CreateTopicsHandler: RequestHandler {
    static func handle(
        _ request: CreateTopicsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<CreateTopicsResponse> {
        let plan = CreationPlan(request, context, isExcessive: cluster.isExcessive(request))
        guard request.topics.count > Cluster.namesPerSlice else {
            plan.look(limit: .max, &cluster)
            return plan.carryOut(&cluster)
        }
        return cluster.planInSlices(context) { cluster in
            plan.look(limit: Cluster.namesPerSlice, &cluster)
            return plan.isDone ? plan.carryOut(&cluster) : nil
        }
    }

    fileprivate static func failed(
        _ name: String, _ failure: AdminFailure
    ) -> CreateTopicsResponse.CreatableTopicResult {
        var result = CreateTopicsResponse.CreatableTopicResult()
        result.name = name
        result.errorCode = failure.code.rawValue
        result.errorMessage = failure.message ?? failure.code.message
        return result
    }

    /// In the order in which Kafka looks, so that of several faults the same one is told.
    fileprivate static func plan(
        _ item: CreateTopicsRequest.CreatableTopic, _ request: CreateTopicsRequest, _ context: RequestContext,
        _ cluster: inout Cluster, _ result: inout CreateTopicsResponse.CreatableTopicResult
    ) throws(AdminFailure) -> PartitionMaking.Wish? {
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
        describe(planned, cluster, context, in: &result)
        guard !request.validateOnly else {
            return nil
        }
        result.topicID = planned.id
        return cluster.reserve(planned, changes: planned.records())
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

/// A request as far as it has been looked at. Names and room are kept from the moment on when a topic was looked at.
private final class CreationPlan {
    private let request: CreateTopicsRequest
    private let context: RequestContext
    private let isExcessive: Bool
    private let counts: [String: Int]
    private var seen: Set<String> = []
    /// Topics of the request that were looked at.
    private var next = 0
    private var wishes: [PartitionMaking.Wish] = []
    /// Where the wishes stand in the response.
    private var places: [Int] = []
    private var response = CreateTopicsResponse()

    init(_ request: CreateTopicsRequest, _ context: RequestContext, isExcessive: Bool) {
        self.request = request
        self.context = context
        self.isExcessive = isExcessive
        counts = request.topics.lazy.map(\.name).repeats(of: request.topics.count)
        seen.reserveCapacity(request.topics.count)
    }

    var isDone: Bool { next == request.topics.count }

    func look(limit: Int, _ cluster: inout Cluster) {
        var left = limit *| Cluster.refusedLikeOne
        while !isDone, left > 0 {
            let item = request.topics[next]
            next += 1  // bounded: by the array
            let isWanted = seen.insert(item.name).inserted && look(at: item, &cluster)
            // Configs and assignments are looked at one by one.
            left -= (isWanted ? Cluster.refusedLikeOne : 1) +| item.configs.count +| item.assignments.count
        }
    }

    /// - Returns: whether it will be made, or could be.
    private func look(at item: CreateTopicsRequest.CreatableTopic, _ cluster: inout Cluster) -> Bool {
        var result = CreateTopicsResponse.CreatableTopicResult()
        result.name = item.name
        do throws(AdminFailure) {
            if counts[item.name, default: 0] > 1 {
                throw AdminFailure(.invalidRequest, "Duplicate topic name.")
            }
            if isExcessive {
                throw AdminFailure(.policyViolation, "Excessively large number of partitions per request.")
            }
            if let wish = try CreateTopicsHandler.plan(item, request, context, &cluster, &result) {
                wishes.append(wish)
                places.append(response.topics.count)
            }
        } catch {
            response.topics.append(CreateTopicsHandler.failed(item.name, error))
            return false
        }
        response.topics.append(result)
        return true
    }

    /// Makes what is to be made, and answers.
    func carryOut(_ cluster: inout Cluster) -> Outcome<CreateTopicsResponse> {
        guard !wishes.isEmpty else {
            return .reply(response)
        }
        return cluster.make(wishes, context, timeoutMs: request.timeoutMs) { [places, response] failures in
            var answer = response
            for (place, failure) in zip(places, failures) {
                if let failure {
                    answer.topics[place] = CreateTopicsHandler.failed(response.topics[place].name, failure)
                }
            }
            return answer
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
