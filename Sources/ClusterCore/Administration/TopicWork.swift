import KafkaProtocol

/// What is done in slices, between which others are served, so that topics come, go, and follow their configs, and logs
/// are kept.
enum TopicWork: Int, CaseIterable {
    /// A request that names many topics is looked at (``PartitionMaking/Plan``).
    case plan
    /// Partitions are made.
    case job
    /// Directories are removed.
    case removal
    /// Files of segments that logs have dropped are removed, and their leader epochs written.
    case files
    /// Logs are looked at that have changed or are due.
    case upkeep
    /// Groups are looked at whose offsets may have expired.
    case expiry
    /// Offsets that groups had committed for deleted topics are removed.
    case offsets
    /// Topics go by new configs of brokers.
    case configs

    /// The kind whose turn it is after this one.
    var next: TopicWork { TopicWork(rawValue: rawValue + 1) ?? .plan }
}

extension Cluster {
    /// Lets a request that names many topics be looked at in slices.
    /// - Parameter slice: looks at some more of them; what becomes of the request once it has seen all.
    mutating func planInSlices<Response: KafkaResponse>(
        _ context: RequestContext, isGrowth: Bool = false, _ slice: @escaping (inout Cluster) -> Outcome<Response>?
    ) -> Outcome<Response> {
        let plan = PartitionMaking.Plan(
            connection: context.token.connection, place: context.place, heldBytes: context.heldBytes
        ) { cluster in
            guard let outcome = slice(&cluster) else {
                return false
            }
            if case .reply(let response) = outcome {
                cluster.deliver(response, to: context.token)
            }
            return true
        }
        if isGrowth {
            making.append(growth: plan)
        } else {
            making.append(plan)
        }
        scheduleTopicWork()
        return .pending
    }

    mutating func scheduleTopicWork() {
        guard !isTopicWorkScheduled else {
            return
        }
        isTopicWorkScheduled = true
        timers.schedule(.topicWork, at: deadline(after: Self.sliceInterval))
    }

    /// One slice: each kind of work that there is has its turn, so that none waits until all of another kind is done.
    mutating func workOnTopics(now: Int64) {
        isTopicWorkScheduled = false
        var kind = topicWorkTurn
        for _ in TopicWork.allCases {
            defer { kind = kind.next }
            guard hasWork(kind) else {
                continue
            }
            topicWorkTurn = kind.next
            work(on: kind, now: now)
            break
        }
        scheduleTopicWorkLeft()
    }

    /// Where there is any.
    mutating func scheduleTopicWorkLeft() {
        if TopicWork.allCases.contains(where: hasWork) {
            scheduleTopicWork()
        }
    }

    private func hasWork(_ kind: TopicWork) -> Bool {
        switch kind {
        case .plan: making.hasPlan
        case .job: making.jobs.first?.isSyncing == false
        case .removal: !removals.isEmpty && !filesMakeWay
        case .files: !upkeep.untidy.isEmpty
        case .upkeep: upkeep.isUnderWay
        case .expiry: !groups.expiring.isEmpty
        case .offsets: groups.orphans.isWorthTrying
        case .configs: !configFollowers.isEmpty
        }
    }

    /// While partitions are made, for which somebody waits, files of deleted ones go in one turn of some.
    private var filesMakeWay: Bool {
        removals.leaving.isEmpty && jobTurns > 0 && hasWork(.job)
    }

    /// Turns of jobs after which files of deleted partitions have one.
    private static let jobTurnsPerRemoval = 4

    private mutating func work(on kind: TopicWork, now: Int64) {
        switch kind {
        case .plan:
            if let plan = making.nextPlan(), !plan.goOn(&self) {
                making.append(plan)
            }
        case .job:
            jobTurns = (jobTurns + 1) % Self.jobTurnsPerRemoval
            workOnFirstJob(now: now)
        case .removal where !removals.leaving.isEmpty: letPartitionsGo(limit: Self.changesPerSlice)
        case .removal: removeFiles(limit: Self.filesPerSlice)
        case .files: tidyFiles()
        case .upkeep: goOnWithUpkeep(now: now)
        case .expiry: expireSomeOffsets(now: now)
        case .offsets: removeOrphanedOffsets(now: now)
        case .configs: followConfigs(limit: Self.changesPerSlice)
        }
    }
}
