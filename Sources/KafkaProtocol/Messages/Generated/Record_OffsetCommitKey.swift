// Generated from Protocol/records/offset-commit-key.record by `make generate`. Do not edit.

/// Key of type 1 in a coordinator's log.
package struct OffsetCommitKey: StoredKey {
    package static var type: Int16 { 1 }
    package static var versions: ClosedRange<Int16> { 0...1 }

    package var group: String = ""
    package var topic: String = ""
    package var partition: Int32 = 0

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 1 else { throw .unsupportedVersion(version) }
        self.group = try reader.readString(compact: false)
        self.topic = try reader.readString(compact: false)
        self.partition = try reader.readInt32()
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        writer.writeString(self.group, compact: false)
        writer.writeString(self.topic, compact: false)
        writer.writeInt32(self.partition)
    }
}
