// Generated from Protocol/records/remove-access-control-entry-record.record by `make generate`. Do not edit.

/// Record of type 19 in the cluster metadata log.
package struct RemoveAccessControlEntryRecord: MetadataRecord {
    package static var id: UInt32 { 19 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var id: KafkaUUID = .zero

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.id = try reader.readUUID()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUUID(self.id)
        writer.writeUnsignedVarint(0)
    }
}
