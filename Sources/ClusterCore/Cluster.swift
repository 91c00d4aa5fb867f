import KafkaProtocol
import LogStorage

/// One Kafka cluster: its topics, logs, groups and links, without sockets, clock or threads.
///
/// A cluster is owned by one thread, which hands it frames, the time and connection events, and carries away what
/// ``drainDeliveries()`` returns. State that must survive a restart changes only by replaying records that were
/// appended to a log first (see `Cluster+Metadata.swift` and `Coordination/`).
package struct Cluster {
    package internal(set) var configuration: ClusterConfiguration
    package let fileSystem: any FileSystem
    /// Whether the last process closed every log: then nothing needs to be scanned.
    let startedClean: Bool
    /// Partitions (`orders-0`) that turned out to have lost records when they were opened.
    var lossyPartitions: Set<String> = []
    /// Whether leader epochs were raised in memory only, because the metadata log took nothing.
    var epochRiseIsDue = false
    /// Whether the state of an earlier run is being read back.
    var isLoading = false
    var random: SplitMix64
    /// The monotonic clock at this step; everything that becomes due goes by it.
    package internal(set) var monotonicMs: Int64

    package internal(set) var topics = TopicCatalog()
    package internal(set) var configs: ConfigStore
    package internal(set) var links = LinkCatalog()
    package internal(set) var groups = GroupCoordinator()
    package internal(set) var features = FeatureLevels()
    var metadataLog: MetadataLog
    /// Positions of logs as the checkpoint files have them.
    var checkpoints = LogCheckpoints()
    /// Where the producers of stopped mirrors end; only used while the logs are opened.
    var producerEnds: [KafkaUUID: [Int64]] = [:]
    /// Topics that are or were mirrors, whose logs may have gaps; only used then, too.
    var mirroredTopics: Set<KafkaUUID> = []
    var offline = OfflinePartitions()
    var making = PartitionMaking()
    var removals = DirectoryRemovals()
    var configFollowers = ConfigFollowers()
    var upkeep = Upkeep()
    var isTopicWorkScheduled = false
    /// Whose turn it is next, if it has something to do.
    var topicWorkTurn = TopicWork.plan
    /// Turns of jobs since files of deleted partitions had one, or could have had.
    var jobTurns = 0
    /// The job that makes `__consumer_offsets`, while it does.
    var offsetsTopicJob: UInt64?
    /// Why that topic cannot be made, which every request for a coordinator finds anew.
    var offsetsTopicLines = RareLines<String>()
    /// Rounds of flushes that could not begin for all logs.
    var flushLines = RareLines<StorageError.Kind>()
    /// What another thread is to bring to disk.
    var diskSyncs: [DiskSync] = []
    /// The signature of a directory that has none yet, on its way to the disk.
    var unsignedHandle: (any SyncHandle)?
    /// Counts changes of configs, so that who works with a copy can tell whether it is old.
    var configChanges: UInt64 = 0
    /// What the partitions of one topic have in common; only used while they are replayed.
    var partitionSettings = PartitionSettings()
    var producerIDs = ProducerIDs()
    var fetchSessions = FetchSessionCache()

    var parking = ParkingLot()
    var timers = TimerQueue()
    var connections: [ConnectionID: ConnectionInfo] = [:]
    /// Of connections through listeners that ask who a client is.
    var saslSessions: [ConnectionID: SaslSession] = [:]
    var requestSequence: UInt64 = 0
    var deliveries: [Delivery] = []
    /// Callers inside the process whose answers take their time, by the sequence of their requests.
    var internalWaiters: [UInt64: ((any KafkaResponse)?) -> Void] = [:]
    /// What waits for the disk (durability ``Durability/fsync``).
    var flushes = FlushQueue()
    var loginChecks = LoginChecks()
    var recordChecks = RecordChecks()
    var piecewise = PiecewiseAnswers()
    var counters = TrafficCounters()
    var isPiecewiseScheduled = false
    var nextPartitionHandle = 0
    /// Lines for the operator's log, drained by the owner.
    var notices: [Notice] = []
    var repeatedNotices = RepeatedNotices()

    /// Opens the cluster's logs in `configuration.dataDirectory` and replays its state, or starts an empty cluster.
    ///
    /// - Parameters:
    ///   - seed: where topic ids and session ids come from; the same seed gives the same cluster.
    /// - Throws: ``StorageError`` when the directory cannot be read or written.
    package init(
        configuration: ClusterConfiguration, fileSystem: any FileSystem, seed: UInt64, now clock: Now
    ) throws(StorageError) {
        let now = clock.wallMs
        monotonicMs = clock.monotonicMs
        self.configuration = configuration
        self.fileSystem = fileSystem
        random = SplitMix64(state: seed)
        configs = ConfigStore(brokerConfigs: configuration.brokerConfigs)
        configs.facts = configuration.brokerFacts()
        self.configuration.limits.apply(configs)
        try Self.checkMetadataLogIsThere(configuration, fileSystem)
        let claim = try DataDirectoryOwner.claim(configuration, fileSystem)
        startedClean = try CleanShutdown.begin(configuration.dataDirectory, fileSystem)
        metadataLog = try MetadataLog.open(
            configuration: configuration, fileSystem: fileSystem, clean: startedClean, now: now)
        checkpoints = try LogCheckpoints(
            in: configuration.dataDirectory, fileSystem, clean: startedClean, configuration.durability, &notices)
        try load(now: now)
        try finish(claim)
        timers.schedule(.housekeeping, at: deadline(after: Cluster.housekeepingInterval))
        scheduleFirstUpkeep()
    }

    /// Tells where the listeners ended up, before the first client is served.
    package mutating func setBrokers(_ brokers: [Broker]) {
        configuration.brokers = brokers
        configs.facts = configuration.brokerFacts()
    }

    // MARK: Connections

    package mutating func connectionOpened(_ id: ConnectionID, _ info: ConnectionInfo) {
        connections[id] = info
        if info.listener.needsAuthentication {
            connections[id]?.admittedUntil = .min
            saslSessions[id] = SaslSession()
        }
    }

    /// What is known of an open connection.
    package func connection(_ id: ConnectionID) -> ConnectionInfo? { connections[id] }

    package mutating func connectionClosed(_ id: ConnectionID) {
        connections[id] = nil
        saslSessions[id] = nil
        parking.removeAll(of: id)
        flushes.removeAll(of: id)
        checkpoints.waiters.removeAll(of: id)
        piecewise.removeAll(of: id)
        recordChecks.removeAll(of: id)
        groups.connectionClosed(id)
    }

    // MARK: Time

    /// When ``tick(now:)`` wants to be called at the latest, on the monotonic clock.
    package var nextTimer: Int64? { timers.nextDeadline }

    /// Fires everything that was due when it was called.
    package mutating func tick(now clock: Now) {
        beginStep(clock)
        let now = clock.wallMs
        let mark = timers.mark
        while let event = timers.popDue(monotonicMs, before: mark) {
            switch event {
            case .parked(let sequence): expire(sequence, now: now)
            case .group(let timer): fireGroupTimer(timer, now: now)
            case .topicWork: workOnTopics(now: now)
            case .piecewise: workOnPiecewiseAnswers()
            case .offlineRetry: retryOffline(now: now)
            case .metadataRetry: retryMetadataLog()
            case .housekeeping:
                keepHouse(now: now)
                timers.schedule(.housekeeping, at: deadline(after: Cluster.housekeepingInterval))
            case .retention: enforceRetention(now: now)
            case .producerExpiry: expireProducers(now: now)
            case .flush(let topic, let partition): flushScheduled(topic, partition)
            }
        }
        resumeWoken(now: now)
    }

    /// Milliseconds between two looks at segment age and checkpoints.
    static let housekeepingInterval: Int64 = 30_000

    // MARK: Answers

    /// Late answers since the last call, in the order in which they became known.
    package mutating func drainDeliveries() -> [Delivery] {
        guard !deliveries.isEmpty else {
            return []
        }
        defer { deliveries.removeAll(keepingCapacity: true) }
        return deliveries
    }

    /// Answers a request that was left ``Outcome/pending``. Does nothing when its client is gone.
    mutating func deliver(_ response: any KafkaResponse, to token: RequestToken) {
        if token.connection == .internalCaller {
            internalWaiters.removeValue(forKey: token.sequence)?(response)
            return
        }
        guard let info = connections[token.connection] else {
            return
        }
        var reply = Reply(to: token, body: response)
        if info.isRefused {
            reply.effect = .close
            reply.framing = response is BareToken ? .nothing : .message
        }
        deliveries.append(Delivery(connection: token.connection, reply: reply))
    }

    /// Messages for the operator since the last call.
    package mutating func drainNotices() -> [Notice] {
        reportUnreadable()
        defer { notices.removeAll() }
        return notices
    }
}

/// One line for the operator's log.
package struct Notice: Sendable {
    package enum Level: Sendable { case info, warning, error }
    package let level: Level
    package let text: String
    /// Whether a client can cause this line as often as it likes, so that it has to be throttled.
    package var isAboutClient = false
}
