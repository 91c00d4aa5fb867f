import KafkaProtocol

/// Consumer groups, as the Kafka requests that a client would send.
extension ClusterBackend {
    typealias GroupDescription = DescribeGroupsResponse.DescribedGroup

    /// Every broker of the cluster, by number.
    func brokers() async throws -> [DescribeClusterResponse.DescribeClusterBroker] {
        let response = try await call(DescribeClusterRequest())
        try RESTError.check(response.errorCode, response.errorMessage)
        return response.brokers.sorted { $0.brokerID < $1.brokerID }
    }

    /// Ids of all groups, ordered.
    func groupIDs() async throws -> [String] {
        var ids: Set<String> = []
        for broker in try await brokers() {
            let response = try await call(ListGroupsRequest(), at: broker.brokerID)
            try RESTError.check(response.errorCode, nil)
            ids.formUnion(response.groups.map(\.groupID))
        }
        return ids.sorted()
    }

    /// The broker that looks after a group.
    func coordinator(of group: String) async throws -> Int32 {
        var request = FindCoordinatorRequest()
        request.coordinatorKeys = [group]
        guard let answer = try await call(request).coordinators.first else {
            throw ErrorCode.coordinatorNotAvailable
        }
        try RESTError.check(answer.errorCode, answer.errorMessage)
        return answer.nodeID
    }

    /// A group with its members, or 404.
    func group(_ id: String) async throws -> (description: GroupDescription, coordinator: Int32) {
        guard try await groupIDs().contains(id) else {
            throw RESTError.notFound("Consumer group \(id) cannot be found.")
        }
        let node = try await coordinator(of: id)
        var request = DescribeGroupsRequest()
        request.groups = [id]
        guard let group = try await call(request, at: node).groups.first else {
            throw ErrorCode.unknownServerError
        }
        try RESTError.check(group.errorCode, group.errorMessage)
        return (group, node)
    }

    /// How far a group is, over everything that it has committed or been assigned; ordered.
    func lags(of group: GroupDescription, coordinator: Int32) async throws -> [GroupLag] {
        var request = OffsetFetchRequest()
        var item = OffsetFetchRequest.OffsetFetchRequestGroup()
        item.groupID = group.groupID
        item.topics = nil
        request.groups = [item]
        guard let answer = try await call(request, at: coordinator).groups.first else {
            throw ErrorCode.unknownServerError
        }
        try RESTError.check(answer.errorCode, nil)
        var owners: [String: [Int32: DescribeGroupsResponse.DescribedGroupMember]] = [:]
        for member in group.members {
            for assigned in member.assignment {
                owners[assigned.topic, default: [:]][assigned.partition] = member
            }
        }
        var lags: [GroupLag] = []
        for topic in answer.topics {
            let committed = topic.partitions.filter { $0.errorCode == 0 && $0.committedOffset >= 0 }
            let ends = try await offsets(of: topic.name, committed.map(\.partitionIndex), at: ListedOffset.latest)
            for partition in committed {
                guard let end = ends[partition.partitionIndex] else {
                    continue
                }
                lags.append(
                    GroupLag(
                        topic: topic.name, partition: partition.partitionIndex,
                        currentOffset: partition.committedOffset, endOffset: end,
                        member: owners[topic.name]?[partition.partitionIndex]))
            }
        }
        return lags.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
    }

    /// Offsets by partition at a time, or at one of Kafka's marks; partitions that are gone are left out.
    func offsets(of topic: String, _ partitions: [Int32], at timestamp: Int64) async throws -> [Int32: Int64] {
        guard !partitions.isEmpty, let description = try? await self.topic(topic) else {
            return [:]
        }
        let leaders = Dictionary(
            description.partitions.map { ($0.partitionIndex, $0.leaderID) }, uniquingKeysWith: { first, _ in first })
        var offsets: [Int32: Int64] = [:]
        for (leader, indexes) in Dictionary(grouping: partitions, by: { leaders[$0] ?? -1 }) where leader >= 0 {
            var item = ListOffsetsRequest.ListOffsetsTopic()
            item.name = topic
            item.partitions = indexes.map { index in
                var partition = ListOffsetsRequest.ListOffsetsPartition()
                partition.partitionIndex = index
                partition.timestamp = timestamp
                return partition
            }
            var request = ListOffsetsRequest()
            request.replicaID = -1
            request.topics = [item]
            for partition in try await call(request, at: leader).topics.flatMap(\.partitions) {
                try RESTError.check(partition.errorCode, nil)
                offsets[partition.partitionIndex] = partition.offset
            }
        }
        return offsets
    }
}

/// Kafka's marks in place of a time (ListOffsets).
enum ListedOffset {
    static let latest: Int64 = -1
    static let earliest: Int64 = -2
    static let maxTimestamp: Int64 = -3
}

/// How far a group is in one partition.
struct GroupLag {
    let topic: String
    let partition: Int32
    let currentOffset: Int64
    let endOffset: Int64
    /// Who reads it now.
    let member: DescribeGroupsResponse.DescribedGroupMember?

    var lag: Int64 { max(0, endOffset -| currentOffset) }
}

extension DescribeGroupsResponse.DescribedGroupMember {
    /// What the member was given, if it is a consumer.
    var assignment: [(topic: String, partition: Int32)] {
        let value = memberAssignment.withUnsafeBytes { bytes -> ConsumerMemberAssignment? in
            var reader = WireReader(bytes)
            return try? ConsumerMemberAssignment(lenient: &reader)
        }
        return (value?.assignedPartitions ?? []).flatMap { topic in
            topic.partitions.sorted().map { (topic.topic, $0) }
        }
    }
}
