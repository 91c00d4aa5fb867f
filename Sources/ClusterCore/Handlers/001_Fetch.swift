import KafkaProtocol

/// Fetch: long-poll read of record batches, with sessions, both isolation levels and topic ids.
///
/// Serves v4…18. Differs from Kafka: a replica id is taken for a consumer's, since data is stored once and nothing
/// follows.
enum FetchHandler: RequestHandler {
    /// Longest wait that a client gets, in ms; a longer `max.wait` is cut.
    static let longestWaitMs: Int64 = 300_000
    /// Memory of a request, in bytes, below which it waits without being counted: some hundred partitions.
    private static let uncountedBytes = 16 << 10

    static func handle(
        _ request: FetchRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<FetchResponse> {
        var plan: FetchPlan
        do throws(ErrorCode) {
            plan = try FetchPlan(request, context, &cluster)
        } catch {
            var response = FetchResponse()
            response.errorCode = error.rawValue
            return .reply(response)
        }
        guard plan.partitions.count <= LongFetch.partitionsPerSlice else {
            return cluster.answerInSlices(LongFetch(plan, maxWaitMs: request.maxWaitMs), context)
        }
        let findings = cluster.read(plan)
        let hasNothingToWaitFor =
            request.maxWaitMs <= 0 || findings.unknown.count == plan.partitions.count
            || isBeyondBudget(context, cluster)
        if let response = answer(findings, plan, &cluster, mustAnswer: hasNothingToWaitFor) {
            return .reply(response)
        }
        plan.unknownAtStart = Set(findings.unknown)
        guard cluster.parking.count < cluster.configuration.limits.parkedRequests else {
            return .disconnect("too many parked requests")
        }
        let deadline = cluster.deadline(after: wait(request.maxWaitMs, context, plan, cluster))
        let keys = isCrowded(context, plan, cluster) ? [:] : handles(plan, cluster)
        let wait = keys.count > ParkingLot.manyKeys ? FetchWait(context.token.sequence, keys, findings) : nil
        cluster.park(
            context, on: keys.keys.map { .partition($0) }, until: deadline,
            holding: keys.isEmpty ? held(context) : held(context, plan)
        ) { [plan] cluster, _, expired in
            guard expired || wait?.mayAnswer(plan, &cluster) != false else {
                return nil
            }
            let findings = cluster.read(plan)
            wait?.take(findings)
            let hasLost = findings.unknown.contains { !plan.unknownAtStart.contains($0) }
            return answer(findings, plan, &cluster, mustAnswer: expired || hasLost)
        }
        return .pending
    }

    /// Bytes of memory that each partition takes while its request waits: in the plan, and in what wakes it.
    private static let bytesPerPartition = 200

    /// Bytes of memory that count while a request waits. One of a session may name nothing, and wait for thousands.
    static func held(_ context: RequestContext, _ plan: FetchPlan) -> Int {
        let bytes = max(context.heldBytes, plan.partitions.count *| bytesPerPartition)
        return bytes < uncountedBytes ? 0 : bytes
    }

    /// The same for one that nothing but time wakes.
    static func held(_ context: RequestContext) -> Int {
        context.heldBytes < uncountedBytes ? 0 : context.heldBytes
    }

    /// Whether those that wait hold so much already that this one, which holds much itself, is answered at once.
    static func isBeyondBudget(_ context: RequestContext, _ cluster: Cluster) -> Bool {
        let held = held(context)
        return held > 0 && cluster.parking.heldBytes +| held > cluster.configuration.limits.waitingFetchBytes
    }

    /// Whether those that wait hold so much already that no partition wakes this one: it looks again after a while. An
    /// answer at once would be asked for again at once.
    static func isCrowded(_ context: RequestContext, _ plan: FetchPlan, _ cluster: Cluster) -> Bool {
        let held = held(context, plan)
        return held > 0 && cluster.parking.heldBytes +| held > cluster.configuration.limits.waitingFetchBytes
    }

    /// How long a request waits, in milliseconds.
    static func wait(_ maxWaitMs: Int32, _ context: RequestContext, _ plan: FetchPlan, _ cluster: Cluster) -> Int64 {
        min(Int64(maxWaitMs), isCrowded(context, plan, cluster) ? crowdedWaitMs : longestWaitMs)
    }

    private static let crowdedWaitMs: Int64 = 500

    /// nil while there is less than the client wants and nothing else to tell.
    static func answer(
        _ findings: FetchFindings, _ plan: FetchPlan, _ cluster: inout Cluster, mustAnswer: Bool
    ) -> FetchResponse? {
        guard mustAnswer || findings.mustAnswer || findings.recordBytes >= plan.minBytes else {
            return nil
        }
        var findings = findings
        cluster.remember(findings, plan)
        cluster.addLeaderEndpoints(to: &findings.response, plan)
        return findings.response
    }

    /// The partitions that there are, by their handles.
    static func handles(_ plan: FetchPlan, _ cluster: Cluster) -> [Int: FetchKey] {
        var handles: [Int: FetchKey] = [:]
        for key in plan.partitions.keys {
            let topic = plan.version >= 13 ? cluster.topics[key.topicID] : cluster.topics[key.topicName]
            if let partition = topic?.partition(key.partition) {
                handles[partition.handle] = key
            }
        }
        return handles
    }
}

extension Cluster {
    /// Keeps what the answer says, so that the session's next answer can leave it out.
    fileprivate mutating func remember(_ findings: FetchFindings, _ plan: FetchPlan) {
        guard plan.sessionID != 0, var session = fetchSessions[plan.sessionID] else {
            return
        }
        fetchSessions[plan.sessionID] = nil
        for news in findings.sent {
            session.partitions[news.key]?.sentHighWatermark = news.highWatermark
            session.partitions[news.key]?.sentLogStartOffset = news.logStartOffset
        }
        if let key = findings.lastKeyWithRecords, let index = session.partitions.index(forKey: key) {
            session.startIndex = (index + 1) % session.partitions.count
        }
        fetchSessions[plan.sessionID] = session
    }

    /// Where to go instead, for clients that asked a broker which does not lead (KIP-951).
    fileprivate func addLeaderEndpoints(to response: inout FetchResponse, _ plan: FetchPlan) {
        guard plan.version >= 16 else {
            return
        }
        var leaders: Set<Int32> = []
        for topic in response.responses {
            for data in topic.partitions where data.currentLeader.leaderID >= 0 {
                leaders.insert(data.currentLeader.leaderID)
            }
        }
        guard !leaders.isEmpty else {
            return
        }
        response.nodeEndpoints = liveBrokers(plan.listener).filter { leaders.contains($0.0.nodeID) }.map {
            broker, endpoint in
            var node = FetchResponse.NodeEndpoint()
            node.nodeID = broker.nodeID
            node.host = endpoint.host
            node.port = endpoint.port
            node.rack = broker.rack
            return node
        }
    }
}
