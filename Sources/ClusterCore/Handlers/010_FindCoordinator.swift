import KafkaProtocol

/// FindCoordinator: which broker looks after a group or a transactional id.
///
/// Serves v0…6. Differs from Kafka: the offsets topic exists when the first answer leaves, so clients need not ask
/// twice; transactional ids are spread over the brokers without a topic behind them; there are no share groups.
enum FindCoordinatorHandler: RequestHandler {
    static func handle(
        _ request: FindCoordinatorRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<FindCoordinatorResponse> {
        if request.keyType == KeyType.group, let job = cluster.offsetsTopicInMaking(now: context.now) {
            let deadline = cluster.deadline(after: longestWait)
            cluster.park(context, on: [.making(job)], until: deadline) { cluster, _, expired in
                let isMade = expired || cluster.making.results[job] != nil
                return isMade ? answer(request, context, &cluster) : nil
            }
            return .pending
        }
        return cluster.answerInPortions(request, context, answer)
    }

    /// For the offsets topic, in milliseconds.
    private static let longestWait: Int64 = 20_000

    private static func answer(
        _ request: FindCoordinatorRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> FindCoordinatorResponse {
        var response = FindCoordinatorResponse()
        if context.version >= 4 {
            response.coordinators = request.coordinatorKeys.map { key in
                find(key, request.keyType, context, &cluster)
            }
            return response
        }
        let found = find(request.key, request.keyType, context, &cluster)
        response.errorCode = found.errorCode
        // Kafka's old answers carry the code's text, that of success included.
        response.errorMessage = found.errorCode == 0 ? "NONE" : found.errorMessage
        response.nodeID = found.nodeID
        response.host = found.host
        response.port = found.port
        return response
    }

    private enum KeyType {
        static let group: Int8 = 0
        static let transaction: Int8 = 1
    }

    private static func find(
        _ key: String, _ type: Int8, _ context: RequestContext, _ cluster: inout Cluster
    ) -> FindCoordinatorResponse.Coordinator {
        var answer = FindCoordinatorResponse.Coordinator()
        answer.key = key
        do throws(ErrorCode) {
            let nodeID = try coordinator(of: key, type, context, &cluster)
            let live = cluster.liveBrokers(context.connection.listener).first { $0.0.nodeID == nodeID }
            guard let endpoint = live?.1 else {
                throw .coordinatorNotAvailable
            }
            answer.nodeID = nodeID
            answer.host = endpoint.host
            answer.port = endpoint.port
            answer.errorMessage = ""
        } catch {
            answer.errorCode = error.rawValue
            answer.errorMessage = error.message
            answer.nodeID = -1
            answer.port = -1
        }
        return answer
    }

    private static func coordinator(
        of key: String, _ type: Int8, _ context: RequestContext, _ cluster: inout Cluster
    ) throws(ErrorCode) -> Int32 {
        switch type {
        case KeyType.group:
            let partition = try cluster.offsetsPartition(of: key, now: context.now)
            guard partition.log != nil else {
                throw .coordinatorNotAvailable
            }
            return partition.leader
        case KeyType.transaction:
            let brokers = cluster.configuration.brokers
            guard !brokers.isEmpty else {
                throw .coordinatorNotAvailable
            }
            return brokers[JavaHash.bucket(key, of: brokers.count)].nodeID
        default:
            throw .invalidRequest
        }
    }
}
