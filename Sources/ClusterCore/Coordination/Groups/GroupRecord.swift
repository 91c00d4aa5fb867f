import KafkaProtocol

/// One record of `__consumer_offsets` that this coordinator keeps: a group, or an offset that a group committed.
enum GroupRecord {
    /// nil deletes the group.
    case group(id: String, GroupMetadataValue?)
    /// nil deletes the offset.
    case offset(group: String, topic: String, partition: Int32, CommittedOffset?)

    /// The last version before tagged fields for a group, the one with the topic's id for an offset, and version 1
    /// for an offset that carries its own expiry.
    private enum Version {
        static let group: Int16 = 3
        static let offset: Int16 = 4
        static let expiringOffset: Int16 = 1
    }

    func encoded() -> CoordinatorRecord {
        switch self {
        case .group(let id, let value):
            var key = GroupMetadataKey()
            key.group = id
            return CoordinatorRecord(
                key: key.encodeKey(), value: value.map { $0.encodeValue(version: Version.group) })
        case .offset(let group, let topic, let partition, let offset):
            var key = OffsetCommitKey()
            key.group = group
            key.topic = topic
            key.partition = partition
            return CoordinatorRecord(key: key.encodeKey(), value: offset.map(Self.encoded))
        }
    }

    private static func encoded(_ offset: CommittedOffset) -> [UInt8] {
        var value = OffsetCommitValue()
        value.offset = offset.offset
        value.leaderEpoch = offset.leaderEpoch
        value.metadata = offset.metadata
        value.commitTimestamp = offset.commitTimestamp
        value.expireTimestamp = offset.expireTimestamp ?? -1
        value.topicID = offset.topicID
        return value.encodeValue(version: offset.expireTimestamp == nil ? Version.offset : Version.expiringOffset)
    }

    // MARK: Reading

    /// nil for what other coordinators keep in the same log (KIP-848 groups, share groups).
    init?(key: [UInt8], value: [UInt8]?) throws(WireError) {
        let known = try Self.read(key) { (reader) throws(WireError) -> GroupRecord? in
            let type = try reader.readInt16()
            // Offsets have known two types of keys with the same fields.
            if type == 0 || type == OffsetCommitKey.type {
                let key = try OffsetCommitKey(afterType: type, from: &reader)
                return .offset(
                    group: key.group, topic: key.topic, partition: key.partition, try Self.offset(value))
            }
            guard type == GroupMetadataKey.type else {
                return nil
            }
            let key = try GroupMetadataKey(afterType: type, from: &reader)
            return .group(id: key.group, try Self.group(value))
        }
        guard let known else {
            return nil
        }
        self = known
    }

    private static func group(_ bytes: [UInt8]?) throws(WireError) -> GroupMetadataValue? {
        guard let bytes else {
            return nil
        }
        return try read(bytes) { (reader) throws(WireError) in try GroupMetadataValue(versioned: &reader) }
    }

    private static func offset(_ bytes: [UInt8]?) throws(WireError) -> CommittedOffset? {
        guard let bytes else {
            return nil
        }
        let value = try read(bytes) { (reader) throws(WireError) in try OffsetCommitValue(versioned: &reader) }
        return CommittedOffset(
            offset: value.offset, leaderEpoch: value.leaderEpoch, metadata: value.metadata,
            commitTimestamp: value.commitTimestamp,
            expireTimestamp: value.expireTimestamp < 0 ? nil : value.expireTimestamp, topicID: value.topicID)
    }

    private static func read<R>(
        _ bytes: [UInt8], _ body: (inout WireReader) throws(WireError) -> R
    ) throws(WireError) -> R {
        try bytes.withUnsafeBytes { memory -> Result<R, WireError> in
            var reader = WireReader(memory)
            do throws(WireError) {
                return .success(try body(&reader))
            } catch {
                return .failure(error)
            }
        }.get()
    }
}
