import KafkaProtocol
import LogStorage

/// ListOffsets: the offset that belongs to a time, or to one of the special timestamps.
///
/// Serves v1…11. Differs from Kafka: nothing is tiered, so "earliest local" is the log start and the tiered specials
/// answer -1, as Kafka does for a topic without remote storage. Where logs begin is told once it is stored, as by
/// DeleteRecords: who follows this cluster removes for good what comes before.
enum ListOffsetsHandler: RequestHandler {
    /// Timestamps with a meaning of their own, and the first version that knows them.
    enum Special {
        static let latest: Int64 = -1
        static let earliest: Int64 = -2
        /// v7 (KIP-734).
        static let maxTimestamp: Int64 = -3
        /// v8 (KIP-405).
        static let earliestLocal: Int64 = -4
        /// v9 (KIP-1005).
        static let latestTiered: Int64 = -5
        /// v11 (KIP-1023).
        static let earliestPendingUpload: Int64 = -6
    }

    /// Lookups by time, each of which reads from the disk, after which others have their turn.
    static let lookupsPerSlice = 64
    /// Partitions after which others have their turn, whatever is asked about them.
    static let partitionsPerSlice = 5_000
    /// Bytes of batches that are looked at on the spot in one slice; those whose records take more are looked at by
    /// another thread (``RecordChecks``).
    static let bytesPerSlice = 4 << 20

    /// How far a request has come.
    private final class Progress: SlicedRequest {
        fileprivate let isolationLevel: Int8
        fileprivate let asked: [ListOffsetsRequest.ListOffsetsTopic]
        fileprivate private(set) var duplicates: Set<Name> = []
        private var names: Set<Name> = []
        fileprivate var lookup = RecordLookup(bytes: bytesPerSlice)
        /// Lookups by time of this slice.
        fileprivate var lookups = 0
        /// The last answer was a log start that a crash could take back.
        fileprivate var isUnstoredStart = false
        /// All of those: the answer waits until they are stored.
        private var unstored: [LogStartWaiters.Item] = []
        private(set) var isWaiting = false
        private var response = ListOffsetsResponse()
        private var topic = 0
        private var partition = 0
        private var hasSeenNames = false

        fileprivate init(_ request: ListOffsetsRequest) {
            isolationLevel = request.isolationLevel
            asked = request.topics
            // At once: a set that grows moves all that is in it.
            names.reserveCapacity(asked.reduce(0) { $0 + $1.partitions.count })  // bounded: by the request
            response.topics = asked.map { topic in
                var answer = ListOffsetsResponse.ListOffsetsTopicResponse()
                answer.name = topic.name
                answer.partitions.reserveCapacity(topic.partitions.count)
                return answer
            }
        }

        /// What is to be found out elsewhere before the next partition can be answered.
        var wanted: RecordSearch? { lookup.wanted }

        func take(_ result: RecordSearchResult) {
            lookup.take(result)
        }

        /// Looks for partitions that are named twice: none is answered before all names were seen.
        /// - Returns: whether they were.
        private func seeNames() -> Bool {
            var left = partitionsPerSlice
            while topic < asked.count, left > 0 {
                let (name, partitions) = (asked[topic].name, asked[topic].partitions)
                while partition < partitions.count, left > 0 {
                    let name = Name(name, partitions[partition].partitionIndex)
                    if !names.insert(name).inserted {
                        duplicates.insert(name)
                    }
                    partition += 1  // bounded: by the array
                    left -= 1  // bounded: just compared
                }
                if partition == partitions.count {
                    (topic, partition) = (topic + 1, 0)  // bounded: by the array
                }
            }
            guard topic == asked.count else {
                return false
            }
            names = []
            topic = 0
            return true
        }

        func goOn(_ context: RequestContext, _ cluster: inout Cluster) -> (any KafkaResponse)? {
            hasSeenNames = hasSeenNames || seeNames()
            guard hasSeenNames else {
                return nil
            }
            var partitions = 0
            lookup.bytes = bytesPerSlice
            lookups = 0
            while topic < asked.count {
                while partition < asked[topic].partitions.count {
                    let item = asked[topic].partitions[partition]
                    guard partitions < partitionsPerSlice, lookups < lookupsPerSlice, lookup.bytes > 0 else {
                        return nil
                    }
                    let found = ListOffsetsHandler.answer(item, asked[topic].name, context, cluster, self)
                    // What went away between two slices will not be found out any more.
                    guard !lookup.isUnfinished || found.errorCode != 0 else {
                        return nil
                    }
                    if isUnstoredStart {
                        isUnstoredStart = false
                        unstored.append(
                            LogStartWaiters.Item(topic: topic, partition: response.topics[topic].partitions.count))
                    }
                    response.topics[topic].partitions.append(found)
                    lookup.forget()
                    partitions += 1  // bounded: by the guard above
                    partition += 1  // bounded: by the array
                }
                partition = 0
                topic += 1  // bounded: by the array
            }
            return isHeld(context, &cluster) ? nil : response
        }

        /// Whether the answer is given once log starts are stored, or cannot be.
        private func isHeld(_ context: RequestContext, _ cluster: inout Cluster) -> Bool {
            guard !unstored.isEmpty else {
                return false
            }
            if cluster.failedToStoreLogStarts {
                response.withdraw(unstored)
                return false
            }
            isWaiting = cluster.holdUntilLogStartsAreStored(
                LogStartWaiters.Waiter(
                    token: context.token, response: response, items: unstored, heldBytes: context.heldBytes))
            return isWaiting
        }
    }

    static func handle(
        _ request: ListOffsetsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<ListOffsetsResponse> {
        cluster.answerInSlices(Progress(request), context)
    }

    private static func answer(
        _ item: ListOffsetsRequest.ListOffsetsPartition, _ topic: String, _ context: RequestContext,
        _ cluster: Cluster, _ progress: Progress
    ) -> ListOffsetsResponse.ListOffsetsPartitionResponse {
        var found = ListOffsetsResponse.ListOffsetsPartitionResponse()
        found.partitionIndex = item.partitionIndex
        do throws(ErrorCode) {
            if progress.duplicates.contains(Name(topic, item.partitionIndex)) {
                throw .invalidRequest
            }
            guard context.version >= firstVersion(of: item.timestamp) else {
                throw .unsupportedVersion
            }
            try look(up: item, topic, context, cluster, progress, into: &found)
        } catch {
            found.errorCode = error.rawValue
        }
        return found
    }

    private struct Name: Hashable {
        let topic: String
        let partition: Int32

        init(_ topic: String, _ partition: Int32) {
            self.topic = topic
            self.partition = partition
        }
    }

    private static func look(
        up item: ListOffsetsRequest.ListOffsetsPartition, _ topic: String, _ context: RequestContext,
        _ cluster: Cluster, _ progress: Progress, into found: inout ListOffsetsResponse.ListOffsetsPartitionResponse
    ) throws(ErrorCode) {
        let partition = try cluster.topics.partition(topic, item.partitionIndex)
        try partition.checkLeader(nodeID: context.connection.nodeID, currentLeaderEpoch: item.currentLeaderEpoch)
        let log = try partition.usableLog()
        let limit = progress.isolationLevel == 1 ? log.lastStableOffset : log.highWatermark
        do throws(ReadError) {
            switch item.timestamp {
            case Special.latest:
                found.offset = limit
                found.leaderEpoch = partition.leaderEpoch
            case Special.earliest, Special.earliestLocal:
                found.offset = log.logStartOffset
                found.leaderEpoch = log.leaderEpoch(forOffset: log.logStartOffset) ?? partition.leaderEpoch
                if cluster.storedLogStart(partition, log) < found.offset {
                    progress.isUnstoredStart = true
                }
            case Special.maxTimestamp:
                progress.lookups += 1  // bounded: by lookupsPerSlice
                set(try log.offsetOfMaxTimestamp(&progress.lookup), below: limit, &found)
            case Special.latestTiered, Special.earliestPendingUpload:
                break
            default:
                progress.lookups += 1  // bounded: by lookupsPerSlice
                let match = try log.offset(forTimestamp: item.timestamp, &progress.lookup)
                set(match, below: limit, &found)
            }
        } catch {
            throw error.code
        }
    }

    /// The version that first knew a special timestamp; beyond all versions for one that nobody knows.
    private static func firstVersion(of timestamp: Int64) -> Int16 {
        switch timestamp {
        case Special.earliest...: 1
        case Special.maxTimestamp: 7
        case Special.earliestLocal: 8
        case Special.latestTiered: 9
        case Special.earliestPendingUpload: 11
        default: .max
        }
    }

    private static func set(
        _ match: TimestampOffset?, below limit: Int64,
        _ found: inout ListOffsetsResponse.ListOffsetsPartitionResponse
    ) {
        guard let match, match.offset < limit else {
            return
        }
        found.offset = match.offset
        found.timestamp = match.timestamp
        found.leaderEpoch = match.leaderEpoch
    }
}
