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
        var wishes: [PartitionMaking.Wish] = []
        var places: [Int] = []
        for item in request.topics where seen.insert(item.name).inserted {
            var result = CreatePartitionsResponse.CreatePartitionsTopicResult()
            result.name = item.name
            do throws(AdminFailure) {
                if names[item.name, default: 0] > 1 {
                    throw AdminFailure(.invalidRequest, "Duplicate topic name.")
                }
                if let wish = try plan(item, request, &cluster) {
                    wishes.append(wish)
                    places.append(response.results.count)
                }
            } catch {
                note(error, in: &result)
            }
            response.results.append(result)
        }
        guard !wishes.isEmpty else {
            return .reply(response)
        }
        return cluster.make(wishes, context, timeoutMs: request.timeoutMs) { failures in
            var answer = response
            for (place, failure) in zip(places, failures) {
                if let failure {
                    note(failure, in: &answer.results[place])
                }
            }
            return answer
        }
    }

    private static func note(
        _ failure: AdminFailure, in result: inout CreatePartitionsResponse.CreatePartitionsTopicResult
    ) {
        result.errorCode = failure.code.rawValue
        result.errorMessage = failure.message ?? failure.code.message
    }

    private static func plan(
        _ item: CreatePartitionsRequest.CreatePartitionsTopic, _ request: CreatePartitionsRequest,
        _ cluster: inout Cluster
    ) throws(AdminFailure) -> PartitionMaking.Wish? {
        let growth = try cluster.planGrowth(
            item.name, to: Int(item.count), assignment: item.assignments?.map(\.brokerIDs))
        return request.validateOnly ? nil : cluster.reserve(growth)
    }
}
