import KafkaProtocol

/// `/twinlog/v1/clusters/{cluster_id}/consumer-groups/{consumer_group_id}/offsets:reset`: moves a group that nobody
/// reads as, or says where it would be moved.
enum GroupOffsetRoutes {
    static let path = "/twinlog/v1/clusters/{cluster_id}/consumer-groups/{consumer_group_id}/offsets:reset"

    static let routes: [Route] = [Route(.post, PathTemplate(path), reset)]

    /// Where a group is moved to.
    enum Target: String, CaseIterable {
        case earliest = "EARLIEST"
        case latest = "LATEST"
        /// What is committed, where the log still has it.
        case current = "CURRENT"
        /// The offset in `value`.
        case offset = "OFFSET"
        /// As many offsets forward as `value` says, or back.
        case shift = "SHIFT"
        /// The first record with the timestamp in `value` (milliseconds since the epoch) or a later one.
        case time = "TIME"

        var needsValue: Bool { self == .offset || self == .shift || self == .time }
    }

    private static let reset: Route.Handler = { request, fleet in
        let cluster = try await fleet.cluster(request)
        let id = request.capture("consumer_group_id")
        let body = try request.object()
        guard let target = try body.word("to", of: Target.allCases.map(\.rawValue)).flatMap(Target.init) else {
            throw RESTError.badRequest("Field 'to' is required.")
        }
        let value: Int64? = try body.integer("value")
        guard (value != nil) == target.needsValue else {
            let need = target.needsValue ? "needs" : "takes no"
            throw RESTError.badRequest("\(target.rawValue) \(need) value.")
        }
        if target == .offset, let value, value < 0 {
            throw RESTError.badRequest("No log has an offset \(value).")
        }
        let validateOnly = try body.bool("validate_only", default: false)
        let coordinator = try await cluster.coordinatorOfIdleGroup(id)
        let committed = try await cluster.committedOffsets(of: id, coordinator: coordinator)
        let partitions = try await cluster.partitions(named: body.objects("topics"), committed)
        var moves: [OffsetMove] = []
        for (topic, indexes) in partitions.sorted(by: { $0.key < $1.key }) {
            let before = committed[topic] ?? [:]
            moves += try await cluster.moves(topic, indexes.sorted(), before, to: target, value: value ?? 0)
        }
        if !validateOnly, !moves.isEmpty {
            try await cluster.commit(moves, for: id, coordinator: coordinator)
        }
        return .json([
            "kind": "TwinlogOffsetReset", "cluster_id": .string(cluster.clusterID), "consumer_group_id": .string(id),
            "validate_only": .bool(validateOnly), "data": .array(moves.map(\.json)),
        ])
    }
}

/// What becomes of one partition's committed offset.
struct OffsetMove {
    let topic: String
    let partition: Int32
    /// nil when nothing is committed.
    let current: Int64?
    /// What was asked for; ``new`` differs when the log does not have it.
    let wanted: Int64
    let new: Int64

    var json: JSON {
        [
            "topic_name": .string(topic), "partition_id": JSON(partition),
            "current_offset": current.map { .int($0) } ?? .null, "wanted_offset": .int(wanted), "new_offset": .int(new),
        ]
    }
}

extension ClusterBackend {
    fileprivate typealias Committed = [String: [Int32: Int64]]

    /// - Throws: 409 while the group has members; a group that does not exist yet is idle.
    fileprivate func coordinatorOfIdleGroup(_ id: String) async throws -> Int32 {
        let node = try await coordinator(of: id)
        guard try await groupIDs().contains(id) else {
            return node
        }
        let group = try await group(id).description
        guard group.members.isEmpty else {
            throw RESTError.conflict(
                "Consumer group \(id) is \(GroupRoutes.state(group.groupState)) with \(group.members.count) members: "
                    + "its offsets can be reset once they have left.")
        }
        return node
    }

    fileprivate func committedOffsets(of group: String, coordinator: Int32) async throws -> Committed {
        var request = OffsetFetchRequest()
        var item = OffsetFetchRequest.OffsetFetchRequestGroup()
        item.groupID = group
        item.topics = nil
        request.groups = [item]
        guard let answer = try await call(request, at: coordinator).groups.first else {
            throw ErrorCode.unknownServerError
        }
        try RESTError.check(answer.errorCode, nil)
        var offsets: Committed = [:]
        for topic in answer.topics {
            for partition in topic.partitions where partition.errorCode == 0 && partition.committedOffset >= 0 {
                offsets[topic.name, default: [:]][partition.partitionIndex] = partition.committedOffset
            }
        }
        return offsets
    }

    /// The partitions that a request names; without any, all that the group has committed.
    fileprivate func partitions(
        named entries: [JSONObject], _ committed: Committed
    ) async throws -> [String: Set<Int32>] {
        guard !entries.isEmpty else {
            return committed.mapValues { Set($0.keys) }
        }
        var partitions: [String: Set<Int32>] = [:]
        for entry in entries {
            let name = try entry.required("topic_name")
            let existing = Set(try await topic(name).partitions.map(\.partitionIndex))
            guard let index: Int32 = try entry.integer("partition_id") else {
                partitions[name, default: []].formUnion(existing)
                continue
            }
            guard existing.contains(index) else {
                throw RESTError(.unknownTopicOrPartition, message: "Topic \(name) has no partition \(index).")
            }
            partitions[name, default: []].insert(index)
        }
        return partitions
    }

    /// Never outside of what the log has.
    fileprivate func moves(
        _ topic: String, _ indexes: [Int32], _ committed: [Int32: Int64], to target: GroupOffsetRoutes.Target,
        value: Int64
    ) async throws -> [OffsetMove] {
        let starts = try await offsets(of: topic, indexes, at: ListedOffset.earliest)
        let ends = try await offsets(of: topic, indexes, at: ListedOffset.latest)
        let found = target == .time ? try await offsets(of: topic, indexes, at: max(0, value)) : [:]
        return indexes.compactMap { index in
            guard let start = starts[index], let end = ends[index] else {
                return nil
            }
            let current = committed[index]
            let wanted: Int64? =
                switch target {
                case .earliest: start
                case .latest: end
                case .current: current ?? end
                case .offset: value
                case .shift: current.map { $0 +| value }
                case .time: found[index].flatMap { $0 >= 0 ? $0 : nil } ?? end
                }
            guard let wanted else {
                return nil
            }
            let new = min(max(wanted, start), end)
            return OffsetMove(topic: topic, partition: index, current: current, wanted: wanted, new: new)
        }
    }

    fileprivate func commit(_ moves: [OffsetMove], for group: String, coordinator: Int32) async throws {
        var request = OffsetCommitRequest()
        request.groupID = group
        for (name, rows) in Dictionary(grouping: moves, by: \.topic).sorted(by: { $0.key < $1.key }) {
            var topic = OffsetCommitRequest.OffsetCommitRequestTopic()
            topic.name = name
            topic.topicID = try await self.topic(name).topicID
            topic.partitions = rows.map { row in
                var partition = OffsetCommitRequest.OffsetCommitRequestPartition()
                partition.partitionIndex = row.partition
                partition.committedOffset = row.new
                return partition
            }
            request.topics.append(topic)
        }
        for topic in try await call(request, at: coordinator).topics {
            for partition in topic.partitions {
                try RESTError.check(partition.errorCode, nil)
            }
        }
    }
}
