// Generated from Protocol/records/consumer-group-metadata-key.record by `make generate`. Do not edit.

/// Key of type 3 in a coordinator's log.
package struct ConsumerGroupMetadataKey: StoredKey {
    package static var type: Int16 { 3 }
    package static var versions: ClosedRange<Int16> { 3...3 }

    package var groupID: String = ""

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 3 else { throw .unsupportedVersion(version) }
        self.groupID = try reader.readString(compact: false)
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.groupID, compact: false)
    }
}
