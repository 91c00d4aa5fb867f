import KafkaProtocol
import LogStorage

/// Partitions that are being made.
///
/// Directories come first, a slice at a time, so that thousands of them do not hold up who else uses the cluster; then,
/// in slices as well, the metadata commit is encoded and everything that it makes known is set up beside the catalog;
/// then the commit is written and all topics of a request are known at once; then the request is answered. Until the
/// commit nobody sees anything, and metadata never names a partition without a directory, not even after a loss of
/// power: their names are synced before, whatever the durability. What a crash in between leaves behind are directories
/// without records that metadata does not know; the next start removes them.
struct PartitionMaking {
    /// One topic, or the partitions that one gets in addition.
    struct Wish {
        let topicName: String
        let topicID: KafkaUUID
        /// The topic does not exist yet.
        let isNew: Bool
        let partitions: [PartitionRecord]
        /// Everything that the commit consists of, the partitions too.
        let changes: [MetadataChange]
        /// Where the new logs begin, in order; those that are not named at offset 0.
        var startOffsets: [Int64] = []
        /// The partitions follow a mirror's source: they are given up when the topic stops being a mirror.
        var followsSource = false

        /// The link of a mirror topic that is new; its record comes right after the topic's.
        var linkID: KafkaUUID? {
            for case .mirrorTopic(let record) in changes.prefix(2) {
                return record.linkID
            }
            return nil
        }
    }

    /// A wish and what has become of it.
    struct Progress {
        let wish: Wish
        var logs: [PartitionLog] = []
        var failure: AdminFailure?
        var staged = StagedTopic()
        /// It is known, and nothing is kept for it any more.
        var isInstalled = false
        var isMade: Bool { failure != nil || logs.count == wish.partitions.count }
    }

    struct Job {
        let id: UInt64
        var topics: [Progress]
        /// Index of the first topic that is not made.
        var next = 0
        /// Directories are on their way to the disk, or there.
        var isSyncing = false
        var isSynced = false
        /// Begun once all directories are there.
        var staging: Staging?
        /// The commit is in the metadata log; what it made known is installed up to, not including, a topic.
        var isWritten = false
        var installed = 0
        var isMade: Bool { next == topics.count }
    }

    /// A request that names so many topics that it is looked at some at a time.
    struct Plan {
        let connection: ConnectionID
        let place: SliceKind?
        /// Bytes of memory that it takes.
        let heldBytes: Int
        /// Looks at some more; whether that was the last.
        let goOn: (inout Cluster) -> Bool
    }

    /// In the order in which they were asked for.
    private(set) var jobs: [Job] = []
    private var nextID: UInt64 = 1
    /// Of topics that do not exist yet, reserved or being made.
    private(set) var newNames: Set<String> = []
    /// The same with '.' and '_' made equal.
    private var unifiedNames: [String: String] = [:]
    /// How many partitions a growing topic will have, and how many wishes for some are not fulfilled yet.
    private var growths: [KafkaUUID: (count: Int, wishes: Int)] = [:]
    /// Reserved or being made.
    private(set) var partitionCount = 0
    /// Callers inside the process who wait for a job's outcome, or for their turn to get a job.
    private var waiters: [UInt64: ([AdminFailure?]) -> Void] = [:]
    private var plans: [Plan] = []
    /// Bytes of memory that those take.
    private(set) var planBytes = 0
    /// Outcomes that are about to be told.
    var results: [UInt64: [AdminFailure?]] = [:]

    var isIdle: Bool { jobs.isEmpty && planCount == 0 }
    var planCount: Int { planCounts.total }
    /// Whether a plan can go on.
    var hasPlan: Bool { !plans.isEmpty }
    /// Whether one of the plans lets partitions be added. There is one at most, so that each topic grows in the order
    /// in which it was asked for.
    private(set) var isPlanningGrowth = false
    /// Those behind it.
    private var waitingGrowths: [Plan] = []
    private(set) var planCounts = SliceCounts()

    func isPlanning(for connection: ConnectionID) -> Bool {
        (plans + waitingGrowths).contains { $0.connection == connection }
    }

    mutating func append(_ plan: Plan) {
        plans.append(plan)
        count(plan)
    }

    private mutating func count(_ plan: Plan) {
        planCounts.note(plan.place, 1)
        planBytes = planBytes +| plan.heldBytes
    }

    /// One that lets partitions be added.
    mutating func append(growth plan: Plan) {
        count(plan)
        if isPlanningGrowth {
            waitingGrowths.append(plan)
        } else {
            isPlanningGrowth = true
            plans.append(plan)
        }
    }

    /// The one that was looked at has seen all of its topics.
    mutating func endGrowthPlan() {
        isPlanningGrowth = !waitingGrowths.isEmpty
        if isPlanningGrowth {
            plans.append(waitingGrowths.removeFirst())
        }
    }

    mutating func nextPlan() -> Plan? {
        guard !plans.isEmpty else {
            return nil
        }
        let plan = plans.removeFirst()
        planCounts.note(plan.place, -1)
        planBytes = planBytes -| plan.heldBytes
        return plan
    }

    func futureCount(of topic: Topic) -> Int { growths[topic.id]?.count ?? topic.partitions.count }
    func isGrowing(_ id: KafkaUUID) -> Bool { growths[id] != nil }

    /// A new name that cannot be told from this one in metric names.
    func collidingName(_ name: String) -> String? {
        let other = unifiedNames[TopicName.unified(name)]
        return other == name ? nil : other
    }

    // MARK: Reserving

    /// Keeps names and room for a wish, from the moment it is checked to the one it is fulfilled or not.
    mutating func reserve(_ wish: Wish, startingAt first: Int) {
        partitionCount += wish.partitions.count
        if wish.isNew {
            newNames.insert(wish.topicName)
            if TopicName.canCollide(wish.topicName) {
                unifiedNames[TopicName.unified(wish.topicName)] = wish.topicName
            }
        } else {
            let wishes = growths[wish.topicID]?.wishes ?? 0
            growths[wish.topicID] = (first + wish.partitions.count, wishes + 1)  // bounded: counted one by one
        }
    }

    mutating func release(_ wish: Wish) {
        partitionCount -= wish.partitions.count
        if wish.isNew {
            newNames.remove(wish.topicName)
            unifiedNames[TopicName.unified(wish.topicName)] = nil
        } else if let growth = growths[wish.topicID] {
            growths[wish.topicID] = growth.wishes > 1 ? (growth.count, growth.wishes - 1) : nil
        }
    }

    /// Mirror topics of a link that are being made.
    func mirrorTopics(of link: KafkaUUID) -> [String] {
        jobs.flatMap { job in
            job.topics.filter { $0.failure == nil && $0.wish.linkID == link }.map(\.wish.topicName)
        }
    }

    /// Mirror topics that are being made.
    var mirrorTopicCount: Int {
        jobs.reduce(0) { sum, job in
            sum + job.topics.count { $0.failure == nil && $0.wish.linkID != nil }  // bounded: by the limit itself
        }
    }

    // MARK: Jobs

    mutating func makeJob(_ wishes: [Wish]) -> Job {
        Job(id: takeID(), topics: wishes.map { Progress(wish: $0) })
    }

    /// One that no job has.
    mutating func takeID() -> UInt64 {
        defer { nextID += 1 }
        return nextID
    }

    mutating func append(_ job: Job) {
        jobs.append(job)
    }

    mutating func wait(for job: UInt64, _ completion: @escaping ([AdminFailure?]) -> Void) {
        waiters[job] = completion
    }

    mutating func takeWaiter(of job: UInt64) -> (([AdminFailure?]) -> Void)? { waiters.removeValue(forKey: job) }

    /// Those who wait for what will not be made any more, in the order in which they asked.
    mutating func takeWaiters() -> [([AdminFailure?]) -> Void] {
        defer { waiters = [:] }
        return waiters.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Takes the first job out to be worked on, so that it is not copied; ``update(_:)`` puts it back.
    mutating func checkOut() -> Job {
        defer {
            jobs[0].topics = []
            jobs[0].staging = nil
        }
        return jobs[0]
    }

    mutating func update(_ job: Job) {
        jobs[0] = job
    }

    /// Ends what is being made for a topic that goes.
    /// - Returns: the logs that were made, which are nobody's now, with the indexes of their partitions.
    mutating func abandon(_ topicID: KafkaUUID) -> [(index: Int32, log: PartitionLog)] {
        var logs: [(index: Int32, log: PartitionLog)] = []
        for job in jobs.indices {
            for index in jobs[job].topics.indices
            where jobs[job].topics[index].wish.topicID == topicID && !jobs[job].topics[index].isInstalled {
                jobs[job].topics[index].failure = AdminFailure(.unknownTopicOrPartition)
                let topic = jobs[job].topics[index]
                logs += zip(topic.wish.partitions, topic.logs).map { ($0.partitionID, $1) }
                jobs[job].topics[index].logs = []
                // What was encoded for the commit has this topic in it.
                jobs[job].staging = nil
            }
        }
        return logs
    }

    mutating func finish(_ job: Job) {
        if jobs.first?.id == job.id {
            jobs.removeFirst()
        }
        for topic in job.topics where !topic.isInstalled {
            release(topic.wish)
        }
    }
}

extension Cluster {
    /// Directories that are made at a time: some milliseconds of work.
    static let directoriesPerSlice = 10
    /// Files that are removed at a time, likewise.
    static let filesPerSlice = 25
    /// Names of one request that are checked, and planned or carried out, at a time, likewise.
    static let namesPerSlice = 50
    /// Names of which nothing comes that take as long as one of those.
    static let refusedLikeOne = 10
    /// Metadata records that are encoded and set up, and topics that are made known, at a time, likewise.
    static let changesPerSlice = 500
    /// With durability `fsync`, more partitions than this are synced together by another thread.
    static let partitionsSyncedAtOnce = 2
    /// Milliseconds between two slices, in which the cluster serves who waits.
    static let sliceInterval: Int64 = 1

    /// Makes few partitions at once.
    ///
    /// - Returns: why each wish was not fulfilled; nil when it takes longer: then ``makeLater(_:now:)`` is to be
    ///   called.
    mutating func makeNow(_ wishes: [PartitionMaking.Wish], now: Int64) -> [AdminFailure?]? {
        let count = wishes.reduce(0) { $0 + $1.partitions.count }
        let limit = configuration.durability == .fsync ? Self.partitionsSyncedAtOnce : Self.directoriesPerSlice
        guard count <= limit, !wishes.contains(where: { making.isGrowing($0.topicID) && !isFirstGrowth($0) }) else {
            return nil
        }
        return makeAtOnce(wishes, now: now)
    }

    /// Makes partitions in one go, however many they are: for callers that cannot wait.
    mutating func makeAtOnce(_ wishes: [PartitionMaking.Wish], now: Int64) -> [AdminFailure?] {
        var job = making.makeJob(wishes)
        let count = wishes.reduce(0) { $0 + $1.partitions.count }
        let syncsEach = count <= Self.partitionsSyncedAtOnce
        makeDirectories(&job, limit: .max, syncsEach: syncsEach, now: now)
        let isSynced = configuration.durability == .fsync && syncsEach
        if !isSynced, let failure = syncDirectories() {
            fail(&job, failure)
        }
        while true {
            stage(&job, limit: .max, now: now)
            if let outcome = commit(&job, limit: .max, now: now) {
                return outcome
            }
        }
    }

    private mutating func syncDirectories() -> AdminFailure? {
        do throws(StorageError) {
            try directoriesSyncHandle().sync()
            return nil
        } catch {
            return storageFailure(error)
        }
    }

    /// With durability `os` the names of partitions' directories are enough: an empty one is an empty log.
    private func directoriesSyncHandle() throws(StorageError) -> any SyncHandle {
        let directory = configuration.dataDirectory
        return configuration.durability == .fsync
            ? try fileSystem.treeSyncHandle(directory) : try fileSystem.directorySyncHandle(directory)
    }

    /// Whether nothing else is on its way for the topic.
    private func isFirstGrowth(_ wish: PartitionMaking.Wish) -> Bool {
        Int32(topics[wish.topicID]?.partitions.count ?? 0) == wish.partitions.first?.partitionID
    }

    /// Begins to make partitions. The outcome is in ``PartitionMaking/results`` when `.making` of the returned id is
    /// woken, and only then.
    mutating func makeLater(_ wishes: [PartitionMaking.Wish]) -> UInt64 {
        let job = making.makeJob(wishes)
        making.append(job)
        scheduleTopicWork()
        return job.id
    }

    /// Makes partitions and goes on with `outcome`, at once or when they are made. Who does not get its partitions
    /// within `timeoutMs` is told REQUEST_TIMED_OUT; they are made all the same.
    mutating func make<Response: KafkaResponse>(
        _ wishes: [PartitionMaking.Wish], _ context: RequestContext, timeoutMs: Int32,
        outcome: @escaping (inout Cluster, [AdminFailure?]) -> Outcome<Response>
    ) -> Outcome<Response> {
        if let failures = makeNow(wishes, now: context.now) {
            return outcome(&self, failures)
        }
        let job = makeLater(wishes)
        let tooLate = wishes.map { _ in AdminFailure?.some(AdminFailure(.requestTimedOut)) }
        let end = deadline(after: Int64(timeoutMs))
        park(context, on: [.making(job)], until: end, holding: context.heldBytes) { cluster, _, expired in
            guard let failures = cluster.making.results[job] ?? (expired ? tooLate : nil) else {
                return nil
            }
            // A long answer goes on in slices, and waits for nothing here any more.
            cluster.parking.remove(context.token.sequence)
            guard case .reply(let response) = outcome(&cluster, failures) else {
                return nil
            }
            return response
        }
        return .pending
    }

    /// Makes partitions for somebody who is no client.
    ///
    /// - Parameter completion: called once with why each wish was not fulfilled, before this returns or in a later
    ///   step.
    mutating func make(
        _ wishes: [PartitionMaking.Wish], now: Int64,
        completion: @escaping ([AdminFailure?]) -> Void
    ) {
        if let failures = makeNow(wishes, now: now) {
            return completion(failures)
        }
        making.wait(for: makeLater(wishes), completion)
    }

    mutating func make<Response: KafkaResponse>(
        _ wishes: [PartitionMaking.Wish], _ context: RequestContext, timeoutMs: Int32,
        answer: @escaping ([AdminFailure?]) -> Response
    ) -> Outcome<Response> {
        make(wishes, context, timeoutMs: timeoutMs) { (_, failures) -> Outcome<Response> in .reply(answer(failures)) }
    }

    func storageFailure(_ error: StorageError) -> AdminFailure {
        AdminFailure(.kafkaStorageError, "The topic could not be stored: \(error)")
    }

    // MARK: Slices

    /// One slice of the first job, which does not wait for the disk.
    mutating func workOnFirstJob(now: Int64) {
        var job = making.checkOut()
        if !job.isMade {
            makeDirectories(&job, limit: Self.directoriesPerSlice, syncsEach: false, now: now)
            making.update(job)
            return
        }
        if !job.isSynced {
            return beginSync(&job)
        }
        if !job.isWritten, job.staging?.isDone != true {
            stage(&job, limit: Self.changesPerSlice, now: now)
            making.update(job)
            return
        }
        finishOrStageAgain(&job, now: now)
    }

    private mutating func beginSync(_ job: inout PartitionMaking.Job) {
        do throws(StorageError) {
            let handle = try directoriesSyncHandle()
            job.isSyncing = true
            diskSyncs.append(DiskSync(purpose: .making(job.id), handle: handle))
        } catch {
            job.isSynced = true
            fail(&job, storageFailure(error))
        }
        making.update(job)
    }

    /// Takes the outcome of a ``DiskSync`` that the owner has had performed.
    ///
    /// - Parameter failure: nil when it is on disk.
    package mutating func finish(_ sync: DiskSync, _ failure: StorageError?, now clock: Now) {
        beginStep(clock)
        switch sync.purpose {
        case .making(let job): finishMaking(job, succeeded: failure == nil, clock)
        case .logStarts: finishLogStarts(failure)
        case .checkpointNames(let renames): finishCheckpointNames(renames, failure)
        case .recoveryPoints: finishRecoveryPoints(failure)
        case .signature: finishSignature(failure)
        }
    }

    private mutating func finishMaking(_ id: UInt64, succeeded: Bool, _ clock: Now) {
        guard let first = making.jobs.first, first.id == id, first.isSyncing else {
            return
        }
        var job = making.checkOut()
        job.isSyncing = false
        job.isSynced = true
        if !succeeded {
            fail(&job, AdminFailure(.kafkaStorageError, "The topic's directories could not be synced."))
        }
        making.update(job)
        scheduleTopicWork()
    }

    private mutating func finishOrStageAgain(_ job: inout PartitionMaking.Job, now: Int64) {
        if let outcome = commit(&job, limit: Self.changesPerSlice, now: now) {
            tell(outcome, of: job.id, now: now)
        } else {
            making.update(job)
        }
    }

    /// Hands the outcome to the request or caller that waits for it, if one still does.
    private mutating func tell(_ outcome: [AdminFailure?], of job: UInt64, now: Int64) {
        making.takeWaiter(of: job)?(outcome)
        making.results[job] = outcome
        parking.wake(.making(job))
        resumeWoken(now: now)
        making.results[job] = nil
    }
}
