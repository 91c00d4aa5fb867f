// Generated from Protocol/records/remove-topic-record.record by `make generate`. Do not edit.

/// Record of type 9 in the cluster metadata log.
package struct RemoveTopicRecord: MetadataRecord {
    package static var id: UInt32 { 9 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var topicID: KafkaUUID = .zero

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.topicID = try reader.readUUID()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUUID(self.topicID)
        writer.writeUnsignedVarint(0)
    }
}
