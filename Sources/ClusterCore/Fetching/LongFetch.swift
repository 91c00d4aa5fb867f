import KafkaProtocol

/// A Fetch of very many partitions. They are looked at some at a time, between which others are served; when that is
/// not enough for an answer, it waits as every Fetch does, and looks again at those that may have something to tell.
final class LongFetch: SlicedRequest {
    /// Partitions that are looked at in one go. Of each that has records a file may have to be opened.
    static let partitionsPerSlice = 500

    private var plan: FetchPlan
    private let maxWaitMs: Int32
    private let everything: [FetchKey]
    /// What is looked at in the look that is under way, and what was found.
    private var order: [FetchKey]
    private var findings = FetchFindings()
    private var next = 0
    /// What had happened when it began.
    private var wakeCount: UInt64 = 0
    private var changes = 0
    /// Something happened to one of the partitions during the look, which may have come too late for it.
    private var wasWoken = false

    private enum Wait { case notBegun, underWay, over }
    private var wait = Wait.notBegun
    private(set) var isWaiting = false
    /// Looks in a row of which something was gone before they ended.
    private var staleLooks = 0
    private static let staleLooks = 3
    /// What is known of each partition while it waits.
    private var known: FetchWait?

    init(_ plan: FetchPlan, maxWaitMs: Int32) {
        self.plan = plan
        self.maxWaitMs = maxWaitMs
        everything = plan.order
        order = everything
    }

    func goOn(_ context: RequestContext, _ cluster: inout Cluster) -> (any KafkaResponse)? {
        isWaiting = false
        if next == 0 {
            wakeCount = cluster.parking.wakeCount
            wasWoken = false
            changes = cluster.quietChanges
            order = known?.keysToRead(plan, &cluster) ?? everything
        }
        let end = min(next +| Self.partitionsPerSlice, order.count)
        cluster.read(order[next..<end], of: plan, into: &findings)
        next = end
        guard next == order.count else {
            return nil
        }
        guard findings.areReadable || staleLooks == Self.staleLooks else {
            // A topic was deleted meanwhile, or a log cut: its records cannot be sent any more.
            staleLooks += 1  // bounded: just compared
            findings = FetchFindings()
            next = 0
            return nil
        }
        staleLooks = 0
        let all = findings
        findings = FetchFindings()
        next = 0
        let isFull =
            cluster.parking.count >= cluster.configuration.limits.parkedRequests
            || FetchHandler.isBeyondBudget(context, cluster)
        let mustAnswer =
            switch wait {
            case .notBegun: maxWaitMs <= 0 || isFull || all.unknown.count == plan.partitions.count
            case .underWay: all.unknown.contains { !plan.unknownAtStart.contains($0) }
            case .over: true
            }
        if let response = FetchHandler.answer(all, plan, &cluster, mustAnswer: mustAnswer) {
            cluster.parking.remove(context.token.sequence)
            return response
        }
        if wait == .notBegun {
            plan.unknownAtStart = Set(all.unknown)
            park(context, all, &cluster)
            // What happened to partitions that had been looked at, before anybody waited for it?
            wasWoken = known != nil && cluster.parking.wakeCount != wakeCount
        }
        known?.take(all, since: changes)
        // What happened during the look has been seen by it, or is looked at now, where it happened.
        isWaiting = !wasWoken || known?.mayAnswer(plan, &cluster) == false
        return nil
    }

    private func park(_ context: RequestContext, _ all: FetchFindings, _ cluster: inout Cluster) {
        wait = .underWay
        let terms = FetchHandler.Wait(maxWaitMs, context, plan, cluster)
        let deadline = cluster.deadline(after: terms.milliseconds)
        let keys = terms.isCrowded ? [:] : FetchHandler.handles(plan, cluster)
        known = terms.isCrowded ? nil : FetchWait(context.token.sequence, keys, plan, all, since: changes)
        // Stays parked until it is answered.
        cluster.park(
            context, on: keys.keys.map { .partition($0) }, until: deadline, holding: terms.heldBytes
        ) { [self] cluster, _, expired in
            // During a look nobody knows whether a partition has been looked at already.
            guard expired || !isWaiting || known?.mayAnswer(plan, &cluster) != false else {
                return nil
            }
            wasWoken = true
            wait = expired ? .over : wait
            return isWaiting ? lookAgain(context, &cluster) : nil
        }
    }

    /// At once when that is as little as for a short Fetch.
    private func lookAgain(_ context: RequestContext, _ cluster: inout Cluster) -> (any KafkaResponse)? {
        isWaiting = false
        let isShort = (known?.keysToRead(plan, &cluster)?.count ?? .max) <= ParkingLot.manyKeys
        let response = isShort ? goOn(context, &cluster) : nil
        if response == nil, !isWaiting {
            cluster.recordChecks.add(context, self)
        }
        return response
    }
}
