import KafkaProtocol

/// More partitions for a topic and other configs, wished for together.
///
/// Kafka's protocol has a request for each, so that a failure in between leaves half. Here both are one metadata
/// commit.
package struct TopicUpdate: Sendable {
    package let topic: String
    /// How many partitions the topic is to have; more than it has.
    package let partitionCount: Int32
    package let alterations: [ConfigAlteration]
    /// Only says whether it could be done.
    package let validateOnly: Bool

    package init(topic: String, partitionCount: Int32, alterations: [ConfigAlteration], validateOnly: Bool = false) {
        self.topic = topic
        self.partitionCount = partitionCount
        self.alterations = alterations
        self.validateOnly = validateOnly
    }
}

extension Cluster {
    /// Does all of an update or nothing.
    ///
    /// - Parameter completion: called once, before this returns or in a later step of the cluster, with what was in the
    ///   way or nil; BROKER_NOT_AVAILABLE when the cluster is closed first. It must not touch the cluster.
    package mutating func update(
        _ update: TopicUpdate, now: Int64, completion: @escaping (AdminFailure?) -> Void
    ) {
        guard making.isPlanningGrowth else {
            return carryOut(update, now: now, completion: completion)
        }
        // Behind the requests that came before it, and may have reserved partitions of the topic already.
        let turn = making.takeID()
        making.wait(for: turn) { completion($0[0]) }
        let plan = PartitionMaking.Plan(connection: .internalCaller, place: nil, heldBytes: 0) { cluster in
            cluster.making.endGrowthPlan()
            if let completion = cluster.making.takeWaiter(of: turn) {
                cluster.carryOut(update, now: now) { completion([$0]) }
            }
            return true
        }
        making.append(growth: plan)
        scheduleTopicWork()
    }

    private mutating func carryOut(
        _ update: TopicUpdate, now: Int64, completion: @escaping (AdminFailure?) -> Void
    ) {
        let wish: PartitionMaking.Wish
        do throws(AdminFailure) {
            try refuseSyncedConfigs(update.topic, update.alterations.map(\.name))
            let configs = try planConfigs(.topic(update.topic), update.alterations)
            let growth = try planGrowth(update.topic, to: Int(update.partitionCount))
            guard !update.validateOnly else {
                return completion(nil)
            }
            // Configs come before partitions, so that the logs open with them.
            wish = reserve(growth, with: configs)
        } catch {
            return completion(error)
        }
        if let failures = makeNow([wish], now: now) {
            return completion(failures[0])
        }
        making.wait(for: makeLater([wish])) { completion($0[0]) }
    }
}
