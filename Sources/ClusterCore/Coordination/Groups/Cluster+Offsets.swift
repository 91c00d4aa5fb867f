import KafkaProtocol

/// Committed offsets: checks, deletion and expiry.
extension Cluster {
    /// Refuses a commit by somebody who may not commit for the group now.
    ///
    /// Without a generation (-1) it comes from an administrator or a consumer that assigns itself: fine as long as the
    /// group has no members.
    func validateOffsetCommit(_ request: OffsetCommitRequest, version: Int16) throws(ErrorCode) {
        let generation = request.generationIDOrMemberEpoch
        guard let group = groups[request.groupID] else {
            guard generation < 0 else {
                throw version >= 9 ? .groupIDNotFound : .illegalGeneration
            }
            guard groups.count < configuration.limits.groups else {
                throw .policyViolation
            }
            return
        }
        if generation < 0, group.isEmpty {
            return
        }
        guard generation >= 0 || !request.memberID.isEmpty || request.groupInstanceID != nil else {
            throw .unknownMemberID
        }
        try group.validateMember(request.memberID, instanceID: request.groupInstanceID)
        guard generation == group.generation else {
            throw .illegalGeneration
        }
        if group.state == .completingRebalance {
            throw .rebalanceInProgress
        }
    }

    /// A commit by a member is a sign of life.
    mutating func keepSessionAlive(_ request: OffsetCommitRequest, now: Int64) {
        guard !request.memberID.isEmpty, let state = groups[request.groupID]?.state,
            state == .stable || state == .preparingRebalance
        else {
            return
        }
        _ = step(request.groupID, now: now) { $0.keepAlive(request.memberID, &$1) }
    }

    /// Removes a group's offsets and the group itself, if it has no members.
    mutating func deleteGroup(_ id: String, now: Int64) throws(ErrorCode) {
        guard let group = groups[id] else {
            throw .groupIDNotFound
        }
        guard group.isEmpty else {
            throw .nonEmptyGroup
        }
        let tombstones = tombstones(id) { _, _, _ in true }
        do throws(ErrorCode) {
            try append(tombstones + [.group(id: id, nil)], group: id, .inParts, now: now)
        } catch {
            throw error.forGroupMembers
        }
    }

    /// Forgets offsets that nobody has refreshed for `offsets.retention.minutes`, and empty groups without offsets.
    /// Looks at most every `offsets.retention.check.interval.ms`, at some groups at once, at more in slices.
    mutating func expireOffsets(now: Int64) {
        let interval = Int64(configs.brokerInt("offsets.retention.check.interval.ms"))
        guard let due = groups.nextExpiry, due <= monotonicMs else {
            groups.nextExpiry = groups.nextExpiry ?? deadline(after: interval)
            return
        }
        groups.nextExpiry = deadline(after: interval)
        // A look that began anew before its end would never come to the last ones.
        if groups.expiring.isEmpty {
            groups.expiring = groups.ids[...]
        }
        expireSomeOffsets(now: now)
    }

    /// One slice.
    mutating func expireSomeOffsets(now: Int64) {
        let retention = Int64(configs.brokerInt("offsets.retention.minutes")) *| 60_000
        defer { groups.expiring = groups.expiring.dropFirst(Self.looksPerSlice) }
        for id in groups.expiring.prefix(Self.looksPerSlice) {
            guard let group = groups[id] else {
                continue
            }
            var records = tombstones(id) { topic, _, offset in
                !group.isSubscribed(to: topic) && group.hasExpired(offset, retention: retention, now: now)
            }
            let left = groups.offsets(of: id).byTopic.values.reduce(0) { $0 + $1.count } - records.count
            if group.isEmpty, group.pendingMembers.isEmpty, left == 0 {
                records.append(.group(id: id, nil))
            }
            appendTombstones(records, id, now: now)
        }
    }

    private func tombstones(
        _ group: String, where matches: (_ topic: String, _ partition: Int32, CommittedOffset) -> Bool
    ) -> [GroupRecord] {
        var records: [GroupRecord] = []
        for (topic, partitions) in groups.offsets(of: group).byTopic.sorted(by: { $0.key < $1.key }) {
            for (partition, offset) in partitions.sorted(by: { $0.key < $1.key })
            where matches(topic, partition, offset) {
                records.append(.offset(group: group, topic: topic, partition: partition, nil))
            }
        }
        return records
    }

    private mutating func appendTombstones(_ records: [GroupRecord], _ group: String, now: Int64) {
        do throws(ErrorCode) {
            try append(records, group: group, .inParts, now: now)
        } catch {
            let text = "offsets of group \(group) could not be removed: \(error.name)"
            complain(.groups, of: group, text, level: .warning)
        }
    }
}

extension Group {
    /// Whether an offset has outlived its retention. While a group has members that are not known to have lost
    /// interest, it has not.
    func hasExpired(_ offset: CommittedOffset, retention: Int64, now: Int64) -> Bool {
        let start: Int64
        if protocolType == nil {
            start = offset.commitTimestamp
        } else if state == .empty {
            start = stateTimestamp ?? offset.commitTimestamp
        } else if state == .stable, usesConsumerProtocol, subscribedTopics != nil {
            start = offset.commitTimestamp
        } else {
            return false
        }
        if let end = offset.expireTimestamp {
            return now >= end
        }
        return now -| start >= retention
    }
}
