// Generated from Protocol/records/mirror-leader-epoch.record by `make generate`. Do not edit.

/// Record of type 20004 in the cluster metadata log.
package struct MirrorLeaderEpochRecord: MetadataRecord {
    package static var id: UInt32 { 20004 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var topicID: KafkaUUID = .zero
    package var partitionID: Int32 = 0
    /// The mirror's leader epoch from now on; never lower than before.
    package var leaderEpoch: Int32 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.topicID = try reader.readUUID()
        self.partitionID = try reader.readInt32()
        self.leaderEpoch = try reader.readInt32()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUUID(self.topicID)
        writer.writeInt32(self.partitionID)
        writer.writeInt32(self.leaderEpoch)
        writer.writeUnsignedVarint(0)
    }
}
