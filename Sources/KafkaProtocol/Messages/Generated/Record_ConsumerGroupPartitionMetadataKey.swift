// Generated from Protocol/records/consumer-group-partition-metadata-key.record by `make generate`. Do not edit.

/// Key of type 4 in a coordinator's log.
package struct ConsumerGroupPartitionMetadataKey: StoredKey {
    package static var type: Int16 { 4 }
    package static var versions: ClosedRange<Int16> { 4...4 }

    package var groupID: String = ""

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 4 else { throw .unsupportedVersion(version) }
        self.groupID = try reader.readString(compact: false)
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.groupID, compact: false)
    }
}
