import KafkaProtocol
import LogStorage

/// ListOffsets: the offset that belongs to a time, or to one of the special timestamps.
///
/// Serves v1…11. Differs from Kafka: nothing is tiered, so "earliest local" is the log start and the tiered specials
/// answer -1, as Kafka does for a topic without remote storage.
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

    static func handle(
        _ request: ListOffsetsRequest, _ context: RequestContext, _ cluster: inout Cluster
    ) -> Outcome<ListOffsetsResponse> {
        let named = request.topics.flatMap { topic in topic.partitions.map { Name(topic.name, $0.partitionIndex) } }
        let duplicates = Dictionary(named.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value > 1 }
        var response = ListOffsetsResponse()
        response.topics = request.topics.map { topic in
            var answer = ListOffsetsResponse.ListOffsetsTopicResponse()
            answer.name = topic.name
            answer.partitions = topic.partitions.map { item in
                var found = ListOffsetsResponse.ListOffsetsPartitionResponse()
                found.partitionIndex = item.partitionIndex
                do throws(ErrorCode) {
                    if duplicates[Name(topic.name, item.partitionIndex)] != nil {
                        throw .invalidRequest
                    }
                    guard context.version >= firstVersion(of: item.timestamp) else {
                        throw .unsupportedVersion
                    }
                    try look(up: item, topic.name, request, context, cluster, into: &found)
                } catch {
                    found.errorCode = error.rawValue
                }
                return found
            }
            return answer
        }
        return .reply(response)
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
        up item: ListOffsetsRequest.ListOffsetsPartition, _ topic: String, _ request: ListOffsetsRequest,
        _ context: RequestContext, _ cluster: Cluster,
        into found: inout ListOffsetsResponse.ListOffsetsPartitionResponse
    ) throws(ErrorCode) {
        let partition = try cluster.topics.partition(topic, item.partitionIndex)
        try partition.checkLeader(nodeID: context.connection.nodeID, currentLeaderEpoch: item.currentLeaderEpoch)
        let log = try partition.usableLog()
        let limit = request.isolationLevel == 1 ? log.lastStableOffset : log.highWatermark
        do throws(ReadError) {
            switch item.timestamp {
            case Special.latest:
                found.offset = limit
                found.leaderEpoch = partition.leaderEpoch
            case Special.earliest, Special.earliestLocal:
                found.offset = log.logStartOffset
                found.leaderEpoch = log.leaderEpoch(forOffset: log.logStartOffset) ?? partition.leaderEpoch
            case Special.maxTimestamp:
                set(try log.offsetOfMaxTimestamp(), below: limit, &found)
            case Special.latestTiered, Special.earliestPendingUpload:
                break
            default:
                set(try log.offset(forTimestamp: item.timestamp), below: limit, &found)
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
