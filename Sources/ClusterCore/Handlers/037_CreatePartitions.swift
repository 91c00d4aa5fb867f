import KafkaProtocol

/// CreatePartitions: more partitions for a topic.
///
/// Serves v0…3. Differs from Kafka: a mirror topic follows its source and refuses with INVALID_REQUEST.
enum CreatePartitionsHandler: RequestHandler {
    static func handle(
        _ request: CreatePartitionsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<CreatePartitionsResponse> {
        let plan = GrowthPlan(request, context)
        // As Kafka's controller does it: one request after the other.
        if !cluster.making.isPlanningGrowth {
            plan.look(&cluster)
            guard !plan.isDone else {
                return plan.carryOut(&cluster)
            }
        }
        return cluster.planInSlices(context, isGrowth: true) { cluster in
            plan.look(&cluster)
            guard plan.isDone else {
                return nil
            }
            cluster.making.endGrowthPlan()
            return plan.carryOut(&cluster)
        }
    }

    fileprivate static func note(
        _ failure: AdminFailure, in result: inout CreatePartitionsResponse.CreatePartitionsTopicResult
    ) {
        result.errorCode = failure.code.rawValue
        result.errorMessage = failure.message ?? failure.code.message
    }

    fileprivate static func plan(
        _ item: CreatePartitionsRequest.CreatePartitionsTopic, _ request: CreatePartitionsRequest,
        _ cluster: inout Cluster
    ) throws(AdminFailure) -> (count: Int, wish: PartitionMaking.Wish?) {
        let growth = try cluster.planGrowth(
            item.name, to: Int(item.count), assignment: item.assignments?.map(\.brokerIDs))
        return (growth.assignment.count, request.validateOnly ? nil : cluster.reserve(growth))
    }
}

/// A request as far as it has been looked at. Room is kept from the moment on when a topic was looked at.
private final class GrowthPlan {
    private let request: CreatePartitionsRequest
    private let context: RequestContext
    private let counts: [String: Int]
    private var seen: Set<String> = []
    /// Topics of the request that were looked at.
    private var next = 0
    private var wishes: [PartitionMaking.Wish] = []
    /// Where the wishes stand in the response.
    private var places: [Int] = []
    private var response = CreatePartitionsResponse()

    init(_ request: CreatePartitionsRequest, _ context: RequestContext) {
        self.request = request
        self.context = context
        counts = request.topics.lazy.map(\.name).repeats(of: request.topics.count)
        seen.reserveCapacity(request.topics.count)
    }

    var isDone: Bool { next == request.topics.count }

    /// Looks at some names, of fewer if those have many partitions.
    func look(_ cluster: inout Cluster) {
        var names = Cluster.namesPerSlice
        var partitions = Cluster.changesPerSlice
        while !isDone, names > 0, partitions > 0 {
            let item = request.topics[next]
            next += 1  // bounded: by the array
            names -= 1
            guard seen.insert(item.name).inserted else {
                continue
            }
            let made = look(at: item, &cluster)
            partitions -= max(made, item.assignments?.count ?? 0)  // bounded: by the request and the cluster's limit
        }
    }

    /// - Returns: how many partitions will be, or would be, made.
    private func look(at item: CreatePartitionsRequest.CreatePartitionsTopic, _ cluster: inout Cluster) -> Int {
        var result = CreatePartitionsResponse.CreatePartitionsTopicResult()
        result.name = item.name
        defer { response.results.append(result) }
        do throws(AdminFailure) {
            if counts[item.name, default: 0] > 1 {
                throw AdminFailure(.invalidRequest, "Duplicate topic name.")
            }
            let plan = try CreatePartitionsHandler.plan(item, request, &cluster)
            if let wish = plan.wish {
                wishes.append(wish)
                places.append(response.results.count)
            }
            return plan.count
        } catch {
            CreatePartitionsHandler.note(error, in: &result)
            return 0
        }
    }

    /// Makes what is to be made, and answers.
    func carryOut(_ cluster: inout Cluster) -> Outcome<CreatePartitionsResponse> {
        guard !wishes.isEmpty else {
            return .reply(response)
        }
        return cluster.make(wishes, context, timeoutMs: request.timeoutMs) { [places, response] failures in
            var answer = response
            for (place, failure) in zip(places, failures) {
                if let failure {
                    CreatePartitionsHandler.note(failure, in: &answer.results[place])
                }
            }
            return answer
        }
    }
}
