// Generated from Protocol/records/group-metadata-key.record by `make generate`. Do not edit.

/// Key of type 2 in a coordinator's log.
package struct GroupMetadataKey: StoredKey {
    package static var type: Int16 { 2 }
    package static var versions: ClosedRange<Int16> { 2...2 }

    package var group: String = ""

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version == 2 else { throw .unsupportedVersion(version) }
        self.group = try reader.readString(compact: false)
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.group, compact: false)
    }
}
