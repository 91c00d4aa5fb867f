import KafkaProtocol
import Testing

@testable import ClusterCore

/// A member of a classic group as a client library would play it, one step at a time.
final class GroupClient {
    let harness: ClusterHarness
    let connection: ConnectionID
    let group: String
    let clientID: String
    var memberID = ""
    var instanceID: String?
    var generation: Int32 = -1
    var protocols: [(name: String, metadata: [UInt8])]
    var protocolType = "consumer"
    var sessionTimeoutMs: Int32 = 10_000
    var rebalanceTimeoutMs: Int32 = 60_000
    var joinVersion: Int16 = 9

    init(
        _ harness: ClusterHarness, group: String = "g", clientID: String = "client", instanceID: String? = nil,
        topics: [String] = ["t"], protocols: [String] = ["range"], node: Int32 = 1
    ) {
        self.harness = harness
        self.group = group
        self.clientID = clientID
        self.instanceID = instanceID
        self.protocols = protocols.map { ($0, GroupClient.subscription(topics)) }
        connection = harness.connect(node: node, clientHost: "10.0.0.7")
    }

    /// A ConsumerProtocolSubscription of version 0 without user data.
    static func subscription(_ topics: [String]) -> [UInt8] {
        var writer = WireWriter(capacity: 64)
        writer.writeInt16(0)
        writer.writeInt32(Int32(topics.count))
        for topic in topics {
            writer.writeString(topic, compact: false)
        }
        writer.writeInt32(-1)
        return writer.copyBytes()
    }

    // MARK: Requests

    func sendJoin() -> SentRequest<JoinGroupRequest> {
        var request = JoinGroupRequest()
        request.groupID = group
        request.sessionTimeoutMs = sessionTimeoutMs
        request.rebalanceTimeoutMs = rebalanceTimeoutMs
        request.memberID = memberID
        request.groupInstanceID = instanceID
        request.protocolType = protocolType
        request.protocols = protocols.map { entry in
            var item = JoinGroupRequest.JoinGroupRequestProtocol()
            item.name = entry.name
            item.metadata = entry.metadata
            return item
        }
        return harness.send(request, version: joinVersion, on: connection, clientID: clientID).sent
    }

    /// Joins until the request waits for the rebalance; asks for a member id first where the protocol wants that.
    func startJoin() throws -> SentRequest<JoinGroupRequest> {
        let sent = sendJoin()
        guard let answer = try harness.answer(to: sent), answer.errorCode == ErrorCode.memberIDRequired.rawValue else {
            return sent
        }
        memberID = answer.memberID
        return sendJoin()
    }

    /// Reads the answer of a join that must have succeeded by now.
    @discardableResult
    func finishJoin(
        _ sent: SentRequest<JoinGroupRequest>, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JoinGroupResponse {
        let answer = try #require(
            try harness.answer(to: sent), "the join still waits", sourceLocation: sourceLocation)
        try #require(answer.errorCode == 0, sourceLocation: sourceLocation)
        memberID = answer.memberID
        generation = answer.generationID
        return answer
    }

    func sendSync(
        _ assignments: [String: String] = [:], version: Int16 = 5, protocolName: String? = "range"
    ) -> SentRequest<SyncGroupRequest> {
        var request = SyncGroupRequest()
        request.groupID = group
        request.generationID = generation
        request.memberID = memberID
        request.groupInstanceID = instanceID
        request.protocolType = protocolType
        request.protocolName = protocolName
        request.assignments = assignments.sorted { $0.key < $1.key }.map { entry in
            var item = SyncGroupRequest.SyncGroupRequestAssignment()
            item.memberID = entry.key
            item.assignment = Array(entry.value.utf8)
            return item
        }
        return harness.send(request, version: version, on: connection, clientID: clientID).sent
    }

    func heartbeat(version: Int16 = 4) throws -> ErrorCode {
        var request = HeartbeatRequest()
        request.groupID = group
        request.generationID = generation
        request.memberID = memberID
        request.groupInstanceID = instanceID
        return ErrorCode(rawValue: try harness.call(request, version: version, on: connection).errorCode)
    }

    @discardableResult
    func leave(version: Int16 = 5) throws -> ErrorCode {
        var request = LeaveGroupRequest()
        request.groupID = group
        request.memberID = memberID
        var member = LeaveGroupRequest.MemberIdentity()
        member.memberID = memberID
        member.groupInstanceID = instanceID
        request.members = [member]
        let response = try harness.call(request, version: version, on: connection)
        return ErrorCode(rawValue: version < 3 ? response.errorCode : response.members[0].errorCode)
    }

    /// Commits one offset as this member, or as nobody when it has not joined.
    func commit(
        _ topic: String = "t", _ partition: Int32 = 0, offset: Int64, metadata: String? = nil, version: Int16 = 9
    ) throws -> ErrorCode {
        var item = OffsetCommitRequest.OffsetCommitRequestPartition()
        item.partitionIndex = partition
        item.committedOffset = offset
        item.committedLeaderEpoch = 3
        item.committedMetadata = metadata
        var entry = OffsetCommitRequest.OffsetCommitRequestTopic()
        entry.name = topic
        entry.topicID = harness.cluster.topics[topic]?.id ?? KafkaUUID(high: 1, low: 2)
        entry.partitions = [item]
        var request = OffsetCommitRequest()
        request.groupID = group
        request.generationIDOrMemberEpoch = generation
        request.memberID = memberID
        request.groupInstanceID = instanceID
        request.topics = [entry]
        let response = try harness.call(request, version: version, on: connection)
        return ErrorCode(rawValue: response.topics[0].partitions[0].errorCode)
    }

    /// The committed offset of one partition; -1 when there is none.
    func fetchOffset(_ topic: String = "t", _ partition: Int32 = 0) throws -> Int64 {
        var entry = OffsetFetchRequest.OffsetFetchRequestTopics()
        entry.name = topic
        entry.partitionIndexes = [partition]
        var item = OffsetFetchRequest.OffsetFetchRequestGroup()
        item.groupID = group
        item.topics = [entry]
        var request = OffsetFetchRequest()
        request.groups = [item]
        let response = try harness.call(request, version: 9, on: connection)
        try #require(response.groups[0].errorCode == 0)
        return response.groups[0].topics[0].partitions[0].committedOffset
    }
}

extension ClusterHarness {
    /// A harness for groups: one topic `t` of three partitions, and no initial delay unless asked for.
    static func forGroups(
        brokers: Int = 1, delay: Int = 0, configs: [String: String] = [:], limits: ClusterLimits = ClusterLimits()
    ) throws -> ClusterHarness {
        let own = ["group.initial.rebalance.delay.ms": "\(delay)"]
        let harness = try ClusterHarness(
            brokers: brokers, brokerConfigs: own.merging(configs) { _, given in given }, limits: limits)
        try harness.createTopic("t", partitions: 3)
        return harness
    }

    /// Brings members through a whole rebalance; the first becomes the leader. Each is assigned its own client id.
    func stabilize(_ members: [GroupClient], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let joins = try members.map { try $0.startJoin() }
        advance(by: 0)
        var leader = members[0]
        for (member, join) in zip(members, joins) {
            let answer = try member.finishJoin(join, sourceLocation: sourceLocation)
            if answer.leader == answer.memberID {
                leader = member
            }
        }
        let name = cluster.groups[leader.group]?.protocolName
        let assignments = Dictionary(uniqueKeysWithValues: members.map { ($0.memberID, $0.clientID) })
        let syncs = members.map { $0.sendSync($0 === leader ? assignments : [:], protocolName: name) }
        for (member, sync) in zip(members, syncs) {
            let answer = try #require(try answer(to: sync), "the sync still waits", sourceLocation: sourceLocation)
            try #require(answer.errorCode == 0, sourceLocation: sourceLocation)
            try #require(answer.assignment == Array(member.clientID.utf8), sourceLocation: sourceLocation)
        }
        try #require(state(leader.group) == .stable, sourceLocation: sourceLocation)
    }

    func state(_ group: String = "g") -> GroupState? { cluster.groups[group]?.state }
}
