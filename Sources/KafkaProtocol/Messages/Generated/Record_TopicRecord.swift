// Generated from Protocol/records/topic-record.record by `make generate`. Do not edit.

/// Record of type 2 in the cluster metadata log.
package struct TopicRecord: MetadataRecord {
    package static var id: UInt32 { 2 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var name: String = ""
    package var topicID: KafkaUUID = .zero

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.name = try reader.readString(compact: true)
        self.topicID = try reader.readUUID()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.name, compact: true)
        writer.writeUUID(self.topicID)
        writer.writeUnsignedVarint(0)
    }
}
