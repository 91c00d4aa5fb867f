// Generated from Protocol/records/offset-commit-value.record by `make generate`. Do not edit.

/// Stored behind its version as an int16.
package struct OffsetCommitValue: VersionedValue {
    package static var versions: ClosedRange<Int16> { 0...4 }

    package var offset: Int64 = 0
    /// Versions 3 and later.
    package var leaderEpoch: Int32 = -1
    package var metadata: String = ""
    package var commitTimestamp: Int64 = 0
    /// Version 1 only.
    package var expireTimestamp: Int64 = -1
    /// Version 4 only, tagged.
    package var topicID: KafkaUUID = .zero

    package init() {}

    package init(from reader: inout WireReader, version: Int16) throws(WireError) {
        guard version >= 0 && version <= 4 else { throw .unsupportedVersion(version) }
        let flexible = version >= 4
        self.offset = try reader.readInt64()
        if version >= 3 {
            self.leaderEpoch = try reader.readInt32()
        }
        self.metadata = try reader.readString(compact: flexible)
        self.commitTimestamp = try reader.readInt64()
        if version == 1 {
            self.expireTimestamp = try reader.readInt64()
        }
        if flexible {
            var tags = try reader.readUnsignedVarint()
            while tags > 0 {
                tags -= 1
                switch try reader.readUnsignedVarint() {
                case 0:
                    let outer = try reader.enterTag()
                    self.topicID = try reader.readUUID()
                    try reader.leaveTag(outer)
                default: try reader.skipTag()
                }
            }
        }
    }

    package func encode(into writer: inout WireWriter, version: Int16) {
        let flexible = version >= 4
        writer.writeInt64(self.offset)
        if version >= 3 {
            writer.writeInt32(self.leaderEpoch)
        }
        writer.writeString(self.metadata, compact: flexible)
        writer.writeInt64(self.commitTimestamp)
        if version == 1 {
            writer.writeInt64(self.expireTimestamp)
        }
        if flexible {
            var tags: UInt32 = 0
            let writes0 = self.topicID != .zero
            if writes0 { tags += 1 }
            writer.writeUnsignedVarint(tags)
            if writes0 {
                let start = writer.beginTag(0)
                writer.writeUUID(self.topicID)
                writer.endTag(start)
            }
        }
    }
}
