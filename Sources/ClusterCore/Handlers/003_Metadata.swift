import KafkaProtocol

/// Metadata: brokers, topics and who leads what, from the point of view of the listener that was asked.
///
/// Serves v0…13. Differs from Kafka: replicas are virtual, all of them are always in sync; a topic that is created on
/// the way is there in the same answer, not only in the next; internal topics are not created here.
enum MetadataHandler: RequestHandler {
    static func handle(
        _ request: MetadataRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<MetadataResponse> {
        if context.version < 12, let topics = request.topics,
            topics.contains(where: { $0.topicID != .zero || $0.name == nil })
        {
            var response = MetadataResponse()
            response.topics = topics.map { failed($0.name ?? "", .invalidRequest) }
            return .reply(response)
        }
        let wanted = creatable(request, cluster)
        let plan = CreationPlan(request, context, wanted)
        guard wanted.count > Cluster.namesPerSlice else {
            plan.look(limit: .max, &cluster)
            return plan.carryOut(&cluster)
        }
        guard cluster.hasRoomForShortPlan else {
            // Nothing is made this time; who finds no topic asks again.
            return plan.carryOut(&cluster)
        }
        return cluster.planInSlices(context) { cluster in
            plan.look(limit: Cluster.namesPerSlice, &cluster)
            return plan.isDone ? plan.carryOut(&cluster) : nil
        }
    }

    /// How long a request waits for the topics that it creates, in milliseconds.
    fileprivate static let creationTimeoutMs: Int32 = 20_000

    /// What an answer has besides topics.
    private static func head(
        _ request: MetadataRequest, _ context: RequestContext, _ cluster: Cluster
    ) -> MetadataResponse {
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
        if request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = AuthorizedOperations.cluster
        }
        return response
    }

    /// Names of topics that are to be created on the way, as far as a look at them tells.
    private static func creatable(_ request: MetadataRequest, _ cluster: Cluster) -> [String] {
        // Versions before 4 cannot say, and mean yes: the field's default.
        guard request.allowAutoTopicCreation, let wanted = request.topics,
            cluster.configs.brokerBool("auto.create.topics.enable")
        else {
            return []
        }
        return wanted.filter { $0.topicID == .zero }.map { $0.name ?? "" }.filter { name in
            cluster.topics[name] == nil && TopicName.problem(name) == nil && !InternalTopic.isInternal(name)
                && name != InternalTopic.clusterMetadata
        }
    }

    /// Topics and partitions after which others are served; a topic stays whole.
    static let partitionsPerSlice = 2_000
    /// Bytes of memory that a partition takes in an answer.
    private static let bytesPerPartition = 192

    /// An answer as far as it is made.
    fileprivate final class Progress: SlicedRequest {
        /// A topic that is asked for twice is answered once.
        private struct Name: Hashable {
            let id: KafkaUUID
            let name: String?
        }

        private let request: MetadataRequest
        private let failures: [String: ErrorCode]
        /// Of the topics that are there now, when all are asked for; otherwise the next of those that are named.
        private var all: SortedNames?
        private var next = 0
        private var seen: Set<Name> = []
        private var response: MetadataResponse
        let heldBytes: Int

        init(
            _ request: MetadataRequest, _ context: RequestContext, _ failures: [String: ErrorCode], _ cluster: Cluster
        ) {
            self.request = request
            self.failures = failures
            // In version 0 an empty list asks for all topics; later that is what null means.
            let isForAll = request.topics.map { context.version == 0 && $0.isEmpty } ?? true
            all = isForAll ? SortedNames(cluster.topics.all.map(\.name)) : nil
            response = head(request, context, cluster)
            seen.reserveCapacity(request.topics?.count ?? 0)
            heldBytes = Self.partitions(isForAll ? nil : request.topics, cluster) *| bytesPerPartition
        }

        /// Partitions of topics, at most as many as there are.
        /// - Parameter topics: nil for all.
        private static func partitions(
            _ topics: [MetadataRequest.MetadataRequestTopic]?, _ cluster: Cluster
        ) -> Int {
            let all = cluster.topics.partitionCount
            guard let topics, all > partitionsPerSlice else {
                return all
            }
            var count = 0
            for item in topics where count < all {
                let topic = item.topicID == .zero ? cluster.topics[item.name ?? ""] : cluster.topics[item.topicID]
                count = count +| (topic?.partitions.count ?? 0)
            }
            return min(count, all)
        }

        func goOn(_ context: RequestContext, _ cluster: inout Cluster) -> (any KafkaResponse)? {
            let unreachable = cluster.unreachableLeaders(context.connection.listener)
            guard all?.sort(limit: partitionsPerSlice) != false else {
                return nil
            }
            var left = partitionsPerSlice
            while left > 0 {
                guard let topic = nextTopic(context, cluster, unreachable) else {
                    return response
                }
                left = left -| topic.partitions.count -| 1
                response.topics.append(topic)
            }
            return nil
        }

        private func nextTopic(
            _ context: RequestContext, _ cluster: Cluster, _ unreachable: Set<Int32>
        ) -> MetadataResponse.MetadataResponseTopic? {
            // Nobody asked for one that was deleted since.
            while let name = all?.next() {
                if let topic = cluster.topics[name] {
                    return describe(topic, request, context, unreachable)
                }
            }
            while let wanted = request.topics, next < wanted.count {
                let item = wanted[next]
                next += 1  // bounded: just compared
                if seen.insert(Name(id: item.topicID, name: item.name)).inserted {
                    return item.topicID != .zero
                        ? byID(item, request, context, cluster, unreachable)
                        : byName(item.name ?? "", request, context, cluster, unreachable, failures)
                }
            }
            return nil
        }
    }

    private static func byID(
        _ item: MetadataRequest.MetadataRequestTopic, _ request: MetadataRequest, _ context: RequestContext,
        _ cluster: Cluster, _ unreachable: Set<Int32>
    ) -> MetadataResponse.MetadataResponseTopic {
        if let topic = cluster.topics[item.topicID] {
            return describe(topic, request, context, unreachable)
        }
        var unknown = MetadataResponse.MetadataResponseTopic()
        unknown.errorCode = ErrorCode.unknownTopicID.rawValue
        unknown.topicID = item.topicID
        unknown.name = nil
        return unknown
    }

    private static func byName(
        _ name: String, _ request: MetadataRequest, _ context: RequestContext, _ cluster: Cluster,
        _ unreachable: Set<Int32>, _ failures: [String: ErrorCode]
    ) -> MetadataResponse.MetadataResponseTopic {
        if let topic = cluster.topics[name] {
            return describe(topic, request, context, unreachable)
        }
        if TopicName.problem(name) != nil {
            return failed(name, .invalidTopicException)
        }
        return failed(name, failures[name] ?? .unknownTopicOrPartition)
    }

    private static func failed(_ name: String, _ code: ErrorCode) -> MetadataResponse.MetadataResponseTopic {
        var topic = MetadataResponse.MetadataResponseTopic()
        topic.name = name
        topic.isInternal = InternalTopic.isInternal(name)
        topic.errorCode = code.rawValue
        return topic
    }

    /// - Parameter unreachable: brokers without an address on the caller's listener.
    private static func describe(
        _ topic: Topic, _ request: MetadataRequest, _ context: RequestContext, _ unreachable: Set<Int32>
    ) -> MetadataResponse.MetadataResponseTopic {
        var answer = MetadataResponse.MetadataResponseTopic()
        answer.name = topic.name
        answer.topicID = topic.id
        answer.isInternal = topic.isInternal
        answer.partitions = topic.partitions.map { partition in
            var entry = MetadataResponse.MetadataResponsePartition()
            entry.partitionIndex = partition.index
            entry.leaderID = partition.leader
            if partition.leader < 0 {
                entry.errorCode = ErrorCode.leaderNotAvailable.rawValue
            } else if unreachable.contains(partition.leader) {
                entry.leaderID = -1
                entry.errorCode = (context.version >= 6 ? ErrorCode.listenerNotFound : .leaderNotAvailable).rawValue
            }
            entry.leaderEpoch = partition.leaderEpoch
            entry.replicaNodes = partition.replicas
            entry.isrNodes = partition.isr
            // A replica is in sync unless its broker is not there any more.
            entry.offlineReplicas = partition.replicas.filter { !partition.isr.contains($0) }
            return entry
        }
        if request.includeTopicAuthorizedOperations {
            answer.topicAuthorizedOperations = AuthorizedOperations.topic
        }
        return answer
    }
}

/// Topics that a request creates on the way, as far as they have been looked at.
private final class CreationPlan {
    private let request: MetadataRequest
    private let context: RequestContext
    private let names: [String]
    private var next = 0
    private var wishes: [PartitionMaking.Wish] = []
    private var failures: [String: ErrorCode] = [:]

    init(_ request: MetadataRequest, _ context: RequestContext, _ names: [String]) {
        self.request = request
        self.context = context
        self.names = names
    }

    var isDone: Bool { next == names.count }

    func look(limit: Int, _ cluster: inout Cluster) {
        let end = min(next +| limit, names.count)
        for name in names[next..<end] {
            guard cluster.topics[name] == nil, !cluster.making.newNames.contains(name), failures[name] == nil else {
                continue
            }
            do throws(AdminFailure) {
                let planned = try cluster.plan(NewTopic(name: name))
                wishes.append(cluster.reserve(planned, changes: planned.records()))
            } catch {
                failures[name] = error.code
            }
        }
        next = end
    }

    func carryOut(_ cluster: inout Cluster) -> Outcome<MetadataResponse> {
        guard !wishes.isEmpty else {
            return answer(failures, &cluster)
        }
        return cluster.make(
            wishes, context, timeoutMs: MetadataHandler.creationTimeoutMs
        ) { [self] cluster, made -> Outcome<MetadataResponse> in
            var all = failures
            for (wish, failure) in zip(wishes, made) {
                // Who finds the topic late asks again, as with Kafka.
                all[wish.topicName] = failure.map { $0.code == .requestTimedOut ? .unknownTopicOrPartition : $0.code }
            }
            return answer(all, &cluster)
        }
    }

    private func answer(_ failures: [String: ErrorCode], _ cluster: inout Cluster) -> Outcome<MetadataResponse> {
        cluster.answerInSlices(MetadataHandler.Progress(request, context, failures, cluster), context)
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
    /// Node ids of brokers without an address on `listener`.
    fileprivate func unreachableLeaders(_ listener: ListenerName) -> Set<Int32> {
        Set(configuration.brokers.filter { $0.endpoints[listener] == nil }.map(\.nodeID))
    }

    /// Brokers that have an address on `listener`.
    func liveBrokers(_ listener: ListenerName) -> [(Broker, Endpoint)] {
        configuration.brokers.compactMap { broker in
            broker.endpoints[listener].map { (broker, $0) }
        }
    }
}
