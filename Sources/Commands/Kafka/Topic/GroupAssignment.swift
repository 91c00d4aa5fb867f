import KafkaClient
import KafkaProtocol
import Synchronization

/// Whether reading has ended, as both threads see it.
final class ReadingState: Sendable {
    private let ended = Mutex<Result<Void, CLIError>?>(nil)

    var result: Result<Void, CLIError>? { ended.withLock { $0 } }

    func finish(_ result: Result<Void, CLIError>) {
        ended.withLock { $0 = result }
    }
}

/// Kafka's range assignor: of each topic, members in order of their ids get neighbouring partitions.
enum RangeAssignor {
    /// - Parameters:
    ///   - topics: what each member has subscribed to.
    ///   - counts: partitions of each topic.
    /// - Returns: partitions by member and topic.
    static func assign(_ topics: [String: [String]], _ counts: [String: Int32]) -> [String: [String: [Int32]]] {
        var assignment: [String: [String: [Int32]]] = [:]
        for (topic, count) in counts {
            let members = topics.filter { $0.value.contains(topic) }.keys.sorted()
            var next: Int32 = 0
            for (index, member) in members.enumerated() {
                let isLonger = Int32(index) < count % Int32(members.count)
                let size = count / Int32(members.count) + (isLonger ? 1 : 0)
                if size > 0 {
                    assignment[member, default: [:]][topic] = Array(next..<next + size)
                }
                next += size
            }
        }
        return assignment
    }
}

extension GroupReader {
    static func encodeAssignment(_ partitions: [String: [Int32]]) -> [UInt8] {
        var assignment = ConsumerMemberAssignment()
        assignment.assignedPartitions = partitions.sorted { $0.key < $1.key }.map { entry in
            var topic = ConsumerMemberAssignment.TopicPartition()
            topic.topic = entry.key
            topic.partitions = entry.value
            return topic
        }
        return assignment.encodeValue(version: 1)
    }

    static func decodeAssignment(_ bytes: [UInt8]) throws -> [TopicPartition] {
        guard !bytes.isEmpty else {
            return []
        }
        let assignment = try decode(ConsumerMemberAssignment.self, bytes)
        return assignment.assignedPartitions.flatMap { topic in
            topic.partitions.map { TopicPartition(topic.topic, $0) }
        }
    }

    static func decodeTopics(_ bytes: [UInt8]) throws -> [String] {
        try decode(ConsumerMemberMetadata.self, bytes).topics
    }

    private static func decode<T: VersionedValue>(_ type: T.Type, _ bytes: [UInt8]) throws -> T {
        do {
            return try bytes.withUnsafeBytes { pointer throws(WireError) in
                var reader = WireReader(pointer)
                return try T(lenient: &reader)
            }
        } catch {
            throw CLIError("a member of the group speaks another protocol: \(error)")
        }
    }

    static func offsetFetch(_ group: String, _ partitions: [TopicPartition], version: Int16) -> OffsetFetchRequest {
        var request = OffsetFetchRequest()
        let topics = Dictionary(grouping: partitions, by: \.topic).sorted { $0.key < $1.key }
        guard version >= 8 else {
            request.groupID = group
            request.topics = topics.map { entry in
                var topic = OffsetFetchRequest.OffsetFetchRequestTopic()
                topic.name = entry.key
                topic.partitionIndexes = entry.value.map(\.partition)
                return topic
            }
            return request
        }
        var wanted = OffsetFetchRequest.OffsetFetchRequestGroup()
        wanted.groupID = group
        wanted.topics = topics.map { entry in
            var topic = OffsetFetchRequest.OffsetFetchRequestTopics()
            topic.name = entry.key
            topic.partitionIndexes = entry.value.map(\.partition)
            return topic
        }
        request.groups = [wanted]
        return request
    }
}
