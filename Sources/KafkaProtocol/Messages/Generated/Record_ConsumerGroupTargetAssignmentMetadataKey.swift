// Generated from Protocol/records/consumer-group-target-assignment-metadata-key.record by `make generate`. Do not edit.

/// Key of type 6 in a coordinator's log.
package struct ConsumerGroupTargetAssignmentMetadataKey: StoredKey {
    package static var type: Int16 { 6 }
    package static var versions: ClosedRange<Int16> { 6...6 }

    package var groupID: String = ""

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 6 else { throw .unsupportedVersion(version) }
        self.groupID = try reader.readString(compact: false)
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.groupID, compact: false)
    }
}
