// Generated from Protocol/records/consumer-group-target-assignment-member-key.record by `make generate`. Do not edit.

/// Key of type 7 in a coordinator's log.
package struct ConsumerGroupTargetAssignmentMemberKey: StoredKey {
    package static var type: Int16 { 7 }
    package static var versions: ClosedRange<Int16> { 7...7 }

    package var groupID: String = ""
    package var memberID: String = ""

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 7 else { throw .unsupportedVersion(version) }
        self.groupID = try reader.readString(compact: false)
        self.memberID = try reader.readString(compact: false)
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.groupID, compact: false)
        writer.writeString(self.memberID, compact: false)
    }
}
