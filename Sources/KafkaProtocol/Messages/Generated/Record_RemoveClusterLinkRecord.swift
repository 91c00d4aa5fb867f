// Generated from Protocol/records/remove-cluster-link.record by `make generate`. Do not edit.

/// Record of type 20002 in the cluster metadata log.
package struct RemoveClusterLinkRecord: MetadataRecord {
    package static var id: UInt32 { 20002 }
    package static var versions: ClosedRange<Int16> { 0...0 }

    package var linkID: KafkaUUID = .zero

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 0 else { throw .unsupportedVersion(version) }
        self.linkID = try reader.readUUID()
        try reader.skipTaggedFields()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeUUID(self.linkID)
        writer.writeUnsignedVarint(0)
    }
}
