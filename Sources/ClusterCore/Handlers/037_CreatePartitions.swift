import KafkaProtocol

/// CreatePartitions: more partitions for a topic.
///
/// Serves v0…3. Differs from Kafka: a mirror topic follows its source and refuses with INVALID_REQUEST.
enum CreatePartitionsHandler: RequestHandler {
    static func handle(
        _ request: CreatePartitionsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<CreatePartitionsResponse> {
        let names = Dictionary(request.topics.map { ($0.name, 1) }, uniquingKeysWith: +)
        var response = CreatePartitionsResponse()
        var seen: Set<String> = []
        response.results = request.topics.filter { seen.insert($0.name).inserted }.map { item in
            var result = CreatePartitionsResponse.CreatePartitionsTopicResult()
            result.name = item.name
            do throws(AdminFailure) {
                if names[item.name, default: 0] > 1 {
                    throw AdminFailure(.invalidRequest, "Duplicate topic name.")
                }
                try add(item, request, context, &cluster)
            } catch {
                result.errorCode = error.code.rawValue
                result.errorMessage = error.message ?? error.code.message
            }
            return result
        }
        return .reply(response)
    }

    private static func add(
        _ item: CreatePartitionsRequest.CreatePartitionsTopic, _ request: CreatePartitionsRequest,
        _ context: RequestContext, _ cluster: inout Cluster
    ) throws(AdminFailure) {
        // Groups are found by the number of partitions: it must not change under them.
        try InternalTopic.refuseUsers(of: item.name, to: "enlarge")
        guard let topic = cluster.topics[item.name] else {
            throw AdminFailure(.unknownTopicOrPartition, "The topic '\(item.name)' does not exist.")
        }
        if topic.mirror?.state.isReadOnly == true {
            throw AdminFailure(
                .invalidRequest, "Cannot change the partition count of mirror topic '\(topic.name)'")
        }
        try cluster.addPartitions(
            to: topic, count: Int(item.count), assignment: item.assignments?.map(\.brokerIDs),
            validateOnly: request.validateOnly, now: context.now)
    }
}
