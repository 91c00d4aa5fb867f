// Generated from Protocol/records/mirror-topic.record by `make generate`. Do not edit.

/// Record of type 20003 in the cluster metadata log.
package struct MirrorTopicRecord: MetadataRecord {
    package static var id: UInt32 { 20003 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var topicID: KafkaUUID = .zero
    package var linkID: KafkaUUID = .zero
    package var sourceTopicName: String = ""
    /// Zero when the source tells no ids.
    package var sourceTopicID: KafkaUUID = .zero
    /// MirrorState.
    package var state: Int8 = 0
    /// MirrorError; 0 none.
    package var error: Int8 = 0
    /// Ms since the epoch of the last change of state.
    package var stateTimeMs: Int64 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.topicID = try reader.readUUID()
        self.linkID = try reader.readUUID()
        self.sourceTopicName = try reader.readString(compact: true)
        self.sourceTopicID = try reader.readUUID()
        self.state = try reader.readInt8()
        self.error = try reader.readInt8()
        self.stateTimeMs = try reader.readInt64()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUUID(self.topicID)
        writer.writeUUID(self.linkID)
        writer.writeString(self.sourceTopicName, compact: true)
        writer.writeUUID(self.sourceTopicID)
        writer.writeInt8(self.state)
        writer.writeInt8(self.error)
        writer.writeInt64(self.stateTimeMs)
        writer.writeUnsignedVarint(0)
    }
}
