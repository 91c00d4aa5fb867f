import KafkaClient
import KafkaProtocol
import NIOCore

/// Reads a topic as a member of a consumer group: joins, reads what it is given, commits what was printed, and joins
/// again when the group changes. Speaks the classic protocol with the range assignor, as consumers do by default.
struct GroupReader: Sendable {
    let session: KafkaSession
    let group: String
    let topic: String
    /// Where partitions begin that the group has not read yet.
    let fromBeginning: Bool
    let exitsAtEnd: Bool
    let printer: RecordPrinter
    let outage = Outage()

    static let protocolType = "consumer"
    static let assignor = "range"
    private static let sessionTimeoutMs: Int32 = 30_000
    private static let rebalanceTimeoutMs: Int32 = 60_000
    /// Between heartbeats and commits.
    private static let beatMs: Int64 = 3_000
    /// How long Ctrl-C may go unnoticed.
    private static let sliceMs: Int64 = 100
    /// Commits and fetches name topics up to this version, and carry IDs from the next one on.
    private static let namedTopics: Int16 = 9

    /// What one generation of the group gave us.
    private struct Membership {
        /// -1 while it is not known.
        var coordinator: Int32 = -1
        var memberID = ""
        var generation: Int32 = -1
        var partitions: [TopicPartition] = []
    }

    /// How reading ended.
    private enum Ending {
        case done
        case interrupted
        case rejoin
    }

    /// Waits for a cluster that goes away once the group was joined; Ctrl-C commits, leaves the group, and ends the
    /// command by its signal.
    func run(limit: Int?) async throws {
        Interruption.catchSignals(once: true)
        var membership = Membership()
        var limit = limit
        var ending = Ending.rejoin
        while ending == .rejoin, !Interruption.requested {
            do {
                if membership.coordinator < 0 {
                    membership.coordinator = try await findCoordinator()
                }
                try await join(&membership)
                outage.ends()
                ending = try await read(membership, limit: &limit)
            } catch let error as CLIError where error.isOutage && membership.generation >= 0 {
                outage.begins(error.message)
                membership.coordinator = -1
                try await pause()
            } catch {
                // The next reader need not wait until the group has missed us.
                if membership.coordinator >= 0 {
                    try? await leave(membership)
                }
                throw error
            }
        }
        if membership.coordinator >= 0 {
            try await leave(membership)
        }
        if ending != .done {
            throw Interrupted()
        }
    }

    // MARK: Membership

    private func findCoordinator() async throws -> Int32 {
        var request = FindCoordinatorRequest()
        request.key = group
        request.coordinatorKeys = [group]
        for _ in 0..<Self.tries {
            let response = try await session.send(request)
            let found = response.coordinators.first
            let code = ErrorCode(rawValue: found?.errorCode ?? response.errorCode)
            switch code {
            case .none: return found?.nodeID ?? response.nodeID
            case .coordinatorNotAvailable, .coordinatorLoadInProgress: try await pause()
            default: throw CLIError("group \"\(group)\": \(found?.errorMessage ?? code.message)")
            }
        }
        throw CLIError("group \"\(group)\" has no coordinator yet")
    }

    private static let tries = 50

    private func pause() async throws {
        try await Task.sleep(for: .milliseconds(Self.sliceMs))
    }

    private func join(_ membership: inout Membership) async throws {
        for _ in 0..<Self.tries {
            let response = try await session.send(
                joinRequest(membership.memberID), to: .broker(membership.coordinator), maxVersion: Self.namedTopics,
                timeoutMs: Int64(Self.rebalanceTimeoutMs) + 10_000)
            let code = ErrorCode(rawValue: response.errorCode)
            switch code {
            case .none:
                membership.memberID = response.memberID
                membership.generation = response.generationID
                if let partitions = try await sync(membership, response) {
                    membership.partitions = partitions
                    return
                }
            case .memberIDRequired: membership.memberID = response.memberID
            case .unknownMemberID: membership.memberID = ""
            case .rebalanceInProgress, .coordinatorLoadInProgress: try await pause()
            case .notCoordinator, .coordinatorNotAvailable: membership.coordinator = try await findCoordinator()
            default: throw CLIError("cannot join group \"\(group)\": \(code.message)")
            }
        }
        throw CLIError("group \"\(group)\" does not come to rest")
    }

    private func joinRequest(_ memberID: String) -> JoinGroupRequest {
        var metadata = ConsumerMemberMetadata()
        metadata.topics = [topic]
        var offer = JoinGroupRequest.JoinGroupRequestProtocol()
        offer.name = Self.assignor
        offer.metadata = metadata.encodeValue(version: 1)
        var request = JoinGroupRequest()
        request.groupID = group
        request.sessionTimeoutMs = Self.sessionTimeoutMs
        request.rebalanceTimeoutMs = Self.rebalanceTimeoutMs
        request.memberID = memberID
        request.protocolType = Self.protocolType
        request.protocols = [offer]
        return request
    }

    /// Distributes partitions if we lead, and learns ours; nil when the group has to be joined again.
    private func sync(_ membership: Membership, _ joined: JoinGroupResponse) async throws -> [TopicPartition]? {
        var request = SyncGroupRequest()
        request.groupID = group
        request.generationID = membership.generation
        request.memberID = membership.memberID
        request.protocolType = Self.protocolType
        request.protocolName = joined.protocolName ?? Self.assignor
        if joined.leader == joined.memberID, !joined.skipAssignment {
            request.assignments = try await assign(joined.members)
        }
        let response = try await session.send(request, to: .broker(membership.coordinator))
        let code = ErrorCode(rawValue: response.errorCode)
        guard code == .none else {
            guard [.rebalanceInProgress, .illegalGeneration, .unknownMemberID].contains(code) else {
                throw CLIError("cannot join group \"\(group)\": \(code.message)")
            }
            return nil
        }
        return try Self.decodeAssignment(response.assignment)
    }

    private func assign(
        _ members: [JoinGroupResponse.JoinGroupResponseMember]
    ) async throws -> [SyncGroupRequest.SyncGroupRequestAssignment] {
        var topics: [String: [String]] = [:]
        for member in members {
            topics[member.memberID] = try Self.decodeTopics(member.metadata)
        }
        let wanted = Set(topics.values.joined())
        let metadata: ClusterMetadata = try await session.run { client, done in
            client.refreshMetadata(.named(wanted), completion: done)
        }
        let counts = wanted.map { ($0, Int32(metadata.topics[$0]?.partitions.count ?? 0)) }
        let ranges = RangeAssignor.assign(topics, Dictionary(counts, uniquingKeysWith: { first, _ in first }))
        return members.map { member in
            var assignment = SyncGroupRequest.SyncGroupRequestAssignment()
            assignment.memberID = member.memberID
            assignment.assignment = Self.encodeAssignment(ranges[member.memberID] ?? [:])
            return assignment
        }
    }

    private func leave(_ membership: Membership) async throws {
        var member = LeaveGroupRequest.MemberIdentity()
        member.memberID = membership.memberID
        var request = LeaveGroupRequest()
        request.groupID = group
        request.memberID = membership.memberID
        request.members = [member]
        _ = try await session.send(request, to: .broker(membership.coordinator))
    }

    // MARK: Reading

    private func read(_ membership: Membership, limit: inout Int?) async throws -> Ending {
        let starts = try await starts(membership)
        let ends = exitsAtEnd ? try await session.offsets(.latest, membership.partitions) : nil
        let reading = Reading(starts: starts, ends: ends, limit: limit, printer: printer)
        guard !reading.isDone else {
            return .done
        }
        let state = ReadingState()
        let outage = outage
        let loop = try await session.make { client in
            ConsumeLoop.start(reading, client: client, outage: outage) { state.finish($0) }
        }
        let outcome: Result<Ending, any Error>
        do {
            outcome = .success(try await follow(loop, state, membership))
        } catch {
            outcome = .failure(error)
        }
        limit = try await session.on(loop) { loop in
            loop.stop()
            return loop.left
        }
        return try outcome.get()
    }

    /// Commits and tells the group that we live, until reading or membership ends.
    private func follow(
        _ loop: NIOLoopBound<ConsumeLoop>, _ state: ReadingState, _ membership: Membership
    ) async throws -> Ending {
        var ending: Ending?
        while ending == nil {
            let beat = Platform.monotonicMs + Self.beatMs
            while Platform.monotonicMs < beat, state.result == nil, !Interruption.requested {
                try await pause()
            }
            let isOver = state.result != nil || Interruption.requested
            let positions = try await session.on(loop) { $0.positions }
            // A rebalance can make a commit come too late: what was printed is then printed again by whoever is next.
            try await commit(positions, membership)
            if isOver {
                ending = state.result == nil ? .interrupted : .done
            } else if try await !heartbeat(membership) {
                ending = .rejoin
            }
        }
        try state.result?.get()
        return ending ?? .done
    }

    /// Committed offsets; where there are none, the beginning or the end.
    private func starts(_ membership: Membership) async throws -> [TopicPartition: Int64] {
        guard !membership.partitions.isEmpty else {
            return [:]
        }
        let partitions = membership.partitions
        let group = group
        let response: OffsetFetchResponse = try await session.run { client, done in
            client.send(
                OffsetFetchRequest.self, to: .broker(membership.coordinator), maxVersion: Self.namedTopics,
                build: { Self.offsetFetch(group, partitions, version: $0) }, done)
        }
        var found: [TopicPartition: Int64] = [:]
        for topic in response.groups.first?.topics ?? [] {
            for row in topic.partitions where row.committedOffset >= 0 {
                found[TopicPartition(topic.name, row.partitionIndex)] = row.committedOffset
            }
        }
        for topic in response.topics {
            for row in topic.partitions where row.committedOffset >= 0 {
                found[TopicPartition(topic.name, row.partitionIndex)] = row.committedOffset
            }
        }
        let missing = partitions.filter { found[$0] == nil }
        let others = missing.isEmpty ? [:] : try await session.offsets(fromBeginning ? .earliest : .latest, missing)
        return found.merging(others) { committed, _ in committed }
    }

    private func commit(_ positions: [TopicPartition: Int64], _ membership: Membership) async throws {
        guard !positions.isEmpty else {
            return
        }
        var request = OffsetCommitRequest()
        request.groupID = group
        request.generationIDOrMemberEpoch = membership.generation
        request.memberID = membership.memberID
        for (name, rows) in Dictionary(grouping: positions, by: \.key.topic) {
            var topic = OffsetCommitRequest.OffsetCommitRequestTopic()
            topic.name = name
            topic.partitions = rows.map { row in
                var partition = OffsetCommitRequest.OffsetCommitRequestPartition()
                partition.partitionIndex = row.key.partition
                partition.committedOffset = row.value
                return partition
            }
            request.topics.append(topic)
        }
        _ = try await session.send(request, to: .broker(membership.coordinator), maxVersion: Self.namedTopics)
    }

    /// - Returns: false when the group has to be joined again.
    private func heartbeat(_ membership: Membership) async throws -> Bool {
        var request = HeartbeatRequest()
        request.groupID = group
        request.generationID = membership.generation
        request.memberID = membership.memberID
        let response = try await session.send(request, to: .broker(membership.coordinator))
        return ErrorCode(rawValue: response.errorCode) == .none
    }
}
