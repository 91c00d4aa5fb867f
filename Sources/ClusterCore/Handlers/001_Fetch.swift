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
        let changes = cluster.quietChanges
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
        let terms = Wait(request.maxWaitMs, context, plan, cluster)
        let deadline = cluster.deadline(after: terms.milliseconds)
        let keys = terms.isCrowded ? [:] : handles(plan, cluster)
        let wait =
            keys.count > ParkingLot.manyKeys
            ? FetchWait(context.token.sequence, keys, plan, findings, since: changes) : nil
        cluster.park(
            context, on: keys.keys.map { .partition($0) }, until: deadline, holding: terms.heldBytes
        ) { [plan] cluster, _, expired in
            guard expired || wait?.mayAnswer(plan, &cluster) != false else {
                return nil
            }
            let changes = cluster.quietChanges
            let findings = cluster.read(plan, only: wait?.keysToRead(plan, &cluster))
            wait?.take(findings, since: changes)
            let hasLost = findings.unknown.contains { !plan.unknownAtStart.contains($0) }
            return answer(findings, plan, &cluster, mustAnswer: expired || hasLost)
        }
        return .pending
    }

    /// How a request waits.
    struct Wait {
        /// Those that wait hold so much already that no partition wakes this one: it looks again after a while. An
        /// answer at once would be asked for again at once.
        let isCrowded: Bool
        /// At most.
        let milliseconds: Int64
        /// Memory that counts meanwhile.
        let heldBytes: Int

        /// What a partition takes: in the plan, and in what wakes the request. One of a session may name nothing, and
        /// wait for thousands.
        private static let bytesPerPartition = 200
        private static let crowdedMs: Int64 = 500

        init(_ maxWaitMs: Int32, _ context: RequestContext, _ plan: FetchPlan, _ cluster: Cluster) {
            let bytes = counted(max(context.heldBytes, plan.partitions.count *| Self.bytesPerPartition))
            isCrowded = isBeyondBudget(bytes, cluster)
            milliseconds = min(Int64(maxWaitMs), isCrowded ? Self.crowdedMs : longestWaitMs)
            heldBytes = isCrowded ? counted(context.heldBytes) : bytes
        }
    }

    /// Whether those that wait hold so much already that this one, which holds much itself, is answered at once.
    static func isBeyondBudget(_ context: RequestContext, _ cluster: Cluster) -> Bool {
        isBeyondBudget(counted(context.heldBytes), cluster)
    }

    private static func isBeyondBudget(_ bytes: Int, _ cluster: Cluster) -> Bool {
        bytes > 0 && cluster.parking.heldBytes +| bytes > cluster.configuration.limits.waitingFetchBytes
    }

    private static func counted(_ bytes: Int) -> Int { bytes < uncountedBytes ? 0 : bytes }

    /// nil while there is less than the client wants and nothing else to tell.
    static func answer(
        _ findings: FetchFindings, _ plan: FetchPlan, _ cluster: inout Cluster, mustAnswer: Bool
    ) -> FetchResponse? {
        guard mustAnswer || findings.mustAnswer || findings.recordBytes >= plan.minBytes else {
            return nil
        }
        var findings = findings
        for records in findings.found where plan.isConsumption {
            cluster.noteSent(records.bytes, records: records.count, from: records.partition)
        }
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
