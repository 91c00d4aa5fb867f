import Testing

@testable import KafkaProtocol

@Suite("Records of internal logs")
struct MessageStoredTests {
    @Test("a key starts with its type")
    func keys() throws {
        var key = OffsetCommitKey()
        key.group = "g"
        key.topic = "t"
        key.partition = 1
        #expect(key.encodeKey() == hexBytes("0001 0001 67 0001 74 00000001"))
        #expect(GroupMetadataKey().encodeKey() == hexBytes("0002 0000"))
        #expect(TransactionLogKey().encodeKey() == hexBytes("0000 0000"))
        try reading(key.encodeKey()) { reader in
            let read = try OffsetCommitKey(afterType: try reader.readInt16(), from: &reader)
            #expect(read.group == "g" && read.topic == "t" && read.partition == 1)
        }
    }

    @Test("offsets are written as Kafka 4 does, and older values are still read")
    func offsets() throws {
        var value = OffsetCommitValue()
        value.offset = 42
        value.leaderEpoch = 7
        value.metadata = "m"
        value.commitTimestamp = 9
        #expect(
            value.encodeValue(version: 3)
                == hexBytes("0003 000000000000002a 00000007 0001 6d 0000000000000009"))
        #expect(value.encodeValue(version: 4) == hexBytes("0004 000000000000002a 00000007 02 6d 0000000000000009 00"))
        let old = hexBytes("0001 000000000000002a 0001 6d 0000000000000009 000000000000000b")
        let read = try reading(old) { try OffsetCommitValue(versioned: &$0) }
        #expect(read.offset == 42 && read.leaderEpoch == -1 && read.expireTimestamp == 11)
    }

    @Test("a value of an unknown version, or with bytes behind it, is refused")
    func badValues() {
        #expect(throws: WireError.unsupportedVersion(9)) {
            try reading(hexBytes("0009 00")) { try OffsetCommitValue(versioned: &$0) }
        }
        let trailing = OffsetCommitValue().encodeValue() + [0]
        #expect(throws: WireError.trailingBytes(1)) { try reading(trailing) { try OffsetCommitValue(versioned: &$0) } }
    }

    @Test("a client's subscription of a newer version is read as far as we know it")
    func lenient() throws {
        var subscription = ConsumerMemberMetadata()
        subscription.topics = ["a", "b"]
        subscription.rackID = "r"
        var bytes = subscription.encodeValue()
        bytes[1] = 9
        let read = try reading(bytes + [1, 2, 3]) { try ConsumerMemberMetadata(lenient: &$0) }
        #expect(read.topics == ["a", "b"] && read.rackID == "r" && read.userData == nil)
    }

    @Test("a feature level has the bytes of Kafka's own metadata log")
    func featureLevel() throws {
        var record = FeatureLevelRecord()
        record.name = "metadata.version"
        record.featureLevel = 20
        #expect(record.encodeMetadataFrame() == hexBytes("01 0c 00 11 6d657461646174612e76657273696f6e 0014 00"))
    }

    @Test("a topic and its partition have the bytes of Kafka's own metadata log")
    func topicAndPartition() throws {
        var topic = TopicRecord()
        topic.name = "saz"
        topic.topicID = KafkaUUID(high: 0x4000, low: 0x8000_0000_0000_0091)
        #expect(topic.encodeMetadataFrame() == hexBytes("01 02 00 04 73617a 00000000000040008000000000000091 00"))

        let bytes = hexBytes(
            """
            01 03 01 00000001 00000000000040008000000000000091 02 00000001 02 00000001 01 01 00000001 00000000 \
            00000000 02 10000000000040008000000000000001 00
            """)
        try reading(bytes) { reader in
            #expect(try MetadataFrame(from: &reader) == MetadataFrame(id: PartitionRecord.id, version: 1))
            let partition = try PartitionRecord(from: &reader, version: 1)
            try reader.finish()
            #expect(partition.partitionID == 1 && partition.topicID == topic.topicID)
            #expect(partition.replicas == [1] && partition.isr == [1] && partition.leader == 1)
            #expect(partition.encodeMetadataFrame(version: 1) == bytes)
        }
    }

    @Test("a metadata frame of another kind is refused")
    func badFrame() {
        #expect(throws: WireError.unsupportedVersion(2)) { try reading([2, 0, 0]) { try MetadataFrame(from: &$0) } }
        #expect(throws: WireError.truncated(needed: 1, available: 0)) {
            try reading([1, 0]) { try MetadataFrame(from: &$0) }
        }
    }

    @Test("every stored record comes back as it was written, in every version")
    func roundTrips() throws {
        try roundTrip(RegisterBrokerRecord.self)
        try roundTrip(PartitionRecord.self)
        try roundTrip(PartitionChangeRecord.self)
        try roundTrip(BrokerRegistrationChangeRecord.self)
        try roundTrip(GroupMetadataValue.self)
        try roundTrip(OffsetCommitValue.self)
        try roundTrip(TransactionLogValue.self)
        try roundTrip(ConsumerMemberMetadata.self)
        try roundTrip(ConsumerMemberAssignment.self)
        try roundTrip(ConsumerGroupMemberMetadataValue.self)
        try roundTrip(LeaderChangeMessage.self)
        try roundTrip(ProducerSnapshot.self)
    }

    private func roundTrip<Record: StoredRecord>(_ type: Record.Type) throws {
        for version in Record.versions {
            let bytes = written { Record().encode(into: &$0, version: version) }
            let again = try reading(bytes) { reader in
                let record = try Record(from: &reader, version: version)
                try reader.finish()
                return written { record.encode(into: &$0, version: version) }
            }
            #expect(again == bytes, "\(type) v\(version)")
        }
    }
}
